"""The fold itself: reports and rulings in, the event out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import cast

from bot.core.kinds import Kind, Slot
from bot.core.merge import figures, states
from bot.core.merge.figures import Said
from bot.core.merge.reports import unique
from bot.core.merge.rulings import corrections, in_order, verdict
from bot.core.merge.trails import Trail, corrected, history
from bot.core.model import Event, Fact, Report, Ruling, Status

OWN = ("date", "status", "confirmed")
"""What every event shows besides the slots of its kind."""


def fold(kind: Kind, reports: Iterable[Report], rulings: Iterable[Ruling] = ()) -> Event:
    """Return the event that the reports and rulings make, with id 0 and revision 1.

    Raises ValueError where there are no reports, or where an editor set a day that is none.
    """
    ordered, ruled = unique(reports), in_order(rulings)
    if not ordered:
        raise ValueError("an event needs at least one report")
    said = {slot: weighed for slot in kind.slots if (weighed := figures.said_of(slot, ordered))}
    trails = _trails(said, ordered, ruled)
    shown = {name: trail[-1].value for name, trail in trails.items() if trail}
    claims = figures.claims(ordered)
    return Event(
        id=0,
        kind=kind.name,
        date=_day(shown.get("date")),
        status=cast("Status", shown["status"]),
        disputed=any(report.disputed for report in ordered),
        confirmed=bool(shown["confirmed"]),
        facts=_facts(kind, shown),
        claims={slot.name: claims[slot.name] for slot in kind.slots if slot.name in claims},
        reports=ordered,
        opened=ordered[0].origin.published,
        updated=ordered[-1].origin.published,
        ranges=_ranges(said, shown, trails),
        history=history(trails, _sets(kind), ordered[0].origin),
        verdict=verdict(ruled),
        rulings=ruled,
    )


def _trails(
    said: Mapping[Slot, Sequence[Said]], reports: Sequence[Report], rulings: Sequence[Ruling]
) -> dict[str, Trail]:
    """Return what was shown one after the other, by slot."""
    slots = {slot.name: figures.trail(slot, weighed) for slot, weighed in said.items()}
    trails = {**slots, **states.trails(tuple(states.states(reports)))}
    for name, ruled in corrections(rulings).items():
        trails[name] = corrected(trails.get(name, ()), ruled)
    return trails


def _ranges(
    said: Mapping[Slot, Sequence[Said]], shown: Mapping[str, Fact | None], trails: Mapping[str, Trail]
) -> dict[str, tuple[int, int]]:
    """Return the ranges of what is shown; what an editor set has none."""
    found: dict[str, tuple[int, int]] = {}
    for slot, weighed in said.items():
        value, ends = shown.get(slot.name), figures.spread(slot, weighed)
        if ends and isinstance(value, int) and ends[0] <= value <= ends[1] and trails[slot.name][-1].origin:
            found[slot.name] = ends
    return found


def _facts(kind: Kind, shown: Mapping[str, Fact | None]) -> dict[str, Fact]:
    stated = ((slot.name, shown.get(slot.name)) for slot in kind.slots)
    return {name: value for name, value in stated if value is not None}


def _day(value: Fact | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None


def _sets(kind: Kind) -> frozenset[str]:
    return frozenset(slot.name for slot in kind.slots if slot.type == "set")


def kind_slots(kind: Kind) -> frozenset[str]:
    """Return the names of the kind's slots."""
    return frozenset(slot.name for slot in kind.slots)
