"""The first poll waits for nothing that it does not need."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from types import SimpleNamespace

import bot.jobs
from bot.app import SystemClock
from bot.jobs import Job
from bot.plugins import discover
from bot.ports.tally import UNCOUNTED
from bot.rhythm import Rhythm

LATER = ("telegram", "handlers", "bot.desk", "bot.speaking", "bot.adapters.lexicons", "bot.adapters.drawing")


def test_what_a_daemon_begins_with_is_free_of_telegram_and_of_what_only_people_need():
    asked = f"import sys, bot.roles; print(*[name for name in {LATER} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout == "\n"


def test_only_polling_is_early():
    assert [job.name for job in discover(bot.jobs, "JOB") if job.early] == ["poll"]


async def test_jobs_that_come_later_have_ports_of_their_own():
    ran: asyncio.Queue[tuple[str, str]] = asyncio.Queue()

    def job(name: str) -> Job:
        async def run(ports):
            await ran.put((name, ports.name))

        return Job(name, 60, run)

    def ports(name: str):
        return SimpleNamespace(name=name, clock=SystemClock(), tally=UNCOUNTED)

    rhythm = Rhythm([job("poll")], ports("mute"))
    rhythm.start()
    assert await ran.get() == ("poll", "mute")
    rhythm.add([job("deliver")], ports("telling"))
    assert await ran.get() == ("deliver", "telling")
    await rhythm.stop()
    await rhythm.stop()
