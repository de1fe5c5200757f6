"""What every outbox has to do with lanes, fairness and digests: imported by the tests of each store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.core.model import ANCHOR_LOST
from tests.adapters.records import NOON, changed, claim_one, opened, planned

GAP = timedelta(seconds=30)
EVENING = NOON + timedelta(hours=7)


async def gathered(store, *numbers: int, **more: object):
    """Plan a post for the evening's digest for each of some events, and return the events."""
    plan = planned("post", gathered=True, not_before=EVENING, **more)
    return [await opened(store, number, plan) for number in numbers]


async def digest_of(store, *numbers: int, message_id: int = 501):
    """Let the evening's digest of some events stand in the chat."""
    events = await gathered(store, *numbers)
    sent = await claim_one(store, EVENING)
    await store.sent(replace(sent, revisions=(1,) * len(numbers)), message_id, "digest")
    return events


async def test_news_go_before_changes_and_changes_before_edits(store):
    before = await opened(store, 1, planned("post"))
    await store.sent(await claim_one(store), 501, "first")
    await changed(store, before, 2, "edit", "reply")
    await opened(store, 3, planned("post"))
    for action in ("post", "reply", "edit"):
        delivery = await claim_one(store)
        assert delivery.action == action
        await store.sent(delivery, 502, "second")


async def test_the_chat_served_longest_ago_is_served_first(store):
    for number in (1, 2, 3):
        await opened(store, number, (*planned("post"), *planned("post", chat_id=-200), *planned("post", chat_id=-300)))
    served = []
    for message_id in range(501, 510):
        (delivery,) = await store.claim(NOON, 1)
        served.append(delivery.chat_id)
        await store.sent(delivery, message_id, "first")
    assert served == [-100, -200, -300] * 3


async def test_a_chat_that_rests_is_passed_over(store):
    await opened(store, 1, (*planned("post"), *planned("post", chat_id=-200)))
    assert [each.chat_id for each in await store.claim(NOON, 10, [-100])] == [-200]
    assert [each.chat_id for each in await store.claim(NOON, 10, [-200])] == [-100]


async def test_an_edit_waits_until_some_time_has_passed_since_the_one_before_it(store):
    before = await opened(store, 1, planned("post"))
    await store.sent(await claim_one(store), 501, "first")
    before = await changed(store, before, 2, "edit", floor=GAP)
    await store.sent(await claim_one(store), 501, "second")
    before = await changed(store, before, 3, "edit", floor=GAP)
    assert await store.claim(NOON + GAP - timedelta(seconds=1), 10) == ()
    await changed(store, before, 4, "edit", floor=GAP)
    assert (await claim_one(store, NOON + GAP)).revision == 4


async def test_what_was_gathered_leaves_as_one_when_its_time_comes(store):
    events = await gathered(store, 1, 2, 3)
    assert await store.claim(EVENING - timedelta(seconds=1), 10) == ()
    digest = await claim_one(store, EVENING)
    assert (digest.action, digest.events) == ("digest", tuple(event.id for event in events))
    assert await store.claim(EVENING, 10) == ()
    await store.sent(replace(digest, revisions=(1, 1, 1)), 501, "digest")
    assert [each.message_id for event in events for each in await store.posted(event.id)] == [501] * 3
    assert await store.pending() == 0


async def test_a_digest_of_one_is_a_post(store):
    await gathered(store, 1)
    assert (await claim_one(store, EVENING)).action == "post"


async def test_topics_have_digests_of_their_own(store):
    await gathered(store, 1, 2)
    await gathered(store, 3, 4, thread_id=7)
    first = await claim_one(store, EVENING)
    await store.sent(first, 501, "digest")
    second = await claim_one(store, EVENING)
    assert [(each.thread_id, len(each.events)) for each in (first, second)] == [(0, 2), (7, 2)]


async def test_more_than_ten_posts_for_one_place_leave_as_one(store):
    for number in range(1, 11):
        await opened(store, number, planned("post"))
    ten = await claim_one(store)
    assert ten.action == "post"
    await store.retry(ten, NOON)
    await opened(store, 11, planned("post"))
    assert len((await claim_one(store)).events) == 11


async def test_a_digest_carries_so_many_and_no_more(store):
    for number in range(1, 26):
        await opened(store, number, planned("post"))
    digest = await claim_one(store)
    assert len(digest.events) == 20
    await store.sent(digest, 501, "digest")
    assert (await claim_one(store)).action == "post"


async def test_notices_to_an_admin_are_never_gathered(store):
    for number in range(1, 13):
        await opened(store, number, planned("post", audience="admins"))
    assert (await claim_one(store)).action == "post"


async def test_what_a_digest_left_out_is_given_up(store):
    events = await gathered(store, 1, 2, 3)
    digest = await claim_one(store, EVENING)
    shown = digest.events[:2]
    await store.sent(replace(digest, events=shown, revisions=(1, 1)), 501, "digest")
    assert [len(await store.posted(event.id)) for event in events] == [1, 1, 0]


async def test_a_digest_that_shows_one_event_is_the_post_of_that(store):
    first, _ = await gathered(store, 1, 2)
    digest = await claim_one(store, EVENING)
    await store.sent(replace(digest, events=digest.events[:1], revisions=(1,)), 501, "post")
    await changed(store, first, 3, "edit")
    assert (await claim_one(store, EVENING)).events == ()


async def test_a_digest_put_back_is_gathered_anew(store):
    await gathered(store, 1, 2)
    digest = await claim_one(store, EVENING)
    await store.retry(digest, EVENING + GAP)
    await gathered(store, 3)
    assert await store.claim(EVENING, 10) == ()
    again = await claim_one(store, EVENING + GAP)
    assert (again.action, len(again.events), again.attempt) == ("digest", 3, 2)


