"""The house is wired from settings, and its jobs keep time."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
import structlog

from bot.adapters.memory import Memory
from bot.adapters.terminal import TerminalPublisher
from bot.app import Rhythm, SystemClock, open_house, subscribe_channels
from bot.core.model import Subscription
from bot.jobs import Job
from bot.settings import Settings


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


async def test_configured_channels_are_subscribed_once_and_keep_what_they_chose():
    store = Memory()
    chosen = Subscription(chat_id=-1002, language="ru", kinds=("swap",))
    await store.save(chosen)
    await subscribe_channels(Settings(channels=(-1001, -1002), language="uk"), store)
    assert await store.get(-1001) == Subscription(chat_id=-1001, language="uk")
    assert await store.get(-1002) == chosen


async def test_the_house_has_every_plugin_and_a_renderer_in_three_languages():
    async with open_house(Settings(), TerminalPublisher(), Memory(), clock=SystemClock(), sources=()) as house:
        assert {job.name for job in house.jobs} >= {"poll", "deliver"}
        assert house.desk.commands.keys() >= {"start", "swaps", "event", "why", "post"}
        assert {family.prefix for family in house.buttons} == {"desk", "say"}
        assert set(house.ports.types) == {"rss", "jsonfeed", "telegram_web"}
        assert set(house.desk.books) == {"en", "uk", "ru"}
        assert house.desk.region_names["харківська область"] == "UA-63"
