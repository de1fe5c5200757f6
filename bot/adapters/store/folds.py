"""Events, reports, rulings and revisions into rows and back: what is kept as JSON.

It is made and checked by pydantic from the dataclasses of the core, so that a new slot needs no change here, and a
damaged row is refused instead of travelling on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any, Protocol, TypeAlias, TypeVar

from pydantic import TypeAdapter, ValidationError

from bot.adapters.store.tables import UNDATED
from bot.core.model import (
    Change,
    Claim,
    Decision,
    Event,
    Evidence,
    Fact,
    FactChange,
    Logged,
    Origin,
    Outline,
    Placed,
    Report,
    ReportId,
    Revision,
    Role,
    Ruling,
    Speaker,
    Status,
)
from bot.ports import PermanentError

READ = 512
"""Reports that are kept as they were read, by what is stored of them: news come together, and each has to be compared with the
same ones. They take three megabytes at most."""

Values: TypeAlias = dict[str, Any]
_T = TypeVar("_T")


class Claims(Mapping[str, tuple[Claim, ...]]):
    """The claims of an event: what its reports in their order say, and what was kept beside. See `Fold`.

    Those of a slot are made when they are asked for: of most candidates for a report few are.
    """

    def __init__(self, reports: Sequence[Report], fold: Fold) -> None:
        self._reports = reports
        self._fold = fold
        self._made: dict[str, tuple[Claim, ...]] = {}

    def __getitem__(self, slot: str) -> tuple[Claim, ...]:
        made = self._made.get(slot)
        if made is None:
            made = self._made[slot] = self._kept(slot) if slot in self._fold.claims else self._said(slot)
        if not made and slot not in self._fold.claims:
            raise KeyError(slot)
        return made

    def __iter__(self) -> Iterator[str]:
        slots = (slot for report in self._reports for slot in report.facts)
        return (slot for slot in dict.fromkeys((*slots, *self._fold.claims)) if slot in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return repr(dict(self))

    def _kept(self, slot: str) -> tuple[Claim, ...]:
        origins, spoken = self._fold.origins, self._fold.quoted.get(slot, {})
        said = enumerate(self._fold.claims[slot])
        return tuple(Claim(slot, value, origins[number], spoken.get(place)) for place, (value, number) in said)

    def _said(self, slot: str) -> tuple[Claim, ...]:
        if not self._fold.order or slot in self._fold.silent:
            return ()
        return said(slot, self._reports)


def said(slot: str, reports: Iterable[Report]) -> tuple[Claim, ...]:
    """Return what reports say of a slot."""
    return tuple(
        Claim(slot, report.facts[slot], report.origin, report.speakers.get(slot))
        for report in reports
        if slot in report.facts
    )


class Row(Protocol):
    """A row with its columns as attributes."""

    def __getattr__(self, name: str, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Said:
    """A report as JSON; its date is called `day`, as pydantic cannot read a field named like its own type.

    A dict is read several times faster than a Mapping.
    """

    kind: str
    origin: Origin
    role: Role
    day: date | None
    status: Status
    disputed: bool
    facts: dict[str, Fact]
    evidence: tuple[Evidence, ...] = ()
    speakers: dict[str, Speaker] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fold:
    """What an event keeps beyond its columns. `order` are its reports. In `founded` the event's own number is 0.

    The facts stand first, so that outlines need not read on.

    Of the claims only those of slots are kept where the reports in their order say something else; each names its origin
    by its place in `origins`, `quoted` are the speakers by slot and place of the claim; `silent` slots have none. An older program kept all of
    them, left `order` empty and had the origins of the reports first; the first report founded the event.
    """

    facts: dict[str, Fact]
    origins: tuple[Origin, ...] = ()
    claims: dict[str, tuple[tuple[Fact, int], ...]] = field(default_factory=dict)
    history: tuple[FactChange, ...] = ()
    news: tuple[FactChange, ...] = ()
    order: tuple[ReportId, ...] = ()
    silent: tuple[str, ...] = ()
    quoted: dict[str, dict[int, Speaker]] = field(default_factory=dict)
    ranges: dict[str, tuple[int, int]] = field(default_factory=dict)
    founders: tuple[ReportId, ...] = ()
    founded: tuple[tuple[ReportId, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """What a revision keeps beyond its columns."""

    facts: tuple[FactChange, ...]
    reasons: tuple[str, ...]


_REPORT = TypeAdapter(Said)
_FOLD = TypeAdapter(Fold)
_FACTS = json.JSONDecoder()
_DECISION = TypeAdapter(Decision)
_RULING = TypeAdapter(Ruling)
_CHANGES = TypeAdapter(Changes)


def event_values(event: Event) -> Values:
    """Return the row of an event, without its id."""
    region = event.facts.get("region")
    return {
        "kind": event.kind,
        "date": event.date or UNDATED,
        "region": region if isinstance(region, str) else "",
        "status": event.status,
        "disputed": event.disputed,
        "confirmed": event.confirmed,
        "opened": event.opened,
        "updated": event.updated,
        "revision": event.revision,
        "fold": _dump(_FOLD, _fold(event)),
        "verdict": event.verdict,
        "merged_into": event.merged_into,
    }


def event_of(row: Row, reports: Iterable[Row], rulings: Iterable[Row] = ()) -> Event:
    """Return the event of a row, of the rows of its reports and of the rulings in force on it."""
    fold = _parse(_FOLD, row.fold, f"event {row.id}")
    read = {report.id: report for report in map(report_of, reports)}
    ordered = _ordered(read.values(), fold)
    founders = fold.founders if fold.order else tuple(report.id for report in ordered[:1])
    founded = dict(fold.founded if fold.order else ((report, 0) for report in founders))
    return Event(
        id=row.id,
        kind=row.kind,
        date=day_of(row),
        status=row.status,
        disputed=row.disputed,
        confirmed=row.confirmed,
        facts=fold.facts,
        claims=Claims(ordered, fold),
        reports=tuple(ordered),
        opened=row.opened,
        updated=row.updated,
        revision=row.revision,
        history=fold.history,
        news=fold.news,
        ranges=fold.ranges,
        verdict=row.verdict,
        rulings=tuple(ruling_of(each) for each in rulings),
        merged_into=row.merged_into,
        founded={report: number or row.id for report, number in founded.items()},
        founders=founders,
    )


def outline_of(row: Row) -> Outline:
    """Return the event of a row in short: of its fold only the beginning is read, which makes a year's quick."""
    fold: str = row.fold
    try:
        said, _ = _FACTS.raw_decode(fold, fold.index("{", 1))
        facts = {slot: tuple(value) if isinstance(value, list) else value for slot, value in said.items()}
    except ValueError:
        raise _damaged(f"event {row.id}") from None
    return Outline(row.id, row.kind, day_of(row), row.status, facts, row.updated)


