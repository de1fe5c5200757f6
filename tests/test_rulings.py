"""What admins decide: told to every copy, and undone without a trace."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.memory import Memory
from bot.cli._lines import event_fields
from bot.core.model import Event, Item, Report, Subscription
from bot.core.policy import RING_FLOOR
from bot.core.render import Renderer
from bot.intake import Intake
from bot.ports import PermanentError
from bot.rulings import Rulings
from tests.examples import BOOKS
from tests.reports import KINDS, at, item, june, strike, swap

ADMIN = 4242
CHANNEL = Subscription(chat_id=-100, language="uk")
CAREFUL = Subscription(chat_id=-200, language="ru", unconfirmed="hold")


class Script:
    """A reader that knows by id what an item says."""

    def __init__(self) -> None:
        self.says: dict[str, tuple[Report, ...]] = {}

    async def read(self, of: Item) -> tuple[Report, ...]:
        return self.says[of.id]


class Later:
    """A clock that stands."""

    def now(self):
        return at(11)


class House:
    """A store in memory with two channels, one that holds back what is unconfirmed, and an admin."""

    def __init__(self) -> None:
        self.store, self._reader = Memory(), Script()
        self._intake = Intake(self._reader, self.store, KINDS.values(), admins=(ADMIN,))
        self.rulings = Rulings(self._intake, self.store, self.store, Later())
        self._now = at(11)

    async def take(self, *reports: Report, quiet_before: datetime | None = None) -> None:
        for chat in (CHANNEL, CAREFUL):
            await self.store.save(chat)
        for report in reports:
            fresh = item(report.origin.source_id, report.origin.published)
            self._reader.says[fresh.id] = (replace(report, origin=replace(report.origin, item_id=fresh.id)),)
            await self._intake.take([fresh], quiet_before=quiet_before)

    async def sent(self) -> list[tuple[str, int, int]]:
        """Send everything that waits and return it as (action, event, chat)."""
        self._now += RING_FLOOR + timedelta(seconds=1)
        told = []
        while claimed := await self.store.claim(self._now, 100):
            for delivery in claimed:
                number = delivery.message_id if delivery.action == "edit" else 500 + delivery.id
                await self.store.sent(delivery, number, "shown")
                told.append((delivery.action, delivery.event_id, delivery.chat_id))
        return sorted(told)

    async def bytes(self) -> str:
        """Return all events with their posts in every language, as bytes are compared."""
        events = sorted(await self.store.latest(1000), key=lambda each: each.id)
        render = Renderer(BOOKS)
        posts = [render(event, language, "post").text for event in events for language in sorted(BOOKS)]
        return "\n".join([*(str(event_fields(event, KINDS[event.kind])) for event in events), *posts])

    async def stands_in(self, number: int) -> int:
        """Return the number of the event that an event is, or was merged into."""
        event = await self.event(number)
        return await self.stands_in(event.merged_into) if event.merged_into else event.id

    async def event(self, number: int) -> Event:
        found = await self.store.event(number)
        assert found is not None
        return found


FIRST = swap("Берег", at(9), june(9), facts={"to_ukraine": 25})
STRIKE = strike("Слобода", at(9, 6), june(9), facts={"killed": 3})
SECOND = strike("Вестник", at(10, 6), june(10), facts={"killed": 1})
MORE = strike("Wire", at(9, 9), june(9), facts={"killed": 5})


async def house(*reports: Report) -> House:
    made = House()
    await made.take(*reports)
    await made.sent()
    return made


async def test_what_an_admin_posts_goes_to_those_who_hold_back():
    made = await house(STRIKE)
    await made.rulings.rule("post", 1, ADMIN)
    assert ("post", 1, CAREFUL.chat_id) in await made.sent()
    assert (await made.event(1)).verdict == "post"


async def test_what_is_no_event_is_withdrawn_from_every_copy():
    made = await house(STRIKE)
    await made.rulings.rule("reject", 1, ADMIN)
    told = await made.sent()
    assert {("reply", 1, CHANNEL.chat_id), ("edit", 1, CHANNEL.chat_id)} <= set(told)
    assert await made.store.latest(10) == ()


async def test_a_held_event_goes_nowhere_else():
    made = await house(STRIKE)
    await made.rulings.rule("hold", 1, ADMIN)
    await made.take(MORE)
    assert ("post", 1, CAREFUL.chat_id) not in await made.sent()


async def test_a_corrected_figure_travels_to_the_posts_and_stays():
    made = await house(STRIKE)
    await made.rulings.rule("correct", 1, ADMIN, slot="killed", value=2)
    assert ("edit", 1, CHANNEL.chat_id) in await made.sent()
    await made.take(MORE)
    assert (await made.event(1)).facts["killed"] == 2


async def test_two_events_are_merged_and_the_younger_post_points_to_the_older():
    made = await house(STRIKE, SECOND)
    await made.rulings.rule("merge", 2, ADMIN, other=1)
    whole, husk = await made.event(1), await made.event(2)
    assert (len(whole.reports), husk.merged_into, husk.reports) == (2, 1, ())
    assert {("edit", 1, CHANNEL.chat_id), ("edit", 2, CHANNEL.chat_id)} <= set(await made.sent())
    assert [event.id for event in await made.store.latest(10)] == [1]


async def test_later_reports_of_a_merged_event_join_the_one_that_stays():
    made = await house(STRIKE, SECOND)
    await made.rulings.rule("merge", 2, ADMIN, other=1)
    await made.take(strike("Хвиля", at(10, 9), june(10), facts={"killed": 1}))
    assert len((await made.event(1)).reports) == 3


async def test_a_report_is_split_off_into_an_event_of_its_own():
    made = await house(STRIKE, MORE)
    stranger = (await made.event(1)).reports[1]
    await made.rulings.rule("split", 1, ADMIN, report=stranger.id)
    assert [len(event.reports) for event in await made.store.latest(10)] == [1, 1]


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("post", {}),
        ("hold", {}),
        ("reject", {}),
        ("merge", {"other": 2}),
        ("split", {}),
        ("correct", {"slot": "killed", "value": 1}),
        ("correct", {"slot": "date", "value": "2025-06-08"}),
    ],
)
async def test_an_undo_restores_the_bytes(act, words):
    made = await house(STRIKE, MORE, SECOND, FIRST)
    before = await made.bytes()
    report = (await made.event(1)).reports[1].id if act == "split" else None
    ruled = await made.rulings.rule(act, 1, ADMIN, report=report, **words)
    assert await made.bytes() != before or act in ("post", "hold")
    await made.rulings.undo(ADMIN, ruled.ruling.id)
    assert await made.bytes() == before
    (logged,) = await made.store.rulings()
    assert (logged.undone_by, logged.undone_at) == (ADMIN, at(11))


ACTS = st.lists(st.sampled_from(["post", "hold", "reject", "correct", "merge", "split"]), min_size=1, max_size=5)


@settings(deadline=None, max_examples=40)
@given(ACTS)
def test_any_number_of_rulings_taken_back_leaves_no_trace(acts):
    async def play() -> None:
        made = await house(STRIKE, MORE, SECOND, FIRST)
        before = await made.bytes()
        for act in acts:
            try:
                report = (await made.event(1)).reports[-1].id if act == "split" else None
                await made.rulings.rule(act, 1, ADMIN, other=3, report=report, slot="killed", value=1)
            except PermanentError:
                continue
        while not all(each.undone_by for each in await made.store.rulings()):
            await made.rulings.undo(ADMIN)
        assert await made.bytes() == before

    asyncio.run(play())


REGIONS = ("UA-63", "UA-59", "UA-51", "UA-65")
APART = [
    strike(f"Рада {region}", at(9, 6 + place), june(9), facts={"region": region})
    for place, region in enumerate(REGIONS)
]


@pytest.mark.parametrize(
    "pairs",
    [
        [(2, 3), (1, 2)],
        [(2, 3), (1, 3)],
        [(3, 2), (2, 1)],
        [(1, 2), (3, 4), (2, 4)],
        [(3, 4), (2, 3), (1, 2)],
        [(1, 2), (2, 3)],
    ],
)
async def test_what_is_merged_in_several_steps_is_one_event(pairs):
    made = await house(*APART)
    for one, other in pairs:
        await made.rulings.rule("merge", one, ADMIN, other=other)
        assert await made.stands_in(one) == await made.stands_in(other)
    before = {number for pair in pairs for number in pair}
    whole = await made.event(min(before))
    assert len(whole.reports) == len(before)


async def test_the_newer_of_two_rulings_that_contradict_each_other_holds():
    made = await house(STRIKE, SECOND)
    await made.rulings.rule("merge", 2, ADMIN, other=1)
    stranger = (await made.event(1)).reports[1].id
    await made.rulings.rule("split", 1, ADMIN, report=stranger)
    assert [len(event.reports) for event in await made.store.latest(10)] == [1, 1]
    await made.rulings.rule("merge", 2, ADMIN, other=1)
    assert len((await made.event(1)).reports) == 2


OFFICIAL = {"voice": {"tier": "official", "side": "UA"}}


async def test_a_merged_event_keeps_its_reports_and_is_found_by_later_news_of_both():
    first = strike("Рада", at(9, 6), june(9), facts={"killed": 1}, **OFFICIAL)
    second = strike("Сусіди", at(9, 7), june(9), facts={"region": "UA-59", "killed": 1}, **OFFICIAL)
    more = strike("Слобода", at(9, 8), june(9), facts={"killed": 1})
    made = await house(first, second, more)
    await made.rulings.rule("merge", 2, ADMIN, other=1)
    assert len((await made.event(1)).reports) == 3
    await made.take(strike("Хвиля", at(9, 10), june(9), facts={"killed": 7}))
    await made.take(strike("Wire", at(9, 11), june(9), facts={"region": "UA-59", "killed": 7}))
    assert len((await made.event(1)).reports) == 5


@pytest.mark.parametrize("day", [8, 9])
async def test_an_event_is_found_by_the_day_that_was_set_and_by_the_one_that_is_reported(day):
    made = await house(STRIKE, MORE)
    await made.rulings.rule("correct", 1, ADMIN, slot="date", value="2025-06-08")
    await made.take(strike("Хвиля", at(9, 12), june(day), facts={"killed": 5}))
    assert len((await made.event(1)).reports) == 3


async def test_what_was_ruled_out_withdraws_nothing_that_it_is_merged_into():
    made = await house(STRIKE, SECOND)
    await made.rulings.rule("reject", 2, ADMIN)
    await made.rulings.rule("merge", 2, ADMIN, other=1)
    assert (await made.event(1)).verdict == ""
    assert (await made.event(2)).verdict == ""
    await made.rulings.rule("reject", 1, ADMIN)
    assert (await made.event(1)).verdict == "reject"


async def test_what_makes_no_sense_is_refused_in_words():
    made = await house(STRIKE, FIRST)
    for act, words in (
        ("merge", {"other": 1}),
        ("merge", {"other": 2}),
        ("merge", {"other": 99}),
        ("split", {"report": None}),
        ("split", {"report": (await made.event(1)).reports[0].id}),
    ):
        with pytest.raises(PermanentError, match="event"):
            await made.rulings.rule(act, 1, ADMIN, **words)
    with pytest.raises(PermanentError, match="no ruling"):
        await made.rulings.undo(ADMIN)


async def test_a_button_pressed_twice_rules_once():
    made = await house(STRIKE)
    await made.rulings.rule("reject", 1, ADMIN)
    with pytest.raises(PermanentError, match="already"):
        await made.rulings.rule("reject", 1, ADMIN)
    assert len(await made.store.rulings()) == 1


async def test_a_complaint_reaches_the_admin_once_and_no_reader():
    made = await house(STRIKE)
    assert await made.rulings.feedback(1, 77, "wrong")
    assert not await made.rulings.feedback(1, 77, "wrong")
    assert {chat for _, _, chat in await made.sent()} == {ADMIN}
    assert await made.store.feedback(1) == {"wrong": 1}
