"""Workers that are killed and paused while they poll: nothing is asked twice at a time, and nothing of the news is lost."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable

import pytest

from bench.workers import QUICK, Fleet, hurry, missing, open_fleet
from tests.conftest import PostgresServer

pytestmark = pytest.mark.e2e

FEEDS = 12


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110  (it becomes so in other processes)
            await asyncio.sleep(0.01)


async def busy(fleet: Fleet, store) -> None:
    """Let every feed have news, and wait until some of them are asked."""
    for number in range(FEEDS):
        fleet.outlets.items[number] += 1
    await hurry(store)
    await until(lambda: sum(fleet.outlets.answering.values()) > 1)


@pytest.mark.timeout(180)
async def test_workers_that_are_killed_and_paused_lose_nothing_and_double_nothing(postgres: PostgresServer) -> None:
    with postgres.new_database() as url:
        async with open_fleet(FEEDS, 4, QUICK, url) as (fleet, store):
            await fleet.start("scheduler")
            first = await fleet.start("worker")
            second = await fleet.start("worker")
            await busy(fleet, store)
            await fleet.end(first, signal.SIGKILL)
            await busy(fleet, store)
            os.kill(second, signal.SIGSTOP)
            await fleet.start("worker")
            assert await missing(fleet, store) == 0
            await until(lambda: "polls given up" in fleet.log())
            await busy(fleet, store)
            os.kill(second, signal.SIGCONT)
            await until(lambda: "worker was paused" in fleet.log())
            assert await missing(fleet, store) == 0
            assert fleet.outlets.overlaps == 0
