"""Jobs keep time."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
import structlog

from bot.app import SystemClock
from bot.jobs import Job
from bot.rhythm import Rhythm
from tests.timelapse import play


@pytest.fixture
def ports():
    return SimpleNamespace(clock=SystemClock())


async def within(event: asyncio.Event) -> None:
    await asyncio.wait_for(event.wait(), 10)


async def test_a_job_runs_at_once_and_again(ports):
    runs, twice = [], asyncio.Event()

    async def run(given):
        runs.append(given)
        if len(runs) == 2:
            twice.set()

    rhythm = Rhythm([Job("tick", 0.01, run)], ports)
    rhythm.start()
    await within(twice)
    await rhythm.stop()
    assert runs[0] is ports


def test_a_job_keeps_its_interval_and_of_the_runs_that_a_long_one_hid_one_follows_at_once():
    begun = []

    async def run(_ports):
        begun.append(
            round(asyncio.get_running_loop().time() - begun[0]) if begun else asyncio.get_running_loop().time()
        )
        if len(begun) == 3:
            await asyncio.sleep(7)

    async def a_while():
        rhythm = Rhythm([Job("tick", 2, run)], None)
        rhythm.start()
        await asyncio.sleep(15.5)
        await rhythm.stop()

    play(a_while)
    assert begun[1:] == [2, 4, 11, 13, 15]


async def test_a_job_that_fails_is_logged_and_tried_again(ports):
    failures, twice = [], asyncio.Event()

    async def fail(_ports):
        failures.append(1)
        if len(failures) == 2:
            twice.set()
        raise RuntimeError("the disk is full")

    with structlog.testing.capture_logs() as logs:
        rhythm = Rhythm([Job("tick", 0.01, fail)], ports)
        rhythm.start()
        await within(twice)
        await rhythm.stop()
    assert logs[0]["event"] == "job failed"
    assert logs[0]["job"] == "tick"


async def test_a_stop_lets_a_running_job_end(ports):
    begun, may_end, ended = asyncio.Event(), asyncio.Event(), []

    async def slow(_ports):
        begun.set()
        await may_end.wait()
        ended.append(1)

    rhythm = Rhythm([Job("slow", 60, slow)], ports)
    rhythm.start()
    await within(begun)
    stopping = asyncio.create_task(rhythm.stop())
    may_end.set()
    await stopping
    assert ended == [1]
