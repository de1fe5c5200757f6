"""Rows into values and values into rows: the only place that knows both.

Reports and folds are JSON made and checked by pydantic from the dataclasses of the core, so that a new slot needs no
change here, and a damaged row is refused instead of travelling on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, TypeAlias, TypeVar

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Row

from bot.adapters.store.types import clean
from bot.core import sources
from bot.core.model import (
    Claim,
    Delivery,
    Event,
    Evidence,
    Fact,
    FactChange,
    Item,
    Origin,
    PollState,
    Report,
    Role,
    Status,
    Subscription,
)
from bot.ports import PermanentError, Planned

Values: TypeAlias = dict[str, Any]
_T = TypeVar("_T")


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


@dataclass(frozen=True, slots=True)
class Fold:
    """What an event keeps beyond its columns. Claims name their origin by its place in `origins`.

    The origins of the reports come first and in the order of the reports, which is how that order is kept.
    """

    facts: Mapping[str, Fact]
    origins: tuple[Origin, ...]
    claims: Mapping[str, tuple[tuple[Fact, int], ...]]
    history: tuple[FactChange, ...]
    news: tuple[FactChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """The three digests an item is known by; None where it has nothing to make one of."""

    identity: str
    link: str | None
    fingerprint: str | None

    @property
    def digests(self) -> frozenset[str]:
        """The digests there are."""
        return frozenset(filter(None, (self.identity, self.link, self.fingerprint)))


_REPORT = TypeAdapter(Said)
_FOLD = TypeAdapter(Fold)


def identify(item: Item) -> Identity:
    """Return the digests of what the item is known by in its source."""
    known, source = sources.identify(item), item.source.id
    return Identity(
        identity=_digest("guid", source, known.guid),
        link=_digest("link", source, known.link) if known.link else None,
        fingerprint=_digest("words", source, known.words) if known.words else None,
    )


def item_values(item: Item, identity: Identity) -> Values:
    """Return the row of an item."""
    return {
        "source_id": item.source.id,
        "guid": item.id,
        "language": item.language,
        "url": item.url,
        "published": item.published,
        "title": item.title,
        "summary": item.summary,
        "body": item.body,
        **asdict(identity),
    }


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
    }


def event_of(row: Row[Any], reports: Sequence[Row[Any]]) -> Event:
    """Return the event of a row and the rows of its reports."""
    fold = _parse(_FOLD, row.fold, f"event {row.id}")
    order = {origin: place for place, origin in reversed(tuple(enumerate(fold.origins)))}
    read = sorted((report_of(each) for each in reports), key=lambda report: order.get(report.origin, len(order)))
    return Event(
        id=row.id,
        kind=row.kind,
        date=row.date,
        status=row.status,
        disputed=row.disputed,
        confirmed=row.confirmed,
        facts=fold.facts,
        claims={slot: tuple(_claims(slot, said, fold.origins)) for slot, said in fold.claims.items()},
        reports=tuple(read),
        opened=row.opened,
        updated=row.updated,
        revision=row.revision,
        history=fold.history,
        news=fold.news,
    )


def report_values(report: Report, item_id: int, event_id: int, position: int) -> Values:
    """Return the row of a report."""
    return {
        "item_id": item_id,
        "event_id": event_id,
        "position": position,
        "kind": report.kind,
        "report": _dump(_REPORT, _said(report)),
    }


def report_of(row: Row[Any]) -> Report:
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
    )


def poll_values(state: PollState) -> Values:
    """Return the row of a poll state."""
    return asdict(state)


def poll_of(row: Row[Any]) -> PollState:
    """Return the poll state of a row."""
    return PollState(**row._asdict())


def subscription_values(subscription: Subscription) -> Values:
    """Return the row of a subscription."""
    lists = {"kinds": json.dumps(subscription.kinds), "regions": json.dumps(subscription.regions)}
    return asdict(subscription) | lists


def subscription_of(row: Row[Any]) -> Subscription:
    """Return the subscription of a row."""
    stored = Subscription(**row._asdict())
    return replace(stored, kinds=tuple(json.loads(row.kinds)), regions=tuple(json.loads(row.regions)))


def planned_values(event: Event, planned: Planned) -> Values:
    """Return the outbox row of a delivery that a change of the event calls for."""
    return {
        "event_id": event.id,
        **asdict(planned),
        "revision": event.revision,
        "state": "pending",
        "attempt": 0,
        "message_id": 0,
        "content": "",
        "anchor": 0,
        "reason": "",
    }


def delivery_of(row: Row[Any]) -> Delivery:
    """Return the delivery of a row."""
    return Delivery(**row._asdict())


def _said(report: Report) -> Said:
    return Said(
        kind=report.kind,
        origin=report.origin,
        role=report.role,
        day=report.date,
        status=report.status,
        disputed=report.disputed,
        facts=report.facts,
        evidence=report.evidence,
    )


def _fold(event: Event) -> Fold:
    said = (claim.origin for claims in event.claims.values() for claim in claims)
    places = _places([*(report.origin for report in event.reports), *said])
    claims = {
        slot: tuple((claim.value, places[claim.origin]) for claim in claims) for slot, claims in event.claims.items()
    }
    return Fold(event.facts, tuple(places), claims, event.history, event.news)


def _places(origins: Iterable[Origin]) -> dict[Origin, int]:
    return {origin: place for place, origin in enumerate(dict.fromkeys(origins))}


def _claims(slot: str, said: Iterable[tuple[Fact, int]], origins: Sequence[Origin]) -> Iterable[Claim]:
    return (Claim(slot, value, origins[place]) for value, place in said)


def _dump(adapter: TypeAdapter[_T], value: _T) -> str:
    return json.dumps(adapter.dump_python(value), ensure_ascii=False, separators=(",", ":"), default=_iso)


def _digest(*parts: str) -> str:
    text = clean("\n".join(parts))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _parse(adapter: TypeAdapter[_T], stored: str, name: str) -> _T:
    try:
        return adapter.validate_json(stored)
    except ValidationError:
        raise PermanentError(f"{name} in the database is damaged; restore a backup") from None


def _iso(moment: date) -> str:
    return moment.isoformat()
