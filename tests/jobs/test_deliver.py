"""From the outbox to the chat: every way in which a delivery can end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Action, Delivery, Event, Message
from bot.jobs import Ports
from bot.jobs.deliver import AT_ONCE, JOB, SETTLE, Deliver, digest
from bot.ports import MigratedError, PermanentError, TemporaryError, UnknownOutcomeError, VistkaError

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
        self.job = Deliver()
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


@pytest.fixture
def house() -> House:
    return House()


async def test_nothing_to_do_is_done_at_once(house: House) -> None:
    await house.run()
    assert house.publish.shown == []


async def test_a_post_is_sent_and_its_id_and_content_are_kept(house: House) -> None:
    await house.run(a_delivery(1, thread_id=7))
    assert house.publish.shown == [("post", CHANNEL, 7, "post 1 uk", 0)]
    assert house.outbox.ends == {1: ("sent", 11, digest(Message("post 1 uk")))}


async def test_an_edit_changes_its_post_and_a_reply_rings_under_it(house: House) -> None:
    await house.run(a_delivery(1, "edit", message_id=5), a_delivery(2, "reply", message_id=5))
    assert house.publish.shown == [("edit", CHANNEL, 5, "edit 1 uk"), ("post", CHANNEL, 0, "reply 2 uk", 5)]
    assert house.outbox.ends[1] == ("sent", 5, digest(Message("edit 1 uk")))
    assert house.outbox.ends[2][:2] == ("sent", 11)


async def test_a_reply_is_left_out_where_its_post_shows_the_newest_state(house: House) -> None:
    content = digest(Message("edit 1 uk"))
    await house.run(a_delivery(1, "reply", message_id=5, content=content))
    assert house.publish.shown == []
    assert house.outbox.ends == {1: ("dead", "its post says so already")}


async def test_an_edit_that_would_change_nothing_is_not_made(house: House) -> None:
    content = digest(Message("edit 1 uk"))
    await house.run(a_delivery(1, "edit", message_id=5, content=content))
    assert house.publish.shown == []
    assert house.outbox.ends == {1: ("sent", 5, content)}


async def test_the_whole_outbox_is_emptied_in_order_chat_by_chat(house: House) -> None:
    await house.run(*(a_delivery(number) for number in range(1, 40)))
    assert [shown[3] for shown in house.publish.shown] == [f"post {number} uk" for number in range(1, 40)]
    assert house.publish.most_at_work == 1


async def test_many_chats_are_served_at_once_but_not_all(house: House) -> None:
    house.publish.gate.clear()
    running = asyncio.create_task(house.run(*(a_delivery(number, chat_id=-number) for number in range(1, 41))))
    async with asyncio.timeout(5):
        while house.publish.at_work < AT_ONCE:  # noqa: ASYNC110  (the fake counts as it goes)
            await asyncio.sleep(0)
    house.publish.gate.set()
    await running
    assert (house.publish.most_at_work, len(house.outbox.ends)) == (AT_ONCE, 40)


async def test_a_temporary_failure_is_tried_again_when_told(house: House) -> None:
    house.publish.failures = [TemporaryError("flood", 40)]
    await house.run(a_delivery(1))
    assert house.outbox.ends == {}
    await house.run(later=timedelta(seconds=39))
    assert house.publish.shown == []
    await house.run(later=timedelta(seconds=1))
    assert house.outbox.ends[1][0] == "sent"


async def test_without_a_hint_the_pauses_grow_up_to_five_minutes(house: House) -> None:
    pauses = []
    house.outbox.add(a_delivery(1))
    for _ in range(10):
        house.publish.failures = [TemporaryError("no connection")]
        before = house.clock.now()
        await house.run()
        ((_, due),) = house.outbox.waiting
        pauses.append((due - before).total_seconds())
        house.clock.time = due
    assert pauses == [4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


async def test_what_cannot_be_sent_is_given_up_and_the_chat_goes_on(house: House) -> None:
    house.publish.failures = [PermanentError("message is too long")]
    await house.run(a_delivery(1), a_delivery(2))
    assert house.outbox.ends[1] == ("dead", "message is too long")
    assert house.outbox.ends[2][0] == "sent"
    assert house.outbox.suspended == {}


async def test_a_chat_that_is_gone_is_suspended(house: House) -> None:
    house.publish.failures = [PermanentError("bot was kicked", gone=True)]
    await house.run(a_delivery(1))
    assert house.outbox.ends[1] == ("dead", "bot was kicked")
    assert house.outbox.suspended == {CHANNEL: "bot was kicked"}


async def test_a_migrated_group_gets_its_post_under_the_new_id(house: House) -> None:
    house.publish.failures = [MigratedError("upgraded", -1005)]
    await house.run(a_delivery(1, chat_id=-5))
    assert house.outbox.migrated == {-5: -1005}
    assert house.publish.shown == [("post", -1005, 0, "post 1 uk", 0)]


async def test_an_unknown_post_is_not_touched_before_it_had_time_to_arrive(house: House) -> None:
    house.publish.failures = [UnknownOutcomeError("no answer")]
    await house.run(a_delivery(1, anchor=9), a_delivery(2))
    await house.run()
    await house.run(later=SETTLE - timedelta(seconds=1))
    assert house.publish.shown == []
    assert house.outbox.ends == {}


async def test_an_unknown_post_that_is_there_is_kept(house: House) -> None:
    house.publish.failures = [UnknownOutcomeError("no answer")]
    house.publish.places = {"post 1 uk": 14}
    await house.run(a_delivery(1, anchor=9))
    await house.run()
    await house.run(later=SETTLE)
    assert house.publish.shown == [("find", CHANNEL, 9, "post 1 uk")]
    assert house.outbox.ends == {1: ("sent", 14, digest(Message("post 1 uk")))}


async def test_an_unknown_post_that_is_not_there_is_sent_again(house: House) -> None:
    house.publish.failures = [UnknownOutcomeError("no answer")]
    await house.run(a_delivery(1, anchor=9))
    await house.run()
    await house.run(later=SETTLE)
    assert [shown[0] for shown in house.publish.shown] == ["find", "post"]
    assert house.outbox.ends[1][:2] == ("sent", 11)


async def test_where_nobody_can_tell_a_post_is_never_sent_again(house: House) -> None:
    house.publish.failures = [UnknownOutcomeError("no answer"), UnknownOutcomeError("chat 100: cannot tell")]
    await house.run(a_delivery(1, chat_id=100))
    await house.run()
    await house.run(later=SETTLE)
    await house.run(later=SETTLE)
    assert house.publish.shown == []
    assert house.outbox.ends == {1: ("sent", 0, "")}


async def test_a_post_that_is_only_presumed_is_not_edited_but_replied_to(house: House) -> None:
    await house.run(a_delivery(1, "edit", message_id=0), a_delivery(2, "reply", message_id=0))
    assert house.outbox.ends[1] == ("dead", "the message id of its post is not known")
    assert house.publish.shown == [("post", CHANNEL, 0, "reply 2 uk", 0)]


async def test_a_search_that_has_to_wait_is_made_later(house: House) -> None:
    house.publish.failures = [UnknownOutcomeError("no answer"), TemporaryError("flood")]
    await house.run(a_delivery(1, anchor=9))
    await house.run()
    await house.run(later=SETTLE)
    assert (house.publish.shown, house.outbox.ends) == ([], {})
    await house.run(later=SETTLE)
    assert house.outbox.ends[1][0] == "sent"


async def test_a_search_in_a_chat_that_is_gone_ends(house: House) -> None:
    house.publish.failures = [UnknownOutcomeError("no answer"), PermanentError("kicked", gone=True)]
    await house.run(a_delivery(1, anchor=9))
    await house.run()
    await house.run(later=SETTLE)
    assert house.outbox.ends == {1: ("dead", "kicked")}
    assert CHANNEL in house.outbox.suspended


async def test_an_edit_whose_answer_was_lost_is_simply_made_again(house: House) -> None:
    house.publish.failures = [UnknownOutcomeError("no answer")]
    await house.run(a_delivery(1, "edit", message_id=5))
    await house.run(later=timedelta(minutes=1))
    assert house.outbox.ends[1][:2] == ("sent", 5)


async def test_after_a_crash_posts_are_looked_for_and_edits_made_again(house: House) -> None:
    crashed = [a_delivery(1, anchor=9), a_delivery(2, "edit", chat_id=-1001000000901, message_id=5)]
    house.outbox.in_flight = {delivery.id: delivery for delivery in crashed}
    await house.run()
    assert house.publish.shown == [("edit", -1001000000901, 5, "edit 2 uk")]
    await house.run(later=SETTLE)
    assert [shown[0] for shown in house.publish.shown] == ["edit", "find", "post"]


async def test_an_event_that_is_gone_or_cannot_be_rendered_holds_up_nothing(house: House) -> None:
    house.queries.missing = {1}
    house.outbox.in_flight = {666: a_delivery(666, chat_id=-7)}
    await house.run(a_delivery(1), a_delivery(667, event_id=666), a_delivery(2))
    await house.run(later=SETTLE)
    assert house.outbox.ends[1] == ("dead", "its event does not exist any more")
    assert house.outbox.ends[666] == house.outbox.ends[667] == ("dead", "cannot be rendered: KeyError")
    assert house.outbox.ends[2][0] == "sent"


async def test_cancelling_claims_no_more_but_lets_what_is_in_flight_end(house: House) -> None:
    house.publish.gate.clear()
    running = asyncio.create_task(house.run(a_delivery(1), a_delivery(2)))
    async with asyncio.timeout(5):
        while not house.publish.at_work:  # noqa: ASYNC110  (the fake counts as it goes)
            await asyncio.sleep(0)
    running.cancel()
    asyncio.get_running_loop().call_soon(house.publish.gate.set)
    with pytest.raises(asyncio.CancelledError):
        await running
    assert house.outbox.ends[1][0] == "sent"
    assert [delivery.id for delivery, _ in house.outbox.waiting] == [2]


async def test_a_store_that_fails_ends_the_round_and_loses_nothing(house: House) -> None:
    async def broken(*_: Any) -> None:
        msg = "disk full"
        raise OSError(msg)

    mark: Callable[..., Any] = house.outbox.sent
    house.outbox.sent = broken  # type: ignore[method-assign]
    with pytest.raises(OSError, match="disk full"):
        await house.run(a_delivery(1, anchor=9))
    house.outbox.sent = mark  # type: ignore[method-assign]
    house.publish.places = {"post 1 uk": 11}
    await house.run()
    await house.run(later=SETTLE)
    assert house.outbox.ends[1][:2] == ("sent", 11)
    assert [shown[0] for shown in house.publish.shown] == ["post", "find"]


FAILURES: list[Callable[[], VistkaError]] = [
    lambda: TemporaryError("x"),
    lambda: UnknownOutcomeError("x"),
    lambda: PermanentError("x"),
    lambda: PermanentError("x", gone=True),
]


@given(
    st.lists(st.tuples(st.sampled_from([CHANNEL, -1001000000901, 100]), st.sampled_from(["post", "edit", "reply"]))),
    st.lists(st.sampled_from(FAILURES), max_size=12),
)
def test_every_delivery_comes_to_an_end(
    wanted: list[tuple[int, Action]], failures: list[Callable[[], VistkaError]]
) -> None:
    async def play() -> House:
        house = House()
        house.publish.failures = [failure() for failure in failures]
        house.outbox.add(*(a_delivery(number, action, chat) for number, (chat, action) in enumerate(wanted, 1)))
        for _ in range(len(failures) * 2 + 3):
            await house.run(later=timedelta(minutes=6))
        return house

    house = asyncio.run(play())
    assert sorted(house.outbox.ends) == list(range(1, len(wanted) + 1))
    assert (house.outbox.waiting, house.outbox.in_flight) == ([], {})


def test_the_digest_tells_what_is_shown_and_not_how_loud() -> None:
    assert digest(Message("x")) == digest(Message("x", silent=True))
    assert digest(Message("x")) != digest(Message("y"))


def test_the_job_runs_often() -> None:
    assert (JOB.name, JOB.seconds) == ("deliver", 1.0)
    assert asyncio.iscoroutinefunction(JOB.run)
