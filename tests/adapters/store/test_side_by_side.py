"""Both outboxes side by side: whatever is planned, claimed, answered, lost and moved, they do the same, and what is right."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete

from bot.adapters.memory import Memory
from bot.adapters.store import SqlStore, open_store, tables
from bot.core.model import Delivery, Event
from tests.adapters.records import NOON, again, event, item, joined, opened, planned, report

CHATS = (-1, -2, -3)
OLD, NEW = -3, -1003
TOLD = ("event_id", "chat_id", "action", "revision", "attempt", "message_id", "content", "anchor", "since", "events")


def told(delivery: Delivery) -> tuple[Any, ...]:
    return tuple(getattr(delivery, name) for name in TOLD)


class Outboxes(RuleBasedStateMachine):
    """The store in SQL, the store in memory, and a model: which post of which event stands in which chat."""

    loop: asyncio.AbstractEventLoop
    sql: SqlStore

    def __init__(self) -> None:
        super().__init__()
        self.memory = Memory()
        self.now, self.items, self.messages = NOON, 0, 500
        self.events: list[Event] = []
        self.flying: dict[int, tuple[Delivery, Delivery]] = {}
        self.owed: Counter[tuple[int, int]] = Counter()
        self.had: Counter[tuple[int, int]] = Counter()
        self.moved = False

    def both(self, ask: Any) -> tuple[Any, Any]:
        """Ask the same of both stores."""
        return tuple(self.loop.run_until_complete(ask(store)) for store in (self.sql, self.memory))  # type: ignore[return-value]

    @initialize()
    def empty(self) -> None:
        async def wipe() -> None:
            async with self.sql._database.write() as connection:
                for table in reversed(tables.metadata.sorted_tables):
                    await connection.execute(delete(table))

        self.loop.run_until_complete(wipe())

    def chats(self) -> tuple[int, ...]:
        return tuple(NEW if chat == OLD and self.moved else chat for chat in CHATS)

    @rule(count=st.sampled_from([1, 2, 3, 11]), place=st.sampled_from([0, 1, 2]), wait=st.sampled_from([None, 5, 60]))
    def post(self, count: int, place: int, wait: int | None) -> None:
        chat = self.chats()[place]
        due = None if wait is None else self.now + timedelta(seconds=wait)
        for _ in range(count):
            self.items += 1
            plan = planned("post", chat_id=chat, not_before=due, gathered=wait is not None)
            stored, same = self.both(lambda store, plan=plan: opened(store, self.items, plan))
            assert stored.id == same.id
            self.events.append(stored)
            self.owed[stored.id, place] += 1

    @precondition(lambda self: self.events)
    @rule(
        data=st.data(),
        actions=st.sampled_from([("edit",), ("reply",), ("reply", "edit"), ("post",)]),
        floor=st.sampled_from([0, 30]),
        place=st.sampled_from([0, 1, 2]),
    )
    def change(self, data: st.DataObject, actions: tuple[str, ...], floor: int, place: int) -> None:
        """Change an event for a chat that has its post; a second post of it may be planned, and counts for nothing."""
        index = data.draw(st.integers(0, len(self.events) - 1))
        before = self.events[index]
        if not self.owed[before.id, place]:
            return
        self.items += 1
        fresh = item(self.items)
        after = again(before, event(*before.reports, report(fresh)))
        plan = planned(*actions, chat_id=self.chats()[place], floor=timedelta(seconds=floor))
        (stored, *_), _ = self.both(lambda store: store.record(fresh, [joined(after, plan=plan)]))
        self.events[index] = stored

    @rule(limit=st.integers(1, 3), resting=st.sets(st.sampled_from(CHATS), max_size=1))
    def claim(self, limit: int, resting: set[int]) -> None:
        ours, theirs = self.both(lambda store: store.claim(self.now, limit, resting))
        assert [told(each) for each in ours] == [told(each) for each in theirs]
        assert len(ours) <= limit
        for mine, same in zip(ours, theirs, strict=True):
            assert mine.chat_id not in self.flying
            assert mine.chat_id not in resting
            self.flying[mine.chat_id] = (mine, same)

    def end(self, chat: int, ask: str, *given: Any) -> None:
        for store, delivery in zip((self.sql, self.memory), self.flying.pop(chat), strict=True):
            self.loop.run_until_complete(getattr(store, ask)(delivery, *given))

    def arrived(self, chat: int) -> None:
        delivery, _ = self.flying[chat]
        place = self.chats().index(chat)
        message = delivery.message_id
        if delivery.action != "edit":
            self.messages += 1
            message = self.messages
        if delivery.action in ("post", "digest"):
            for number in delivery.events or (delivery.event_id,):
                self.had[number, place] += 1
        self.end(chat, "sent", message, f"content {self.messages}")

    @precondition(lambda self: self.flying)
    @rule(data=st.data(), outcome=st.sampled_from(["sent", "sent", "retry", "later"]))
    def answer(self, data: st.DataObject, outcome: str) -> None:
        chat = data.draw(st.sampled_from(sorted(self.flying)))
        if outcome == "sent":
            self.arrived(chat)
        else:
            self.end(chat, "retry", self.now + timedelta(seconds=20 if outcome == "later" else 0))

    @precondition(lambda self: self.flying)
    @rule(data=st.data())
    def refuse(self, data: st.DataObject) -> None:
        """Give an edit or reply up: a post given up is planned anew by whoever looks, which is not tried here."""
        chat = data.draw(st.sampled_from(sorted(self.flying)))
        if self.flying[chat][0].action in ("edit", "reply"):
            self.end(chat, "dead", "refused")

    @rule()
    def crash(self) -> None:
        """What was in flight is unknown to both, each digest as one, and stays in flight until it is settled."""
        ours, theirs = self.both(lambda store: store.recover())
        assert sorted(map(told, ours)) == sorted(map(told, theirs))
        assert {each.chat_id for each in ours} == set(self.flying)
        pairs = {each.chat_id: (each,) for each in ours}
        self.flying = {each.chat_id: (*pairs[each.chat_id], each) for each in theirs}

    @precondition(lambda self: not self.moved and OLD not in self.flying)
    @rule()
    def move(self) -> None:
        self.moved = True
        self.both(lambda store: store.migrate(OLD, NEW))

    @rule(seconds=st.sampled_from([1, 15, 45]))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @invariant()
    def nothing_is_doubled(self) -> None:
        assert all(self.had[key] <= self.owed[key] for key in self.had)

    def teardown(self) -> None:
        """In the end every post has arrived once, and nothing waits."""
        for chat in sorted(self.flying):
            self.arrived(chat)
        for _ in range(200):
            self.now += timedelta(minutes=2)
            self.claim(3, set())
            for chat in sorted(self.flying):
                self.arrived(chat)
            if self.both(lambda store: store.pending()) == (0, 0):
                break
        assert self.both(lambda store: store.pending()) == (0, 0)
        assert +self.had == +self.owed


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_two_outboxes_do_the_same_and_lose_and_double_nothing(tmp_path):
    loop = asyncio.new_event_loop()
    try:
        store = loop.run_until_complete(open_store(f"sqlite:///{tmp_path / 'side.db'}"))
        machine = type("Machine", (Outboxes,), {"loop": loop, "sql": store})
        run_state_machine_as_test(machine, settings=settings(max_examples=5, stateful_step_count=15, deadline=None))
        loop.run_until_complete(store.close())
    finally:
        loop.close()
