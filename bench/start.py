"""How soon the daemon is at work: `vistka run` as a process, between 2,000 feeds and a small Telegram on this machine.

`python bench/start.py [--feeds 2000] [--backlog 10000] [--rounds 5]` starts it on a new database, again on one that knows the
feeds, and on that with a backlog in its outbox. It tells the seconds from the start of the process to the first request for a
feed, to the first answer to a command, and to the first post. Then it runs `vistka --help`. See bench/README.md.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from aiohttp import web  # noqa: E402

from bot.adapters.store import open_store  # noqa: E402
from bot.core.model import Planned  # noqa: E402
from tests.adapters.records import opened  # noqa: E402
from tests.botapi import BotApi, bot_api  # noqa: E402

CORES = sorted(os.sched_getaffinity(0))
VISTKA = Path(sys.executable).with_name("vistka")
PERSON = 100
MEMBERS = 1_000
LONGEST = 60.0
FEED = b"""<rss version="2.0"><channel><title>Pier</title><item><guid>1</guid><link>https://pier.example/1</link>
<title>Bread is dearer</title><pubDate>Tue, 10 Jun 2025 09:00:00 +0300</pubDate></item></channel></rss>"""


@dataclass(slots=True)
class Feeds:
    """What is asked for, and when for the first time since it was last forgotten."""

    url: str = ""
    first: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, _: web.Request) -> web.Response:
        self.first.set()
        return web.Response(body=FEED, content_type="application/rss+xml")

    def table(self, number: int) -> str:
        return (
            f'[[source]]\nid = "f{number}"\nname = "Feed {number}"\ntype = "rss"\nurl = "{self.url}/{number}"\n'
            'language = "en"\ntier = "outlet"\nside = "independent"\nowner = ""\n'
        )


@dataclass(frozen=True, slots=True)
class Started:
    """Seconds from the start of the process, by the clock; `processor` of processor time up to the first poll."""

    processor: float
    poll: float
    answer: float
    post: float | None


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--feeds", type=int, default=2_000)
    options.add_argument("--backlog", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    if len(CORES) > 1:
        os.sched_setaffinity(0, CORES[1:])
    asyncio.run(_measure(given.feeds, given.backlog, given.rounds))
    help_ = median(_seconds([VISTKA, "--help"]) for _ in range(2 * given.rounds))
    print(f"vistka --help: {help_:.2f} s")


async def _measure(feeds: int, backlog: int, rounds: int) -> None:
    async with _feeds() as served, bot_api() as api:
        api.person(PERSON)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "sources.toml").write_text("\n".join(served.table(number) for number in range(feeds)))
            await _started(folder, served, api, backlog, rounds)


async def _started(folder: Path, served: Feeds, api: BotApi, backlog: int, rounds: int) -> None:
    """Start it in each of the three states in which it may be."""
    for title, prepare in (("new database", None), ("known feeds", 0), (f"backlog of {backlog}", backlog)):
        if prepare is not None:
            await _prepare(folder, api, prepare)
        _print(title, [await _start(folder, served, api, awaited=bool(prepare)) for _ in range(rounds)])


@asynccontextmanager
async def _feeds() -> AsyncIterator[Feeds]:
    feeds, application = Feeds(), web.Application()
    application.router.add_get("/{number}", feeds.answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    feeds.url = site.name
    yield feeds
    await runner.cleanup()


async def _prepare(folder: Path, api: BotApi, backlog: int) -> None:
    """Keep the database of the last start as the one that others begin with, with posts that wait for as many chats."""
    store = await open_store(f"sqlite:///{folder / 'last.sqlite3'}")
    chats = range(10_000, 10_000 + min(backlog, MEMBERS))
    for chat in chats:
        api.person(chat)
    for number in range(backlog // MEMBERS):
        await opened(store, number, tuple(Planned(chat, 0, "en", "post") for chat in chats), to_ukraine=1000 + number)
    await store.close()
    (folder / "last.sqlite3").rename(folder / "kept.sqlite3")


async def _start(folder: Path, feeds: Feeds, api: BotApi, *, awaited: bool) -> Started:
    """Start the daemon on a copy of the kept database, or on none."""
    _lay_out(folder)
    feeds.first.clear()
    before = len(api.shown(PERSON)), len(api.called("sendMessage"))
    api.say(PERSON, "/latest", PERSON)
    began = time.perf_counter()
    pinned = ["taskset", "-c", str(CORES[0])] if len(CORES) > 1 else []
    running = await asyncio.create_subprocess_exec(
        *pinned, VISTKA, "run", cwd=folder, env=_settings(folder, api), stderr=subprocess.DEVNULL
    )
    try:
        (poll, processor), (answer, _), (post, _) = await asyncio.gather(
            _when(began, feeds.first.wait(), running.pid),
            _when(began, api.until(lambda: len(api.shown(PERSON)) > before[0], LONGEST), running.pid),
            _when(began, api.until(lambda: not awaited or _posted(api, before[1]), LONGEST), running.pid),
        )
    finally:
        running.terminate()
        await running.wait()
    return Started(processor, poll, answer, post if awaited else None)


def _lay_out(folder: Path) -> None:
    for left in folder.glob("last.sqlite3*"):
        left.unlink()
    if (folder / "kept.sqlite3").exists():
        shutil.copyfile(folder / "kept.sqlite3", folder / "last.sqlite3")


def _posted(api: BotApi, before: int) -> bool:
    return any(call.parameters["chat_id"] != PERSON for call in api.called("sendMessage")[before:])


async def _when(began: float, happens: Coroutine[None, None, object], process: int) -> tuple[float, float]:
    """Return how many seconds it took until something happened, by the clock and of the process's own time."""
    await asyncio.wait_for(happens, LONGEST)
    own = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]  # noqa: ASYNC240  (no disk behind it)
    return time.perf_counter() - began, sum(map(int, own)) / os.sysconf("SC_CLK_TCK")


def _settings(folder: Path, api: BotApi) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "HOME", "LANG") if name in os.environ}
    return kept | {
        "VISTKA_TELEGRAM_TOKEN": api.token,
        "VISTKA_TELEGRAM_API": api.url,
        "VISTKA_DATABASE_URL": f"sqlite:///{folder / 'last.sqlite3'}",
        "VISTKA_SOURCES": str(folder / "sources.toml"),
        "VISTKA_FETCH_ALLOW": "127.0.0.0/8",
    }


def _seconds(command: list[Path | str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def _print(title: str, found: list[Started]) -> None:
    posts = [each.post for each in found if each.post is not None]
    post = f", first post after {median(posts):.2f} s" if posts else ""
    poll, answer = median(each.poll for each in found), median(each.answer for each in found)
    processor = median(each.processor for each in found)
    print(
        f"{title}: first poll after {poll:.2f} s ({processor:.2f} s of processor), first answer after {answer:.2f} s{post}",
        flush=True,
    )


if __name__ == "__main__":
    main()
