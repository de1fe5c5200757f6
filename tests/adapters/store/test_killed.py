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
"""How many statements lie between two kills here; `python -m tests.adapters.store.killed` kills at each."""


@pytest.mark.timeout(300)
async def test_an_upgrade_that_is_killed_is_done_by_the_next_one(empty_url):
    await upgrade(parse(empty_url), "0001")
    await fill(empty_url, ROWS)
    every = str(EVERY[empty_url.partition(":")[0]])
    command = [sys.executable, "-m", "tests.adapters.store.killed", empty_url, "--every", every]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = re.fullmatch(r"(\d+) kills in (\d+) steps, 0001 -> (\d{4}), (\w+)\n", done.stdout)
    assert told
    assert int(told[1]) >= 3
    assert state(empty_url) == (told[3], told[4])
    store = await open_store(empty_url)
    assert [event.id for event in await store.latest(5)] == [1]
    await store.close()
