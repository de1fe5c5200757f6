"""An upgrade that is killed, at whatever statement, leaves the database as it was; the next one does it."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys

import pytest

from bot.adapters.store import open_store
from bot.adapters.store.engine import parse
from bot.adapters.store.schema import upgrade
from tests.adapters.store.killed import state
from tests.adapters.store.test_upgrade import ROWS, fill

EVERY = {"sqlite": 97, "postgresql": 37}
"""How many statements lie between two kills here, `NEW` where there is nothing yet; `python -m tests.adapters.store.killed` kills at each."""


NEW = 41


async def swept(url: str, every: int) -> tuple[int, str, str, str]:
    """Kill what brings a database up to date at every so many statements; return how often, from what, to what and with what in it."""
    command = [sys.executable, "-m", "tests.adapters.store.killed", url, "--every", str(every)]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = re.fullmatch(r"(\d+) kills in \d+ steps, (\w+) -> (\d{4}), (\w+)\n", done.stdout)
    assert told
    return int(told[1]), told[2], told[3], told[4]


@pytest.mark.timeout(300)
async def test_an_upgrade_that_is_killed_is_done_by_the_next_one(empty_url):
    await upgrade(parse(empty_url), "0001")
    await fill(empty_url, ROWS)
    kills, before, *after = await swept(empty_url, EVERY[empty_url.partition(":")[0]])
    assert kills >= 3
    assert before == "0001"
    assert state(empty_url) == tuple(after)
    store = await open_store(empty_url)
    assert [event.id for event in await store.latest(5)] == [1]
    await store.close()


async def test_a_database_whose_making_is_killed_is_made_by_the_next_start(empty_url):
    await fill(empty_url, {})
    kills, before, *after = await swept(empty_url, NEW)
    assert kills >= 2
    assert before == "None"
    assert state(empty_url) == tuple(after)
    store = await open_store(empty_url)
    assert await store.latest(5) == ()
    await store.close()
