"""In which order deliveries leave: news before changes, changes before edits, and what was gathered last."""

from __future__ import annotations

from datetime import timedelta
from typing import TypeAlias

from bot.core.model import Planned

Lane: TypeAlias = int

POST, REPLY, EDIT, DIGEST = LANES = range(4)
_LANES = {"post": POST, "reply": REPLY, "edit": EDIT, "digest": DIGEST}

MANY = 10
"""How many posts may wait for one place; where more do, they leave together, as digests."""

MOST_TOGETHER = 20
"""How many events one digest carries at most, so that it stays within what a message may have."""

SKEW = timedelta(minutes=1)
"""What left later than that from now left by a clock that was set back since; nothing waits for it."""


def lane_of(planned: Planned) -> Lane:
    """Return the lane in which a delivery leaves."""
    return DIGEST if planned.gathered else _LANES[planned.action]
