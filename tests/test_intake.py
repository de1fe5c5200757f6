"""The way of an item: read, joined, planned, recorded."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.memory import Memory
from bot.core.model import Event, Item, Report, Subscription
from bot.core.policy import EDIT_FLOOR, RING_FLOOR
from bot.intake import Intake
from bot.ports import TemporaryError
from tests.reports import KINDS, at, item, june, strike, swap

CHANNEL = Subscription(chat_id=-100, language="uk")
NOW = at(9, 18)


class Script:
    """A reader that knows by title what an item says; an exception there is raised."""

    def __init__(self) -> None:
        self.says: dict[str, tuple[Report, ...] | Exception] = {}

    async def read(self, of: Item) -> tuple[Report, ...]:
        await asyncio.sleep(0)
        said = self.says.get(of.title, ())
        if isinstance(said, Exception):
            raise said
        return said


class House:
    """A store in memory, a scripted reader and the intake over both."""

    def __init__(self, *subscriptions: Subscription, store: Memory | None = None) -> None:
        self.store = store or Memory()
        self.reader = Script()
        self.intake = Intake(self.reader, self.store, KINDS.values())
        self.chats = subscriptions

    async def take(self, *reports: Report, quiet_before=None, items: int = 1):
        for chat in self.chats:
            await self.store.save(chat)
        fresh = [self.told(*reports) for _ in range(items)]
        return await self.intake.take(fresh, quiet_before=quiet_before)

    def told(self, *reports: Report) -> Item:
        voice = reports[0].origin
        fresh = item(voice.source_id, voice.published)
        self.reader.says[fresh.title] = tuple(
            replace(each, origin=replace(each.origin, item_id=fresh.id)) for each in reports
        )
        return fresh

    async def waiting(self, now: datetime = NOW) -> list[tuple[str, int]]:
        """Send everything that waits and return it as (action, event)."""
        sent = []
        while claimed := await self.store.claim(now, 10):
            for delivery in claimed:
                await self.store.sent(delivery, delivery.message_id or 500 + delivery.id, "digest")
                sent.append((delivery.action, delivery.event_id))
        return sent


DONE = swap("Берег", at(9), june(9), facts={"to_ukraine": 25})
AGAIN = swap("Вестник", at(9, 13), june(9), facts={"to_ukraine": 25})


async def test_a_first_report_opens_an_event_and_posts_it():
    house = House(CHANNEL)
    summary = await house.take(DONE)
    assert (summary.items, summary.reports, summary.opened, summary.deliveries) == (1, 1, 1, 1)
    assert await house.waiting() == [("post", 1)]


async def test_a_second_outlet_edits_the_post_and_makes_no_other():
    house = House(CHANNEL)
    await house.take(DONE)
    await house.waiting()
    summary = await house.take(AGAIN)
    assert summary.opened == 0
    assert summary.taken[0].joinings[0].decision.reasons[0] == "the same day, 2025-06-09"
    assert summary.taken[0].joinings[0].reason == "told (edit 1, reply 1)"
    assert await house.waiting() == [("edit", 1)]
    assert await house.waiting(NOW + RING_FLOOR) == [("reply", 1)]
    (known,) = await house.store.latest(10)
    assert [report.origin.name for report in known.reports] == ["Берег", "Вестник"]


async def test_a_third_source_of_the_same_edits_silently():
    house = House(CHANNEL)
    for report in (DONE, AGAIN):
        await house.take(report)
    await house.waiting()
    await house.take(swap("Wire", at(9, 14), june(9), facts={"to_ukraine": 25}))
    assert await house.waiting(NOW + EDIT_FLOOR) == [("edit", 1)]


async def test_background_is_not_stored_as_an_event():
    house = House(CHANNEL)
    summary = await house.take(replace(DONE, role="background"))
    assert (summary.items, summary.reports) == (1, 0)
    assert await house.store.latest(10) == ()


async def test_a_known_item_is_not_taken_again():
    house = House(CHANNEL)
    known = house.told(DONE)
    assert (await house.intake.take([known, known])).items == 1
    assert (await house.intake.take([known])).items == 0
    assert len(await house.store.latest(10)) == 1


async def test_items_before_the_horizon_are_joined_in_silence():
    house = House(CHANNEL)
    summary = await house.take(DONE, quiet_before=at(9, 15))
    assert (summary.opened, summary.deliveries) == (1, 0)
    assert summary.taken[0].joinings[0].reason == "not told: published before the horizon"
    await house.take(AGAIN, quiet_before=at(9, 13))
    assert await house.waiting() == [("post", 1)]


async def test_a_report_of_an_event_long_past_makes_no_post_but_joins():
    house = House(CHANNEL)
    late = replace(DONE, origin=replace(DONE.origin, published=at(13)))
    summary = await house.take(late)
    assert summary.deliveries == 0
    assert summary.taken[0].joinings[0].reason == "not told: its day is long past, or too far ahead"
    assert len(await house.store.latest(10)) == 1


async def test_an_old_event_that_has_a_post_is_still_edited():
    house = House(CHANNEL)
    await house.take(DONE)
    await house.waiting()
    await house.take(replace(AGAIN, origin=replace(AGAIN.origin, published=at(20))))
    assert ("edit", 1) in await house.waiting()


async def test_one_item_may_tell_two_events():
    house = House(CHANNEL)
    summary = await house.take(DONE, strike("Берег", at(9), june(9), facts={"killed": 1}))
    assert [joining.event.kind for joining in summary.taken[0].joinings] == ["swap", "strike"]
    assert len(await house.store.latest(10)) == 2


async def test_one_item_tells_one_event_once():
    house = House(CHANNEL)
    more = swap("Берег", at(9), None, facts={"to_russia": 25})
    summary = await house.take(DONE, more)
    assert summary.reports == 1
    (known,) = await house.store.latest(10)
    assert (known.facts["to_ukraine"], known.facts["to_russia"]) == (25, 25)


async def test_two_stages_of_one_item_stay_two_events():
    house = House(CHANNEL)
    await house.take(DONE)
    plan_ahead = swap("Вестник", at(9, 13), june(10), status="announced")
    await house.take(AGAIN, plan_ahead)
    assert len(await house.store.latest(10)) == 2


async def test_an_item_that_cannot_be_read_does_not_hold_up_the_others():
    house = House(CHANNEL)
    broken, sound = item("Берег", at(9)), house.told(DONE)
    house.reader.says[broken.title] = RuntimeError("lost the thread")
    summary = await house.intake.take([broken, sound])
    assert summary.errors == (f"item {broken.id} of Берег could not be read: RuntimeError: lost the thread",)
    assert len(await house.store.latest(10)) == 1
    assert (await house.store.sift([broken], NOW)).new == ()


class Mistaken(Memory):
    """A store that breaks over the items of one source."""

    async def record(self, item, joined, at=None):
        if item.source.id == "Вестник":
            raise IndexError("a mistake of ours")
        return await super().record(item, joined, at)


async def test_a_mistake_of_ours_over_one_item_is_raised_when_the_others_are_stored():
    house = House(CHANNEL, store=Mistaken())
    broken, sound, silent = house.told(AGAIN), house.told(DONE), item("Берег", at(9))
    with pytest.raises(IndexError, match="a mistake of ours"):
        await house.intake.take([broken, sound, silent])
    (known,) = await house.store.latest(10)
    assert [report.origin.name for report in known.reports] == ["Берег"]
    again = await house.store.sift([broken, sound, silent], NOW)
    assert again.new == (broken,), "it is left as it was, and taken again with the next answer"


async def test_two_batches_at_once_make_one_event():
    house = House(CHANNEL)
    await asyncio.gather(*(house.take(report) for report in (DONE, AGAIN)))
    assert len(await house.store.latest(10)) == 1


TOLD = (
    swap("Берег", at(8), june(9), status="announced", facts={"to_ukraine": 25}),
    swap("Вестник", at(9), june(9), facts={"to_ukraine": 25, "to_russia": 25}),
    swap("Wire", at(9, 14), june(9)),
    swap("Хвиля", at(10), None, facts={"to_ukraine": 25}),
)


@settings(deadline=None, max_examples=60)
@given(st.permutations(TOLD))
def test_late_news_makes_the_same_event(reports):
    """Whatever order the items arrive in, they make one event with one state."""

    async def told() -> tuple[Event, ...]:
        house = House()
        for report in reports:
            await house.take(report)
        return await house.store.latest(10)

    (known,) = asyncio.run(told())
    assert (known.status, known.date, known.revision) == ("carried_out", june(9), 4)
    assert known.facts == {"subtype": "prisoners", "to_ukraine": 25, "to_russia": 25}
    assert [report.origin.name for report in known.reports] == ["Берег", "Вестник", "Wire", "Хвиля"]


class Contested(Memory):
    """A store in which another process is quicker, `times` times; then, if `taken`, it has the item itself."""

    def __init__(self, times: int, *, taken: bool = False) -> None:
        super().__init__()
        self.times = times
        self.taken = taken

    async def record(self, item, joined, at=None):
        if self.times:
            self.times -= 1
            if self.taken:
                await super().record(item, (), at)
            raise TemporaryError("changed meanwhile")
        return await super().record(item, joined, at)


async def test_an_item_is_joined_again_when_another_process_was_quicker():
    house = House(CHANNEL, store=Contested(2))
    assert (await house.take(DONE)).opened == 1


async def test_an_item_that_another_process_took_is_left_to_it():
    house = House(CHANNEL, store=Contested(1, taken=True))
    summary = await house.take(DONE)
    assert (summary.items, summary.reports) == (1, 0)


async def test_a_store_that_never_has_time_is_an_error():
    house = House(CHANNEL, store=Contested(9))
    with pytest.raises(TemporaryError):
        await house.take(DONE)
