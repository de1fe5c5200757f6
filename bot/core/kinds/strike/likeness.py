"""How much two tellings of a strike have in common: the figures that only one strike can have, and the places.

Two strikes on one city on two days are more common than one strike under two dates, so a wrong day is believed only where
what is the same outweighs that. The weights follow I. P. Fellegi and A. B. Sunter, "A theory for record linkage" (1969): an
agreement counts the more, the rarer it is by chance. Equal tolls of two or three are chance, equal tolls of fourteen are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log2
from typing import Literal

from bot.core.model import Event, Report

RARITY = {"drones": 1.0, "drones_downed": 1.0, "missiles": 1.0, "missiles_downed": 1.0, "killed": 1.2, "injured": 0.8}
"""What an equal figure weighs, for each doubling of its size."""

TOLLS = ("killed", "injured")
LARGE = 10
"""Smaller tolls grow into one another by chance, and say nothing unless they are equal."""

NEAR, GROWN = 0.9, 0.6
"""The shares of its weight that a toll keeps which differs by at most a fifth, or by no more than its double."""


@dataclass(frozen=True, slots=True)
class Figure:
    """How a figure of a report stands to the claims of an event."""

    slot: str
    relation: Literal["same", "grown", "other"]
    weight: float
    words: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """All figures together: their weight, and whether one of them clashes."""

    weight: float
    clash: bool


def weigh_figures(report: Report, event: Event) -> Weighed:
    """Return what the figures that both state say for one strike."""
    found = tuple(figures(report, event))
    return Weighed(sum(each.weight for each in found), any(each.relation == "other" for each in found))


def figures(report: Report, event: Event) -> Iterator[Figure]:
    """Yield how each figure that both state stands to the event's claims."""
    for slot, rarity in RARITY.items():
        mine = report.facts.get(slot)
        if not isinstance(mine, int):
            continue
        claims = ((claim.value, claim.origin.published) for claim in event.claims.get(slot, ()))
        theirs = tuple((value, at) for value, at in claims if isinstance(value, int))
        if not theirs:
            continue
        words = f"{slot} {mine}"
        if any(mine == value for value, _ in theirs):
            yield Figure(slot, "same", rarity * log2(1 + mine), f"the same {words}")
        elif slot in TOLLS and _grows(mine, report.origin.published, theirs):
            low, high = _nearest(mine, theirs)
            share = 0.0 if low < LARGE else NEAR if high - low <= low / 5 else GROWN if high <= 2 * low else 0.0
            yield Figure(slot, "grown", share * rarity * log2(1 + low), f"{words} fits a toll that grows")
        else:
            yield Figure(slot, "other", 0.0, words)


def _grows(mine: int, at: datetime, theirs: Sequence[tuple[int, datetime]]) -> bool:
    """Tell whether a toll is an earlier or later count of the same: figure and time rise together."""
    return all((mine > value) == (at > then) for value, then in theirs)


def _nearest(mine: int, theirs: Sequence[tuple[int, datetime]]) -> tuple[int, int]:
    nearest = min((value for value, _ in theirs), key=lambda value: (abs(mine - value), value))
    low, high = sorted((mine, nearest))
    return low, high


def places(told: Report | Event) -> frozenset[str]:
    """Return the places that are named as hit."""
    named = told.facts.get("places", ())
    return frozenset(named if isinstance(named, tuple) else ())


def common_places(report: Report, event: Event) -> frozenset[str]:
    """Return the places that both name."""
    return places(report) & places(event)
