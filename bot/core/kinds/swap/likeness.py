"""How the figures of two tellings of an exchange stand to each other.

Figures of an exchange do not grow as tolls do: who tells another number tells another exchange, the other side's count, the
soldiers without the civilians, or a plan that was round.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal, TypeAlias

from bot.core.model import Event, Fact, Report

Relation: TypeAlias = Literal["unknown", "same", "planned", "other"]

STAGE_SIZES = range(10, 500)
"""Prisoners in a stage whose number is unlikely to return within days; what is larger is a total of several stages."""

SAME_TIME = timedelta(hours=36)
"""Reports closer than this have had the same news to go by, so that a clash is no update."""

ROUND = 20
"""A plan and its exchange may differ by a twentieth of the people."""


def subtype(told: Report | Event) -> Fact:
    """Return whether it is about prisoners or bodies; where nothing says, prisoners."""
    return told.facts.get("subtype", "prisoners")


def relation(report: Report, event: Event, slot: str) -> Relation:
    """Return how the report's figure stands to the event's claims.

    Soldiers counted with and without the civilians beside them are the same; "planned" is a round figure of a plan beside
    the exact one of what took place.
    """
    mine, theirs = _value(report, slot), claimed(event, slot)
    if mine is None or not theirs:
        return "unknown"
    beside = {0, _value(report, f"{slot}_civilians"), *claimed(event, f"{slot}_civilians")}
    if any(abs(mine - other) in beside for other in theirs):
        return "same"
    done = {report.status, event.status} == {"announced", "carried_out"}
    return "planned" if done and any(abs(mine - other) * ROUND <= min(mine, other) for other in theirs) else "other"


def exactly_alike(report: Report, event: Event) -> bool:
    """Tell whether both count the same prisoners, a number that is unlikely to return, and nothing else differs."""
    mine = _value(report, "to_ukraine")
    equal = subtype(report) == "prisoners" and mine in STAGE_SIZES and mine in claimed(event, "to_ukraine")
    return equal and relation(report, event, "to_russia") != "other" and not other_ordinal(report, event)


def other_ordinal(report: Report, event: Event) -> bool:
    """Tell whether they give the exchange different numbers in the count since the invasion."""
    numbers = {report.facts.get("ordinal"), event.facts.get("ordinal")} - {None}
    return len(numbers) > 1


def clashes(report: Report, event: Event) -> Iterator[str]:
    """Rule out figures that clash: far apart, both of what took place, published by two sources at one time."""
    mine = _value(report, "to_ukraine")
    if mine is None or relation(report, event, "to_ukraine") == "same":
        return
    rivals = [theirs for each in event.reports if (theirs := _value(each, "to_ukraine")) and _at_one_time(report, each)]
    if rivals and all(_clash(mine, theirs) for theirs in rivals):
        yield f"figures clash: {mine} against {rivals[0]} at the same time"


def claimed(event: Event, slot: str) -> set[int]:
    """Return the counts that the event's reports give."""
    return {claim.value for claim in event.claims.get(slot, ()) if isinstance(claim.value, int)}


def _value(report: Report, slot: str) -> int | None:
    value = report.facts.get(slot)
    return value if isinstance(value, int) else None


def _at_one_time(one: Report, other: Report) -> bool:
    if one.status != other.status or one.origin.source_id == other.origin.source_id:
        return False
    return abs(other.origin.published - one.origin.published) <= SAME_TIME


def _clash(one: int, other: int) -> bool:
    low, high = sorted((one, other))
    return low > 0 and high >= 2 * low and high - low >= 20  # noqa: PLR2004
