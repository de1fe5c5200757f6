"""What hostile feeds can do: nothing to anybody but themselves.

First every bomb goes off in a worker of its own: what came of it, the processor time and the memory that it took. Then the
daemon's own house polls all of them from loopback, beside ordinary feeds that have news at every poll, while a person asks
for /latest all the time: how long the answers take, and how long the loop stands still.
`python bench/hostile.py [bombs|house]`; see bench/README.md.
"""

from __future__ import annotations

import asyncio
import os
import resource
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from ipaddress import ip_network
from itertools import count, cycle
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import structlog  # noqa: E402
from aiohttp import web  # noqa: E402

from bench.ordinary import ORDINARY  # noqa: E402
from bot.adapters.nursery import BEHIND  # noqa: E402
from bot.adapters.store import open_store  # noqa: E402
from bot.adapters.terminal import TerminalPublisher  # noqa: E402
from bot.app import House, SystemClock, open_house  # noqa: E402
from bot.core.model import PollState, Source  # noqa: E402
from bot.jobs import poll  # noqa: E402
from bot.rhythm import favour_the_loop  # noqa: E402
from bot.settings import Settings  # noqa: E402
from handlers import answer  # noqa: E402
from tests.adapters.records import opened  # noqa: E402
from tests.blasts import MOST_GROWTH, MOST_SECONDS, set_off  # noqa: E402
from tests.bombs import BOMBS  # noqa: E402
from tests.handlers.asking import asking  # noqa: E402

T = TypeVar("T")
FEEDS, ENTRIES, FRESH = 40, 50, 5
"""Ordinary feeds, entries of each, and how many of these are new at every poll."""
TEXTS = tuple(text for texts in ORDINARY.values() for text in texts)
ASKED_EVERY, LOOKED_EVERY = 0.025, 0.002
LEFT, AGAIN = "another poll", 8
"""How a source is told of that came while too many large ones waited, and how many of these are asked again at the same time."""
PATIENCE, CALM = 120.0, 8.0
MOST_ANSWER, MOST_STALL = 50.0, 100.0
"""Milliseconds that an answer may take (p99), and that the loop may stand still."""
PORT = 8097


@dataclass
class Watch:
    """How long answers took, and how long the loop did not come back to whoever waited for it, in seconds.

    `busy` is what the loop worked from the question to the answer, for whomever; `own` what it worked while it did not come back.
    """

    answers: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    stalls: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)


def each_bomb() -> bool:
    """Set all bombs off; print and return whether they kept within the limits."""
    print(f"{'bomb':36}{'s':>7}{'MiB':>7}  outcome")
    blasts = []
    for blast in set_off(BOMBS.values()):
        blasts.append(blast)
        print(f"{blast.name:36}{blast.seconds:7.2f}{blast.growth:7.1f}  {blast.outcome[:80]}", flush=True)
    seconds, growth = max(each.seconds for each in blasts), max(each.growth for each in blasts)
    print(f"\n{len(blasts)} bombs: at most {seconds:.2f} s of processor time and {growth:.1f} MiB of growth.")
    return seconds <= MOST_SECONDS and growth <= MOST_GROWTH


def ordinary_feed(turn: int) -> bytes:
    """Return a feed whose newest entries were not there a turn ago."""
    now = datetime.now(UTC)  # noqa: TID251
    entries = []
    for number in range(turn * FRESH, turn * FRESH + ENTRIES):
        text = TEXTS[number % len(TEXTS)]
        at = format_datetime(now - timedelta(minutes=turn * FRESH + ENTRIES - number))
        head = f"<title>{escape(text[:80])}</title><guid>n{number}</guid><pubDate>{at}</pubDate>"
        entries.append(f"<item>{head}<description>{escape(text)}</description></item>")
    return f"<rss version='2.0'><channel><title>x</title>{''.join(entries)}</channel></rss>".encode()


def serve() -> None:
    """Serve bombs and ordinary feeds, in a process of its own."""
    os.nice(BEHIND)  # the world is elsewhere, and takes nothing of this machine
    turns = count()
    bodies = {name: bomb.body() for name, bomb in BOMBS.items() if bomb.type != "article"}
    kinds = {"jsonfeed": "application/feed+json", "telegram_web": "text/html"}

    async def answered(request: web.BaseRequest) -> web.Response:
        name = unquote(request.path.removeprefix("/bomb/"))
        if name in bodies:
            kind = kinds.get(BOMBS[name].type, "application/rss+xml")
            return web.Response(body=bodies[name], headers={"Content-Type": kind})
        return web.Response(body=ordinary_feed(next(turns)), headers={"Content-Type": "application/rss+xml"})

    async def forever() -> None:
        runner = web.ServerRunner(web.Server(answered, access_log=None))
        await runner.setup()
        await web.TCPSite(runner, "0.0.0.0", PORT).start()
        print("serving", flush=True)
        await asyncio.Event().wait()

    asyncio.run(forever())


def sources() -> tuple[list[Source], list[Source]]:
    """Return the bombs and the ordinary feeds, each at a host of its own."""
    hosts = (f"http://127.0.{high}.{low}:{PORT}" for high in range(1, 9) for low in range(1, 250))
    bombs = [
        Source(f"bomb{number}", bomb.name, bomb.type, f"{host}/bomb/{bomb.name}", "en")
        for number, (bomb, host) in enumerate(
            zip((b for b in BOMBS.values() if b.type != "article"), hosts, strict=False)
        )
    ]
    ordinary = [
        Source(f"feed{number}", "x", "rss", f"{host}/feed", "en")
        for number, host in zip(range(FEEDS), hosts, strict=False)
    ]
    return bombs, ordinary


