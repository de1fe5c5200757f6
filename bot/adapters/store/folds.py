"""Events, reports, rulings and revisions into rows and back: what is kept as JSON.

It is made and checked by pydantic from the dataclasses of the core, so that a new slot needs no change here, and a
damaged row is refused instead of travelling on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol, TypeAlias, TypeVar

from pydantic import TypeAdapter, ValidationError

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

Values: TypeAlias = dict[str, Any]
_T = TypeVar("_T")


class Row(Protocol):
    """A row with its columns as attributes."""

    def __getattr__(self, name: str, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Said:
    """A report as JSON; its date is called `day`, as pydantic cannot read a field named like its own type."""

    kind: str
    origin: Origin
    role: Role
    day: date | None
    status: Status
    disputed: bool
    facts: Mapping[str, Fact]
    evidence: tuple[Evidence, ...]
    speakers: Mapping[str, Speaker] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fold:
    """What an event keeps beyond its columns. `order` are its reports.

    A claim names its origin by a number: those of the reports in their order come first, then `origins`, which are of no
    report. `quoted` are the speakers by slot and place of the claim. In `founded` the event's own number is 0. Where an
    older program stored the event, `order` is empty, `origins` has those of the reports too, and the first founded it.
    """

    facts: Mapping[str, Fact]
    origins: tuple[Origin, ...]
    claims: Mapping[str, tuple[tuple[Fact, int], ...]]
    history: tuple[FactChange, ...]
    news: tuple[FactChange, ...] = ()
    order: tuple[ReportId, ...] = ()
    quoted: Mapping[str, Mapping[int, Speaker]] = field(default_factory=dict)
    ranges: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    founders: tuple[ReportId, ...] = ()
    founded: tuple[tuple[ReportId, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """What a revision keeps beyond its columns."""

    facts: tuple[FactChange, ...]
    reasons: tuple[str, ...]


_REPORT = TypeAdapter(Said)
_FOLD = TypeAdapter(Fold)
_DECISION = TypeAdapter(Decision)
_RULING = TypeAdapter(Ruling)
_CHANGES = TypeAdapter(Changes)


def event_values(event: Event) -> Values:
    """Return the row of an event, without its id."""
    region = event.facts.get("region")
    return {
        "kind": event.kind,
        "date": event.date,
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
    origins = (*(read[each].origin if each in read else None for each in fold.order), *fold.origins)
    return Event(
        id=row.id,
        kind=row.kind,
        date=row.date,
        status=row.status,
        disputed=row.disputed,
        confirmed=row.confirmed,
        facts=fold.facts,
        claims={slot: tuple(_claims(slot, fold, origins)) for slot in fold.claims},
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
        facts=report.facts,
        evidence=report.evidence,
        speakers=report.speakers,
    )
    return {
        "position": report.position,
        "kind": report.kind,
        "report": _dump(_REPORT, said),
        "decision": _dump(_DECISION, placed.decision),
    }


def report_of(row: Row) -> Report:
    """Return the report of a row."""
    said = _parse(_REPORT, row.report, f"report {row.id}")
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
        position=row.position,
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
    places = _places([report.origin for report in event.reports])
    known = len(event.reports)
    said = [claim for claims in event.claims.values() for claim in claims]
    strangers = tuple(dict.fromkeys(claim.origin for claim in said if claim.origin not in places))
    places |= {origin: known + place for place, origin in enumerate(strangers)}
    return Fold(
        facts=event.facts,
        origins=strangers,
        claims={
            slot: tuple((claim.value, places[claim.origin]) for claim in claims)
            for slot, claims in event.claims.items()
        },
        history=event.history,
        news=event.news,
        order=tuple(report.id for report in event.reports),
        quoted={slot: spoken for slot, claims in event.claims.items() if (spoken := _spoken(claims))},
        ranges=event.ranges,
        founders=event.founders,
        founded=tuple(sorted((report, number * (number != event.id)) for report, number in event.founded.items())),
    )


def _places(origins: Sequence[Origin]) -> dict[Origin, int]:
    """Return by origin its first place."""
    return {origin: place for place, origin in reversed(tuple(enumerate(origins)))}


def _spoken(claims: Iterable[Claim]) -> dict[int, Speaker]:
    return {place: claim.speaker for place, claim in enumerate(claims) if claim.speaker}


def _claims(slot: str, fold: Fold, origins: Sequence[Origin | None]) -> Iterable[Claim]:
    spoken = fold.quoted.get(slot, {})
    for place, (value, number) in enumerate(fold.claims[slot]):
        origin = origins[number]
        if origin:
            yield Claim(slot, value, origin, spoken.get(place))


def _ordered(reports: Iterable[Report], fold: Fold) -> list[Report]:
    """Return the reports in the order in which the event was stored with them."""
    known: Iterable[tuple[object, ...]] = fold.order or [(each.source_id, each.item_id) for each in fold.origins]
    places = {key: place for place, key in reversed(tuple(enumerate(known)))}

    def place(report: Report) -> tuple[int, int]:
        return places.get(report.id, places.get(report.id[:2], len(places))), report.position

    return sorted(reports, key=place)


def _dump(adapter: TypeAdapter[_T], value: _T) -> str:
    return json.dumps(adapter.dump_python(value), ensure_ascii=False, separators=(",", ":"), default=_iso)


def _parse(adapter: TypeAdapter[_T], stored: str, name: str) -> _T:
    try:
        return adapter.validate_json(stored)
    except ValidationError:
        raise PermanentError(f"{name} in the database is damaged; restore a backup") from None


def _iso(moment: date) -> str:
    return moment.isoformat()
