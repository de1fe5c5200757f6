"""Connections: SQLite with the settings that make it safe, PostgreSQL with few, and errors in one line for people.

On SQLite every write takes the lock at its start (BEGIN IMMEDIATE), because a read that turns into a write fails at
once when another writer came between; writers of this process wait for each other in a queue of our own, which is fair
where SQLite's waiting is not. Commits are durable (synchronous=FULL): an outbox mark must survive a power cut.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, exc, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.adapters.store.flock import FileLock
from bot.ports import PermanentError, StoreError, VistkaError

P = ParamSpec("P")
T = TypeVar("T")

_BUSY_SECONDS = 10
_CONNECT_SECONDS = 10
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
_IDLE_SECONDS = 30
"""How long a transaction may stand still, as that of a process does that was paused: the server ends it, and its locks go."""
_JOINING = text("SELECT pg_advisory_xact_lock(0x4A4F494E)")
_READERS = 2
"""Threads that answer questions: a long one holds up no short one."""
_FORMS = "use sqlite:///vistka.db or postgresql://user@host/database"


class _Cursor(Protocol):
    def execute(self, statement: str) -> Any: ...
    def close(self) -> None: ...


class _Driver(Protocol):
    def cursor(self) -> _Cursor: ...


@dataclass(slots=True)
class Writing:
    """Why what was to be written last could not be, "" where it was: a full disk answers who only reads as if nothing were."""

    trouble: str = ""


class Database:
    """An engine and the way to read and write through it."""

    def __init__(self, url: URL, writing: Writing | None = None) -> None:
        self.name = shown(url)
        self.writing = writing or Writing()
        self._engine = create_async_engine(url, **options(url), pool_pre_ping=is_server(url))
        if not is_server(url):
            prepare_sqlite(self._engine.sync_engine)
        self._reader = self._engine
        self._writer = self._engine.execution_options(vistka_writes=True)
        self._turn: AbstractAsyncContextManager[None] = asyncio.Lock()
        self._held: ContextVar[AsyncConnection | None] = ContextVar("held", default=None)
        self._joining = FileLock(f"{url.database}-joining")
        self._at_once = None if self.is_postgresql else _AtOnce(url)
        if self.is_postgresql:
            self._reader = self._engine.execution_options(isolation_level="REPEATABLE READ")
            self._turn = nullcontext()

    @property
    def is_postgresql(self) -> bool:
        """Whether a server stands behind it."""
        return self._engine.dialect.name == "postgresql"

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection that sees one state of the database throughout; to who alone joins, that of the joining."""
        held = self._held.get()
        async with nullcontext(held) if held else self._guarded(self._reader) as connection:
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection whose transaction commits at the end, or leaves nothing behind when the body raises.

        To who alone joins it is that of the joining, at whose end all of it is committed.
        """
        held = self._held.get()
        if held is not None:
            yield held
            return
        with self._noted():
            async with self._turn, self._guarded(self._writer) as connection:
                yield connection

    async def at_once(self, work: Callable[[Connection], T]) -> T:
        """Do a piece of work in one transaction, on SQLite in one way to a thread and back: there each statement takes three.

        The caller is one who lets no cancellation cut it off: a task of its own, or `unbroken`.
        """
        if self._at_once is None:
            async with self.write() as connection:
                return await connection.run_sync(work)
        async with self._turn:
            with self._noted(), self._explained():
                return await self._at_once.write(work)

    async def look(self, work: Callable[Concatenate[Connection, P], T], *given: P.args, **named: P.kwargs) -> T:
        """Answer a question in one transaction that only reads, on SQLite in one way to a thread and back.

        Where the loop is busy each way costs a turn, and who waits for an answer would wait for dozens of them.
        """

        def ask(connection: Connection) -> T:
            return work(connection, *given, **named)

        if self._at_once is None:
            async with self.read() as connection:
                return await connection.run_sync(ask)
        with self._explained():
            return await self._at_once.read(ask)

    @asynccontextmanager
    async def joining(self) -> AsyncIterator[None]:
        """Let nobody else who asks for this, in any process, go on before the block ends.

        On PostgreSQL all that the task reads and writes in the block is one transaction, under a lock that the server gives
        back with it: who was paused for so long that others went on finds the transaction ended, and nothing of it
        stored. On SQLite the lock is that of a file, which a process loses by its end alone; others wait until then.
        """
        if not self.is_postgresql:
            async with self._joining:
                yield
            return
        async with self.write() as connection:
            await connection.execute(_JOINING)
            before = self._held.set(connection)
            try:
                yield
            finally:
                self._held.reset(before)

    def another(self) -> Database:
        """Return the same database for another event loop, with connections of its own."""
        return Database(self._engine.url, self.writing)

    async def close(self) -> None:
        """Close every connection."""
        self._joining.close()
        if self._at_once is not None:
            self._at_once.close()
        await self._engine.dispose()

    @asynccontextmanager
    async def _guarded(self, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        with self._explained():
            async with engine.begin() as connection:
                yield connection

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """Remember why a write fails, and forget it when one succeeds."""
        try:
            yield
        except StoreError as error:
            self.writing.trouble = str(error)
            raise
        self.writing.trouble = ""

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what the driver raises into what people can do something with."""
        try:
            yield
        except (exc.DBAPIError, exc.TimeoutError) as error:
            failure = explain(error, self.name)
            if failure is None:
                raise
            raise failure from None


