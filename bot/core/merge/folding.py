"""The fold itself: reports and rulings in, the event out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import cast

from bot.core.kinds import Kind
from bot.core.merge import figures, states
from bot.core.merge.reports import unique
from bot.core.merge.rulings import corrections, in_order, verdict
from bot.core.merge.trails import corrected, history
from bot.core.model import Event, Fact, Report, Ruling, Status


def fold(kind: Kind, reports: Iterable[Report], rulings: Iterable[Ruling] = ()) -> Event:
    """Return the event that the reports and rulings make, with id 0 and revision 1.

    Raises ValueError where there are no reports, or where an editor set a day that is none.
    """
    ordered, ruled = unique(reports), in_order(rulings)
    if not ordered:
        raise ValueError("an event needs at least one report")
    stating = figures.by_slot(ordered)
    walked = tuple(states.states(ordered))
    status = walked[-1].status
    told = {slot.name: figures.tell(slot, stating[slot.name], status) for slot in kind.slots if slot.name in stating}
    trails = {name: trail for name, (trail, _) in told.items()} | states.trails(walked)
    known = {*kind_slots(kind), *trails}
    set_by_editors = {name: values for name, values in corrections(ruled).items() if name in known}
    trails |= {name: corrected(trails.get(name, ()), values) for name, values in set_by_editors.items()}
    shown = {name: trail[-1].value for name, trail in trails.items() if trail}
    return Event(
        id=0,
        kind=kind.name,
        date=_day(shown.get("date")),
        status=cast("Status", shown["status"]),
        disputed=any(report.disputed for report in ordered),
        confirmed=bool(shown["confirmed"]),
        facts=_facts(kind, shown),
        claims={name: figures.claims(name, stating[name]) for name in told},
        reports=ordered,
        opened=ordered[0].origin.published,
        updated=ordered[-1].origin.published,
        ranges={name: ends for name, (_, ends) in told.items() if ends and name not in set_by_editors},
        history=history(trails, _sets(kind), ordered[0].origin),
        verdict=verdict(ruled, ordered[0].id),
        rulings=ruled,
    )


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
