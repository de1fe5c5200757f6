"""Whatever happens to an outbox, the database hands out what the store in memory hands out."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from bot.adapters.memory import Memory
from bot.adapters.store import SqlStore
from bot.core.model import Delivery, Event, Planned
from tests.adapters.records import NOON, OTHER, again, event, item, joined, report

CHATS = (-1, -2, -3)
STEPS = (
    "told",
    "told",
    "changed",
    "changed",
    "claimed",
    "claimed",
    "claimed",
    "ended",
    "ended",
    "ended",
    "ended",
    "later",
)
ENDS = ("sent", "sent", "sent", "sent", "retry", "unknown", "dead")


@dataclass
class Pair:
    """Two stores to which the same is done; `flying` are the deliveries that left, as each of them has it."""

    stores: tuple[SqlStore, Memory]
    chance: random.Random
    now: datetime = NOON
    items: int = 0
    events: dict[int, tuple[Event, ...]] = field(default_factory=dict)
    flying: list[tuple[Delivery, ...]] = field(default_factory=list)

    async def told(self) -> None:
        """Open one event, or a backlog of them, each for some of the chats."""
        for _ in range(self.chance.choice((1, 1, 3, 13))):
            self.items += 1
            fresh, plan = item(self.items), tuple(self._post(chat) for chat in CHATS if self.chance.random() < 0.7)
            made = [await store.record(fresh, [joined(event(report(fresh)), plan=plan)]) for store in self.stores]
            self.events[made[0][0].id] = tuple(stored for (stored,) in made)

    async def changed(self) -> None:
        """Add a report to an event, with edits of its posts and replies to them."""
        if not self.events:
            return
        self.items += 1
        number, fresh = self.chance.choice(list(self.events)), item(self.items, OTHER)
        posts = await self.stores[0].posted(number)
        plan = tuple(self._about(post.chat_id, post.thread_id) for post in posts if self.chance.random() < 0.7)
        before = self.events[number]
        afters = [again(each, event(*each.reports, report(fresh))) for each in before]
        made = [
            await store.record(fresh, [joined(after, plan=plan)])
            for store, after in zip(self.stores, afters, strict=True)
        ]
        self.events[number] = tuple(stored for (stored,) in made)

    async def claimed(self) -> None:
        """Claim, and compare all but the numbers of the rows."""
        limit = self.chance.choice((1, 2, 10))
        one, other = [await store.claim(self.now, limit) for store in self.stores]
        assert [replace(each, id=0) for each in one] == [replace(each, id=0) for each in other]
        self.flying += zip(one, other, strict=True)

    async def ended(self) -> None:
        """Let one that left come to an end, of a digest sometimes without its first event."""
        if not self.flying:
            return
        pair = self.flying.pop(self.chance.randrange(len(self.flying)))
        end, message_id = self.chance.choice(ENDS), 1_000 + self.items * 100 + len(self.flying)
        short, later = self.chance.random() < 0.3, self.now + timedelta(minutes=self.chance.choice((0, 1, 20)))
        for store, delivery in zip(self.stores, pair, strict=True):
            if end == "sent":
                shown = delivery.events[1:] if short and delivery.action == "digest" else delivery.events
                await store.sent(
                    replace(delivery, events=shown), delivery.message_id or message_id, f"as of {message_id}"
                )
            elif end == "retry":
                await store.retry(delivery, later)
            else:
                await (store.unknown(delivery) if end == "unknown" else store.dead(delivery, "gone"))
        self.flying += [pair] if end == "unknown" else []

    async def later(self) -> None:
        """Let time pass."""
        self.now += timedelta(minutes=self.chance.choice((1, 10, 61)))

    def _post(self, chat_id: int) -> Planned:
        until = self.now + timedelta(minutes=30) if self.chance.random() < 0.3 else None
        thread_id = self.chance.choice((0, 0, 5))
        return Planned(chat_id, thread_id, "uk", "post", not_before=until, gathered=until is not None)

    def _about(self, chat_id: int, thread_id: int) -> Planned:
        floor = timedelta(minutes=self.chance.choice((0, 5, 60)))
        return Planned(chat_id, thread_id, "uk", self.chance.choice(("edit", "edit", "reply")), floor=floor)


@pytest.mark.parametrize("seed", [1, 2])
async def test_the_same_steps_bring_the_same_deliveries(sql_store: SqlStore, seed: int):
    pair = Pair((sql_store, Memory()), random.Random(seed))
    await pair.told()
    for _ in range(60):
        await getattr(pair, pair.chance.choice(STEPS))()
    one, other = pair.stores
    assert [await one.posted(number) for number in pair.events] == [
        await other.posted(number) for number in pair.events
    ]
    left = [sorted(repr(replace(each, id=0)) for each in await store.recover()) for store in pair.stores]
    assert left[0] == left[1]
