"""What every store has to do, whatever it keeps its rows in: imported by the tests of each one.

A test module defines a `store` fixture (one object that answers to Store, Outbox, Queries, Subscriptions and Updates,
empty) and imports all names from here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.core.model import Change, Claim, Delivery, Event, Item, Origin, PollState, Report, Source, Subscription
from bot.ports import Joined, Planned, TemporaryError

NOON = datetime(2025, 6, 9, 12, tzinfo=UTC)
SOURCE = Source("bereh", "Берег", "rss", "https://bereh.example/rss", "uk")
OTHER = replace(SOURCE, id="vestnik", name="Вестник", language="ru")


def item(number: int, source: Source = SOURCE, **changes: object) -> Item:
    values: dict[str, object] = {
        "id": f"guid-{number}",
        "source": source,
        "language": source.language,
        "url": f"https://{source.id}.example/{number}",
        "published": NOON + timedelta(minutes=number),
        "title": f"Обмін полоненими, новина {number}",
        "summary": "",
        "body": None,
    }
    return Item(**(values | changes))


def report(of: Item, kind: str = "swap", day: date | None = date(2025, 6, 9), **facts: object) -> Report:
    source = of.source
    origin = Origin(
        of.id,
        source.id,
        source.name,
        source.tier,
        source.side,
        source.owner,
        of.language,
        of.url,
        of.published,
        of.title,
    )
    return Report(kind=kind, origin=origin, date=day, facts=facts or {"subtype": "prisoners", "to_ukraine": 25})


def event(first: Report, *more: Report, **changes: object) -> Event:
    reports = (first, *more)
    claims = {
        slot: tuple(Claim(slot, each.facts[slot], each.origin) for each in reports if slot in each.facts)
        for slot in first.facts
    }
    values: dict[str, object] = {
        "id": 0,
        "kind": first.kind,
        "date": first.date,
        "status": "carried_out",
        "disputed": False,
        "confirmed": False,
        "facts": reports[-1].facts,
        "claims": claims,
        "reports": reports,
        "opened": first.origin.published,
        "updated": reports[-1].origin.published,
    }
    return Event(**(values | changes))


def planned(*actions: str, chat_id: int = -100, thread_id: int = 0) -> tuple[Planned, ...]:
    return tuple(Planned(chat_id, thread_id, "uk", action) for action in actions)


def joined(after: Event, *keys: str, plan: tuple[Planned, ...] = ()) -> Joined:
    weight = "minor" if after.id else "new"
    return Joined(after.reports[-1], Change(after, (), weight), frozenset(keys or ("swap:2025-06-09",)), plan)


async def opened(store, number: int = 1, plan: tuple[Planned, ...] = (), **facts: object) -> Event:
    """Record an item that opens an event."""
    fresh = item(number)
    (stored,) = await store.record(fresh, [joined(event(report(fresh, **facts)), plan=plan)])
    return stored


async def changed(store, before: Event, number: int, *actions: str, chat_id: int = -100) -> Event:
    """Record an item that adds its report to a stored event."""
    more = item(number, OTHER)
    after = event(*before.reports, report(more), id=before.id, revision=before.revision + 1)
    (stored,) = await store.record(more, [joined(after, plan=planned(*actions, chat_id=chat_id))])
    return stored


async def claim_one(store, now: datetime = NOON) -> Delivery:
    (delivery,) = await store.claim(now, 10)
    return delivery


async def test_an_item_is_new_until_it_is_recorded(store):
    assert await store.unseen([item(1), item(2)]) == (item(1), item(2))
    assert await store.record(item(1), []) == ()
    assert await store.unseen([item(1), item(2)]) == (item(2),)


async def test_an_item_is_known_by_its_id_its_link_or_its_words(store):
    await store.record(item(1), [])
    same_id = item(7, id="guid-1")
    same_link = item(8, url=item(1).url)
    same_words = item(9, title=item(1).title, summary=item(1).summary, body=item(1).body)
    assert await store.unseen([same_id, same_link, same_words]) == ()


async def test_an_item_with_a_known_title_and_other_words_is_another(store):
    await store.record(item(1), [])
    update = item(9, title=item(1).title, summary="Загиблих уже п'ятеро")
    assert await store.unseen([update]) == (update,)


async def test_another_source_may_use_the_same_ids_and_titles(store):
    await store.record(item(1), [])
    assert await store.unseen([item(1, OTHER)]) == (item(1, OTHER),)


async def test_of_two_alike_in_one_batch_only_the_first_is_new(store):
    assert await store.unseen([item(1), item(1), item(2)]) == (item(1), item(2))


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


async def test_a_further_report_replaces_the_event_and_adds_its_keys(store):
    before = await opened(store)
    more = item(2, OTHER)
    after = event(*before.reports, report(more, to_ukraine=26), id=before.id, revision=2)
    (stored,) = await store.record(more, [joined(after, "swap:another")])
    assert stored == after
    assert await store.candidates({"swap:another"}) == (after,)
    assert await store.candidates({"swap:2025-06-09"}) == (after,)


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
    assert await store.unseen([late]) == (late,)


async def test_poll_states_are_remembered(store):
    state = PollState(source_id="bereh", next_at=NOON, etag='"7"', failures=2, error="no answer")
    await store.save_poll(replace(state, failures=1))
    await store.save_poll(state)
    assert dict(await store.poll_states()) == {"bereh": state}


async def test_a_post_is_claimed_once_and_then_known(store):
    stored = await opened(store, plan=planned("post"))
    assert await store.posted_chats(stored.id) == {(-100, 0)}
    delivery = await claim_one(store)
    assert (delivery.action, delivery.event_id, delivery.revision, delivery.attempt) == ("post", stored.id, 1, 1)
    assert await store.claim(NOON, 10) == ()
    await store.sent(delivery, 501, "digest")
    assert await store.claim(NOON, 10) == ()
    assert await store.pending() == 0
    assert await store.posted_chats(stored.id) == {(-100, 0)}


async def test_an_edit_waits_for_its_post_and_learns_its_message(store):
    before = await opened(store, plan=planned("post"))
    await changed(store, before, 2, "edit")
    post = await claim_one(store)
    assert post.action == "post"
    await store.sent(post, 501, "first")
    edit = await claim_one(store)
    assert (edit.action, edit.message_id, edit.content, edit.revision) == ("edit", 501, "first", 2)


async def test_an_edit_sets_what_the_post_shows(store):
    before = await opened(store, plan=planned("post"))
    await store.sent(await claim_one(store), 501, "first")
    before = await changed(store, before, 2, "edit")
    await store.sent(await claim_one(store), 501, "second")
    await changed(store, before, 3, "edit")
    assert (await claim_one(store)).content == "second"


async def test_of_waiting_edits_only_the_newest_goes(store):
    before = await opened(store, plan=planned("post"))
    await store.sent(await claim_one(store), 501, "first")
    before = await changed(store, before, 2, "edit")
    await changed(store, before, 3, "edit")
    assert await store.pending() == 1
    edit = await claim_one(store)
    assert edit.revision == 3
    await store.sent(edit, 501, "third")
    assert await store.claim(NOON, 10) == ()


async def test_an_edit_put_back_gives_way_to_a_newer_one(store):
    before = await opened(store, plan=planned("post"))
    await store.sent(await claim_one(store), 501, "first")
    before = await changed(store, before, 2, "edit")
    overtaken = await claim_one(store)
    await changed(store, before, 3, "edit")
    await store.retry(overtaken, NOON)
    assert (await claim_one(store)).revision == 3


async def test_a_reply_follows_its_post(store):
    before = await opened(store, plan=planned("post"))
    await changed(store, before, 2, "reply", "edit")
    await store.sent(await claim_one(store), 501, "first")
    reply = await claim_one(store)
    assert (reply.action, reply.message_id, reply.content) == ("reply", 501, "first")
    await store.sent(reply, 502, "a reply")
    assert (await claim_one(store)).content == "first"


async def test_of_several_waiting_replies_only_the_newest_rings(store):
    before = await opened(store, plan=planned("post"))
    await store.sent(await claim_one(store), 501, "first")
    before = await changed(store, before, 2, "reply", "edit")
    await changed(store, before, 3, "reply", "edit")
    reply = await claim_one(store)
    assert (reply.action, reply.revision) == ("reply", 3)
    await store.sent(reply, 502, "a reply")
    edit = await claim_one(store)
    assert (edit.action, edit.revision) == ("edit", 3)
    await store.sent(edit, 501, "second")
    assert await store.pending() == 0


async def test_a_chat_gets_one_delivery_at_a_time_and_chats_do_not_wait_for_each_other(store):
    plan = (*planned("post"), *planned("post", chat_id=-200))
    await opened(store, 1, plan=plan)
    await opened(store, 2, plan=planned("post"))
    assert sorted(each.chat_id for each in await store.claim(NOON, 10)) == [-200, -100]
    assert await store.claim(NOON, 10) == ()


async def test_no_more_than_the_limit_are_claimed_oldest_first(store):
    await opened(store, 1, plan=planned("post", chat_id=-1))
    await opened(store, 2, plan=planned("post", chat_id=-2))
    (first,) = await store.claim(NOON, 1)
    (second,) = await store.claim(NOON, 1)
    assert (first.chat_id, second.chat_id) == (-1, -2)


async def test_a_delivery_put_back_waits_until_its_time(store):
    await opened(store, plan=planned("post"))
    await store.retry(await claim_one(store), NOON + timedelta(minutes=5))
    assert await store.claim(NOON, 10) == ()
    assert await store.pending() == 1
    again = await claim_one(store, NOON + timedelta(minutes=5))
    assert again.attempt == 2


async def test_a_delivery_of_unknown_outcome_holds_its_chat_until_it_is_settled(store):
    await opened(store, 1, plan=planned("post"))
    await opened(store, 2, plan=planned("post"))
    lost = await claim_one(store)
    await store.unknown(lost)
    assert await store.claim(NOON, 10) == ()
    assert [each.id for each in await store.recover()] == [lost.id]
    await store.sent(lost, 501, "found")
    assert (await claim_one(store)).anchor == 501


async def test_what_was_in_flight_at_a_crash_is_unknown_afterwards(store):
    await opened(store, plan=planned("post"))
    lost = await claim_one(store)
    assert [each.id for each in await store.recover()] == [lost.id]
    assert [each.id for each in await store.recover()] == [lost.id]
    await store.retry(lost, NOON)
    assert (await claim_one(store)).id == lost.id


async def test_a_post_given_up_takes_its_edits_along_and_may_be_made_anew(store):
    before = await opened(store, plan=planned("post"))
    before = await changed(store, before, 2, "edit")
    await store.dead(await claim_one(store), "too long")
    assert await store.posted_chats(before.id) == frozenset()
    assert await store.claim(NOON, 10) == ()
    await changed(store, before, 3, "post")
    assert (await claim_one(store)).action == "post"


async def test_a_suspended_chat_loses_what_waits_and_is_asked_no_more(store):
    await store.save(Subscription(chat_id=-100))
    await store.save(Subscription(chat_id=-200))
    await opened(store, plan=planned("post"))
    await store.suspend(-100, "bot was kicked")
    assert await store.claim(NOON, 10) == ()
    assert [each.chat_id for each in await store.subscriptions()] == [-200]
    assert (await store.get(-100)).suspended == "bot was kicked"
    await store.resume(-100)
    assert {each.chat_id for each in await store.subscriptions()} == {-100, -200}


async def test_a_migrated_chat_keeps_its_posts_and_subscriptions(store):
    await store.save(Subscription(chat_id=-100, language="ru"))
    before = await opened(store, plan=planned("post"))
    await store.sent(await claim_one(store), 501, "first")
    before = await changed(store, before, 2, "edit")
    await store.migrate(-100, -1009)
    assert await store.posted_chats(before.id) == {(-1009, 0)}
    assert await store.get(-100) is None
    assert (await store.get(-1009)).language == "ru"
    edit = await claim_one(store)
    assert (edit.chat_id, edit.message_id) == (-1009, 501)


async def test_a_migrated_chat_that_has_the_post_under_both_ids_keeps_one(store):
    plan = (*planned("post"), *planned("post", chat_id=-1009))
    stored = await opened(store, plan=plan)
    await store.save(Subscription(chat_id=-100))
    await store.save(Subscription(chat_id=-1009, language="ru"))
    await store.migrate(-100, -1009)
    assert await store.posted_chats(stored.id) == {(-1009, 0)}
    assert await store.pending() == 1
    assert await store.subscriptions() == (Subscription(chat_id=-1009, language="ru"),)


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
