"""Exchanges of prisoners, and of the bodies of the fallen, between Ukraine and Russia."""

from __future__ import annotations

from bot.core.kinds import Kind, Slot
from bot.core.kinds.swap.join import around, compare, hangs, index, kin, lookup, weigh
from bot.core.kinds.swap.read import read
from bot.core.model import Event

SLOTS = (
    Slot("subtype", "text", identity=True),
    Slot("to_ukraine", "count", concerns="UA"),
    Slot("to_russia", "count", concerns="RU"),
    Slot("to_ukraine_civilians", "count", concerns="UA"),
    Slot("to_russia_civilians", "count", concerns="RU"),
    Slot("categories", "set"),
    Slot("mediators", "set"),
    Slot("ordinal", "count", concerns="UA"),
)


def measure(event: Event) -> int | None:
    """Return how many came home, alive or fallen, to the side to which more did, as far as anybody says."""
    returned = (event.facts.get(slot) for slot in ("to_ukraine", "to_russia"))
    return max((each for each in returned if isinstance(each, int)), default=None)


KIND: Kind = Kind("swap", SLOTS, read, index, lookup, around, compare, weigh, kin, hangs, measure, planned=True)
