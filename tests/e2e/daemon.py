"""The daemon as its own process, between a feed server and the Bot API test server."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from bot.adapters.telegram.lost import MARK
from tests.botapi import BotApi
from tests.botapi.world import Message
from tests.canary import CANARY
from tests.feedserver import FeedServer

VISTKA = Path(sys.executable).with_name("vistka")
KEPT_VARIABLES = ("PATH", "PYTHONPATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT")
START_SECONDS = 60.0
KYIV_MIDNIGHT = 21
"""The hour by UTC."""
STOP_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Outlet:
    """One source of ours with its own feed."""

    id: str
    name: str
    language: str
    tier: str = "outlet"
    side: str = "independent"

    def table(self, url: str) -> str:
        """Return its table in sources.toml."""
        return (
            f'[[source]]\nid = "{self.id}"\nname = "{self.name}"\ntype = "rss"\nurl = "{url}"\n'
            f'language = "{self.language}"\ntier = "{self.tier}"\nside = "{self.side}"\nowner = "{self.id}"\n'
        )


@dataclass(frozen=True, slots=True)
class Story:
    """One item of a feed, published some minutes ago, late in the evening three hours more."""

    title: str
    summary: str = ""
    body: str = ""
    minutes_ago: float = 10
    published: datetime | None = None

    def xml(self, link: str) -> str:
        """Return it as an item of RSS 2.0."""
        published = self.published or lately(self.minutes_ago)
        body = f"<content:encoded>{escape(self.body)}</content:encoded>" if self.body else ""
        return (
            f"<item><guid>{link}</guid><link>{link}</link><title>{escape(self.title)}</title>"
            f"<description>{escape(self.summary)}</description>{body}<pubDate>{format_datetime(published)}</pubDate></item>"
        )


def ago(**duration: float) -> datetime:
    """Return the time that was so long ago."""
    return datetime.fromtimestamp(time.time(), UTC) - timedelta(**duration)


def lately(minutes: float) -> datetime:
    """Return the time that was so many minutes ago, or three hours before where that is another day in Kyiv than by UTC.

    Then the same night is of another day in Ukrainian than in English.
    """
    published = ago(minutes=minutes)
    return published - timedelta(hours=3) if published.hour >= KYIV_MIDNIGHT else published


@dataclass(slots=True)
class Newsroom:
    """The outlets and what they have published so far, newest first."""

    server: FeedServer
    outlets: tuple[Outlet, ...]
    stories: dict[str, list[Story]] = field(default_factory=dict)

    def publish(self, outlet_id: str, *stories: Story) -> None:
        """Put stories into an outlet's feed."""
        kept = self.stories.setdefault(outlet_id, [])
        kept[:0] = stories
        links = (f"https://{outlet_id}.example/{len(kept) - number}" for number in range(len(kept)))
        items = "".join(story.xml(link) for story, link in zip(kept, links, strict=True))
        self.server.serve(
            f"/{outlet_id}",
            '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
            f'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>{outlet_id}</title>{items}'
            "</channel></rss>",
            headers={"Content-Type": "application/rss+xml; charset=utf-8"},
            etag=f'"{len(kept)}"',
        )

    def sources(self) -> str:
        """Return sources.toml; every outlet begins with an empty feed."""
        for outlet in self.outlets:
            if outlet.id not in self.stories:
                self.publish(outlet.id)
        return "\n".join(outlet.table(self.server.url(f"/{outlet.id}")) for outlet in self.outlets)


@dataclass(slots=True)
class Daemon:
    """A running `vistka run`. `log` is what it has written to standard error so far."""

    process: asyncio.subprocess.Process
    api: BotApi
    log: str = ""

    async def listen(self) -> None:
        """Keep what it logs, for as long as it runs."""
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self.log += line.decode()
            await self.api.look_again()

    async def until(self, condition: Callable[[], object], seconds: float = START_SECONDS) -> None:
        """Wait until the condition holds, looked at after each call and log line of the daemon; fail if it ends before."""
        await self.meanwhile(self.api.until(condition, seconds))

    async def meanwhile(self, awaited: Coroutine[Any, Any, Any]) -> None:
        """Await something while the daemon runs; its log tells why that fails."""
        waiting = asyncio.create_task(awaited)
        ending = asyncio.create_task(self.process.wait())
        await asyncio.wait({waiting, ending}, return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        if not waiting.done():
            waiting.cancel()
            raise AssertionError(f"the daemon ended with {self.process.returncode}:\n{self.log}")
        try:
            waiting.result()
        except (AssertionError, TimeoutError) as error:
            raise AssertionError(f"{error}\nthe daemon's log:\n{self.log[-6000:]}") from None

    async def stop(self) -> int:
        """Ask it to end with SIGTERM and return its exit code; it has to be quick."""
        self.process.terminate()
        return await asyncio.wait_for(self.process.wait(), STOP_SECONDS)

    async def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        await self.process.wait()


@asynccontextmanager
async def daemon(
    folder: Path, api: BotApi, newsroom: Newsroom, settings: Mapping[str, str] | None = None
) -> AsyncIterator[Daemon]:
    """Start the daemon in a folder, wait until it polls Telegram, or listens to it, and see to it that it ends."""
    api.updates.asked.clear()
    asked = len(api.called("getWebhookInfo"))
    async with started(folder, api, newsroom, settings) as running:
        await running.meanwhile(_listens(api, asked) if "VISTKA_WEBHOOK_URL" in (settings or {}) else _polls(api))
        yield running


@asynccontextmanager
async def started(
    folder: Path,
    api: BotApi,
    newsroom: Newsroom,
    settings: Mapping[str, str] | None = None,
    command: Sequence[str | Path] = (VISTKA, "run"),
) -> AsyncIterator[Daemon]:
    """Start the daemon in a folder, and see to it that it ends."""
    sources = folder / "sources.toml"
    sources.write_text(newsroom.sources(), encoding="utf-8")
    variables = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ} | {
        "VISTKA_TELEGRAM_TOKEN": api.token,
        "VISTKA_TELEGRAM_API": api.url,
        "VISTKA_DATABASE_URL": f"sqlite:///{folder / 'vistka.sqlite3'}",
        "VISTKA_SOURCES": str(sources),
        "VISTKA_FETCH_ALLOW": "127.0.0.0/8",
        "VISTKA_POLL_SECONDS": "1",
        "VISTKA_EDIT_SECONDS": "1",
    }
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env=variables | dict(settings or {}),
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    running = Daemon(process, api)
    listening = asyncio.create_task(running.listen())
    try:
        yield running
    finally:
        if process.returncode is None:
            await running.kill()
        await listening
    assert CANARY not in running.log, "the daemon logged its token"


async def _polls(api: BotApi) -> None:
    await asyncio.wait_for(api.updates.asked.wait(), START_SECONDS)


async def _listens(api: BotApi, asked: int) -> None:
    """Wait until Telegram knows the address; it is asked about that before it is told."""
    await api.until(lambda: len(api.called("getWebhookInfo")) > asked and api.updates.webhook, START_SECONDS)


def shown(api: BotApi, chat_id: int) -> list[Message]:
    """Return what the bot shows in a chat, without the mark by which it learns an id there and that goes again."""
    return [message for message in api.shown(chat_id) if message.versions[0] != MARK.text]


def sent(api: BotApi, chat_id: int) -> list[Message]:
    """Return what the bot ever sent to a chat, without that mark."""
    return [message for message in api.sent(chat_id) if message.versions[0] != MARK.text]
