"""Edited items: what they say now stands in place of what they said before, and posts follow."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.identity import MOST_EDITS
from bot.core.model import Item, Report
from bot.core.policy import RING_FLOOR
from bot.rulings import Rulings
from tests.reports import at, june, strike, swap
from tests.test_intake import CHANNEL, NOW, House

FIVE = strike("Берег", at(9), june(9), facts={"killed": 5})
SEVEN = {"attacker": "RU", "region": "UA-63", "killed": 7}


class Edited(House):
    """A house whose items can be edited."""

    async def publish(self, *reports: Report) -> Item:
        for chat in self.chats:
            await self.store.save(chat)
        fresh = self.told(*reports)
        await self.intake.take([fresh])
        return fresh

    async def edit(self, item: Item, *reports: Report, hour: int = 14, quiet_before=None):
        """Let the item say this from that hour on, in other words."""
        title = f"{item.title}, оновлено о {hour}:{len(self.reader.says)}"
        self.reader.says[title] = tuple(replace(each, origin=replace(each.origin, item_id=item.id)) for each in reports)
        return await self.intake.take([replace(item, title=title)], now=at(9, hour), quiet_before=quiet_before)

    def now(self):
        return NOW


@pytest.fixture
def house():
    return Edited(CHANNEL)


async def test_an_edited_figure_changes_the_event_and_its_post(house):
    item = await house.publish(FIVE)
    await house.waiting()
    summary = await house.edit(item, replace(FIVE, facts=SEVEN))
    assert (summary.items, summary.edited, summary.opened) == (0, 1, 0)
    (known,) = await house.store.latest(10)
    assert (known.facts["killed"], len(known.reports), known.revision) == (7, 1, 2)
    (change,) = (await house.store.revisions(1))[1:]
    assert change.at == at(9, 14)
    assert [(each.slot, each.before, each.after, each.corrected) for each in change.facts] == [("killed", 5, 7, False)]
    assert "a report was edited" in change.reasons
    assert ("edit", 1) in await house.waiting(NOW + RING_FLOOR)


async def test_a_figure_that_an_edit_takes_back_is_corrected(house):
    item = await house.publish(FIVE)
    await house.edit(item, replace(FIVE, facts=SEVEN | {"killed": 3}))
    (change,) = (await house.store.revisions(1))[1:]
    assert [(each.before, each.after, each.corrected) for each in change.facts] == [(5, 3, True)]


async def test_an_edit_that_says_the_same_changes_nothing_but_its_row(house):
    item = await house.publish(FIVE)
    before = await house.store.latest(10)
    summary = await house.edit(item, FIVE)
    assert (summary.edited, summary.deliveries) == (1, 0)
    assert await house.store.latest(10) == before
    assert (await house.store.sift([item], NOW)).edited == (item,), "the row has the words of the edit"


async def test_an_edit_says_what_it_says_at_the_time_of_its_item(house):
    item = await house.publish(FIVE)
    later = replace(item, published=at(11))
    await house.edit(later, replace(FIVE, facts=SEVEN), hour=20)
    (known,) = await house.store.latest(10)
    assert (known.opened, known.updated) == (at(9), at(9))


async def test_a_report_that_an_edit_takes_back_leaves_its_event(house):
    item = await house.publish(FIVE)
    await house.publish(strike("Вестник", at(9, 13), june(9), facts={"killed": 4}))
    await house.edit(item)
    (known,) = await house.store.latest(10)
    assert (known.id, known.facts["killed"]) == (1, 4)
    assert [report.origin.name for report in known.reports] == ["Вестник"]


async def test_an_event_that_its_only_source_takes_back_is_withdrawn(house):
    item = await house.publish(FIVE)
    await house.waiting()
    await house.edit(item)
    assert await house.store.latest(10) == ()
    gone = await house.store.event(1)
    assert (gone.verdict, gone.reports) == ("reject", ())
    assert await house.store.holder((item.source.id, item.id, 0)) is None
    (change,) = (await house.store.revisions(1))[1:]
    assert change.reasons[0] == "its sources took it back"
    assert sorted(await house.waiting()) == [("edit", 1), ("reply", 1)]


async def test_an_event_that_is_told_again_is_the_same_event(house):
    item = await house.publish(FIVE)
    await house.edit(item)
    await house.edit(item, replace(FIVE, facts=SEVEN), hour=15)
    (known,) = await house.store.latest(10)
    assert (known.id, known.facts["killed"], known.verdict) == (1, 7, "")


async def test_a_report_that_an_edit_adds_is_joined_as_new(house):
    item = await house.publish(FIVE)
    summary = await house.edit(item, FIVE, swap("Берег", at(9), june(9), facts={"to_ukraine": 25}))
    assert summary.opened == 1
    assert {event.kind for event in await house.store.latest(10)} == {"strike", "swap"}
    assert ("post", 2) in await house.waiting()


async def test_a_mended_place_changes_the_event_and_makes_no_other(house):
    item = await house.publish(FIVE)
    await house.edit(item, replace(FIVE, facts={"attacker": "RU", "region": "UA-51", "killed": 5}))
    (known,) = await house.store.latest(10)
    assert (known.id, known.facts["region"]) == (1, "UA-51")


async def test_an_event_keeps_its_number_when_its_founder_turns_to_another(house):
    item = await house.publish(FIVE)
    await house.publish(strike("Вестник", at(9, 13), june(9), facts={"killed": 5}))
    await house.edit(item, replace(FIVE, facts={"attacker": "RU", "region": "UA-51", "killed": 1}))
    told = {event.id: event.facts["region"] for event in await house.store.latest(10)}
    assert told == {1: "UA-63", 2: "UA-51"}


async def test_an_edit_of_what_is_older_than_the_horizon_posts_nothing_new(house):
    silent = item = house.told(FIVE)
    house.reader.says[silent.title] = ()
    await house.intake.take([item])
    summary = await house.edit(item, FIVE, quiet_before=at(9, 13))
    assert (summary.opened, summary.deliveries) == (1, 0)


async def test_a_page_that_goes_on_changing_is_left_alone_in_the_end(house):
    item = await house.publish(FIVE)
    counts = [
        (await house.edit(item, replace(FIVE, facts=SEVEN | {"killed": 5 + number}))).edited for number in range(15)
    ]
    assert counts == [1] * MOST_EDITS + [0] * (15 - MOST_EDITS)


async def test_rulings_stand_when_the_report_that_they_name_is_gone(house):
    item = await house.publish(FIVE)
    await house.publish(strike("Вестник", at(9, 13), june(9), facts={"killed": 4}))
    rulings = Rulings(house.intake, house.store, house.store, house)
    await rulings.rule("reject", 1, 7)
    await house.edit(item)
    known = await house.store.event(1)
    assert (known.verdict, len(known.reports)) == ("reject", 1)
    await rulings.undo(7)
    assert (await house.store.event(1)).verdict == ""


async def test_an_item_that_cannot_be_read_again_says_what_it_said(house):
    item = await house.publish(FIVE)
    title = "інакше"
    house.reader.says[title] = RuntimeError("lost the thread")
    summary = await house.intake.take([replace(item, title=title)], now=NOW)
    assert len(summary.errors) == 1
    (known,) = await house.store.latest(10)
    assert known.facts["killed"] == 5
    assert (await house.intake.take([replace(item, title=title)], now=NOW)).taken == ()
