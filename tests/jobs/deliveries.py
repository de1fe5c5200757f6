"""The delivery job between written fakes: an outbox, chats and events in memory, and a clock that is moved by hand."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.core.model import Action, Delivery, Event, Message
from bot.jobs import Ports
from bot.jobs.deliver import Deliver
from bot.ports import VistkaError

NOW = datetime(2025, 6, 9, 12, tzinfo=UTC)
CHANNEL = -1001000000900


class Clock:
    """Time that stands still until it is moved."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time


class FakeOutbox:
    """The outbox in memory: `rows` by state, one delivery a chat at a time, and what became of each by id."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Delivery, datetime]] = []
        self.in_flight: dict[int, Delivery] = {}
        self.ends: dict[int, tuple[Any, ...]] = {}
        self.suspended: dict[int, str] = {}
        self.migrated: dict[int, int] = {}

    def add(self, *deliveries: Delivery) -> None:
        self.waiting += [(delivery, NOW) for delivery in deliveries]

    async def recover(self) -> tuple[Delivery, ...]:
        return tuple(self.in_flight.values())

    async def claim(self, now: datetime, limit: int) -> tuple[Delivery, ...]:
        busy = {delivery.chat_id for delivery in self.in_flight.values()}
        claimed: list[Delivery] = []
        for delivery, due in list(self.waiting):
            if due <= now and delivery.chat_id not in busy and len(claimed) < limit:
                self.waiting.remove((delivery, due))
                busy.add(delivery.chat_id)
                claimed.append(replace(delivery, attempt=delivery.attempt + 1))
        self.in_flight |= {delivery.id: delivery for delivery in claimed}
        return tuple(claimed)

    async def sent(self, delivery: Delivery, message_id: int, content: str) -> None:
        self._end(delivery, "sent", message_id, content)

    async def retry(self, delivery: Delivery, not_before: datetime) -> None:
        del self.in_flight[delivery.id]
        self.waiting.append((delivery, not_before))

    async def unknown(self, delivery: Delivery) -> None:
        assert delivery.id in self.in_flight

    async def dead(self, delivery: Delivery, reason: str) -> None:
        self._end(delivery, "dead", reason)

    async def suspend(self, chat_id: int, reason: str) -> None:
        self.suspended[chat_id] = reason

    async def migrate(self, old: int, new: int) -> None:
        self.migrated[old] = new
        self.waiting = [(replace(it, chat_id=new) if it.chat_id == old else it, due) for it, due in self.waiting]

    def _end(self, delivery: Delivery, *end: Any) -> None:
        del self.in_flight[delivery.id]
        self.ends[delivery.id] = end


class FakePublish:
    """Chats in memory. `failures` are raised in order, by the next calls; `gate` holds calls while it is closed."""

    def __init__(self) -> None:
        self.shown: list[tuple[Any, ...]] = []
        self.failures: list[VistkaError] = []
        self.places: dict[str, int] = {}
        self.gate = asyncio.Event()
        self.gate.set()
        self.at_work = 0
        self.most_at_work = 0
        self.last_id = 10

    async def post(self, chat_id: int, thread_id: int, message: Message, reply_to: int = 0) -> int:
        await self._work()
        self.last_id += 1
        self.shown.append(("post", chat_id, thread_id, message.text, reply_to))
        return self.last_id

    async def edit(self, chat_id: int, message_id: int, message: Message) -> None:
        await self._work()
        self.shown.append(("edit", chat_id, message_id, message.text))

    async def find(self, chat_id: int, after: int, message: Message) -> int:
        await self._work()
        self.shown.append(("find", chat_id, after, message.text))
        return self.places.get(message.text, 0)

    async def _work(self) -> None:
        self.at_work += 1
        self.most_at_work = max(self.most_at_work, self.at_work)
        try:
            await self.gate.wait()
        finally:
            self.at_work -= 1
        if self.failures:
            raise self.failures.pop(0)


class FakeQueries:
    """Every event exists, except those in `missing`."""

    def __init__(self) -> None:
        self.missing: set[int] = set()

    async def event(self, event_id: int) -> Event | None:
        return None if event_id in self.missing else an_event(event_id)


def an_event(event_id: int) -> Event:
    return Event(
        id=event_id,
        kind="swap",
        date=date(2025, 6, 9),
        status="carried_out",
        disputed=False,
        confirmed=True,
        facts={},
        claims={},
        reports=(),
        opened=NOW,
        updated=NOW,
    )


def a_delivery(number: int, action: Action = "post", chat_id: int = CHANNEL, **given: Any) -> Delivery:
    row: dict[str, Any] = {"event_id": number, "thread_id": 0, "language": "uk", "revision": 1} | given
    return Delivery(id=number, chat_id=chat_id, action=action, **row)


def render(event: Event, language: str, action: Action) -> Message:
    if event.id == 666:
        msg = "no words for this"
        raise KeyError(msg)
    return Message(f"{action} {event.id} {language}")


class House:
    """The job between its fakes."""

    def __init__(self) -> None:
        self.clock, self.outbox, self.publish, self.queries = Clock(), FakeOutbox(), FakePublish(), FakeQueries()
        self.job = Deliver(glance=0.01)
        unused: Any = None
        given: dict[str, Any] = {
            "clock": self.clock,
            "outbox": self.outbox,
            "queries": self.queries,
            "publish": self.publish,
            "render": render,
        }
        for name in ("fetch", "parse", "store", "intake", "sources", "types", "jitter"):
            given[name] = unused
        self.ports = Ports(**given)

    async def run(self, *deliveries: Delivery, later: timedelta = timedelta()) -> None:
        self.clock.time += later
        self.outbox.add(*deliveries)
        await self.job.run(self.ports)
