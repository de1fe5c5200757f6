"""The daemon's own polls on the same feeds: the job, the queue, the door with its guard, the workers, the intake, the store.

python bench/poll_vistka.py PORT FEEDS FOLDER [deaf | ROUNDS]. `deaf` leaves the reading out, which no other poller does.
With ROUNDS it goes on for so many rounds, a day's pruning now and then, and tells the memory.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import cast

sys.path.insert(0, str(Path(__file__).parents[1]))

from pydantic import SecretStr

import bot.adapters.lexicons
from bench.feeds import ITEMS, LANGUAGES, LATER, START, address
from bench.phases import check, control, mebibytes, phase
from bot.adapters.logs import set_up_logs
from bot.adapters.store import open_store
from bot.app import House, open_house
from bot.core.extract import Reader
from bot.core.model import Item, Report, Source
from bot.ports import Publish
from bot.rhythm import favour_the_loop
from bot.settings import Settings

A_ROUND = timedelta(seconds=LATER + 3600)
"""What the clock goes on between two rounds: more than any source waits."""
TOLD = (1_000, 2_000, 5_000, 10_000)
"""Rounds after which the memory is told."""


class Hands:
    """A clock that is moved by hand. Implements `bot.ports.Clock`."""

    def __init__(self) -> None:
        self._now = datetime.fromtimestamp(START, UTC)

    def now(self) -> datetime:
        """Return the time."""
        return self._now

    def go_on(self, by: timedelta) -> None:
        """Let time pass."""
        self._now += by


class Deaf:
    """A reader that finds nothing."""

    def read(self, item: Item) -> tuple[Report, ...]:  # noqa: ARG002
        """Return nothing."""
        return ()


def sources(port: int, feeds: int) -> list[Source]:
    """Return the feeds as the list of sources has them."""
    return [
        Source(f"outlet{number}", f"Outlet {number}", "rss", address(number, port), LANGUAGES[number % 3])
        for number in range(feeds)
    ]


@asynccontextmanager
async def house_over(port: int, feeds: int, folder: str, clock: Hands) -> AsyncIterator[House]:
    """Open the daemon's house; only its jobs are not on the clock."""
    set_up_logs(stream=(Path(folder) / "log.jsonl").open("w", encoding="utf-8"))
    url = f"sqlite:///{folder}/vistka.sqlite3"
    settings = Settings(
        database_url=SecretStr(url), fetch_allow=(ip_network("127.0.0.0/8"),), full_text=False, poll_seconds=60
    )
    store = await open_store(url)
    nobody = cast(Publish, None)
    async with open_house(settings, nobody, store, clock=clock, sources=sources(port, feeds)) as house:
        await house.ready()
        favour_the_loop()
        yield house
    await store.close()


async def round_of(house: House) -> None:
    """Poll everything that is due."""
    await next(job for job in house.jobs if job.name == "poll").run(house.ports)
    await house.ports.queue.idle()


async def three_phases(port: int, feeds: int, folder: str) -> None:
    """Poll in three phases."""
    control(port, "reset")
    clock = Hands()
    async with house_over(port, feeds, folder, clock) as house:
        for name in ("cold", "quiet", "changed"):
            if name == "changed":
                control(port, "change/5")
            with phase(name):
                await round_of(house)
            clock.go_on(A_ROUND)
        check(port, feeds, (await house.store.stats()).items, ITEMS)


async def many_rounds(port: int, feeds: int, folder: str, rounds: int) -> None:
    """Poll so many rounds, 5 % of the feeds with one item more in each; forget what is old as the daemon does."""
    control(port, "reset")
    clock = Hands()
    async with house_over(port, feeds, folder, clock) as house:
        prune = (
            next(job for job in house.jobs if job.name == "prune") if "prune" in {j.name for j in house.jobs} else None
        )
        for number in range(1, rounds + 1):
            control(port, "change/5")
            await round_of(house)
            clock.go_on(timedelta(seconds=LATER / 20 + 60))
            if number % 64 == 0 and prune:
                await prune.run(house.ports)
            if number in TOLD or number == rounds:
                print(json.dumps({"round": number, "mebibytes": mebibytes()}), flush=True)


if __name__ == "__main__":
    given = (*sys.argv, "")[4]
    if given == "deaf":
        bot.adapters.lexicons.reader_over = lambda *_, **__: cast(Reader, Deaf())  # type: ignore[assignment]
    where = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    asyncio.run(many_rounds(*where, int(given)) if given.isdigit() else three_phases(*where))