def day_of(row: Row) -> date | None:
    """Return the date of an event's row."""
    day: date = row.date
    return None if day == UNDATED else day


def placed_values(placed: Placed) -> Values:
    """Return what the row of a report has of itself: neither its item and event nor whether it founded one."""
    report = placed.report
    said = Said(
        kind=report.kind,
        origin=report.origin,
        role=report.role,
        day=report.date,
        status=report.status,
        disputed=report.disputed,
        facts=dict(report.facts),
        evidence=report.evidence,
        speakers=dict(report.speakers),
    )
    return {
        "position": report.position,
        "kind": report.kind,
        "report": _dump(_REPORT, said),
        "decision": _dump(_DECISION, placed.decision),
    }


def report_of(row: Row) -> Report:
    """Return the report of a row."""
    try:
        return _read(row.report, row.position)
    except ValidationError:
        raise _damaged(f"report {row.id}") from None


@lru_cache(READ)
def _read(stored: str, position: int) -> Report:
    said = _REPORT.validate_json(stored)
    return Report(
        kind=said.kind,
        origin=said.origin,
        role=said.role,
        date=said.day,
        status=said.status,
        disputed=said.disputed,
        facts=said.facts,
        evidence=said.evidence,
        speakers=said.speakers,
        position=position,
    )


