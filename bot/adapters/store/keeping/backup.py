"""A backup: all tables as they were at one moment, in one file that either database can be made of again.

It is a ZIP of one file of JSON Lines for each table and a manifest, so that nothing but its own tools is needed to look into
it. Rows are read in one transaction that holds up no writer, and written as they come.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Generator
from contextlib import closing
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import IO, Any, BinaryIO, TypeAlias
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy import URL, Connection, CursorResult, MetaData, Select, Table, func, select

from bot.adapters.store.engine import shown
from bot.adapters.store.keeping.files import written
from bot.adapters.store.keeping.manifest import NAME, Manifest, Part, checked, dumped, member
from bot.adapters.store.schema import current_revision, looking
from bot.ports import PermanentError

Told: TypeAlias = Callable[[int, int], object]
"""Is told how many rows are done, and of how many."""

BATCH = 500
PASSING = ("alembic_version", "lease", "procrastinate_", "sqlite_")
"""Tables that are not kept begin so: the schema's number stands in the manifest, who runs is over, and what waits in a queue is due still."""


def back_up(url: URL, path: Path, at: datetime, told: Told) -> Manifest:
    """Write a backup and read it again; raise PermanentError, leaving no file, where it cannot be written or read."""
    with looking(url) as connection:
        if current_revision(connection) is None:
            raise PermanentError(f"{shown(url)} holds nothing of Vistka; check VISTKA_DATABASE_URL")
    with written(path, at) as stream, looking(url) as connection:
        manifest = _write(connection, stream, at, told)
    return _verified(path, manifest)


def tables_in(connection: Connection) -> tuple[Table, ...]:
    """Return the tables that a database has now, each after those that it refers to."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _: not name.startswith(PASSING))
    return tuple(found.sorted_tables)


def _write(connection: Connection, stream: BinaryIO, at: datetime, told: Told) -> Manifest:
    schema = current_revision(connection) or ""
    tables = tables_in(connection)
    total = sum(connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables)
    parts: dict[str, Part] = {}
    done = 0
    with ZipFile(stream, "w") as backup:
        for table in tables:
            with backup.open(_entry(member(table.name), at), "w", force_zip64=True) as lines:
                parts[table.name] = _add(connection, table, lines, partial(_further, told, done, total))
            done += parts[table.name].rows
        manifest = Manifest(schema, at, parts)
        backup.writestr(_entry(NAME, at), dumped(manifest))
    return manifest


def _further(told: Told, before: int, total: int, rows: int) -> None:
    told(before + rows, total)


def _add(connection: Connection, table: Table, lines: IO[bytes], told: Callable[[int], object]) -> Part:
    """Write the lines of a table, in the order of its key."""
    digest, rows = hashlib.sha256(), 0
    with closing(_lines(connection, table)) as batches:
        for batch in batches:
            text = "".join(batch).encode()
            digest.update(text)
            lines.write(text)
            rows += len(batch)
            told(rows)
    return Part(tuple(column.name for column in table.columns), rows, digest.hexdigest())


def _lines(connection: Connection, table: Table) -> Generator[list[str], None, None]:
    names = [column.name for column in table.columns]
    asked = select(table).order_by(*table.primary_key.columns)
    with streamed(connection, asked) as found:
        for batch in found.partitions():
            yield [_line(dict(zip(names, row, strict=True))) for row in batch]


def streamed(connection: Connection, asked: Select[Any]) -> CursorResult[Any]:
    """Ask for rows that come as they are read, a batch at a time; the result is to be closed before the connection is."""
    return connection.execute(asked, execution_options={"stream_results": True, "yield_per": BATCH})


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, default=_plain, ensure_ascii=False, separators=(",", ":")) + "\n"


def _plain(value: object) -> str:
    """Return a time or day as text. SQLite keeps times in UTC, without saying so."""
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
    assert isinstance(value, date)
    return value.isoformat()


def _entry(name: str, at: datetime) -> ZipInfo:
    entry = ZipInfo(name, at.timetuple()[:6])
    entry.compress_type = ZIP_DEFLATED
    return entry


def _verified(path: Path, manifest: Manifest) -> Manifest:
    """Read a backup again; one that does not hold what was written is no backup, and goes."""
    try:
        if checked(path) == manifest:
            return manifest
    except PermanentError:
        path.unlink(missing_ok=True)
        raise
    path.unlink(missing_ok=True)
    raise PermanentError(f"{path}: it does not hold what was written; check the disk")
