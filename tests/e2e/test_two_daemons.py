"""Two daemons with one token: one speaks, the other waits and takes over, and nothing is doubled whichever is paused."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.botapi import BotApi, bot_api
from tests.e2e.daemon import Daemon, Newsroom, daemon, sent, shown, started
from tests.e2e.test_daemon import CHANNEL, OUTLETS, SETTINGS, STRIKE_UK, SWAP_EN
from tests.feedserver import feed_server

pytestmark = pytest.mark.e2e

HASTY = (sys.executable, "-m", "tests.e2e.hasty")
ROOT = str(Path(__file__).parents[2])
PATIENCE = 120.0
"""Seconds in which each step happens on a machine that is busy with ten other things; on a quiet one all take twenty."""


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as server:
        server.channel(CHANNEL)
        yield server


@pytest.fixture
async def newsroom() -> AsyncIterator[Newsroom]:
    async with feed_server() as server:
        yield Newsroom(server, OUTLETS)


async def test_two_daemons_one_token(tmp_path: Path, api: BotApi, newsroom: Newsroom) -> None:
    async with (
        daemon(tmp_path, api, newsroom, SETTINGS) as first,
        started(tmp_path, api, newsroom, SETTINGS) as second,
    ):
        await second.until(lambda: "waiting" in second.log)
        assert f"process {first.process.pid} on " in second.log
        newsroom.publish("staff", SWAP_EN)
        await first.until(lambda: shown(api, CHANNEL))
        assert await first.stop() == 0
        newsroom.publish("staff", STRIKE_UK)
        await second.until(lambda: len(shown(api, CHANNEL)) == 2)
        assert await second.stop() == 0
    assert len(sent(api, CHANNEL)) == 2
    assert "Conflict" not in first.log + second.log


async def test_a_newer_daemon_does_not_change_the_schema_under_an_older_one(
    tmp_path: Path, api: BotApi, newsroom: Newsroom
) -> None:
    """That the schema is an older one is what its number says here."""
    async with daemon(tmp_path, api, newsroom, SETTINGS) as older:
        with closing(sqlite3.connect(tmp_path / "vistka.sqlite3")) as database:
            database.execute("UPDATE alembic_version SET version_num = '0010'")
            database.commit()
        async with started(tmp_path, api, newsroom, SETTINGS) as newer:
            assert await asyncio.wait_for(newer.process.wait(), PATIENCE) == 1
        assert "has schema 0010, older than this program, and process " in newer.log
        assert f"process {older.process.pid} on " in newer.log
        assert newer.log.count("\n") == 1
        newsroom.publish("staff", SWAP_EN)
        await older.until(lambda: shown(api, CHANNEL))
        assert await older.stop() == 0


@pytest.mark.timeout(3 * PATIENCE)
async def test_worker_paused_and_woken(tmp_path: Path, store_url: str, api: BotApi, newsroom: Newsroom) -> None:
    settings = SETTINGS | {"VISTKA_DATABASE_URL": store_url, "PYTHONPATH": ROOT}
    async with (
        started(tmp_path, api, newsroom, settings, HASTY) as one,
        started(tmp_path, api, newsroom, settings, HASTY) as other,
    ):
        await one.until(lambda: "waiting" in one.log + other.log, PATIENCE)
        first, second = (one, other) if "waiting" in other.log else (other, one)
        await first.until(lambda: "running" in first.log, PATIENCE)
        held = api.hold("sendMessage", CHANNEL)
        newsroom.publish("staff", SWAP_EN)
        await first.meanwhile(held.reached.wait())
        await paused(first, store_url)
        await second.until(lambda: "unknown outcome settled" in second.log, PATIENCE)
        held.released.set()
        first.process.send_signal(signal.SIGCONT)
        await first.until(lambda: "lease lost" in first.log and "waiting" in first.log, PATIENCE)
        newsroom.publish("staff", STRIKE_UK)
        await second.until(lambda: len(shown(api, CHANNEL)) == 2, PATIENCE)
    assert len(sent(api, CHANNEL)) == 2


async def paused(running: Daemon, store_url: str) -> None:
    """Pause a daemon, at a moment at which it does not write: SQLite would stay locked for everybody."""
    while True:
        running.process.send_signal(signal.SIGSTOP)
        while not _stands_still(running.process.pid):  # noqa: ASYNC110  (it becomes so in the kernel, thread by thread)
            await asyncio.sleep(0)
        if not await asyncio.to_thread(_is_locked, store_url):
            return
        running.process.send_signal(signal.SIGCONT)


def _stands_still(process: int) -> bool:
    """Tell whether every thread has stopped: the others go on until the one that got the signal has its turn."""
    try:
        said = [task.read_text(encoding="utf-8") for task in Path(f"/proc/{process}/task").glob("*/stat")]
    except OSError:  # one of them has just ended
        return False
    return all(each.rpartition(") ")[2].startswith("T") for each in said)


def _is_locked(store_url: str) -> bool:
    if not store_url.startswith("sqlite:///"):
        return False
    with closing(sqlite3.connect(store_url.removeprefix("sqlite:///"), timeout=0.2)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
    return False
