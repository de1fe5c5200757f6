"""The schema's version: made as it is now in a new database, brought up to ours where it is older, refused where it is newer.

The step runs in one transaction that holds the database's write lock, so that two daemons started at once do it once;
and in a thread, with a driver that blocks, as Alembic does. Alembic itself is loaded only where there is a step to take:
most starts find the schema as it should be, and a daemon keeps for months what it loads. A new database has no past to go through:
it gets the tables that the program works with, which a test holds to what the steps lead to.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from sqlalchemy import (
    URL,
    Column,
    Connection,
    Engine,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    create_engine,
    exc,
    insert,
    inspect,
    text,
)
from sqlalchemy.pool import NullPool

from bot.adapters.lean import uncollected
from bot.adapters.store.engine import explain, first_line, is_server, options, prepare_sqlite, shown
from bot.adapters.store.tables import metadata
from bot.ports import PermanentError

HEAD = "head"
"""The newest revision, as Alembic calls it."""
_VERSIONS = Path(__file__).parent / "migrations" / "versions"
_SERVER_LOCK = 0x56495354
_STAMP = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""Where Alembic keeps the revision of a database, as it would make it itself."""

# Alembic keeps the migration that runs in a global.
_ONE_AT_A_TIME = Lock()


async def upgrade(url: URL, revision: str = HEAD) -> None:
    """Bring the schema to the revision; raise PermanentError where the database or its schema is not fit for us."""
    await asyncio.to_thread(_upgrade, url, revision)


def _upgrade(url: URL, revision: str) -> None:
    with changing(url) as connection:
        bring(connection, shown(url), revision)


@contextmanager
def changing(url: URL) -> Iterator[Connection]:
    """Give a connection whose transaction nobody else changes the schema beside; what raises in it leaves nothing behind.

    On SQLite nobody else writes meanwhile, and what refers to what is not checked.
    """
    engine = _engine(url)
    try:
        with _ONE_AT_A_TIME, engine.execution_options(vistka_writes=True).begin() as connection:
            if is_server(url):
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _SERVER_LOCK})
            yield connection
    except exc.DBAPIError as error:
        raise PermanentError(_opening(url, error)) from None
    finally:
        engine.dispose()


@contextmanager
def looking(url: URL) -> Iterator[Connection]:
    """Give a connection that sees one state of a database throughout; one that is not there is not made."""
    if not is_there(url):
        raise PermanentError(f"{shown(url)}: there is none; start Vistka once, or change VISTKA_DATABASE_URL")
    engine = _engine(url)
    try:
        level = {"isolation_level": "REPEATABLE READ"} if is_server(url) else {}
        with engine.execution_options(**level).begin() as connection:
            yield connection
    except exc.DBAPIError as error:
        raise PermanentError(_opening(url, error)) from None
    finally:
        engine.dispose()


def is_there(url: URL) -> bool:
    """Tell whether there is a database to look at: of a server that is seen when it is asked."""
    return is_server(url) or Path(url.database or "").exists()


def _engine(url: URL) -> Engine:
    """Return an engine for migrations, which on SQLite replace tables that others refer to: unchecked meanwhile."""
    blocking = url if is_server(url) else url.set(drivername="sqlite")
    engine = create_engine(blocking, poolclass=NullPool, **options(url))
    if not is_server(url):
        prepare_sqlite(engine, foreign_keys=False)
    return engine


def bring(connection: Connection, name: str, revision: str = HEAD) -> None:
    """Take the steps to a revision; raise PermanentError, naming the database, where its schema is newer than the program."""
    current = current_revision(connection)
    if current == revisions()[-1]:
        return
    refuse_newer(connection, name)
    with uncollected():
        if current is None and revision == HEAD:
            _make(connection)
        else:
            from bot.adapters.store.migrating import migrate  # noqa: PLC0415  (most starts need no Alembic)

            migrate(connection, revision)


def refuse_newer(connection: Connection, name: str) -> None:
    """Raise PermanentError, naming the database, where its schema is newer than the program."""
    current = current_revision(connection)
    if current is not None and current not in revisions():
        raise PermanentError(
            f"{name} has schema {current}, newer than this program: update Vistka, or restore an older backup"
        )


def _make(connection: Connection) -> None:
    """Make all tables of a new database; what is called like one of them is somebody else's, and an error of the database."""
    metadata.create_all(connection, checkfirst=False)
    _STAMP.create(connection, checkfirst=False)
    connection.execute(insert(_STAMP).values(version_num=revisions()[-1]))


def revisions() -> list[str]:
    """Return the revisions that there are, oldest first: the files of migrations are called by them."""
    return sorted(path.name.partition("_")[0] for path in _VERSIONS.glob("[0-9]*.py"))


def current_revision(connection: Connection) -> str | None:
    """Return the revision of a database, None where it is new."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _opening(url: URL, error: exc.DBAPIError) -> str:
    folder = Path(url.database or "").absolute().parent
    if not is_server(url) and not folder.is_dir():
        return f"{shown(url)}: there is no folder {folder}; make it or change VISTKA_DATABASE_URL"
    said = f"{shown(url)}: {first_line(error)}"
    if "already exists" in said:
        return f"{shown(url)} holds other tables: {first_line(error)}; name an empty database in VISTKA_DATABASE_URL"
    failure = explain(error, shown(url))
    return str(failure) if failure else f"{said}; check the options and rights in VISTKA_DATABASE_URL"