async def ask_on(house: House, watch: Watch) -> None:
    """Ask for the latest events again and again."""
    desk = await house.desk()
    for chat in cycle(range(1, 50)):
        began, spent = time.perf_counter(), time.thread_time()
        said = await answer(desk.commands["latest"], asking(desk, chat=chat, user=chat))
        watch.answers.append(time.perf_counter() - began)
        watch.busy.append(time.thread_time() - spent)
        assert "sorry" not in said.text.lower()
        await asyncio.sleep(ASKED_EVERY)


async def look_on(watch: Watch) -> None:
    """Come back to the loop again and again, and see how late that is."""
    while True:
        began, spent = time.perf_counter(), time.thread_time()
        await asyncio.sleep(LOOKED_EVERY)
        watch.stalls.append(time.perf_counter() - began - LOOKED_EVERY)
        watch.own.append(time.thread_time() - spent)


async def poll_until(house: House, wanted: Sequence[Source]) -> dict[str, PollState]:
    """Poll what is due, and again and again what was left for another poll, until a worker has had all that is wanted."""
    ends, few = time.monotonic() + PATIENCE, asyncio.Semaphore(AGAIN)

    async def again(source: Source) -> None:
        async with few:
            await house.ports.polling.poll(source.id)

    while time.monotonic() < ends:
        await poll.JOB.run(house.ports)
        states = await house.store.poll_states()
        if all(_was_read(states.get(source.id)) for source in wanted):
            return dict(states)
        waiting = [source for source in wanted if (state := states.get(source.id)) and state.error.endswith(LEFT)]
        await asyncio.gather(asyncio.sleep(0.5), *map(again, waiting))
    raise TimeoutError


def _was_read(state: PollState | None) -> bool:
    """Tell whether a worker has had a source: it waits neither for its first poll nor for another one."""
    if state is None:
        return False
    return state.last_success is not None or (state.error != "" and not state.error.endswith(LEFT))


async def watched(house: House, work: Awaitable[T]) -> tuple[T, Watch]:
    """Do some work while somebody asks and somebody looks on."""
    watch = Watch()
    others = [asyncio.create_task(ask_on(house, watch)), asyncio.create_task(look_on(watch))]
    try:
        return await work, watch
    finally:
        for other in others:
            other.cancel()
        await asyncio.gather(*others, return_exceptions=True)


@asynccontextmanager
async def served() -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(sys.executable, __file__, "serve", stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    await process.stdout.readline()
    try:
        yield
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def a_house(polled: Sequence[Source]) -> AsyncIterator[House]:
    """Open the daemon's house over SQLite, with some events in it."""
    settings = Settings(fetch_allow=(ip_network("127.0.0.0/8"),), poll_seconds=1)
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(f"sqlite:///{folder}/vistka.sqlite3")
        for number in range(20):
            await opened(store, number, subtype="prisoners", to_ukraine=1000 + number)
        async with open_house(settings, TerminalPublisher(), store, clock=SystemClock(), sources=polled) as house:
            await house.ready()
            favour_the_loop()
            yield house
            await house.ports.queue.close()
        await store.close()


def at(values: Sequence[float], share: float) -> float:
    """Return the value below which this share of them is, in ms."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)] * 1000


async def the_house() -> bool:
    """Let the daemon's house poll everything while somebody asks; print and return whether nobody waited too long."""
    bombs, ordinary = sources()
    async with served(), a_house([*ordinary, *bombs]) as house:
        _, calm = await watched(house, asyncio.sleep(CALM))
        began = datetime.now(UTC)  # noqa: TID251
        states, stormy = await watched(house, poll_until(house, bombs))
    took = datetime.now(UTC) - began  # noqa: TID251
    print(
        f"\n{len(bombs)} bombs and {FEEDS} ordinary feeds polled in {took.total_seconds():.0f} s, {len(stormy.answers)} answers"
    )
    print(f"{'ms':34}{'p50':>8}{'p99':>8}{'most':>8}")
    for name, watch in (("nothing to do", calm), ("bombs", stormy)):
        for what, values in (
            ("/latest", watch.answers),
            ("/latest, loop's own", watch.busy),
            ("stall", watch.stalls),
            ("stall, loop's own", watch.own),
        ):
            print(f"{name + ', ' + what:34}" + "".join(f"{at(values, share):8.1f}" for share in (0.5, 0.99, 1)))
    print(f"most memory of the daemon itself: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MiB")
    flagged = sum(bool(states[source.id].error) for source in bombs)
    failed = [source.id for source in ordinary if states[source.id].failures or not states[source.id].last_success]
    print(f"{flagged} bombs are flagged, the others read; ordinary feeds that failed: {len(failed)}")
    return at(stormy.answers, 0.99) <= MOST_ANSWER and at(stormy.stalls, 1) <= MOST_STALL and not failed


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    what = sys.argv[1] if len(sys.argv) > 1 else "all"
    if what == "serve":
        serve()
        sys.exit()
    fine = [each_bomb()] if what in ("all", "bombs") else []
    fine += [asyncio.run(the_house())] if what in ("all", "house") else []
    sys.exit(not all(fine))
