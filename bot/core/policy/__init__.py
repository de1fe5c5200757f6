"""Who hears of a change, and how: the living post of each chat, the ring under it, and the notice to the admins.

What an admin decided outranks the rest: an event that was ruled out is withdrawn where it stands, and one that is held goes
nowhere else.
"""

from __future__ import annotations

from bot.core.policy.changes import is_closed, is_fresh
from bot.core.policy.doubts import Doubt, Flooding, ask, asked, desk, doubts, flood, is_settled
from bot.core.policy.hours import is_quiet, next_digest, zone_of
from bot.core.policy.lanes import DIGEST, EDIT, LANES, MANY, MOST_TOGETHER, POST, REPLY, SKEW, Lane, lane_of
from bot.core.policy.plans import EDIT_FLOOR, MOST_EDITS, OLD_EDIT_FLOOR, RING_FLOOR, plan
from bot.core.policy.wishes import drops, is_grave, is_held, wants
from bot.core.policy.words import unheard, why

__all__ = [
    "DIGEST",
    "EDIT",
    "EDIT_FLOOR",
    "LANES",
    "MANY",
    "MOST_EDITS",
    "MOST_TOGETHER",
    "OLD_EDIT_FLOOR",
    "POST",
    "REPLY",
    "RING_FLOOR",
    "SKEW",
    "Doubt",
    "Flooding",
    "Lane",
    "ask",
    "asked",
    "desk",
    "doubts",
    "drops",
    "flood",
    "is_closed",
    "is_fresh",
    "is_grave",
    "is_held",
    "is_quiet",
    "is_settled",
    "lane_of",
    "next_digest",
    "plan",
    "unheard",
    "wants",
    "why",
    "zone_of",
]
