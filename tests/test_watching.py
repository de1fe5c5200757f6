"""We are watched over wherever an address is set for it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from types import SimpleNamespace

import aiohttp

from bot.adapters.memory import Memory
from bot.app import SystemClock
from bot.jobs import Job
from bot.ports.tally import UNCOUNTED
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

    rhythm = Rhythm([Job("tick", 5, run)], SimpleNamespace(clock=SystemClock(), tally=UNCOUNTED))
    async with open_watch(Settings()) as watch:
        with watch.over_jobs(rhythm):
            assert await watch.health.complaints(vital=True) == ()
            rhythm.start()
            await asyncio.wait_for(began.wait(), 10)
            assert await watch.health.complaints(vital=True) == ()
        await rhythm.stop()


async def test_who_asks_for_metrics_finds_what_was_counted_since_the_start():
    async with open_watch(Settings(http="127.0.0.1:0")) as watch, aiohttp.ClientSession(watch.listener.url) as client:
        watch.over_store(Memory())
        watch.tally.count("reports_total", "swap", by=3)
        page = await (await client.get("/metrics")).text()
        assert 'vistka_reports_total{kind="swap"} 3.0' in page
        assert "vistka_ready 0.0" in page
        watch.health.have("start")
        assert "vistka_ready 1.0" in await (await client.get("/metrics")).text()
        assert (await client.get("/metrics", headers={"Forwarded": "for=8.8.8.8"})).status == 404


def test_nothing_that_counts_loads_what_makes_the_page():
    loaded = "import sys, bot.daemon; sys.exit('prometheus_client' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded], check=False).returncode == 0
