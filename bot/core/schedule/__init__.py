"""When a source is asked, and when it is asked again.

Decides from values alone: the time and the jitter come in as arguments. `asked` says what publishers ask for, `rhythm` how
often a source has something to say, `states` what is remembered after a poll, `outage` whether it is we who are cut off.
"""

from __future__ import annotations

from bot.core.schedule.asked import GONE, allowed, asked_pause, retry_after
from bot.core.schedule.outage import Reach, unreachable
from bot.core.schedule.rhythm import LIVE, LIVE_LONGEST, LONGEST, Pace, interval, pace, rhythm
from bot.core.schedule.states import (
    FAITHFUL,
    LONGEST_WAIT,
    NOT_MODIFIED,
    SURE,
    condition,
    enlisted,
    failed,
    hastened,
    quiet,
    quieted,
    read,
    shifted,
    unchanged,
    unkept,
    unreached,
)

__all__ = [
    "FAITHFUL",
    "GONE",
    "LIVE",
    "LIVE_LONGEST",
    "LONGEST",
    "LONGEST_WAIT",
    "NOT_MODIFIED",
    "SURE",
    "Pace",
    "Reach",
    "allowed",
    "asked_pause",
    "condition",
    "enlisted",
    "failed",
    "hastened",
    "interval",
    "pace",
    "quiet",
    "quieted",
    "read",
    "retry_after",
    "rhythm",
    "shifted",
    "unchanged",
    "unkept",
    "unreachable",
    "unreached",
]