async def test_what_was_put_back_and_became_grave_waits_for_what_telegram_said(store):
    (event,) = await gathered(store, 1)
    await store.retry(await claim_one(store, EVENING), EVENING + GAP)
    await changed(store, event, 2, "post")
    assert await store.claim(EVENING, 10) == ()
    assert (await claim_one(store, EVENING + GAP)).action == "post"


async def test_a_digest_in_flight_at_a_crash_is_one_unknown_delivery(store):
    await gathered(store, 1, 2)
    digest = await claim_one(store, EVENING)
    (lost,) = await store.recover()
    assert (lost.id, lost.action, lost.events) == (digest.id, "digest", digest.events)
    await store.sent(replace(lost, revisions=(1, 1)), 501, "found")
    assert (await store.recover(), await store.pending()) == ((), 0)


async def test_a_digest_that_is_given_up_lets_its_events_be_posted_anew(store):
    first, second = await gathered(store, 1, 2)
    await store.dead(await claim_one(store, EVENING), "refused")
    assert [await store.posted(event.id) for event in (first, second)] == [(), ()]


async def test_an_edit_mends_the_digest_and_makes_its_other_edits_needless(store):
    first, second = await digest_of(store, 1, 2)
    await changed(store, first, 3, "edit")
    second = await changed(store, second, 4, "edit")
    edit = await claim_one(store, EVENING)
    assert (edit.action, edit.message_id, edit.content, edit.events) == ("edit", 501, "digest", (first.id, second.id))
    assert await store.pending() == 1
    await store.sent(edit, 501, "mended")
    await changed(store, second, 5, "edit", floor=GAP)
    assert await store.claim(EVENING, 10) == ()
    assert (await claim_one(store, EVENING + GAP)).content == "mended"


async def test_a_reply_answers_the_digest_and_knows_what_it_showed(store):
    first, _ = await gathered(store, 1, 2)
    first = await changed(store, first, 3)
    digest = await claim_one(store, EVENING)
    await store.sent(replace(digest, revisions=(2, 1)), 501, "digest")
    await changed(store, first, 4, "reply")
    reply = await claim_one(store, EVENING)
    assert (reply.action, reply.message_id, reply.since) == ("reply", 501, 2)


async def test_changes_of_what_waits_for_the_digest_wait_with_it(store):
    first, _ = await gathered(store, 1, 2)
    await changed(store, first, 3, "reply", "edit")
    assert await store.claim(NOON, 10) == ()
    digest = await claim_one(store, EVENING)
    assert digest.action == "digest"
    await store.sent(replace(digest, revisions=(2, 1)), 501, "digest")
    assert (await claim_one(store, EVENING)).action == "reply"


async def test_a_post_that_cannot_wait_any_longer_leaves_its_digest(store):
    first, _ = await gathered(store, 1, 2)
    await changed(store, first, 3, "post")
    alone = await claim_one(store)
    assert (alone.action, alone.event_id) == ("post", first.id)
    await store.sent(alone, 501, "first")
    assert (await claim_one(store, EVENING)).action == "post"
    assert await store.pending() == 1


async def test_a_migrated_chat_keeps_its_digests(store):
    first, second = await digest_of(store, 1, 2)
    await gathered(store, 3, 4)
    await changed(store, first, 5, "edit")
    await store.migrate(-100, -1009)
    edit = await claim_one(store, EVENING)
    assert (edit.chat_id, edit.action, edit.events) == (-1009, "edit", (first.id, second.id))
    await store.sent(edit, 501, "mended")
    digest = await claim_one(store, EVENING)
    assert (digest.chat_id, digest.action, len(digest.events)) == (-1009, "digest", 2)


async def test_the_newest_message_of_a_chat_is_where_one_looks_from(store):
    await store.seen(-100, 700)
    await store.seen(-100, 650)
    await opened(store, 1, planned("post"))
    assert (await claim_one(store)).anchor == 700


async def test_the_newest_answers_of_a_chat_are_remembered_and_are_its_newest_messages(store):
    for message_id in (700, 702, 702, 901):
        await store.seen(-100, message_id, answer=True)
    await store.seen(-100, 903)
    await opened(store, 1, planned("post"))
    assert (await claim_one(store)).anchor == 903
    assert await store.answers(-100) == {702, 901}
    assert await store.answers(-200) == set()
    await store.migrate(-100, -1009)
    assert await store.answers(-100) == await store.answers(-1009) == set()


async def test_what_only_counts_as_delivered_is_counted_by_chat(store):
    for number, message_id in enumerate((0, 501, 0), 1):
        await opened(store, number, planned("post"))
        await store.sent(await claim_one(store), message_id, "")
    await opened(store, 4, planned("post", chat_id=-200))
    assert dict(await store.presumed()) == {-100: 2}
    await store.sent((await store.claim(NOON, 1))[0], 0, "")
    assert dict(await store.presumed()) == {-100: 2, -200: 1}


async def test_what_is_in_flight_to_a_chat_that_migrates_is_looked_for_nowhere(store):
    await opened(store, 1, planned("post"))
    await store.seen(-100, 700)
    await claim_one(store)
    await store.migrate(-100, -1009)
    assert [each.anchor for each in await store.recover()] == [ANCHOR_LOST]


async def test_a_migrated_chat_numbers_its_messages_anew(store):
    await opened(store, 1, planned("post"))
    await store.seen(-100, 700)
    await store.migrate(-100, -1009)
    assert (await claim_one(store)).anchor == 0
