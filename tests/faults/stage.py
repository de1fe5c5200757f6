"""Where lives are lived and ended: feeds, a Telegram and a database, and the story told chapter by chapter.

`Stage.play` tells the story once, in a database of its own and with the kills that it is given, and returns what readers and
the store have at the end.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from shutil import copyfile
from typing import Any

from bot.adapters.store import open_store
from tests.botapi import BotApi, bot_api
from tests.conftest import PostgresServer
from tests.e2e.daemon import sent
from tests.faults.life import Life, line_of
from tests.faults.story import BEGINS, CHANNEL, STORY, SUPERGROUP, published
from tests.feedserver import FeedServer, feed_server

LONGEST = 60.0
"""Seconds that a life may take for a chapter."""
APART = timedelta(minutes=50)
"""Between the beginnings of two lives, so that no clock goes back."""
ROOT = Path(__file__).parents[2]
NUMBER = re.compile(r"(?<= · Подія )\d+$", re.MULTILINE)
"""The number of an event, as its post has it."""
COMPLAINTS = 4
"""After so many a trouble ends."""
IN_FLIGHT = 100
"""Added to the chapter of a trouble that comes when a message is on its way."""
Trouble = Callable[[str], AbstractContextManager[None]]
"""Something in the way of the database at an address, for as long as the context lasts."""
NewDatabase = Callable[[], AbstractContextManager[str]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as its chat shows it at the end, and which of the messages there it answers (0: none)."""

    text: str
    answers: int


@dataclass(frozen=True, slots=True)
class Ending:
    """What is there in the end.

    `steps` are those of the first life, `strays` marks that were left behind, `complaints` what failed on the way.
    """

    shown: dict[int, list[Shown]]
    events: list[dict[str, Any]]
    steps: list[str] = field(default_factory=list)
    kills: int = 0
    strays: int = 0
    complaints: tuple[str, ...] = ()

    def lost(self, whole: Ending) -> int:
        """Return how many events, or messages, of an unbroken run are missing or say something else."""
        events = Counter(map(str, whole.events)) - Counter(map(str, self.events))
        return events.total() + sum(
            (self._texts(whole, chat) - self._texts(self, chat)).total() for chat in whole.shown
        )

    def doubled(self, whole: Ending) -> int:
        """Return how many events, or messages, there are that an unbroken run has not."""
        return whole.lost(self)

    @staticmethod
    def _texts(ending: Ending, chat: int) -> Counter[Shown]:
        return Counter(ending.shown[chat])


@dataclass(slots=True)
class Stage:
    """One zygote and what its lives need. Stories are told one after the other."""

    folder: Path
    zygote: asyncio.subprocess.Process
    feeds: FeedServer
    errors: Path
    _connected: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = field(default_factory=asyncio.Queue)

    async def play(
        self,
        database: NewDatabase,
        fatal: Sequence[int] = (),
        after: Sequence[float] = (),
        *,
        troubles: Mapping[int, Trouble] | None = None,
        set_by: Mapping[int, float] | None = None,
    ) -> Ending:
        """Tell the story. The first lives die at these steps of theirs, or after so many seconds; the last one lives.

        `troubles` says by chapter what is in the way when it is published, until the life has done all that it can;
        `set_by` by how many seconds the clock is set before it. Troubles by 100 plus the chapter come when the first of its
        messages is on its way, until the life has complained a few times.
        """
        with database() as url:
            async with bot_api() as api:
                api.channel(CHANNEL)
                api.supergroup(SUPERGROUP)
                telling = _Telling(self, api, url, list(fatal), list(after), dict(troubles or {}), dict(set_by or {}))
                return await telling.told()

    async def birth(self, life: Life) -> tuple[int, asyncio.StreamReader, asyncio.StreamWriter]:
        """Bring a life forth; return its process number and the way to talk to it."""
        assert self.zygote.stdin is not None
        assert self.zygote.stdout is not None
        self.zygote.stdin.write(line_of(life).encode())
        number = int(await self.zygote.stdout.readline())
        return number, *(await asyncio.wait_for(self._connected.get(), LONGEST))

    async def connected(self, heard: asyncio.StreamReader, told: asyncio.StreamWriter) -> None:
        """Keep the connection of a life until it is asked for."""
        await self._connected.put((heard, told))


