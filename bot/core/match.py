"""Which of the events that share a key with it a report belongs to, or that it tells of a new one.

The report is compared with what an event stands on: its founding report and the members that state the event's own day,
never with whatever was joined to it on weaker grounds: otherwise one loose member draws in the next, and a week of news
becomes one event. An event that others were merged into stands on what founded those as well. The same report and
candidates give the same answer in whatever order they come.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from bot.core.kinds import Comparison, Kind
from bot.core.model import Decision, Event, Report

THRESHOLD = 0.5
"""The score from which a report joins an event; below it two events are less wrong than one."""


def match(kind: Kind, report: Report, candidates: Iterable[Event]) -> tuple[Event | None, Decision]:
    """Return the event that the report belongs to, or None, and why; of a new one the reasons are those against the best."""
    events = [each for each in candidates if each.kind == kind.name and not both_registered(report, each)]
    compared = [(best(kind, report, event), event) for event in events]
    fitting = sorted((pair for pair in compared if fits(pair[0], lone=len(events) == 1)), key=_rank)
    if not fitting:
        return None, Decision(None, 0.0, _why_new(compared))
    found, event = fitting[0]
    rival = fitting[1][0].score if len(fitting) > 1 else 0.0
    return event, Decision(event.id, found.score, found.reasons, rival)


def fits(found: Comparison, *, lone: bool = False) -> bool:
    """Tell whether a comparison is good enough to join; `lone` that no other event is near."""
    return not found.veto and found.score >= THRESHOLD and (lone or not found.lone)


def best(kind: Kind, report: Report, event: Event) -> Comparison:
    """Return the comparison with that footing of the event which the report fits best."""
    found = [kind.compare(report, each) for each in footings(event)]
    return max(found, key=lambda each: (not each.veto, each.score))


def footings(event: Event) -> Iterator[Event]:
    """Yield what the event stands on, and what each event that was merged into it stood on.

    An event whose day an editor has set is found by that day as well as by the one that its reports state.
    """
    first, *others = (each for each in event.reports if each is event.reports[0] or each.id in event.founders)
    yield replace(anchored(event), facts={**event.facts, **first.facts}) if others else anchored(event)
    for founder in others:
        facts = {**event.facts, **founder.facts}
        yield replace(_cut(event, founder, founder.date), date=founder.date, status=founder.status, facts=facts)
    for ruling in event.rulings:
        if ruling.act == "correct" and ruling.slot == "date":
            day = date.fromisoformat(str(ruling.value))
            yield replace(_cut(event, first, day), date=day)


def anchored(event: Event) -> Event:
    """Return the event with only the reports and claims that it stands on."""
    return _cut(event, event.reports[0], event.date)


def _cut(event: Event, founder: Report, day: date | None) -> Event:
    """Leave only a founding report and those that state its day."""
    others = (each for each in event.reports if each is not founder and day and each.date == day)
    kept = (founder, *others)
    if len(kept) == len(event.reports):
        return event
    items = {each.id[:2] for each in kept}
    claims = {
        slot: tuple(claim for claim in said if (claim.origin.source_id, claim.origin.item_id) in items)
        for slot, said in event.claims.items()
    }
    return replace(event, reports=kept, claims=claims)


def both_registered(report: Report, event: Event) -> bool:
    """Tell whether both stand in the register, whose rows are different events however alike they look."""
    return report.origin.tier == "register" and any(each.origin.tier == "register" for each in event.reports)


def _rank(compared: tuple[Comparison, Event]) -> tuple[object, ...]:
    """Order the best first, and of equals the one that was told first."""
    found, event = compared
    return -found.score, event.opened, event.reports[0].id


def _why_new(compared: Sequence[tuple[Comparison, Event]]) -> tuple[str, ...]:
    if not compared:
        return ("no event is stored under its keys",)
    ranked = sorted(compared, key=_rank)
    return tuple(f"not {_name(event)}: {'; '.join(found.reasons)}" for found, event in ranked[:3])


def _name(event: Event) -> str:
    return f"event {event.id}" if event.id else f"the event that {event.reports[0].origin.name} told first"
