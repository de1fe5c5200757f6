"""A database made of a backup: all of it or nothing, in one transaction, and brought up to the program's schema.

The tables are made as they were when the backup was, filled, and migrated as an older database would be; so a backup is of use
for as long as migrations are. What a chat got after the backup nobody knows: what waited then is not sent or answered any more, and
every source starts with a baseline, so that news from before the horizon are not posted a second time.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Any
from zipfile import ZipFile

from sqlalchemy import (
    URL,
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    MetaData,
    Table,
    func,
    insert,
    inspect,
    or_,
    select,
    text,
    update,
)

from bot.adapters.store import tables
from bot.adapters.store.engine import shown
from bot.adapters.store.keeping.backup import BATCH, PASSING, Told, tables_in
from bot.adapters.store.keeping.checking import unreferred
from bot.adapters.store.keeping.manifest import Manifest, checked, damaged, member
from bot.adapters.store.running import running, seen, stirred
from bot.adapters.store.schema import bring, changing, revisions
from bot.ports import PermanentError

WAITED = "it waited when the backup was made"
OURS = frozenset({"alembic_version", *tables.metadata.tables})
_ROW = tables.delivery.c


def restore(
    url: URL,
    path: Path,
    now: datetime,
    *,
    replace: bool,
    told: Told,
    pause: Callable[[float], object] = time.sleep,
) -> Manifest:
    """Fill the database of an address with a backup; raise PermanentError, leaving it as it was, where that cannot be.

    What it holds is replaced only where that is asked for, and never under a daemon that runs, or that has begun to meanwhile: one
    that starts later waits for the end.
    """
    manifest = checked(path)
    if manifest.schema not in revisions():
        raise PermanentError(f"{path}: its schema {manifest.schema} is newer than this program: update Vistka")
    before = seen(url)
    _refuse_under(running(url, pause), url)
    with changing(url) as connection:
        _refuse_under(stirred(connection, before), url)
        fences = _fences(connection)
        _make_room(connection, shown(url), replace=replace)
        bring(connection, shown(url), manifest.schema)
        with ZipFile(path) as backup:
            _load(connection, backup, path, manifest, told)
        bring(connection, shown(url))
        if lost := unreferred(connection):
            raise PermanentError(f"{path}: {lost}; take another one")
        _hush(connection, now)
        if fences:
            connection.execute(insert(tables.lease), fences)
    return manifest


def _refuse_under(someone: str, url: URL) -> None:
    if someone:
        raise PermanentError(f"{shown(url)} is in use by {someone}: stop it first")


def _fences(connection: Connection) -> list[dict[str, Any]]:
    """Return the leases as nobody's, with numbers that keep out whoever held one and was only paused."""
    if not inspect(connection).has_table(tables.lease.name):
        return []
    found = (row._asdict() for row in connection.execute(select(tables.lease)))
    return [row | {"number": row["number"] + 1, "host": "", "pid": 0, "mark": "", "bot": 0} for row in found]


def _make_room(connection: Connection, name: str, *, replace: bool) -> None:
    """Take away the tables of ours; refuse where they hold anything that nobody said may go."""
    found = MetaData()
    found.reflect(connection, only=lambda table, _: table in OURS)
    kept = [table for table in found.sorted_tables if not table.name.startswith(PASSING)]
    full = [table.name for table in kept if connection.execute(select(table).limit(1)).first() is not None]
    if full and not replace:
        raise PermanentError(
            f"{name} is not empty: it has rows in {', '.join(sorted(full)[:3])}; name another one in VISTKA_DATABASE_URL, "
            "or say --replace where they may go"
        )
    found.drop_all(connection)


def _load(connection: Connection, backup: ZipFile, path: Path, manifest: Manifest, told: Told) -> None:
    """Fill the tables, each after those that it refers to."""
    done = 0
    stored = {table.name: table for table in tables_in(connection)}
    for table in stored.values():
        part = manifest.tables.get(table.name)
        if part is None or set(part.columns) != {column.name for column in table.columns}:
            raise damaged(path)
        with backup.open(member(table.name)) as lines:
            for batch in _batches(table, lines):
                connection.execute(insert(table), batch)
                done += len(batch)
                told(done, manifest.rows)
        _count_on(connection, table)
    if stored.keys() != manifest.tables.keys():
        raise damaged(path)


def _batches(table: Table, lines: IO[bytes]) -> Iterator[list[dict[str, Any]]]:
    readers = {column.name: reader for column in table.columns if (reader := _reader(column))}
    rows = (_row(json.loads(line), readers) for line in lines)
    while batch := list(islice(rows, BATCH)):
        yield batch


def _row(values: dict[str, Any], readers: dict[str, Callable[[str], object]]) -> dict[str, Any]:
    for name, reader in readers.items():
        if values[name] is not None:
            values[name] = reader(values[name])
    return values


def _reader(column: Column[Any]) -> Callable[[str], object] | None:
    """Return what makes of text what the column holds, None where that is the same."""
    if isinstance(column.type, DateTime):
        return partial(_time, zoned=bool(column.type.timezone))
    return date.fromisoformat if isinstance(column.type, Date) else None


def _time(written: str, *, zoned: bool) -> datetime:
    """Return a time as the column keeps it: SQLite's are in UTC without saying so."""
    at = datetime.fromisoformat(written)
    return at if zoned else at.astimezone(UTC).replace(tzinfo=None)


def _count_on(connection: Connection, table: Table) -> None:
    """Let a server number new rows after those that were brought in; SQLite does so by itself."""
    key = list(table.primary_key.columns)
    if connection.dialect.name != "postgresql" or len(key) != 1 or not isinstance(key[0].type, Integer):
        return
    sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:t, :c)"), {"t": table.name, "c": key[0].name})
    highest = connection.scalar(select(func.max(key[0])))
    if sequence and highest is not None:
        connection.execute(text("SELECT setval(:s, :n)"), {"s": sequence, "n": highest})


def _hush(connection: Connection, now: datetime) -> None:
    """Let nothing be sent, and nothing be answered, that may have been after the backup was made."""
    waiting = _ROW.state.in_(("pending", "retry")) & or_(_ROW.not_before.is_(None), _ROW.not_before <= now)
    connection.execute(update(tables.delivery).where(waiting).values(state="dead", reason=WAITED))
    connection.execute(update(tables.inbox).where(~tables.inbox.c.done).values(raw="", done=True))
    connection.execute(update(tables.poll_state).values(first_success=None, last_success=None))
