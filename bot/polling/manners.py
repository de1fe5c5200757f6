"""What an operator, or where the daemon runs, decides about polling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How sources are polled.

    horizon_hours      older items of a source's first poll are never posted
    shortest_seconds   no source is polled more often than this
    at_once            how many sources are asked and read at the same time
    jitter             a number from 0 to 1, another at each call, that spreads what would otherwise coincide
    elapsed            seconds on a clock that nobody sets, by which a jump of the other one shows; None trusts that one
    alone              whether no other process polls these sources: what is remembered of them is then remembered here too
    """

    horizon_hours: float = 6.0
    shortest_seconds: float = 60.0
    at_once: int = 64
    jitter: Callable[[], float] = float
    elapsed: Callable[[], float] | None = None
    alone: bool = True
