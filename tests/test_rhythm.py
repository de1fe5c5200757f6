"""Jobs keep time."""

from __future__ import annotations

import asyncio
import gc
import sys
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
import structlog

from bot.app import SystemClock
from bot.jobs import Job
from bot.ports import LeaseLostError, StoreError
from bot.ports.tally import UNCOUNTED
from bot.rhythm import TURN, YOUNG, Rhythm, favour_the_loop
from tests.tallying import Tallied


class SetClock(SystemClock):
    """The time of the machine, off by as much as somebody set it."""

    def __init__(self) -> None:
        self.by = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.by


class Beating(Rhythm):
    """Tells of each beat."""

    beaten = asyncio.Event()

    async def _beat(self) -> None:
        await super()._beat()
        self.beaten.set()


@pytest.fixture
def ports():
    return SimpleNamespace(clock=SystemClock(), tally=Tallied())


async def within(event: asyncio.Event) -> None:
    await asyncio.wait_for(event.wait(), 10)


async def test_runs_of_a_job_are_timed_and_those_that_broke_off_counted(ports):
    failed = asyncio.Event()

    async def fail(_):
        failed.set()
        raise RuntimeError("broke off")

    rhythm = Rhythm([Job("tick", 3600, fail)], ports)
    rhythm.start()
    await within(failed)
    await rhythm.stop()
    assert ports.tally.counted == {("job_failures_total", "tick"): 1}
    assert [(name, labels) for name, _, labels in ports.tally.measured] == [("job_seconds", ("tick",))]


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


async def test_who_waits_for_the_first_round_does_so_until_each_job_ran_that_is_not_for_later(ports):
    failed, may_end = asyncio.Event(), asyncio.Event()

    async def fail(_):
        failed.set()
        raise StoreError("no room")

    async def take_long(_):
        await within(may_end)

    rhythm = Rhythm([Job("brief", 3600, fail), Job("long", 3600, take_long), Job("late", 3600, fail, after=60)], ports)
    rhythm.start()
    waiting = asyncio.create_task(rhythm.first_round())
    await within(failed)
    assert not waiting.done()
    may_end.set()
    await asyncio.wait_for(waiting, 10)
    await rhythm.stop()


async def test_without_jobs_there_is_no_first_round_to_wait_for(ports):
    rhythm = Rhythm([], ports)
    rhythm.start()
    await asyncio.wait_for(rhythm.first_round(), 10)
    await rhythm.stop()


async def test_a_clock_that_is_set_back_stops_no_job():
    clock, runs, twice = SetClock(), [], asyncio.Event()

    async def run(_ports):
        runs.append(1)
        clock.by = timedelta(days=-1)
        if len(runs) == 2:
            twice.set()

    rhythm = Rhythm([Job("hourly", 3600, run)], SimpleNamespace(clock=clock, tally=UNCOUNTED), look=0.01)
    rhythm.start()
    await within(twice)
    await rhythm.stop()


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


async def test_a_store_that_fails_is_a_line_and_another_one_when_it_works_again(ports):
    runs, enough = [], asyncio.Event()

    async def fail(_ports):
        runs.append(1)
        if len(runs) < 4:
            raise StoreError("database vistka: disk I/O error" if len(runs) < 3 else "database vistka: locked")
        if len(runs) == 5:
            enough.set()

    with structlog.testing.capture_logs() as logs:
        rhythm = Rhythm([Job("tick", 0.01, fail)], ports)
        rhythm.start()
        await within(enough)
        await rhythm.stop()
    told = [(line["event"], line.get("reason", "")) for line in logs]
    assert told == [
        ("job failed", "database vistka: disk I/O error"),
        ("job failed", "database vistka: locked"),
        ("job works again", ""),
    ]
    assert not any("exc_info" in line for line in logs)
    assert ports.tally.counted == {("job_failures_total", "tick"): 3}


async def test_the_scheduler_lives_while_every_job_waits_for_somebody(ports):
    begun, release = asyncio.Event(), asyncio.Event()

    async def wait(_ports):
        begun.set()
        await release.wait()

    rhythm = Beating([Job("alarms", 0.01, wait)], ports, beat=0.01)
    rhythm.start()
    await within(begun)
    rhythm.beaten.clear()
    await within(rhythm.beaten)
    release.set()
    await rhythm.stop()


async def test_a_job_that_is_anothers_by_now_ends_with_a_line(ports):
    once = asyncio.Event()

    async def replaced(_ports):
        once.set()
        raise LeaseLostError("sender", None)

    with structlog.testing.capture_logs() as logs:
        rhythm = Rhythm([Job("deliver", 60, replaced)], ports)
        rhythm.start()
        await within(once)
        await rhythm.stop()
    assert [(line["event"], line["log_level"]) for line in logs] == [("job ended", "warning")]


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


def test_the_interpreter_is_set_up_for_a_loop_that_people_wait_for():
    usual, often = sys.getswitchinterval(), gc.get_threshold()
    try:
        favour_the_loop()
        assert gc.get_freeze_count() > len(gc.get_objects())
        assert gc.get_threshold() == (YOUNG, *often[1:])
        assert sys.getswitchinterval() == pytest.approx(TURN)
    finally:
        gc.set_threshold(*often)
        sys.setswitchinterval(usual)
        gc.unfreeze()
