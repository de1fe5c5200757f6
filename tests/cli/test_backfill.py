"""`vistka backfill`: the history comes in once, and is there for who asks."""

from __future__ import annotations

import asyncio

import pytest
from click.testing import CliRunner

from bot.adapters.register import load_register
from bot.adapters.store import open_store
from bot.cli.backfill import COMMAND

pytestmark = pytest.mark.usefixtures("folder")


async def stored(folder) -> int:
    store = await open_store(f"sqlite:///{folder / 'vistka.sqlite3'}")
    try:
        return len(await store.between("swap", None, None))
    finally:
        await store.close()


def test_the_history_comes_in_once(folder):
    first, second = (CliRunner().invoke(COMMAND, []) for _ in range(2))
    rows = len(load_register())
    assert first.output == f"{rows} exchanges added, 0 known already\n"
    assert second.output == f"0 exchanges added, {rows} known already\n"
    assert asyncio.run(stored(folder)) == rows
