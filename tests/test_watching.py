"""We are watched over wherever an address is set for it."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import aiohttp

from bot.adapters.memory import Memory
from bot.app import SystemClock
from bot.jobs import Job
from bot.rhythm import Rhythm
from bot.settings import Settings
from bot.watching import open_watch


async def test_the_listener_is_open_wherever_an_address_is_set():
    async with open_watch(Settings(http="127.0.0.1:0")) as watch, aiohttp.ClientSession(watch.listener.url) as client:
        watch.over_store(Memory())
        assert (await client.get("/healthz")).status == 200
        assert await (await client.get("/readyz")).text() == "start: under way\n"


async def test_nobody_listens_where_none_is():
    async with open_watch(Settings()) as watch:
        assert watch.listener.url == ""


async def test_jobs_live_from_their_first_tick_on():
    began = asyncio.Event()

    async def run(_):
        began.set()

    rhythm = Rhythm([Job("tick", 5, run)], SimpleNamespace(clock=SystemClock()))
    async with open_watch(Settings()) as watch:
        watch.over_jobs(rhythm)
        rhythm.start()
        await asyncio.wait_for(began.wait(), 10)
        assert await watch.health.complaints(vital=True) == ()
        await rhythm.stop()
