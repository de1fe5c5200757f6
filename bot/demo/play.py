"""Plays the fortnight: outlets publish, the daemon's jobs poll and deliver, the terminal is the channel.

The jobs are those of the daemon, over real HTTP, a real database and the real reading; only the clock runs faster, by
half an hour a step, and waits for every step to be delivered.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.adapters.store import open_store
from bot.adapters.terminal import TerminalPublisher
from bot.app import House, open_house
from bot.core.model import Subscription
from bot.demo.outlets import Outlet, load_outlets, open_outlets
from bot.settings import Settings

STEP = timedelta(minutes=30)
CHANNEL = 1


@dataclass(slots=True)
class SetClock:
    """A clock that stands until it is set."""

    time: datetime

    def now(self) -> datetime:
        """Return the time it was set to."""
        return self.time


async def play(console: Console, language: str) -> None:
    """Play the whole fortnight and print a summary."""
    outlets = load_outlets()
    first, last = _span(outlets)
    clock = SetClock(first)
    publish = TerminalPublisher(console)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="vistka-demo-") as folder:
        store = await open_store(f"sqlite:///{Path(folder) / 'demo.sqlite3'}")
        await store.save(Subscription(chat_id=CHANNEL, language=language))
        settings = Settings(
            fetch_allow=(ip_network("127.0.0.0/8"),), poll_seconds=STEP.total_seconds(), full_text=False
        )
        try:
            async with (
                open_outlets(outlets, clock) as sources,
                open_house(settings, publish, store, clock=clock, sources=sources) as house,
            ):
                await _fortnight(house, clock, last, console)
                stats = await store.stats()
        finally:
            await store.close()
    counts = {
        "feeds": len(sources),
        "items": stats.items,
        "events": sum(stats.events.values()),
        "posts": publish.posts,
        "silent edits": publish.edits,
        "ringing replies": publish.replies,
        "seconds": round(time.monotonic() - began, 1),
    }
    console.print(_summary(counts))


def _span(outlets: tuple[Outlet, ...]) -> tuple[datetime, datetime]:
    """Return when to begin (before the first story, for the baseline) and when all is told."""
    times = [story.published.astimezone(UTC) for outlet in outlets for story in outlet.stories]
    return min(times) - 2 * STEP, max(times) + timedelta(hours=7)


async def _fortnight(house: House, clock: SetClock, last: datetime, console: Console) -> None:
    """Move the clock on, step by step, and run the jobs that are played at each."""
    played = [job for job in house.jobs if job.name in PLAYED]
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("", total=int((last - clock.time) / STEP))
        while clock.time < last:
            progress.update(bar, description=f"{clock.time:%d %B %Y, %H:%M} UTC", advance=1)
            for job in played:
                await job.run(house.ports)
                await house.ports.queue.idle()
            clock.time += STEP


PLAYED = ("poll", "deliver")


def _summary(counts: dict[str, float]) -> Table:
    table = Table(title="A fortnight of news", show_header=False, title_justify="left")
    for name, count in counts.items():
        table.add_row(name, str(count))
    return table