@dataclass(slots=True)
class _Telling:
    """One telling of the story."""

    stage: Stage
    api: BotApi
    url: str
    fatal: list[int]
    after: list[float]
    troubles: dict[int, Trouble]
    set_by: dict[int, float]
    trouble: AbstractContextManager[None] | None = None
    waiting: asyncio.Task[None] | None = None
    complaints: list[str] = field(default_factory=list)
    posted: int = 0
    kills: int = 0
    begins: float = BEGINS.timestamp() + 600
    chapters: int = 1
    steps: list[str] = field(default_factory=list)

    async def told(self) -> Ending:
        while True:
            ended = await self._live()
            if ended is not None:
                break
            self.kills += 1
            self.begins += APART.total_seconds()
        shown = {chat: _shown(self.api, chat) for chat in (CHANNEL, SUPERGROUP)}
        strays = sum(len(self.api.shown(chat)) - len(shown[chat]) for chat in shown)
        return Ending(shown, ended, self.steps, self.kills, strays, tuple(self.complaints))

    async def _live(self) -> list[dict[str, Any]] | None:
        """Go on with the story for one life; return the events at the end of the story, None where the life ends before."""
        self._publish()
        fatal, after = self.fatal.pop(0) if self.fatal else 0, self.after.pop(0) if self.after else 0.0
        control = str(self.stage.folder / "control")
        life = Life(self.url, self.api.url, self.api.token, self.stage.feeds.url(""), control, self.begins, fatal)
        number, heard, told = await self.stage.birth(life)
        timer = asyncio.get_running_loop().call_later(after, _kill, number) if after else None
        try:
            return await self._converse(heard, told, doomed=bool(fatal or after))
        finally:
            if timer:
                timer.cancel()
            told.close()

    async def _converse(
        self, heard: asyncio.StreamReader, told: asyncio.StreamWriter, *, doomed: bool
    ) -> list[dict[str, Any]] | None:
        while line := await asyncio.wait_for(_said(heard), LONGEST):
            report = json.loads(line)
            if "trouble" in report:
                self._complained(report["trouble"])
                continue
            self.steps = self.steps if self.kills else report["steps"]
            if self.trouble:
                self._get_out_of_trouble()
                told.write(b"on 0\n")
                continue
            if self.chapters == len(STORY):
                told.write(b"end\n")
                await asyncio.wait_for(heard.read(), LONGEST)
                events: list[dict[str, Any]] = report["events"]
                return events
            self.chapters += 1
            self._get_into_trouble()
            self._publish()
            told.write(f"on {self.set_by.get(self.chapters, 0)}\n".encode())
        if not doomed:
            raise AssertionError(f"a life ended that was not killed:\n{self.stage.errors.read_text()[-4000:]}")
        return None

    def _get_into_trouble(self) -> None:
        if self.chapters in self.troubles:
            self._enter(self.troubles[self.chapters])
        late = self.troubles.get(IN_FLIGHT + self.chapters)
        if late:
            self.waiting = asyncio.create_task(self._enter_at_send(late))

    async def _enter_at_send(self, trouble: Trouble) -> None:
        """Let the trouble begin while a message is on its way, and the message arrive."""
        held = self.api.hold("sendMessage", CHANNEL)
        await held.reached.wait()
        self._enter(trouble)
        held.released.set()

    def _enter(self, trouble: Trouble) -> None:
        self.trouble, self.posted = trouble(self.url), -1
        self.trouble.__enter__()

    def _complained(self, why: str) -> None:
        """Keep a complaint; after a few of them the trouble is over, and since the first nothing may have been sent."""
        self.complaints.append(why)
        if self.trouble and self.posted < 0:
            self.posted = self._sent()
        if self.trouble and len(self.complaints) % COMPLAINTS == 0:
            self._get_out_of_trouble()

    def _get_out_of_trouble(self) -> None:
        assert self.trouble is not None
        assert self.posted in {-1, self._sent()}, "something was sent that cannot be written down"
        self.trouble.__exit__(None, None, None)
        self.trouble = None

    def _sent(self) -> int:
        return len(self.api.called("sendMessage")) + len(self.api.called("editMessageText"))

    def _publish(self) -> None:
        for outlet, feed in published(STORY[: self.chapters]).items():
            self.stage.feeds.serve(f"/{outlet}", feed, etag=f'"{self.chapters}"')


async def _said(heard: asyncio.StreamReader) -> bytes:
    """Return the next line of a life, nothing where it has ended; one that is killed may leave what it was told unread."""
    try:
        return await heard.readline()
    except ConnectionResetError:
        return b""


def _kill(number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(number, signal.SIGKILL)


def _shown(api: BotApi, chat: int) -> list[Shown]:
    """Return what the bot sent to a chat and the chat still shows.

    Events are numbered in their order: on PostgreSQL a number that a killed transaction had taken stays free.
    """
    messages = [message for message in sent(api, chat) if message in api.shown(chat)]
    places = {message.message_id: place for place, message in enumerate(messages, 1)}
    numbers = sorted({int(number) for message in messages for number in NUMBER.findall(message.text)})
    ranks = {str(number): str(rank) for rank, number in enumerate(numbers, 1)}
    texts = [NUMBER.sub(lambda found: ranks[found[0]], message.text) for message in messages]
    return [Shown(text, places.get(message.reply_to, 0)) for text, message in zip(texts, messages, strict=True)]


@asynccontextmanager
async def open_stage() -> AsyncIterator[Stage]:
    """Open a stage; it takes seconds until everything is loaded."""
    with tempfile.TemporaryDirectory(prefix="vistka-stage-") as name:
        folder = Path(name)
        async with feed_server() as feeds:
            with (folder / "errors").open("wb") as errors:
                zygote = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "tests.faults.zygote", feeds.url("")),
                    cwd=ROOT,
                    env=os.environ | {"PYTHONPATH": str(ROOT)},
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=errors,
                )
            stage = Stage(folder, zygote, feeds, folder / "errors")
            server = await asyncio.start_unix_server(stage.connected, folder / "control", limit=1 << 20)
            try:
                assert zygote.stdout is not None
                assert await zygote.stdout.readline() == b"loaded\n", stage.errors.read_text()
                yield stage
            finally:
                server.close()
                zygote.kill()
                await zygote.wait()


async def sqlite_databases(folder: Path) -> NewDatabase:
    """Return what makes databases in files of a folder, copies of an empty one; each is looked over at its end."""
    empty = folder / "empty.db"
    await (await open_store(f"sqlite:///{empty}")).close()

    @contextmanager
    def new() -> Iterator[str]:
        path = folder / "vistka.db"
        copyfile(empty, path)
        yield f"sqlite:///{path}"
        with contextlib.closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        for left in folder.glob("vistka.db*"):
            left.unlink()

    return new


async def postgresql_databases(server: PostgresServer) -> NewDatabase:
    """Return what makes databases on a server, copies of an empty one."""
    server.run("CREATE DATABASE untold")
    await (await open_store(server.url("untold"))).close()

    @contextmanager
    def new() -> Iterator[str]:
        server.run("CREATE DATABASE told TEMPLATE untold")
        yield server.url("told")
        server.run("DROP DATABASE told WITH (FORCE)")

    return new