class _AtOnce:
    """Connections to a SQLite file and the threads that they are used in: one writes, others read."""

    def __init__(self, url: URL) -> None:
        self._reader = create_engine(url.set(drivername="sqlite"), **options(url))
        prepare_sqlite(self._reader)
        self._writer = self._reader.execution_options(vistka_writes=True)
        self._writing, self._reading = ThreadPoolExecutor(1, "writing"), ThreadPoolExecutor(_READERS, "reading")

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Do a piece of work in one transaction, in the thread that writes."""
        return await asyncio.get_running_loop().run_in_executor(self._writing, self._done, self._writer, work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Answer a question in one transaction, in a thread that reads."""
        return await asyncio.get_running_loop().run_in_executor(self._reading, self._done, self._reader, work)

    @staticmethod
    def _done(engine: Engine, work: Callable[[Connection], T]) -> T:
        with engine.begin() as connection:
            return work(connection)

    def close(self) -> None:
        """Wait until what is under way is done, and close the connections."""
        self._writing.shutdown()
        self._reading.shutdown()
        self._reader.dispose()


def unbroken(method: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Let a write that was begun come to its end; a caller who is cancelled meanwhile is told so after it.

    A transaction cut in the middle would keep its lock until the driver's thread has got round to closing it.
    """

    @wraps(method)
    async def to_the_end(*args: P.args, **given: P.kwargs) -> T:
        task = asyncio.create_task(method(*args, **given))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.gather(task, return_exceptions=True)
            raise

    return to_the_end


def parse(address: str) -> URL:
    """Return the address with the driver we use; raise PermanentError, never quoting what may hold a password."""
    try:
        url = make_url(address)
        driver = _DRIVERS[url.drivername.partition("+")[0]]
    except (exc.ArgumentError, ValueError, KeyError):
        raise PermanentError(f"VISTKA_DATABASE_URL is no database address we know: {_FORMS}") from None
    if driver.startswith("sqlite") and url.database in {None, "", ":memory:"}:
        raise PermanentError(f"VISTKA_DATABASE_URL names no file: {_FORMS}")
    return url.set(drivername=driver)


def address_of(address: str) -> tuple[str, str]:
    """Return the address of a server as its own library takes it, and its name for people; raise PermanentError where it is a file."""
    url = parse(address)
    if not is_server(url):
        raise PermanentError(
            "VISTKA_DATABASE_URL names a file, which has no room for workers: use postgresql://user@host/database"
        )
    return url.set(drivername="postgresql").render_as_string(hide_password=False), shown(url)


def shown(url: URL) -> str:
    """Return the database as people may see it: no user, no password, no options."""
    if not is_server(url):
        return f"database {url.database}"
    host = url.host or url.query.get("host") or "localhost"
    return f"database {url.database} on {host if isinstance(host, str) else ', '.join(host)}"


def explain(error: exc.DBAPIError | exc.TimeoutError, name: str) -> VistkaError | None:
    """Return the failure for people, or None where the mistake is ours and the traceback is wanted."""
    if isinstance(error, exc.TimeoutError):
        return StoreError(f"{name}: every connection is busy; it will be tried again")
    said = first_line(error)
    if isinstance(error, exc.OperationalError | exc.InterfaceError) or error.connection_invalidated:
        return StoreError(f"{name}: {said}; check that it is reachable, writable and has room")
    if type(error) is exc.DatabaseError:
        return PermanentError(f"{name}: {said}; restore a backup or name another file in VISTKA_DATABASE_URL")
    return None


def first_line(error: exc.DBAPIError) -> str:
    """Return what the database said, without its second thoughts."""
    return next(iter(str(error.orig).strip().splitlines()), "no reason given")


def insert(connection: AsyncConnection | Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that knows ON CONFLICT, which SQL spells per dialect."""
    return insert_in(connection.dialect.name, table)


def insert_in(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return the same by the name of the dialect, for a statement that is made once: making it takes longer than its row."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def upsert(connection: AsyncConnection, table: Table, values: dict[str, Any]) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT of one row that replaces the row with the same primary key."""
    statement = insert(connection, table).values(values)
    keys = [column.name for column in table.primary_key]
    changed = {name: value for name, value in values.items() if name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=changed)


def is_server(url: URL) -> bool:
    """Return whether the address is one of PostgreSQL."""
    return url.drivername.startswith("postgresql")


def options(url: URL) -> dict[str, Any]:
    """Return what every engine for the address is made with. SQLite's driver is told to leave transactions to us."""
    connecting: dict[str, Any] = {"isolation_level": None, "timeout": _BUSY_SECONDS}
    if is_server(url):
        idle = f"-c idle_in_transaction_session_timeout={_IDLE_SECONDS}s"
        connecting = {"connect_timeout": _CONNECT_SECONDS, "options": f"{url.query.get('options', '')} {idle}".strip()}
    return {"connect_args": connecting, "hide_parameters": True}


def prepare_sqlite(engine: Engine, *, foreign_keys: bool = True) -> None:
    """Set up each new connection, and begin transactions ourselves: the driver would do so too late."""

    @event.listens_for(engine, "connect")
    def set_up(driver: _Driver, _record: object) -> None:
        cursor = driver.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", f"foreign_keys={'ON' if foreign_keys else 'OFF'}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("vistka_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
