"""A database that is full, locked or gone: nothing is sent that cannot be written down, and all goes on by itself."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from tests.faults.stage import IN_FLIGHT, Ending, Stage, open_stage, sqlite_databases

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

SIZE = "3m"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage() -> AsyncIterator[Stage]:
    async with open_stage() as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def whole(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Ending:
    return await stage.play(await sqlite_databases(tmp_path_factory.mktemp("whole")))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder], check=False)
    if mounted.returncode:
        pytest.skip("no small disk can be mounted here: that needs the rights of root")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


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
