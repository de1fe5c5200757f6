"""The delivery job between written fakes: an outbox, chats and events in memory, and a clock that is moved by hand."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import structlog

from bot.core.model import Action, Alarm, Delivery, Event, FactChange, Message, Revision, Subscription, Verdict
from bot.jobs import Ports
from bot.jobs.deliver import Deliver
from bot.ports import VistkaError
from tests.reports import KINDS

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
        self.failures: list[Exception] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.in_flight: dict[int, Delivery] = {}
        self.ends: dict[int, tuple[Any, ...]] = {}
        self.shown: dict[int, int] = {}
        self.told: dict[int, Delivery] = {}
        self.suspended: dict[int, str] = {}
        self.migrated: dict[int, int] = {}

    def add(self, *deliveries: Delivery) -> None:
        self.waiting += [(delivery, NOW) for delivery in deliveries]

    async def recover(self) -> tuple[Delivery, ...]:
        return tuple(self.in_flight.values())

    async def bring_forward(self, beyond: datetime) -> int:
        late = [place for place, (_, due) in enumerate(self.waiting) if due > beyond]
        for place in late:
            self.waiting[place] = (self.waiting[place][0], NOW - timedelta(days=9))
        return len(late)

    async def claim(self, now: datetime, limit: int, resting: Collection[int] = ()) -> tuple[Delivery, ...]:
        busy = {delivery.chat_id for delivery in self.in_flight.values()}
        claimed: list[Delivery] = []
        for delivery, due in list(self.waiting):
            if due <= now and delivery.chat_id not in busy.union(resting) and len(claimed) < limit:
                self.waiting.remove((delivery, due))
                busy.add(delivery.chat_id)
                claimed.append(replace(delivery, attempt=delivery.attempt + 1))
        self.in_flight |= {delivery.id: delivery for delivery in claimed}
        await self.gate.wait()
        return tuple(claimed)

    async def sent(self, delivery: Delivery, message_id: int, content: str) -> None:
        self.shown[delivery.id] = delivery.revision
        self.told[delivery.id] = delivery
        self._end(delivery, "sent", message_id, content)

    async def retry(self, delivery: Delivery, not_before: datetime) -> None:
        if self.failures:
            raise self.failures.pop(0)
        del self.in_flight[delivery.id]
        self.waiting.append((delivery, not_before))

    async def answers(self, chat_id: int) -> frozenset[int]:
        return frozenset()

    async def unknown(self, delivery: Delivery) -> None:
        assert delivery.id in self.in_flight

    async def dead(self, delivery: Delivery, reason: str) -> None:
        self._end(delivery, "dead", reason)

    async def presumed(self) -> Counter[int]:
        return Counter(self.told[number].chat_id for number, end in self.ends.items() if end[:2] == ("sent", 0))

    async def pending(self) -> int:
        return len(self.waiting) + len(self.in_flight)

    async def suspend(self, chat_id: int, reason: str) -> None:
        self.suspended[chat_id] = reason

    async def migrate(self, old: int, new: int) -> None:
        self.migrated[old] = new
        self.waiting = [(replace(it, chat_id=new) if it.chat_id == old else it, due) for it, due in self.waiting]

    def _end(self, delivery: Delivery, *end: Any) -> None:
        del self.in_flight[delivery.id]
        self.ends[delivery.id] = end


class FakePublish:
    """Chats in memory. `bound` is what logs would say of each post; `failures` are raised in order, by the next calls; `gate` holds calls while it is closed."""

    def __init__(self) -> None:
        self.shown: list[tuple[Any, ...]] = []
        self.silent: list[bool] = []
        self.bound: list[dict[str, Any]] = []
        self.failures: list[VistkaError] = []
        self.places: dict[str, int] = {}
        self.ends: dict[int, int] = {}
        self.at_rest: list[Collection[int]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.at_work = 0
        self.most_at_work = 0
        self.last_id = 10

    async def post(self, chat_id: int, thread_id: int, message: Message, reply_to: int = 0) -> int:
        await self._work()
        self.last_id += 1
        self.shown.append(("post", chat_id, thread_id, message.text, reply_to))
        self.silent.append(message.silent)
        self.bound.append(structlog.contextvars.get_contextvars())
        return self.last_id

    async def edit(self, chat_id: int, message_id: int, message: Message) -> None:
        await self._work()
        self.shown.append(("edit", chat_id, message_id, message.text))

    async def anchor(self, chat_id: int, thread_id: int) -> int:
        return self.ends.get(chat_id, 0)

    async def find(self, chat_id: int, after: int, message: Message, answers: Collection[int] = ()) -> int:
        await self._work()
        self.shown.append(("find", chat_id, after, message.text))
        return self.places.get(message.text, 0)

    def resting(self) -> Collection[int]:
        return self.at_rest.pop(0) if self.at_rest else ()

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
    """Every event exists, except those in `missing`; each was changed once, in revision 2, unless `log` says more."""

    def __init__(self) -> None:
        self.missing: set[int] = set()
        self.failures: list[Exception] = []
        self.merged: dict[int, int] = {}
        self.verdicts: dict[int, Verdict] = {}
        self.log: dict[int, tuple[Revision, ...]] = {}
        self.votes: dict[str, int] = {}
        self.killed: dict[int, int] = {}

    async def event(self, event_id: int) -> Event | None:
        if self.failures:
            raise self.failures.pop(0)
        if event_id in self.missing:
            return None
        revision = max(each.number for each in self._log(event_id))
        ruled: Verdict = self.verdicts.get(event_id, "")
        merged = self.merged.get(event_id, 0)
        found = replace(an_event(event_id), revision=revision, merged_into=merged, verdict=ruled)
        killed = self.killed.get(event_id)
        return replace(found, kind="strike", facts={"killed": killed}) if killed else found

    async def revisions(self, event_id: int, after: int = 0) -> tuple[Revision, ...]:
        return tuple(each for each in self._log(event_id) if each.number > after)

    async def feedback(self, event_id: int) -> dict[str, int]:
        assert event_id not in self.missing
        return self.votes

    def _log(self, event_id: int) -> tuple[Revision, ...]:
        return self.log.get(event_id, (a_revision(2, a_step(12, 15)),))


def a_step(before: int | None, after: int | None) -> FactChange:
    return FactChange("to_ukraine", before, after, NOW, "Берег")


def a_revision(number: int, *steps: FactChange, reasons: tuple[str, ...] = ()) -> Revision:
    return Revision(number, NOW, "material", steps, reasons)


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


class FakeRender:
    """Says in a message what it was asked to show. There are no words for event 666."""

    def __call__(self, event: Event, language: str, action: Action, changes: Sequence[FactChange] = ()) -> Message:
        if event.id == 666:
            msg = "no words for this"
            raise KeyError(msg)
        steps = [f"{change.before} → {change.after}" for change in changes]
        return Message(" ".join([f"{action} {event.id} {language}", *steps]))

    def digest(self, events: Sequence[Event], language: str) -> Message:
        return Message(f"digest {' '.join(str(event.id) for event in events)} {language}")

    def notice(self, event: Event, language: str, doubts: Sequence[str], feedback: Mapping[str, int]) -> Message:
        return Message(f"notice {event.id} {language} {'+'.join(doubts)} {dict(feedback)}")


class FakeSubscriptions:
    """What chats want, by chat and topic."""

    def __init__(self) -> None:
        self.kept: dict[tuple[int, int], Subscription] = {}

    def add(self, subscription: Subscription) -> None:
        self.kept[subscription.chat_id, subscription.thread_id] = subscription

    async def get(self, chat_id: int, thread_id: int = 0) -> Subscription | None:
        return self.kept.get((chat_id, thread_id))


class FakeAlarms:
    """The alarms that stand, by key."""

    def __init__(self) -> None:
        self.standing: dict[str, Alarm] = {}

    async def raise_alarm(self, alarm: Alarm) -> bool:
        fresh = alarm.key not in self.standing
        self.standing[alarm.key] = alarm
        return fresh

    async def clear(self, key: str) -> bool:
        return self.standing.pop(key, None) is not None


class House:
    """The job between its fakes."""

    def __init__(self) -> None:
        self.clock, self.outbox, self.publish, self.queries = Clock(), FakeOutbox(), FakePublish(), FakeQueries()
        self.subscriptions, self.alarms = FakeSubscriptions(), FakeAlarms()
        self.job = Deliver(glance=0.01)
        unused: Any = None
        given: dict[str, Any] = {
            "clock": self.clock,
            "outbox": self.outbox,
            "queries": self.queries,
            "publish": self.publish,
            "render": FakeRender(),
            "subscriptions": self.subscriptions,
            "alarms": self.alarms,
            "kinds": KINDS,
        }
        for name in (
            "fetch",
            "store",
            "sources",
            "diary",
            "polling",
            "queue",
        ):
            given[name] = unused
        self.ports = Ports(**given)

    async def run(self, *deliveries: Delivery, later: timedelta = timedelta()) -> None:
        self.clock.time += later
        self.outbox.add(*deliveries)
        await self.job.run(self.ports)
