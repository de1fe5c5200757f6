"""The outbox: nothing lost, nothing doubled, one at a time and in order for each chat."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

from bot.adapters.store import open_store
from tests.adapters.records import chats
from tests.adapters.store.values import NOW, planned, record_new, record_next, subscription

LATER = NOW + timedelta(minutes=1)


async def claim_one(store, now=NOW):
    (delivery,) = await store.claim(now, 10)
    return delivery


async def test_a_post_goes_before_its_edit_and_the_edit_knows_the_message(sql_store):
    first = await record_new(sql_store, 1, planned("post"))
    await record_next(sql_store, first, 2, planned("edit"))
    post = await claim_one(sql_store)
    assert (post.action, post.attempt, post.message_id, post.content, post.anchor) == ("post", 1, 0, "", 0)
    assert await sql_store.claim(NOW, 10) == ()
    await sql_store.sent(post, 41, "digest-1")
    edit = await claim_one(sql_store)
    assert (edit.action, edit.revision, edit.message_id, edit.content, edit.anchor) == ("edit", 2, 41, "digest-1", 41)


async def test_an_edit_tells_the_next_one_what_the_post_shows(sql_store):
    first = await record_new(sql_store, 1, planned("post"))
    await sql_store.sent(await claim_one(sql_store), 41, "digest-1")
    second = await record_next(sql_store, first, 2, planned("edit"))
    await sql_store.sent(await claim_one(sql_store), 41, "digest-2")
    await record_next(sql_store, second, 3, planned("edit"))
    assert (await claim_one(sql_store)).content == "digest-2"


async def test_a_reply_does_not_change_what_the_post_shows_but_is_the_last_message(sql_store):
    first = await record_new(sql_store, 1, planned("post"))
    await sql_store.sent(await claim_one(sql_store), 41, "digest-1")
    second = await record_next(sql_store, first, 2, planned("reply"))
    await sql_store.sent(await claim_one(sql_store), 44, "")
    await record_next(sql_store, second, 3, planned("edit"))
    edit = await claim_one(sql_store)
    assert (edit.message_id, edit.content, edit.anchor) == (41, "digest-1", 44)


async def test_of_waiting_edits_only_the_newest_is_sent(sql_store):
    current = await record_new(sql_store, 1, planned("post"), planned("post", -200))
    for delivery in await sql_store.claim(NOW, 10):
        await sql_store.sent(delivery, 41, "digest")
    for number in (2, 3, 4):
        current = await record_next(sql_store, current, number, planned("edit"))
    await record_next(sql_store, current, 5, planned("edit", -200))
    assert {(each.chat_id, each.revision) for each in await sql_store.claim(NOW, 10)} == {(-100, 4), (-200, 5)}
    assert await sql_store.pending() == 2


async def test_an_edit_overtaken_while_in_flight_is_not_tried_again(sql_store):
    first = await record_new(sql_store, 1, planned("post"))
    await sql_store.sent(await claim_one(sql_store), 41, "digest")
    second = await record_next(sql_store, first, 2, planned("edit"))
    overtaken = await claim_one(sql_store)
    await record_next(sql_store, second, 3, planned("edit"))
    await sql_store.retry(overtaken, NOW)
    assert (await claim_one(sql_store)).revision == 3
    assert await sql_store.pending() == 1


async def test_a_retry_keeps_its_place_and_holds_its_chat_back_until_it_is_due(sql_store):
    await record_new(sql_store, 1, planned("post"))
    await record_new(sql_store, 2, planned("post"), planned("post", -200))
    first, other = (await sql_store.claim(NOW, 1))[0], (await sql_store.claim(NOW, 10))[0]
    assert (first.chat_id, other.chat_id) == (-100, -200)
    await sql_store.retry(first, LATER)
    assert await sql_store.claim(NOW, 10) == ()
    again = await claim_one(sql_store, LATER)
    assert (again.id, again.attempt) == (first.id, 2)


async def test_topics_of_one_chat_take_turns_because_they_share_message_ids(sql_store):
    await record_new(sql_store, 1, planned("post"), planned("post", -100, 7))
    first = await claim_one(sql_store)
    await sql_store.sent(first, 41, "digest")
    second = await claim_one(sql_store)
    assert (first.thread_id, second.thread_id, second.anchor, second.message_id) == (0, 7, 41, 0)


async def test_an_unknown_outcome_holds_its_chat_until_it_is_settled(sql_store):
    await record_new(sql_store, 1, planned("post"))
    await record_new(sql_store, 2, planned("post"))
    post = await claim_one(sql_store)
    await sql_store.unknown(post)
    assert await sql_store.claim(NOW, 10) == ()
    assert await sql_store.recover() == (post,)
    await sql_store.sent(post, 41, "digest")
    assert (await claim_one(sql_store)).event_id == 2


async def test_a_crash_leaves_unknown_deliveries_and_no_other_trace(store_url):
    store = await open_store(store_url)
    await record_new(store, 1, planned("post"))
    claimed = await store.claim(NOW, 10)
    await store.close()
    store = await open_store(store_url)
    assert await store.claim(NOW, 10) == ()
    assert await store.recover() == claimed
    assert await store.recover() == claimed
    assert await store.pending() == 1
    await store.close()


async def test_an_edit_whose_post_was_given_up_is_given_up_and_the_chat_goes_on(sql_store):
    first = await record_new(sql_store, 1, planned("post"))
    second = await record_next(sql_store, first, 2, planned("edit"))
    await record_next(sql_store, second, 3, planned("reply"))
    await sql_store.dead(await claim_one(sql_store), "message is too long")
    assert await chats(sql_store, first.id) == set()
    await record_new(sql_store, 4, planned("post"))
    assert (await claim_one(sql_store)).event_id == 2
    assert await sql_store.pending() == 1


async def test_a_chat_counts_as_having_a_post_from_plan_to_delivery(sql_store):
    first = await record_new(sql_store, 1, planned("post"), planned("post", -200, 7))
    both = {(-100, 0), (-200, 7)}
    assert await chats(sql_store, first.id) == both
    for delivery in await sql_store.claim(NOW, 10):
        assert await chats(sql_store, first.id) == both
        await sql_store.sent(delivery, 41, "digest")
    assert await chats(sql_store, first.id) == both
    assert await chats(sql_store, 99) == set()


async def test_a_mark_after_the_end_changes_nothing(sql_store):
    await record_new(sql_store, 1, planned("post"))
    post = await claim_one(sql_store)
    await sql_store.sent(post, 41, "digest")
    await sql_store.retry(post, NOW)
    await sql_store.unknown(post)
    await sql_store.dead(post, "late")
    assert await sql_store.claim(NOW, 10) == ()
    assert await chats(sql_store, post.event_id) == {(-100, 0)}


async def test_a_suspended_chat_loses_what_waits_and_is_no_longer_subscribed(sql_store):
    for kept in (subscription(-100), subscription(-100, thread_id=7), subscription(-200)):
        await sql_store.save(kept)
    event = await record_new(sql_store, 1, planned("post"), planned("post", -200))
    await sql_store.suspend(-100, "bot was blocked by the user")
    assert await sql_store.subscriptions() == (subscription(-200),)
    assert (await sql_store.get(-100, 7)).suspended == "bot was blocked by the user"
    assert [each.chat_id for each in await sql_store.claim(NOW, 10)] == [-200]
    assert await chats(sql_store, event.id) == {(-200, 0)}
    await sql_store.resume(-100)
    assert len(await sql_store.subscriptions()) == 3
    assert (await sql_store.get(-100)).suspended == ""


async def test_a_migrated_chat_has_its_new_id_everywhere(sql_store):
    await sql_store.save(subscription(-100, regions=("UA-63",)))
    first = await record_new(sql_store, 1, planned("post"))
    await sql_store.sent(await claim_one(sql_store), 41, "digest")
    await record_next(sql_store, first, 2, planned("edit"))
    await sql_store.migrate(-100, -1001)
    assert await sql_store.subscriptions() == (subscription(-1001, regions=("UA-63",)),)
    edit = await claim_one(sql_store)
    assert (edit.chat_id, edit.message_id) == (-1001, 41)


async def test_a_migration_keeps_what_the_new_id_has_already(sql_store):
    await sql_store.save(subscription(-100, language="ru"))
    await sql_store.save(subscription(-100, thread_id=7))
    await sql_store.save(subscription(-1001, language="en"))
    await record_new(sql_store, 1, planned("post", -100), planned("post", -1001))
    await sql_store.migrate(-100, -1001)
    assert await sql_store.subscriptions() == (subscription(-1001, language="en"), subscription(-1001, thread_id=7))
    assert (await claim_one(sql_store)).chat_id == -1001
    assert await sql_store.pending() == 1


async def test_claims_of_many_senders_never_meet(sql_store, store_url):
    chats = range(1, 31)
    await record_new(sql_store, 1, *(planned("post", -chat) for chat in chats))
    other = await open_store(store_url)
    claims = await asyncio.gather(*(store.claim(NOW, 4) for store in (sql_store, other) for _ in range(10)))
    taken = Counter(delivery.id for claimed in claims for delivery in claimed)
    assert max(taken.values()) == 1
    assert len(taken) + len(await sql_store.claim(NOW, 30)) == len(chats)
    await other.close()


async def test_a_chat_that_is_drained_by_many_senders_gets_everything_once_and_in_order(sql_store, store_url):
    for number in range(1, 11):
        await record_new(sql_store, number, planned("post"))
    other = await open_store(store_url)
    arrived: list[int] = []

    async def drain(store) -> None:
        while await store.pending():
            for delivery in await store.claim(NOW, 3):
                arrived.append(delivery.event_id)
                await store.sent(delivery, delivery.event_id, "digest")

    await asyncio.gather(drain(sql_store), drain(sql_store), drain(other))
    assert arrived == list(range(1, 11))
    await other.close()