def decision_of(row: Row) -> Decision:
    """Return why the report of a row stands where it stands."""
    return _parse(_DECISION, row.decision, f"report {row.id}")


def ruling_values(ruling: Ruling) -> Values:
    """Return what the row of a ruling has of itself: neither its event nor the rows of its reports."""
    return {"ruling": _dump(_RULING, ruling), "undone_by": 0, "undone_at": None}


def ruling_of(row: Row) -> Ruling:
    """Return the ruling of a row."""
    return replace(_parse(_RULING, row.ruling, f"ruling {row.id}"), id=row.id)


def logged_of(row: Row) -> Logged:
    """Return the ruling of a row with what became of it."""
    return Logged(ruling_of(row), row.event_id, row.undone_by, row.undone_at)


def revision_values(change: Change) -> Values:
    """Return what the row of a revision has of itself: neither its event nor its time."""
    changes = _dump(_CHANGES, Changes(change.facts, change.reasons))
    return {"number": change.event.revision, "weight": change.weight, "changes": changes}


def revision_of(row: Row) -> Revision:
    """Return the revision of a row."""
    changes = _parse(_CHANGES, row.changes, f"revision {row.number} of event {row.event_id}")
    return Revision(row.number, row.at, row.weight, changes.facts, changes.reasons)


def _fold(event: Event) -> Fold:
    other = {slot: claims for slot, claims in event.claims.items() if claims != (said(slot, event.reports) or None)}
    stated = dict.fromkeys(slot for report in event.reports for slot in report.facts)
    origins = {each.origin: None for claims in other.values() for each in claims}
    places = {origin: place for place, origin in enumerate(origins)}
    return Fold(
        facts=dict(event.facts),
        origins=tuple(origins),
        claims={slot: tuple((each.value, places[each.origin]) for each in claims) for slot, claims in other.items()},
        history=event.history,
        news=event.news,
        order=tuple(report.id for report in event.reports),
        silent=tuple(slot for slot in stated if slot not in event.claims),
        quoted={slot: spoken for slot, claims in other.items() if (spoken := _spoken(claims))},
        ranges=dict(event.ranges),
        founders=event.founders,
        founded=tuple(sorted((report, number * (number != event.id)) for report, number in event.founded.items())),
    )


def _spoken(claims: Iterable[Claim]) -> dict[int, Speaker]:
    return {place: claim.speaker for place, claim in enumerate(claims) if claim.speaker}


def _ordered(reports: Iterable[Report], fold: Fold) -> list[Report]:
    """Return the reports in the order in which the event was stored with them."""
    places: dict[tuple[object, ...], int] = {report: place for place, report in enumerate(fold.order)}
    if places:
        return sorted(reports, key=lambda report: places.get(report.id, len(places)))
    places = {(origin.source_id, origin.item_id): place for place, origin in enumerate(fold.origins)}
    return sorted(reports, key=lambda report: (places.get(report.id[:2], len(places)), report.position))


def _dump(adapter: TypeAdapter[_T], value: _T) -> str:
    """Return a value as JSON without what is empty, which takes its time to be read again."""
    return json.dumps(
        adapter.dump_python(value, exclude_defaults=True), ensure_ascii=False, separators=(",", ":"), default=_iso
    )


def _parse(adapter: TypeAdapter[_T], stored: str, name: str) -> _T:
    try:
        return adapter.validate_json(stored)
    except ValidationError:
        raise _damaged(name) from None


def _damaged(name: str) -> PermanentError:
    return PermanentError(f"{name} in the database is damaged; restore a backup")


def _iso(moment: date) -> str:
    return moment.isoformat()
