"""A Telegram in a process of its own: chats, limits, bad weather, and people who ask and flood."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

from tests.botapi import BotApi
from tests.botapi.faults import Weather

PRIVATE, GROUP, SUPERGROUP, CHANNEL = 10_000, -10_000, -1_001_000_000_000, -1_002_000_000_000
ASKER, FLOODER = 900_000, 999_999
ASKED = "/latest"


@dataclass(frozen=True, slots=True)
class Plan:
    """How many chats of each kind there are, and whether the weather is bad."""

    private: int = 500
    groups: int = 10
    supergroups: int = 20
    channels: int = 20
    seed: int = 0
    flood: int = 0

    @property
    def shared(self) -> list[int]:
        """The groups and channels."""
        kinds = ((GROUP, self.groups), (SUPERGROUP, self.supergroups), (CHANNEL, self.channels))
        return [first - number for first, count in kinds for number in range(count)]

    @property
    def alone(self) -> list[int]:
        """The private chats."""
        return [PRIVATE + number for number in range(self.private)]


@dataclass(slots=True)
class Tally:
    """What the server saw: when it counted which call, what it refused, what stands in each chat, what went wrong."""

    counted: list[float]
    refused: Counter[str]
    shown: dict[int, list[str]]
    calls: Counter[str]
    happened: Counter[str]
    waits: list[float] = field(default_factory=list)
    flooded: int = 0


class Town:
    """The server and its people."""

    def __init__(self, plan: Plan) -> None:
        self.api = BotApi()
        self.plan = plan
        self.waits: list[float] = []
        self.flooded = 0
        self._asked: dict[int, float] = {}
        self._living: asyncio.Task[None] | None = None

    async def open(self) -> str:
        """Start the server and return its address."""
        await self.api.start()
        for chat_id in self.plan.alone:
            self.api.person(chat_id)
        for chat_id in self.plan.shared:
            build = (
                self.api.group
                if chat_id > SUPERGROUP
                else self.api.supergroup
                if chat_id > CHANNEL
                else self.api.channel
            )
            build(chat_id)
        self.api.limits.on = True
        if self.plan.seed:
            self.api.faults.weather = Weather(self.plan.seed)
        return self.api.url

    async def live(self, seconds: float) -> None:
        """Let people ask, four a second and each of them once, while one floods."""
        self._living = asyncio.create_task(self._life(seconds))

    async def tally(self) -> Tally:
        """Return what was seen so far."""
        self.api.defects.clear()
        told: dict[int, list[str]] = defaultdict(list)
        for chat_id in (*self.plan.alone, *self.plan.shared):
            told[chat_id] = [message.text for message in self.api.shown(chat_id)]
        sends = [call for call in self.api.calls if call.method.startswith(("send", "edit"))]
        taken = [call.at for call in sends if call.answer is None or call.answer.get("ok")]
        weather = self.api.faults.weather
        refused = Counter(each.limit for each in self.api.limits.refused)
        return Tally(
            taken,
            refused,
            dict(told),
            Counter(call.method for call in self.api.calls),
            weather.happened if weather else Counter(),
            self._waits(),
            self.flooded,
        )

    def _waits(self) -> list[float]:
        """Return how long each question took; one without an answer took for ever."""
        answered = {
            int(call.parameters["chat_id"]): call.at
            for call in reversed(self.api.calls)
            if call.method == "sendMessage"
        }
        return [answered.get(user, float("inf")) - at for user, at in self._asked.items()]

    async def _life(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        self.api.person(FLOODER)
        start, user = loop.time(), ASKER
        while (now := loop.time()) < start + seconds:
            while user < ASKER + 4 * (now - start):
                self.api.person(user)
                self._asked[user] = now
                self.api.say(user, ASKED, user)
                user += 1
            while self.flooded < self.plan.flood * (now - start):
                self.api.say(FLOODER, ASKED, FLOODER)
                self.flooded += 1
            await asyncio.sleep(0.005)


def _run(plan: Plan, pipe: Connection) -> None:
    asyncio.run(_serve(Town(plan), pipe))


async def _serve(town: Town, pipe: Connection) -> None:
    """Do what is asked for through the pipe, until it is closed."""
    loop = asyncio.get_running_loop()
    while True:
        try:
            name, *arguments = await loop.run_in_executor(None, pipe.recv)
        except EOFError:
            return
        pipe.send(await getattr(town, name)(*arguments))


class Far:
    """A town in another process."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    async def ask(self, name: str, *arguments: Any) -> Any:
        """Let the town do something and return what it says."""
        self._pipe.send((name, *arguments))
        return await asyncio.get_running_loop().run_in_executor(None, self._pipe.recv)


@contextmanager
def far_town(plan: Plan) -> Iterator[Far]:
    """Run a town in a process of its own."""
    ours, theirs = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_run, args=(plan, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Far(ours)
    finally:
        ours.close()
        process.join(5)
        if process.is_alive():
            process.terminate()


def least_seconds(calls: dict[int, int], most: int = 30, a_minute: int = 20) -> float:
    """Return the least time in which so many calls can go to each chat, whoever sends them and however cleverly.

    Of more calls than a window takes the last can only come a whole number of windows after the first.
    """
    over_all = float((sum(calls.values()) - 1) // most)
    chats = (float(count - 1) for count in calls.values())
    shared = (60.0 * ((count - 1) // a_minute) for chat, count in calls.items() if chat < 0)
    return max([over_all, *chats, *shared])


def part(values: list[float], share: float) -> float:
    """Return the value below which a share of the values lie."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def stamp() -> float:
    """Return seconds of a clock for measuring."""
    return time.perf_counter()
