"""A channel that is a file: the daemon's own delivery job, with one JSON line for each message sent or edited.

The clock is that of the news. It stands at the time of each item while that is delivered, and between two items it moves
on by minutes for as long as anything waits, as a reply does that would ring too soon after another.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TextIO

import bot.core.kinds
from bot.adapters.memory import Memory
from bot.adapters.memory.shelf import marked
from bot.adapters.queue import EmbeddedQueue
from bot.core.identity import may_be_read
from bot.core.model import Delivery, Feed, Item, Message, Request, Response, Sifted, Source
from bot.intake import Intake
from bot.jobs import Ports, Render
from bot.jobs.deliver import Deliver
from bot.plugins import discover
from bot.polling import Polling
from bot.ports import PermanentError

STEP = timedelta(minutes=1)
BEFORE = datetime.min.replace(tzinfo=UTC)
PATIENCE = timedelta(days=1)
"""How long after the last item whatever still waits is waited for."""


@dataclass(slots=True)
class NewsClock:
    """Stands at the time of the news."""

    time: datetime

    def now(self) -> datetime:
        """Return the time it was set to."""
        return self.time


class Stream(Memory):
    """A store to which every item of the input is new, or edited, and which knows what is being delivered."""

    def __init__(self) -> None:
        super().__init__()
        self.delivering: Delivery | None = None

    async def sift(self, items: Sequence[Item], now: datetime) -> Sifted:
        """Return the items as they are; one whose id has come before was edited, if it has other words."""
        shelf = self._tables.shelf
        stored = [(item, shelf.items.get(shelf.number_of(item) or 0)) for item in items]
        edited = (
            replace(item, published=min(item.published, kept.published))
            for item, kept in stored
            if kept and kept.words != marked(item).words and may_be_read(kept, now)
        )
        return Sifted(tuple(item for item, kept in stored if kept is None), tuple(edited))

    async def claim(self, now: datetime, limit: int, resting: Collection[int] = ()) -> tuple[Delivery, ...]:
        """Take the next delivery; with one chat there is never a second one under way."""
        claimed = await super().claim(now, min(limit, 1), resting)
        self.delivering = claimed[0] if claimed else self.delivering
        return claimed


@dataclass(slots=True)
class FilePublisher:
    """The Publish port onto a file. Message ids grow by one."""

    store: Stream
    clock: NewsClock
    output: TextIO
    last_id: int = 0

    async def post(self, chat_id: int, thread_id: int, message: Message, reply_to: int = 0) -> int:  # noqa: ARG002
        """Write a new message and return its id."""
        self.last_id += 1
        self._write(message, self.last_id, reply_to)
        return self.last_id

    async def edit(self, chat_id: int, message_id: int, message: Message) -> None:  # noqa: ARG002
        """Write a message as it is now."""
        self._write(message, message_id, 0)

    async def anchor(self, chat_id: int, thread_id: int) -> int:  # noqa: ARG002
        """Return 0: nothing is ever looked for here."""
        return 0

    async def find(
        self,
        chat_id: int,  # noqa: ARG002
        after: int,  # noqa: ARG002
        message: Message,  # noqa: ARG002
        answers: Collection[int] = (),  # noqa: ARG002
    ) -> int:
        """Return 0: nothing is ever in doubt here."""
        return 0

    def resting(self) -> Collection[int]:
        """Return no chat: nothing here has to wait."""
        return ()

    def _write(self, message: Message, number: int, reply_to: int) -> None:
        delivery = self.store.delivering
        assert delivery is not None, "what is written was claimed"
        entry = {
            "at": self.clock.time.isoformat(),
            "action": delivery.action,
            "event": delivery.event_id,
            "revision": delivery.revision,
            "message": number,
            "reply_to": reply_to or None,
            "silent": message.silent,
            "text": message.text,
        }
        self.output.write(json.dumps(entry, ensure_ascii=False) + "\n")


class Preview:
    """Delivers to the file what the store's outbox has, as the time goes on."""

    def __init__(self, store: Stream, intake: Intake, render: Render, output: TextIO) -> None:
        self._clock = NewsClock(BEFORE)
        self._job = Deliver()
        offline = Offline()
        polling = Polling((), {}, fetch=offline, parse=offline, intake=intake, polls=store, clock=self._clock)
        self._ports = Ports(
            clock=self._clock,
            fetch=offline,
            store=store,
            outbox=store,
            queries=store,
            subscriptions=store,
            alarms=store,
            diary=store,
            kinds={kind.name: kind for kind in discover(bot.core.kinds, "KIND")},
            publish=FilePublisher(store, self._clock, output),
            render=render,
            sources=(),
            polling=polling,
            queue=EmbeddedQueue(polling.poll),
        )

    async def pass_until(self, time: datetime) -> None:
        """Deliver what falls due before `time`, and let it be that time."""
        while self._clock.time + STEP < time and await self._ports.outbox.pending():
            self._clock.time += STEP
            await self.deliver()
        self._clock.time = time

    async def deliver(self) -> None:
        """Deliver what is due now."""
        await self._job.run(self._ports)

    async def end(self) -> None:
        """Deliver what still waits."""
        await self.pass_until(self._clock.time + PATIENCE)


class Offline:
    """The network of a replay: there is none."""

    async def fetch(self, request: Request) -> Response:
        """Refuse."""
        raise PermanentError(f"a replay does not fetch {request.url}")

    async def parse(self, source: Source, response: Response, now: datetime) -> Feed:
        """Refuse."""
        raise PermanentError(f"a replay does not parse {source.id}, {response.url}, {now}")
