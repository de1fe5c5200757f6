"""Exchanges of prisoners, and of the bodies of the fallen, between Ukraine and Russia."""

from __future__ import annotations

from bot.core.kinds import Kind, Slot
from bot.core.kinds.swap.join import around, compare, hangs, index, kin, lookup, weigh
from bot.core.kinds.swap.read import read

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

KIND: Kind = Kind("swap", SLOTS, read, index, lookup, around, compare, weigh, kin, hangs, planned=True)
