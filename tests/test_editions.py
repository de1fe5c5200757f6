"""Edited items: what they say now stands in place of what they said before, and posts follow."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.memory import Memory
from bot.core.editions import DOUBTED, Doubts
from bot.core.identity import MOST_EDITS
from bot.core.model import Item, Report
from bot.core.policy import RING_FLOOR
from bot.core.render.answer import one_event
from bot.core.render.digest import render_digest
from bot.core.render.notice import render_notice
from bot.core.render.post import render_post, render_reply
from bot.core.render.story import origins, timeline
from bot.core.render.why import Account, why
from bot.intake import Intake
from bot.ports import PermanentError, StoreError
from bot.rulings import Rulings
from tests.examples import BOOKS
from tests.reports import KINDS, at, june, strike, swap
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
    assert [(each.slot, each.after, each.source) for each in change.facts] == [("verdict", "reject", "Берег")]
    told = render_reply(gone, change.facts, BOOKS["en"]).text
    assert "Taken back by the source that reported it." in told
    assert "Taken back by the source that reported it." in render_post(gone, BOOKS["en"]).text
    assert sorted(await house.waiting()) == [("edit", 1), ("reply", 1)]


async def test_an_event_that_is_told_again_is_the_same_event(house):
    item = await house.publish(FIVE)
    await house.edit(item)
    await house.edit(item, replace(FIVE, facts=SEVEN), hour=15)
    (known,) = await house.store.latest(10)
    assert (known.id, known.facts["killed"], known.verdict) == (1, 7, "")


async def test_what_was_taken_back_and_is_told_again_as_another_event_becomes_that_event(house):
    elsewhere = SEVEN | {"region": "UA-53"}
    await house.publish(strike("Вестник", at(9), june(9), facts=elsewhere))
    item = await house.publish(FIVE)
    await house.edit(item)
    await house.edit(item, replace(FIVE, facts=elsewhere), hour=15)
    (known,) = await house.store.latest(10)
    assert (known.id, len(known.reports)) == (1, 2)
    assert (await house.store.event(2)).merged_into == 1


async def test_a_ruling_on_what_was_taken_back_is_not_undone_before_it_is_told_again(house):
    item = await house.publish(FIVE)
    rulings = Rulings(house.intake, house.store, house.store, house)
    await rulings.rule("hold", 1, 5)
    await house.edit(item)
    with pytest.raises(PermanentError, match="taken back by its source"):
        await rulings.undo(5)
    await house.edit(item, FIVE, hour=15)
    (event,) = (await rulings.undo(5)).events
    assert (event.id, event.verdict) == (1, "")


async def test_what_was_taken_back_is_shown_everywhere_and_not_to_be_ruled_upon(house):
    await house.edit(await house.publish(FIVE))
    gone, changes = await house.store.event(1), await house.store.revisions(1)
    for book in BOOKS.values():
        assert one_event(gone, book).text
        assert render_notice(gone, book).text
        assert render_digest([gone], book).text
        assert why(Account(replace(gone, confirmed=True), revisions=changes), book).text
        assert timeline(gone, (), changes, book).text
        assert origins(gone, book).text
    rulings = Rulings(house.intake, house.store, house.store, house)
    with pytest.raises(PermanentError, match="event 1 was taken back by its source"):
        await rulings.rule("post", 1, 7)


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


@pytest.fixture
def wary():
    house = Edited(CHANNEL)
    house.intake = Intake(house.reader, house.store, KINDS.values(), doubts=Doubts(DOUBTED))
    return house


async def cut(house: Edited, item: Item, minute: int):
    """Let the item be cut off at that minute after two."""
    house.reader.says["Обм"] = ()
    return await house.intake.take([replace(item, title="Обм")], now=at(9, 14) + timedelta(minutes=minute))


async def test_what_an_edit_takes_back_is_believed_when_it_still_says_so_later(wary):
    item = await wary.publish(FIVE)
    before = await wary.store.latest(10)
    assert [(await cut(wary, item, minute)).doubted for minute in (0, 5)] == [True, True]
    assert await wary.store.latest(10) == before
    assert not (await cut(wary, item, 10)).doubted
    assert await wary.store.latest(10) == ()


async def test_a_hiccup_takes_nothing_back_however_often_it_comes(wary):
    item = await wary.publish(FIVE)
    await wary.waiting()
    for minute in (0, 60, 120):
        assert (await cut(wary, item, minute)).doubted
        assert (await wary.intake.take([item], now=at(9, 14) + timedelta(minutes=minute + 1))).taken == ()
    assert (len(await wary.store.latest(10)), await wary.waiting()) == (1, [])


async def test_an_edit_that_takes_nothing_back_is_believed_at_once(wary):
    await wary.edit(await wary.publish(FIVE), replace(FIVE, facts=SEVEN))
    (known,) = await wary.store.latest(10)
    assert known.facts["killed"] == 7


async def killed(house: Edited, item: Item, minute: int) -> object:
    """Return what the event says after an item came at that minute after three."""
    await house.intake.take([item], now=at(9, 15) + timedelta(minutes=minute))
    return (await house.store.latest(10))[0].facts["killed"]


async def test_an_old_version_that_comes_by_again_is_no_edit(wary):
    old = await wary.publish(FIVE)
    (taken,) = (await wary.edit(old, replace(FIVE, facts=SEVEN))).taken
    assert [await killed(wary, each, minute) for minute, each in enumerate((old, taken.item) * 15)] == [7] * 30


async def test_a_version_whose_joining_was_lost_at_its_end_counts_for_nothing():
    class Losing(Memory):
        """Loses the connection once all was said, as often as it is told."""

        losing = 0

        @asynccontextmanager
        async def joining(self):
            async with super().joining():
                yield
            if self.losing:
                self.losing -= 1
                raise StoreError("database vistka: the connection was lost")

    house = Edited(CHANNEL, store=Losing())
    house.intake = Intake(house.reader, house.store, KINDS.values(), doubts=Doubts(DOUBTED))
    old = await house.publish(FIVE)
    house.store.losing = 1
    await house.edit(old, replace(FIVE, facts=SEVEN))
    assert await killed(house, old, 0) == 5


async def test_an_old_version_that_stays_is_believed(wary):
    old = await wary.publish(FIVE)
    await wary.edit(old, replace(FIVE, facts=SEVEN))
    assert [await killed(wary, old, minute) for minute in (0, 5, 10)] == [7, 7, 5]


async def test_an_item_without_words_is_no_edit(house):
    item = await house.publish(FIVE)
    assert (await house.intake.take([replace(item, title="", summary="")], now=at(9, 14))).taken == ()


class Pages:
    """Fetches the text behind a teaser, as often as there is one left."""

    def __init__(self, *pages: str | None) -> None:
        self.pages = list(pages)
        self.asked: list[tuple[Item, ...]] = []

    async def complete(self, items):
        self.asked.append(tuple(items))
        return tuple(replace(item, page=self.pages.pop(0)) for item in items)


async def test_teasers_that_are_news_are_completed_and_keep_their_page_when_edited(house):
    pages = Pages("<p>Стаття</p>", None)
    house.intake = Intake(house.reader, house.store, KINDS.values(), complete=pages)
    old, fresh = house.told(strike("Вестник", at(8), june(8))), house.told(FIVE)
    summary = await house.intake.take([old, fresh], quiet_before=at(9, 6))
    assert [taken.item.page for taken in summary.taken] == [None, "<p>Стаття</p>"]
    title = "інакше"
    house.reader.says[title] = house.reader.says[fresh.title]
    summary = await house.intake.take([replace(fresh, title=title)], now=NOW)
    assert [taken.item.page for taken in summary.taken] == ["<p>Стаття</p>"]
    assert [len(asked) for asked in pages.asked] == [1, 1]
    assert pages.asked[1][0].page is None
