"""What every store has to do, whatever it keeps its rows in: imported by the tests of each one.

A test module defines a `store` fixture (one object that answers to Store, Outbox, Queries, Subscriptions and Updates,
empty) and imports all names from here.
"""

from __future__ import annotations

from datetime import date

import pytest

from bot.adapters.recording import MOST_ASIDE
from bot.core.model import PollState, Subscription
from bot.ports import TemporaryError
from tests.adapters.records import NOON, OTHER, changed, event, item, joined, opened, report


async def test_an_item_is_new_until_it_is_recorded(store):
    assert (await store.sift([item(1), item(2)], NOON)).new == (item(1), item(2))
    assert await store.record(item(1), []) == ()
    assert (await store.sift([item(1), item(2)], NOON)).new == (item(2),)


async def test_an_item_is_known_by_its_id_its_link_or_its_words(store):
    await store.record(item(1), [])
    same_id = item(7, id="guid-1")
    same_link = item(8, url=item(1).url)
    same_words = item(9, title=item(1).title, summary=item(1).summary, body=item(1).body)
    for known in (same_id, same_link, same_words):
        assert (await store.sift([known], NOON)).new == ()


async def test_an_item_with_a_known_title_and_other_words_is_another(store):
    await store.record(item(1), [])
    update = item(9, title=item(1).title, summary="Загиблих уже п'ятеро")
    assert (await store.sift([update], NOON)).new == (update,)


async def test_another_source_may_use_the_same_ids_and_titles(store):
    await store.record(item(1), [])
    assert (await store.sift([item(1, OTHER)], NOON)).new == (item(1, OTHER),)


async def test_of_two_alike_in_one_batch_only_the_first_is_new(store):
    assert (await store.sift([item(1), item(1), item(2)], NOON)).new == (item(1), item(2))


async def test_an_item_is_not_recorded_twice(store):
    first = await opened(store)
    with pytest.raises(TemporaryError):
        await store.record(item(1), [joined(event(report(item(1))))])
    assert await store.latest(10) == (first,)


async def test_a_new_event_gets_an_id_and_comes_back_whole(store):
    stored = await opened(store)
    assert stored.id > 0
    assert await store.event(stored.id) == stored
    assert await store.event(stored.id + 1) is None


async def test_candidates_share_a_key_and_come_oldest_first(store):
    second, first = item(2), item(1)
    (later,) = await store.record(second, [joined(event(report(second)), "a", "b")])
    (earlier,) = await store.record(first, [joined(event(report(first)), "b")])
    assert await store.candidates({"a"}) == (later,)
    assert await store.candidates({"a", "b", "c"}) == (earlier, later)
    assert await store.candidates({"c"}) == ()
    assert await store.candidates(()) == ()


async def test_a_further_report_replaces_the_event_and_its_keys(store):
    before = await opened(store)
    more = item(2, OTHER)
    after = event(*before.reports, report(more, to_ukraine=26), id=before.id, revision=2, founded=before.founded)
    (stored,) = await store.record(more, [joined(after, "swap:another")])
    assert stored == after
    assert await store.candidates({"swap:another"}) == (after,)
    assert await store.candidates({"swap:2025-06-09"}) == ()


async def test_an_item_may_open_two_events(store):
    fresh = item(1)
    swap, strike = event(report(fresh)), event(report(fresh, "strike", region="UA-63"))
    stored = await store.record(fresh, [joined(swap, "s"), joined(strike, "t")])
    assert [each.kind for each in stored] == ["swap", "strike"]
    assert len({each.id for each in stored}) == 2


async def test_an_event_changed_meanwhile_is_refused_and_nothing_is_stored(store):
    before = await opened(store)
    await changed(store, await changed(store, before, 2), 3)
    late = item(4)
    stale = event(*before.reports, report(late), id=before.id, revision=2)
    with pytest.raises(TemporaryError):
        await store.record(late, [joined(stale)])
    assert (await store.sift([late], NOON)).new == (late,)


async def test_a_subscription_is_kept_per_chat_and_topic(store):
    chosen = Subscription(
        chat_id=-100, thread_id=7, language="uk", kinds=("swap",), regions=("UA-63",), unconfirmed="hold"
    )
    await store.save(Subscription(chat_id=-100))
    await store.save(chosen)
    assert await store.get(-100, 7) == chosen
    assert await store.get(-300) is None
    assert await store.remove(-100, 7)
    assert not await store.remove(-100, 7)
    assert await store.subscriptions() == (Subscription(chat_id=-100),)


async def test_latest_events_come_newest_first(store):
    swap = await opened(store, 1)
    fresh = item(2)
    (strike,) = await store.record(fresh, [joined(event(report(fresh, "strike", region="UA-63")))])
    assert await store.latest(10) == (strike, swap)
    assert await store.latest(1) == (strike,)
    assert await store.latest(10, ["swap"]) == (swap,)


async def test_events_between_two_days_include_both(store):
    numbers = []
    for day in (11, 9, 10):
        fresh = item(day)
        (stored,) = await store.record(fresh, [joined(event(report(fresh, day=date(2025, 6, day))))])
        numbers.append(stored.id)
    undated = item(1)
    (plan,) = await store.record(undated, [joined(event(report(undated, day=None)))])
    found = await store.between("swap", date(2025, 6, 9), date(2025, 6, 10))
    assert [each.id for each in found] == [numbers[1], numbers[2]]
    everything = await store.between("swap", None, None)
    assert [each.id for each in everything] == [numbers[1], numbers[2], numbers[0], plan.id]
    assert await store.between("strike", None, None) == ()


async def test_events_can_be_asked_for_by_region(store):
    for number, region in enumerate(("UA-63", "UA-59"), 1):
        fresh = item(number)
        await store.record(fresh, [joined(event(report(fresh, "strike", region=region)))])
    found = await store.between("strike", None, None, ["UA-59"])
    assert [each.facts["region"] for each in found] == ["UA-59"]


async def test_stats_count_what_is_stored(store):
    await store.save(Subscription(chat_id=-100))
    await store.save(Subscription(chat_id=-100, thread_id=3))
    await store.save_poll(PollState(source_id="bereh", next_at=NOON))
    await changed(store, await opened(store), 2)
    await store.record(item(3), [])
    stats = await store.stats()
    assert (stats.sources, stats.items, stats.reports, dict(stats.events), stats.chats) == (1, 3, 2, {"swap": 1}, 1)
    assert stats.last_item == item(3).published


async def test_the_update_offset_moves_on_and_never_back(store):
    assert await store.offset() == 0
    await store.handled(41)
    await store.handled(40)
    assert await store.offset() == 42


async def test_an_update_can_be_put_aside_twice(store):
    await store.quarantine(7, "{}", "KeyError")
    await store.quarantine(7, "{}", "KeyError again")


async def test_of_the_updates_that_were_put_aside_the_last_are_kept(store):
    for update_id in range(MOST_ASIDE + 3):
        await store.quarantine(update_id, "{}", "KeyError")
    assert [gone async for gone in store.forget_traces(NOON)] == [3]
    assert [gone async for gone in store.forget_traces(NOON)] == []
