"""Whether a database is sound: what the database itself finds out, and what only we can know of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Row, Select, exists, func, select, text

from bot.adapters.store import tables
from bot.adapters.store.keeping.backup import Told
from bot.adapters.store.keeping.files import backups_in
from bot.adapters.store.loading import assembled, reports_in, rulings_on
from bot.adapters.store.running import held
from bot.adapters.store.schema import current_revision, looking, revisions
from bot.core.kinds import Kind
from bot.core.merge import fold
from bot.core.model import Event
from bot.ports import VistkaError

STALE = timedelta(days=2)
"""How old the newest backup may be: the daemon makes one a day."""
STUCK = timedelta(hours=1)
"""How long a delivery may be on its way: a send that was under way ends within half a minute, a lost one is looked for."""
_BATCH = 200
_SHOWN = 3
_RESTORE = "restore a backup"
_EVENT, _DELIVERY = tables.event.c, tables.delivery.c


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found out about one thing, in a line, and whether that is `bad`."""

    about: str
    line: str
    bad: bool = False


def findings(url: URL, now: datetime, kinds: Mapping[str, Kind], backups: Path | None, told: Told) -> Iterator[Finding]:
    """Yield what is found out about a database, thing by thing; where the schema is not ours, nothing beyond that."""
    with looking(url) as connection:
        schema = _schema(connection)
        yield schema
        if not schema.bad:
            yield _pages(connection)
            yield _references(connection)
            yield _counts(connection)
            yield _events(connection, kinds, told)
            yield _outbox(connection, now)
            yield _daemon(connection)
    yield _backups(backups, now)


def unreferred(connection: Connection) -> str:
    """Return in words which rows refer to what is not there, "" for none. A server lets none of them come about."""
    if connection.dialect.name == "postgresql":
        return ""
    found = connection.execute(text("PRAGMA foreign_key_check")).all()
    named = sorted({f"{row[0]} refer to {row[2]}" for row in found})
    return f"{len(found)} rows refer to what is not there ({', '.join(named[:_SHOWN])})" if found else ""


def _schema(connection: Connection) -> Finding:
    found, known = current_revision(connection), revisions()
    if found == known[-1]:
        return Finding("schema", f"{found}, which is that of this program")
    if found is None or found in known:
        older = "none yet" if found is None else f"{found}, older than this program's {known[-1]}"
        return Finding("schema", f"{older}; run vistka db upgrade", bad=True)
    return Finding("schema", f"{found}, newer than this program: update Vistka, or restore an older backup", bad=True)


def _pages(connection: Connection) -> Finding:
    """Ask the database to look at itself: SQLite at every page and index, a server at what it could not build."""
    if connection.dialect.name == "postgresql":
        broken = list(connection.scalars(_INVALID))
    else:
        broken = [each for each in connection.scalars(text("PRAGMA integrity_check(3)")) if each != "ok"]
    if broken:
        return Finding("pages", f"{broken[0]}; {_RESTORE}", bad=True)
    return Finding("pages", "sound")


_INVALID = text("SELECT 'index ' || indexrelid::regclass || ' is not valid' FROM pg_index WHERE NOT indisvalid")


def _references(connection: Connection) -> Finding:
    lost = unreferred(connection)
    return Finding("references", f"{lost}; {_RESTORE}" if lost else "all lead somewhere", bad=bool(lost))


def _counts(connection: Connection) -> Finding:
    several = (tables.item, tables.report, tables.event, tables.delivery, tables.subscription)
    counted = [f"{connection.scalar(select(func.count()).select_from(each)):,} {each.name}s" for each in several]
    return Finding("rows", ", ".join(counted).replace("deliverys", "deliveries"))


def _events(connection: Connection, kinds: Mapping[str, Kind], told: Told) -> Finding:
    """Fold the reports of every event again, and compare: an event is what its reports make."""
    total = connection.scalar(select(func.count()).select_from(tables.event)) or 0
    differing: list[int] = []
    done = 0
    try:
        for batch in _batches(connection):
            differing += [event.id for event in batch if event.kind in kinds and _differs(event, kinds[event.kind])]
            done += len(batch)
            told(done, total)
    except VistkaError as error:
        return Finding("events", str(error), bad=True)
    if not differing:
        return Finding("events", f"{total:,} are what their reports and rulings make")
    named = ", ".join(map(str, differing[:_SHOWN])) + (", …" if differing[_SHOWN:] else "")
    line = f"{len(differing)} of {total:,} are not what their reports make ({named}); the next report of each puts it right"
    return Finding("events", line, bad=True)


def _batches(connection: Connection) -> Iterator[tuple[Event, ...]]:
    last = 0
    while found := connection.execute(_after(last)).all():
        yield _assembled(connection, found)
        last = found[-1].id


def _after(last: int) -> Select[Any]:
    return select(tables.event).where(_EVENT.id > last).order_by(_EVENT.id).limit(_BATCH)


def _assembled(connection: Connection, found: Sequence[Row[Any]]) -> tuple[Event, ...]:
    numbers = [row.id for row in found]
    reports = connection.execute(reports_in(numbers)).all()
    return assembled(found, reports, connection.execute(rulings_on(numbers)).all())


def _differs(event: Event, kind: Kind) -> bool:
    """Tell whether an event is not what its reports make; one that all its reports left says nothing any more."""
    if not event.reports or event.merged_into:
        return False
    return _said(event) != _said(fold(kind, event.reports, event.rulings))


def _said(event: Event) -> tuple[object, ...]:
    return event.date, event.status, event.disputed, event.confirmed, event.verdict, dict(event.facts)


def _outbox(connection: Connection, now: datetime) -> Finding:
    """Look for deliveries of no event, and for those that have been on their way for too long."""

    def count(*of: Any) -> int:
        return connection.scalar(select(func.count(_DELIVERY.id)).where(*of)) or 0

    orphans = count(~exists().where(_EVENT.id == _DELIVERY.event_id))
    stuck = count(_DELIVERY.state.in_(("sending", "unknown")), _DELIVERY.claimed < now - STUCK)
    if orphans:
        return Finding("outbox", f"{orphans} deliveries are of no event; {_RESTORE}", bad=True)
    if stuck:
        line = f"{stuck} deliveries have been on their way for more than an hour; start the daemon, or see its log"
        return Finding("outbox", line, bad=True)
    waiting = count(_DELIVERY.state.in_(("pending", "retry")))
    return Finding("outbox", f"{waiting} deliveries wait")


def _daemon(connection: Connection) -> Finding:
    holders = sorted({f"{lease.name} is held by {lease.holder}" for lease in held(connection)})
    return Finding("daemon", "; ".join(holders) or "none runs, as far as this machine can tell")


def _backups(folder: Path | None, now: datetime) -> Finding:
    if folder is None:
        return Finding("backup", "none by the daemon; VISTKA_BACKUPS names a folder for one a day")
    newest = max(backups_in(folder), default=None)
    if newest is None:
        return Finding("backup", f"none in {folder}; run vistka db backup, or see the daemon's log", bad=True)
    old = now - newest
    hours = f"the newest is {old / timedelta(hours=1):.0f} hours old"
    if old > STALE:
        return Finding("backup", f"{hours}; run vistka db backup, and see the daemon's log", bad=True)
    return Finding("backup", hours)
