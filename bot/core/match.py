"""Which of the events that share a key with it a report belongs to, or that it tells of a new one.

The report is compared with what an event stands on: its founding report and the members that state the event's own day,
never with whatever was joined to it on weaker grounds: otherwise one loose member draws in the next, and a week of news
becomes one event. An event that others were merged into stands on what founded those as well. The same report and
candidates give the same answer in whatever order they come.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.core.kinds import Comparison, Kind
from bot.core.model import Claim, Decision, Event, Report

THRESHOLD = 0.5
"""The score from which a report joins an event; below it two events are less wrong than one."""


@dataclass(frozen=True, slots=True)
class Footed:
    """An event with what it stands on, worked out once for all reports that are compared with it.

    `registered` says that it stands in the register.
    """

    event: Event
    footings: tuple[Event, ...]
    registered: bool


def footed(event: Event) -> Footed:
    """Return the event with what it stands on."""
    return Footed(event, tuple(footings(event)), any(map(is_registered, event.reports)))


def match(kind: Kind, report: Report, candidates: Iterable[Event]) -> tuple[Event | None, Decision]:
    """Return the event that the report belongs to, or None, and why; of a new one the reasons are those against the best."""
    found, decision = match_footed(kind, report, [footed(each) for each in candidates if each.kind == kind.name])
    return found.event if found else None, decision


def match_footed(kind: Kind, report: Report, candidates: Iterable[Footed]) -> tuple[Footed | None, Decision]:
    """Return what `match` does, of candidates of the kind whose footings are known."""
    standing = [each for each in candidates if not (each.registered and is_registered(report))]
    compared = [(best(kind, report, each), each) for each in standing]
    fitting = sorted((pair for pair in compared if fits(pair[0], lone=len(standing) == 1)), key=_rank)
    if not fitting:
        return None, Decision(None, 0.0, _why_new(compared))
    found, event = fitting[0]
    rival = fitting[1][0].score if len(fitting) > 1 else 0.0
    return event, Decision(event.event.id, found.score, found.reasons, rival)


def fits(found: Comparison, *, lone: bool = False) -> bool:
    """Tell whether a comparison is good enough to join; `lone` that no other event is near."""
    return not found.veto and found.score >= THRESHOLD and (lone or not found.lone)


def best(kind: Kind, report: Report, event: Footed) -> Comparison:
    """Return the comparison with that footing of the event which the report fits best."""
    found = [kind.compare(report, each) for each in event.footings]
    return max(found, key=lambda each: (not each.veto, each.score))


def footings(event: Event) -> Iterator[Event]:
    """Yield what the event stands on, and what each event that was merged into it stood on.

    An event whose day an editor has set is found by that day as well as by the one that its reports state.
    """
    first, founded = event.reports[0], {*event.founders} - {event.reports[0].id}
    others = [each for each in event.reports[1:] if each.id in founded] if founded else []
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
    return replace(event, reports=kept, claims=_Kept(event.claims, kept))


class _Kept(Mapping[str, tuple[Claim, ...]]):
    """The claims of some reports' items among those of an event; those of a slot are picked when they are asked for, as few are."""

    __slots__ = ("_claims", "_items", "_picked", "_reports")

    def __init__(self, claims: Mapping[str, tuple[Claim, ...]], reports: Sequence[Report]) -> None:
        self._claims = claims
        self._reports = reports
        self._items: frozenset[tuple[str, str]] = frozenset()
        self._picked: dict[str, tuple[Claim, ...]] = {}

    def __getitem__(self, slot: str) -> tuple[Claim, ...]:
        if slot not in self._picked:
            said = self._claims[slot]
            self._items = self._items or frozenset(each.id[:2] for each in self._reports)
            self._picked[slot] = tuple(
                each for each in said if (each.origin.source_id, each.origin.item_id) in self._items
            )
        return self._picked[slot]

    def __iter__(self) -> Iterator[str]:
        return iter(self._claims)

    def __len__(self) -> int:
        return len(self._claims)


def is_registered(report: Report) -> bool:
    """Tell whether a report stands in the register, whose rows are different events however alike they look."""
    return report.origin.tier == "register"


def _rank(compared: tuple[Comparison, Footed]) -> tuple[object, ...]:
    """Order the best first, and of equals the one that was told first."""
    found, each = compared
    return -found.score, each.event.opened, each.event.reports[0].id


def _why_new(compared: Sequence[tuple[Comparison, Footed]]) -> tuple[str, ...]:
    if not compared:
        return ("no event is stored under its keys",)
    ranked = sorted(compared, key=_rank)
    return tuple(f"not {_name(each.event)}: {'; '.join(found.reasons)}" for found, each in ranked[:3])


def _name(event: Event) -> str:
    return f"event {event.id}" if event.id else f"the event that {event.reports[0].origin.name} told first"
