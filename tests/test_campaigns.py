"""Liars, copies and sources gone mad: a channel that holds what is unconfirmed never posts their news."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.adapters.memory import Memory
from bot.core.model import Item, Report, Source, Subscription
from bot.core.trust import FLOOD
from bot.intake import Intake
from tests.core.text.test_likeness import OWN, WIRE
from tests.reports import KINDS, at, item, strike

CAREFUL = Subscription(chat_id=-1, unconfirmed="hold")
OPEN = Subscription(chat_id=-2, unconfirmed="mark")
DENIER = Source("rada", "Рада оборони", "rss", "", "uk", tier="official", side="RU")
LIE = {"region": "UA-59", "killed": 40}


class Told:
    """Reads into an item what the test says it tells."""

    def __init__(self) -> None:
        self.says: dict[str, Report] = {}

    async def read(self, about: Item) -> tuple[Report, ...]:
        return (self.says[about.id],)


class Newsroom:
    """A careful channel and an open one, and items that come in one by one."""

    def __init__(self) -> None:
        self.store, self._told = Memory(), Told()
        self._intake = Intake(self._told, self.store, KINDS.values())

    async def tell(self, outlet: str | Source, minute: int, text: str = "", **report: object) -> str:
        for chat in (CAREFUL, OPEN):
            await self.store.save(chat)
        fresh = item(outlet if isinstance(outlet, str) else outlet.id, at(9) + timedelta(minutes=minute), summary=text)
        fresh = replace(fresh, source=outlet) if isinstance(outlet, Source) else fresh
        told = strike(fresh.source.name, fresh.published, **({"day": date(2025, 6, 9)} | report))
        voice = {
            "source_id": fresh.source.id,
            "item_id": fresh.id,
            "tier": fresh.source.tier,
            "side": fresh.source.side,
        }
        self._told.says[fresh.id] = replace(told, origin=replace(told.origin, **voice))
        summary = await self._intake.take([fresh])
        return summary.taken[0].joinings[0].reason

    async def posts(self) -> Counter[int]:
        sent: Counter[int] = Counter()
        while claimed := await self.store.claim(at(12), 100):
            for delivery in claimed:
                await self.store.sent(delivery, delivery.message_id or delivery.id, "shown")
                sent[delivery.chat_id] += delivery.action == "post"
        return sent


@pytest.fixture
def newsroom() -> Newsroom:
    return Newsroom()


async def test_one_liar_is_held_however_often_it_repeats_itself(newsroom):
    for minute in range(5):
        await newsroom.tell("Liar", minute, facts=LIE)
    assert (await newsroom.posts())[CAREFUL.chat_id] == 0


@pytest.mark.parametrize("language", WIRE)
async def test_five_copies_of_one_liar_are_one_voice(newsroom, language):
    for minute, outlet in enumerate(("Liar", "Copy A", "Copy B", "Copy C", "Copy D", "Copy E")):
        await newsroom.tell(outlet, minute, f"{outlet}. {WIRE[language]}", facts=LIE)
    assert (await newsroom.posts())[CAREFUL.chat_id] == 0


async def test_a_report_in_words_of_its_own_confirms(newsroom):
    await newsroom.tell("Берег", 0, WIRE["uk"], facts=LIE)
    await newsroom.tell("Слобода", 9, OWN["uk"], facts=LIE)
    assert (await newsroom.posts())[CAREFUL.chat_id] == 1


async def test_a_late_denial_confirms_nothing(newsroom):
    await newsroom.tell("Liar", 0, facts=LIE)
    await newsroom.tell(DENIER, 90, facts={"region": "UA-59"}, disputed=True)
    await newsroom.tell("Вестник", 95, facts={"region": "UA-59"}, disputed=True)
    assert (await newsroom.posts())[CAREFUL.chat_id] == 0
    (event,) = await newsroom.store.latest(5)
    assert (event.disputed, event.confirmed) == (True, False)


async def test_a_mad_source_is_cut_off_even_where_unconfirmed_news_is_posted(newsroom):
    days = [date(2025, 5, 30) + timedelta(days=number) for number in range(11)]
    places = [(region, day) for region in ("UA-59", "UA-63", "UA-51") for day in days]
    reasons = [
        await newsroom.tell("Mad", minute, facts={"region": region}, day=day)
        for minute, (region, day) in enumerate(places)
    ]
    posts = await newsroom.posts()
    assert posts[CAREFUL.chat_id] == 0
    assert posts[OPEN.chat_id] <= FLOOD
    assert reasons[-1] == "not told: its source founds too many events that nobody else tells"


async def test_what_a_mad_source_told_is_posted_once_another_voice_bears_it_out(newsroom):
    for number in range(FLOOD + 1):
        await newsroom.tell("Mad", number, facts={"region": f"RU-{number:03}", "attacker": "UA"})
    await newsroom.posts()
    await newsroom.tell("Берег", 40, facts={"region": f"RU-{FLOOD:03}", "attacker": "UA"})
    assert await newsroom.posts() == {CAREFUL.chat_id: 1, OPEN.chat_id: 1}


async def test_a_quick_outlet_on_a_heavy_night_is_believed(newsroom):
    for number in range(6):
        await newsroom.tell("Quick", number, facts={"region": f"UA-{number:02}"})
    assert (await newsroom.posts())[OPEN.chat_id] == 6
