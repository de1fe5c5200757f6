"""What every outbox has to do: imported by the tests of each store, as `store_contract` is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.core.model import Posted, Subscription
from tests.adapters.records import NOON, changed, chats, claim_one, opened, planned

FLOOR = timedelta(minutes=10)


async def test_a_post_is_claimed_once_and_then_known(store):
    stored = await opened(store, plan=planned("post"))
    assert await chats(store, stored.id) == {(-100, 0)}
    delivery = await claim_one(store)
    assert (delivery.action, delivery.event_id, delivery.revision, delivery.attempt) == ("post", stored.id, 1, 1)
    assert await store.claim(NOON, 10) == ()
    await store.sent(delivery, 501, "digest")
    assert await store.claim(NOON, 10) == ()
    assert await store.pending() == 0
    assert await chats(store, stored.id) == {(-100, 0)}


async def test_where_a_post_stands_is_known_once_it_has_left(store):
    stored = await opened(store, plan=planned("post"))
    assert [each.message_id for each in await store.posted(stored.id)] == [0]
    delivery = await claim_one(store)
    assert [each.message_id for each in await store.posted(stored.id)] == [0]
    await store.sent(delivery, 501, "digest")
    assert [each.message_id for each in await store.posted(stored.id)] == [501]


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
    assert await chats(store, before.id) == set()
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
    assert await chats(store, before.id) == {(-1009, 0)}
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
    assert await chats(store, stored.id) == {(-1009, 0)}
    assert await store.pending() == 1
    assert await store.subscriptions() == (Subscription(chat_id=-1009, language="ru"),)


async def test_a_chat_gets_no_second_post_of_an_event(store):
    before = await opened(store, plan=planned("post"))
    await changed(store, before, 2, "post")
    assert await store.pending() == 1
    assert (await claim_one(store)).revision == 1


async def test_the_desk_of_an_admin_is_another_place_than_the_chat(store):
    before = await opened(store, plan=(*planned("post"), *planned("post", audience="admins")))
    for message_id in (501, 502):
        await store.sent(await claim_one(store), message_id, "first")
    assert [each.audience for each in await store.posted(before.id)] == ["admins", "readers"]
    before = await changed(store, before, 2, "edit", audience="admins")
    await changed(store, before, 3, "edit")
    desk = await claim_one(store)
    assert (desk.audience, desk.message_id, desk.revision) == ("admins", 502, 2)
    await store.sent(desk, 502, "second")
    chat = await claim_one(store)
    assert (chat.audience, chat.message_id, chat.content, chat.revision) == ("readers", 501, "first", 3)


async def test_edits_are_counted_for_each_post(store):
    plan = (*planned("post"), *planned("post", chat_id=-200))
    before = await opened(store, plan=plan)
    for delivery in await store.claim(NOON, 10):
        await store.sent(delivery, 501, "first")
    for number in (2, 3):
        before = await changed(store, before, number, "edit")
        await store.sent(await claim_one(store), 501, "again")
    before = await changed(store, before, 4, "edit")
    before = await changed(store, before, 5, "reply", "edit")
    assert await store.posted(before.id) == (
        Posted(-200, 0, "readers", 0, 501),
        Posted(-100, 0, "readers", 3, 501),
    )


async def test_a_post_goes_under_the_post_of_another_event(store):
    first = await opened(store, 1, plan=planned("post"))
    await opened(store, 2, plan=planned("post", under=first.id))
    above = await claim_one(store)
    assert (above.under, above.message_id) == (0, 0)
    await store.sent(above, 501, "first")
    below = await claim_one(store)
    assert (below.under, below.message_id, below.content) == (first.id, 501, "")


async def test_a_post_stands_alone_where_its_chat_has_no_post_of_the_other_event(store):
    first = await opened(store, 1, plan=planned("post", chat_id=-200))
    await opened(store, 2, plan=planned("post", under=first.id))
    (other,) = [each for each in await store.claim(NOON, 10) if each.chat_id == -100]
    assert (other.under, other.message_id) == (first.id, 0)
    await store.unknown(other)
    (lost,) = [each for each in await store.recover() if each.chat_id == -100]
    assert (lost.under, lost.message_id) == (first.id, 0)


async def test_a_reply_knows_what_its_chat_heard_last(store):
    before = await opened(store, plan=planned("post"))
    before = await changed(store, before, 2)
    post = await claim_one(store)
    assert post.since == 0
    await store.sent(replace(post, revision=2), 501, "first")
    before = await changed(store, before, 3, "reply", "edit")
    reply = await claim_one(store)
    assert (reply.action, reply.since) == ("reply", 2)
    await store.sent(reply, 502, "a reply")
    edit = await claim_one(store)
    assert (edit.action, edit.since) == ("edit", 3)
    await store.sent(edit, 501, "third")
    await changed(store, before, 4, "reply")
    assert (await claim_one(store)).since == 3


async def rung(store):
    """Let a chat hear the post of an event at noon."""
    before = await opened(store, plan=planned("post"))
    await store.sent(await claim_one(store), 501, "first")
    return before


async def test_a_reply_waits_until_some_time_has_passed_since_the_sound_before_it(store):
    before = await rung(store)
    await changed(store, before, 2, "reply", floor=FLOOR)
    assert await store.claim(NOON + FLOOR - timedelta(seconds=1), 10) == ()
    assert await store.pending() == 1
    reply = await claim_one(store, NOON + FLOOR)
    await store.sent(reply, 502, "a reply")
    before = await changed(store, await store.event(before.id), 3, "reply", floor=FLOOR)
    assert await store.claim(NOON + FLOOR * 1.5, 10) == ()
    assert (await claim_one(store, NOON + FLOOR * 2)).revision == 3


async def test_nothing_waits_for_what_left_by_a_clock_that_was_set_back_since(store):
    before = await rung(store)
    before = await changed(store, before, 2, "edit", floor=FLOOR)
    await store.sent(await claim_one(store), 501, "second")
    await changed(store, before, 3, "reply", "edit", floor=FLOOR)
    yesterday = NOON - timedelta(days=1)
    reply = await claim_one(store, yesterday)
    await store.sent(reply, 502, "a reply")
    assert (reply.action, (await claim_one(store, yesterday)).action) == ("reply", "edit")


async def test_what_was_put_back_until_later_than_a_time_leaves_now(store):
    await opened(store, plan=planned("post"))
    soon = NOON + timedelta(minutes=5)
    await store.retry(await claim_one(store), soon)
    assert await store.bring_forward(soon) == 0
    assert await store.claim(NOON, 10) == ()
    assert await store.bring_forward(soon - timedelta(seconds=1)) == 1
    assert (await claim_one(store)).action == "post"


async def test_what_waits_for_a_digest_is_not_brought_forward(store):
    await opened(store, plan=planned("post", not_before=NOON + timedelta(days=1), gathered=True))
    assert await store.bring_forward(NOON) == 0
    assert await store.claim(NOON, 10) == ()


async def test_a_reply_that_waits_for_its_time_holds_nothing_up(store):
    before = await rung(store)
    await changed(store, before, 2, "reply", "edit", floor=FLOOR)
    await opened(store, 3, plan=planned("post"))
    for action in ("post", "edit"):
        delivery = await claim_one(store)
        assert delivery.action == action
        await store.sent(delivery, 501, "second")
    assert await store.claim(NOON, 10) == ()
    assert (await claim_one(store, NOON + FLOOR)).action == "reply"


async def test_of_replies_that_wait_for_their_time_the_newest_tells_all(store):
    before = await rung(store)
    for number in (2, 3):
        before = await changed(store, before, number, "reply", floor=FLOOR)
    reply = await claim_one(store, NOON + FLOOR)
    assert (reply.revision, reply.since) == (3, 1)
    assert await store.pending() == 1


async def test_each_event_and_each_chat_has_a_time_of_its_own(store):
    first = await rung(store)
    second = await opened(store, 2, plan=planned("post", chat_id=-200))
    before = NOON - FLOOR
    await store.sent(await claim_one(store, before), 601, "first")
    await changed(store, first, 3, "reply", floor=FLOOR)
    await changed(store, second, 4, "reply", chat_id=-200, floor=FLOOR)
    assert [each.chat_id for each in await store.claim(NOON, 10)] == [-200]


async def test_a_delivery_put_back_holds_its_chat(store):
    before = await rung(store)
    await changed(store, before, 2, "reply", "edit", floor=FLOOR)
    reply = await claim_one(store, NOON + FLOOR)
    assert reply.action == "reply"
    await store.retry(reply, NOON + FLOOR * 3)
    assert await store.claim(NOON + FLOOR * 2, 10) == ()


async def let_go(store, edits_before, all_before) -> int:
    return sum([gone async for gone in store.let_go(edits_before, all_before)])


async def test_edits_and_what_was_given_up_go_first_and_posts_later(store):
    before = await opened(store, plan=planned("post"))
    await store.sent(await claim_one(store), 501, "first")
    before = await changed(store, before, 2, "edit")
    await store.sent(await claim_one(store), 501, "second")
    before = await changed(store, before, 3, "reply")
    await store.dead(await claim_one(store), "it is gone")
    after, long_before = before.updated + FLOOR, before.updated
    assert await let_go(store, long_before, long_before) == 0
    assert await let_go(store, after, long_before) == 2
    assert [(each.message_id, each.edits) for each in await store.posted(before.id)] == [(501, 0)]
    assert await let_go(store, after, after) == 1
    assert await store.posted(before.id) == ()


async def test_what_waits_or_is_on_its_way_is_never_let_go(store):
    before = await opened(store, plan=planned("post"))
    after = before.updated + 2 * FLOOR
    assert await let_go(store, after, after) == 0
    await claim_one(store)
    assert await let_go(store, after, after) == 0
    assert await store.pending() == 1
