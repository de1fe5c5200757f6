"""What every store has to know of items, whatever their source makes of them: the faults that are about items, one test each.

Imported by the tests of each store, as `store_contract` is.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.recording import FORGOTTEN, MOST_ALIASES
from bot.core.identity import MOST_EDITS, ONE_MORE
from bot.core.model import Decision, Item, Placed, Sifted
from bot.ports import Joined, Revised, TemporaryError
from tests.adapters.records import NOON, OTHER, again, event, item, joined, kept, opened, report, verdict

LONG = "Ворог уночі атакував місто дронами, загинули п'ятеро людей, ще дванадцятеро поранені"
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def told(number: int, **changes: object) -> Item:
    return item(number, **{"summary": f"{LONG}, новина {number}"} | changes)


async def prune(store, before, now) -> int:
    return sum([gone async for gone in store.prune(before, now)])


async def forget(store, now=NOON) -> int:
    return sum([gone async for gone in store.forget_traces(now)])


async def remember(store, *items: Item, at=NOON) -> None:
    await store.remember(items, (), at)


async def sift(store, *items: Item, now=NOON) -> Sifted:
    return await store.sift(items, now)


async def test_items_that_report_nothing_are_remembered_together(store):
    await remember(store, *(told(number) for number in range(60)))
    assert await sift(store, *(told(number) for number in range(61))) == Sifted((told(60),))
    assert (await store.stats()).items == 60


async def test_an_item_is_remembered_once(store):
    await remember(store, told(1))
    await remember(store, told(1), told(2))
    assert (await store.stats()).items == 2


async def test_other_words_under_a_known_id_are_an_edit(store):
    await remember(store, told(1))
    edited = told(1, summary=LONG + " і дитина", published=NOON + DAY)
    assert await sift(store, edited) == Sifted((), (replace(edited, published=told(1).published),))


async def test_other_words_at_a_known_address_are_an_edit_under_the_known_id(store):
    await remember(store, told(1))
    edited = told(1, id="another", title="Інший заголовок")
    assert await sift(store, edited) == Sifted((), (replace(edited, id="guid-1"),))


async def test_a_changed_title_alone_and_a_changed_body_alone_are_edits(store):
    await remember(store, told(1), told(2, body="Було так"))
    edited = (told(1, title="Новий заголовок"), told(2, body="Стало інакше"))
    assert await sift(store, *edited) == Sifted((), edited)


@pytest.mark.parametrize(
    "summary",
    [
        f"<p>{LONG}, новина 1</p>",
        f"{LONG},&nbsp;новина   1\n",
        f'{LONG}, <a href="https://x.example/?utm_source=rss">новина</a> 1',
        f"{LONG.upper()}, НОВИНА 1",
        f"{LONG}, новина 1 👁 12.3K",
    ],
)
async def test_markup_blanks_entities_and_counters_are_no_edit(store, summary):
    await remember(store, told(1))
    assert await sift(store, told(1, summary=summary)) == Sifted()


async def test_a_republished_item_is_known(store):
    await remember(store, told(1))
    assert await sift(store, told(1, published=NOON + 3 * DAY)) == Sifted()
    assert await sift(store, replace(told(1), id="again", url="https://bereh.example/again")) == Sifted()


async def test_an_item_without_a_time_of_its_own_keeps_that_of_its_first_sight(store):
    await remember(store, told(1, published=NOON))
    assert await sift(store, told(1, published=NOON + DAY)) == Sifted()
    (edited,) = (await sift(store, told(1, published=NOON + DAY, summary=LONG))).edited
    assert edited.published == NOON


async def test_a_clock_that_is_set_back_moves_the_item_with_it(store):
    await remember(store, told(1, published=NOON))
    (edited,) = (await sift(store, told(1, published=NOON - DAY, summary=LONG))).edited
    assert edited.published == NOON - DAY


async def test_an_edit_under_a_learned_id_is_recognised(store):
    await remember(store, told(1))
    moved = replace(told(1), id="new-1", url="https://new.example/1")
    assert await sift(store, moved) == Sifted()
    edited = replace(moved, summary=LONG)
    assert await sift(store, edited) == Sifted((), (replace(edited, id="guid-1"),))


async def test_when_all_ids_change_they_are_learned_and_nothing_is_news(store):
    items = [told(number) for number in range(20)]
    await remember(store, *items)
    moved = [replace(each, id=f"new-{each.id}", summary=each.summary + " | Берег") for each in items]
    fresh = told(21, id="new-21")
    assert await sift(store, *moved, fresh) == Sifted((fresh,), (), 20)
    assert await sift(store, *moved) == Sifted(), "the new words are known, too"
    edited = replace(moved[0], url="", summary=LONG)
    assert (await sift(store, edited)).edited == (replace(edited, id="guid-0"),)


async def test_when_few_ids_change_what_was_rewritten_is_an_edit(store):
    items = [told(number) for number in range(20)]
    await remember(store, *items)
    edited = replace(told(3), id="new-3", summary=LONG)
    assert (await sift(store, *items[:3], edited, *items[4:])).edited == (replace(edited, id="guid-3"),)


async def test_a_feed_with_a_new_id_at_every_poll_neither_floods_nor_grows(store):
    for poll in range(3 * MOST_ALIASES):
        answer = [
            replace(told(number), id=f"{poll}-{number}", url=f"https://x.example/{number}/{poll}")
            for number in range(6)
        ]
        found = await sift(store, *answer, now=NOON + poll * DAY)
        assert len(found.new) == (6 if poll == 0 else 0)
        await remember(store, *found.new)
    assert (await store.stats()).items == 6
    assert await sift(store, replace(answer[0], summary=LONG)) == Sifted(
        (), (replace(answer[0], id="0-0", summary=LONG),)
    )


async def test_entries_that_share_an_address_are_told_apart_by_their_ids(store):
    page = "https://bereh.example/live"
    entries = [told(number, url=page) for number in (1, 2)]
    assert (await sift(store, *entries)).new == tuple(entries)
    await remember(store, *entries)
    assert await sift(store, *entries, told(3, url=page)) == Sifted((told(3, url=page),))


async def test_the_home_page_is_no_address_of_an_item(store):
    home = "https://bereh.example/"
    await remember(store, told(1, url=home))
    assert (await sift(store, told(2, url=home))).new == (told(2, url=home),)


async def test_few_words_are_said_anew_on_another_day(store):
    def brief(number: int, after: timedelta) -> Item:
        return item(number, title="Вибухи в Одесі", published=NOON + after)

    await remember(store, brief(1, 0 * DAY))
    assert await sift(store, brief(2, DAY / 2)) == Sifted()
    assert (await sift(store, brief(3, 3 * DAY))).new == (brief(3, 3 * DAY),)


def by_template(number: int, day: int) -> Item:
    return told(number, title="", summary=LONG, published=NOON + day * DAY)


async def test_the_same_words_weeks_later_under_an_id_and_address_of_their_own_are_news(store):
    await remember(store, by_template(1, 0))
    assert (await sift(store, by_template(2, 21))).new == (by_template(2, 21),)
    assert await sift(store, by_template(3, 1)) == Sifted()
    assert await sift(store, replace(by_template(4, 21), url="")) == Sifted()


async def test_the_same_words_weeks_later_are_news_where_both_stand_in_an_answer(store):
    await remember(store, by_template(1, 0))
    assert (await sift(store, by_template(2, 21), by_template(1, 0), by_template(3, 9))).new == (
        by_template(2, 21),
        by_template(3, 9),
    )


async def test_the_words_of_a_pruned_item_are_news_under_an_id_and_address_of_their_own(store):
    await remember(store, by_template(1, 0))
    await prune(store, NOON + DAY, NOON + 90 * DAY)
    assert (await sift(store, by_template(2, 91))).new == (by_template(2, 91),)
    assert await sift(store, replace(by_template(2, 91), url="")) == Sifted()


async def test_where_a_source_renames_and_redates_all_its_items_words_are_enough(store):
    await remember(store, *(told(number) for number in range(6)))
    renamed = [told(n, id=f"n{n}", url=f"https://bereh.example/n{n}", published=NOON + 9 * DAY) for n in range(6)]
    assert await sift(store, *renamed) == Sifted()


async def test_an_edited_teaser_has_the_page_that_it_had(store):
    await remember(store, told(1, page="<p>Уся стаття</p>"))
    (edited,) = (await sift(store, told(1, summary=LONG))).edited
    assert edited.page == "<p>Уся стаття</p>"
    await store.remember((), [replace(edited, page=None)], NOON)
    (edited,) = (await sift(store, told(1))).edited
    assert edited.page is None


async def test_an_item_is_read_again_so_often_and_then_left(store):
    await remember(store, told(1))
    for edit in range(MOST_EDITS):
        edited = told(1, summary=f"{LONG} {edit}")
        assert (await sift(store, edited)).edited == (edited,)
        await store.remember((), [edited], NOON)
    again = told(1, summary=LONG)
    assert await sift(store, again) == Sifted()
    later = again.published + ONE_MORE
    assert await sift(store, again, now=later - SECOND) == Sifted()
    assert (await sift(store, again, now=later)).edited == (again,)


async def test_a_pruned_item_never_returns(store):
    await remember(store, told(1), told(2, published=NOON - DAY))
    await remember(store, told(3), at=NOON + 2 * DAY)
    assert await prune(store, NOON + DAY, NOON + 90 * DAY) == 2
    assert (await store.stats()).items == 1
    again_ = [told(1), replace(told(1), id="x"), replace(told(2), id="y", url=""), told(3)]
    for each in again_:
        assert await sift(store, each) == Sifted()


async def test_the_ids_that_a_pruned_item_had_later_are_known_as_well(store):
    await remember(store, told(1))
    await sift(store, replace(told(1), id="later", url=""))
    await prune(store, NOON + DAY, NOON + 90 * DAY)
    assert await sift(store, told(9, id="later", url="")) == Sifted()


async def test_few_words_leave_no_tombstone(store):
    await remember(store, item(1, title="Вибухи в Одесі"))
    await prune(store, NOON + DAY, NOON + 2 * DAY)
    assert (await sift(store, item(2, title="Вибухи в Одесі"))).new == (item(2, title="Вибухи в Одесі"),)


async def test_an_item_that_reports_something_is_never_pruned(store):
    known = await opened(store)
    assert await prune(store, NOON + 900 * DAY, NOON + 990 * DAY) == 0
    assert await store.event(known.id) == known


async def test_a_tombstone_stays_while_a_feed_shows_it_and_goes_a_year_after(store):
    await remember(store, told(1))
    buried = NOON + 90 * DAY
    await prune(store, NOON + DAY, buried)
    met = buried + FORGOTTEN - DAY
    assert await sift(store, told(1), now=met) == Sifted()
    assert await forget(store, buried + FORGOTTEN + DAY) == 0
    assert await sift(store, told(1), now=met) == Sifted()
    assert await forget(store, met + FORGOTTEN + DAY) > 0
    assert (await sift(store, told(1))).new == (told(1),)


async def test_an_edit_replaces_the_report_and_takes_others_back(store):
    fresh = told(1)
    one, other = report(fresh), replace(report(fresh, "strike", region="UA-63"), position=1)
    swap, strike = await store.record(fresh, [joined(event(one), "s"), joined(event(other), "t")])
    better = replace(one, facts={"subtype": "prisoners", "to_ukraine": 30})
    after = again(swap, event(better))
    husk = again(strike, strike, reports=(), claims={}, verdict="reject")
    edits = [kept(after, better), Joined(replace(kept(husk).change, event=husk), frozenset())]
    stored, gone = await store.revise(told(1, summary=LONG), Revised(gone=(other.id,)), edits, NOON + DAY)
    assert stored.reports == (better,)
    assert gone.reports == ()
    assert await store.holder(one.id) == stored
    assert await store.holder(other.id) is None
    assert {each.id for each in await store.holders(fresh)} == {stored.id, gone.id}
    assert (await store.stats()).reports == 1
    assert [each.at for each in await store.revisions(stored.id)] == [fresh.published, NOON + DAY]
    assert await sift(store, told(1, summary=LONG)) == Sifted()


async def test_a_report_that_comes_back_stands_in_its_event_again(store):
    before = await opened(store)
    own = before.reports[0]
    husk = again(before, before, reports=(), claims={}, verdict="reject")
    (gone,) = await store.revise(item(1, summary=LONG), Revised(gone=(own.id,)), [kept(husk)], NOON)
    back = Joined(kept(again(gone, event(own))).change, frozenset({"swap"}), (Placed(own, Decision(gone.id, 1.0)),))
    (stored,) = await store.revise(item(1, summary=""), Revised(), [back], NOON)
    assert stored.reports == (own,)
    assert await store.holder(own.id) == stored


async def test_rulings_are_handed_on_with_the_edit(store):
    first = await opened(store)
    second = item(2, OTHER)
    (both,) = await store.record(second, [kept(again(first, event(*first.reports, report(second))), report(second))])
    (ruled,) = await store.rule(verdict(both), [kept(again(both, both))])
    gone, left = (each.id for each in ruled.reports)
    handed = replace(ruled.rulings[0], report=left)
    after = again(ruled, event(report(second)))
    (stored,) = await store.revise(item(1, summary=LONG), Revised((gone,), (handed,)), [kept(after)], NOON)
    assert stored.rulings == (handed,)
    assert [logged.ruling for logged in await store.rulings()] == [handed]


async def test_an_edit_of_what_is_not_stored_is_refused(store):
    with pytest.raises(TemporaryError):
        await store.revise(told(1), Revised(), [], NOON)
