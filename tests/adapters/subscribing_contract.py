"""What every store has to do where a place changes its wishes or wants no more: imported by the tests of each store."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.model import Subscription, Timetable
from bot.ports import Choice
from tests.adapters.records import NOON, changed, claim_one, opened, planned
from tests.reports import KINDS

EVENING = NOON + timedelta(hours=6)
"""21:00 in Kyiv."""
DAILY = Subscription(chat_id=-100, language="uk", digest=Timetable(21 * 60))


def wish(**changes: object) -> Choice:
    return choosing(lambda each: replace(each, **changes))


def choosing(make: Callable[[Subscription], Subscription]) -> Choice:
    return Choice(make, KINDS, NOON)


async def gathered(store, *numbers: int, **more: object):
    """Subscribe a chat to a digest, and let events wait for it."""
    await store.save(DAILY)
    plan = planned("post", gathered=True, not_before=EVENING)
    return [await opened(store, number, plan, **more) for number in numbers]


async def test_who_ends_a_subscription_gets_nothing_that_waits(store):
    await gathered(store, 1, 2)
    await opened(store, 3, planned("post"))
    assert await store.remove(-100)
    assert await store.claim(EVENING, 10) == ()
    assert await store.pending() == 0


async def test_the_end_of_a_subscription_is_none_of_other_places(store):
    await gathered(store, 1)
    others = [*planned("post", thread_id=7), *planned("post", audience="admins"), *planned("post", chat_id=-200)]
    await opened(store, 2, tuple(others))
    assert await store.remove(-100)
    left = []
    for message_id in (501, 502):
        for delivery in await store.claim(EVENING, 10):
            left.append((delivery.chat_id, delivery.thread_id, delivery.audience))
            await store.sent(delivery, message_id, "first")
    assert sorted(left) == [(-200, 0, "readers"), (-100, 0, "admins"), (-100, 7, "readers")]


async def test_who_comes_back_after_the_end_gets_later_events_only(store):
    (old,) = await gathered(store, 1)
    await store.remove(-100)
    await store.save(DAILY)
    await changed(store, old, 2, "edit")
    assert await store.claim(EVENING, 10) == ()
    await opened(store, 3, planned("post"))
    assert (await claim_one(store)).action == "post"


async def test_without_a_digest_what_waited_for_it_comes_at_once(store):
    first, second = await gathered(store, 1, 2)
    await store.change(-100, 0, wish(digest=None))
    for number, event in enumerate((first, second)):
        delivery = await claim_one(store)
        assert (delivery.action, delivery.event_id) == ("post", event.id)
        await store.sent(delivery, 501 + number, "first")


async def test_what_waits_for_a_digest_comes_at_its_new_hour(store):
    await gathered(store, 1, 2)
    await store.change(-100, 0, wish(digest=Timetable(23 * 60)))
    assert await store.claim(EVENING, 10) == ()
    assert (await claim_one(store, EVENING + timedelta(hours=2))).action == "digest"


async def test_a_digest_that_is_due_is_not_put_off_by_another_wish(store):
    await gathered(store, 1, 2)
    late = replace(wish(updates="silent"), at=EVENING + timedelta(minutes=1))
    await store.change(-100, 0, late)
    assert (await claim_one(store, late.at)).action == "digest"


async def test_what_was_put_back_keeps_its_time(store):
    await gathered(store, 1)
    later = EVENING + timedelta(hours=1)
    await store.retry(await claim_one(store, EVENING), later)
    await store.change(-100, 0, replace(wish(digest=None), at=EVENING))
    assert await store.claim(later - timedelta(seconds=1), 10) == ()
    assert (await claim_one(store, later)).action in ("post", "digest")


async def test_what_waits_comes_in_the_language_that_is_wanted_now(store):
    await gathered(store, 1, 2)
    await opened(store, 3, (*planned("post"), *planned("post", audience="admins", chat_id=-200)))
    await store.change(-100, 0, wish(language="ru"))
    soon = await store.claim(NOON, 10)
    assert {(each.chat_id, each.language) for each in soon} == {(-100, "ru"), (-200, "uk")}
    for delivery in soon:
        await store.sent(delivery, 501, "first")
    digest = await claim_one(store, EVENING)
    assert (digest.language, len(digest.events)) == ("ru", 2)


async def test_what_is_wanted_no_more_leaves_the_digest(store):
    near, _ = [*await gathered(store, 1, region="UA-63"), *await gathered(store, 2, region="UA-51")]
    await store.change(-100, 0, wish(regions=("UA-63",)))
    await store.change(-100, 0, wish(regions=()))
    digest = await claim_one(store, EVENING)
    assert (digest.event_id, digest.events) == (near.id, ())
    await store.sent(digest, 501, "first")
    assert await store.pending() == 0


async def test_what_was_never_wanted_and_comes_all_the_same_is_not_taken_out(store):
    """The post of an event that swallowed one which stands there comes whatever the chat wants."""
    await gathered(store, 1, region="UA-51")
    await store.save(replace(DAILY, regions=("UA-63",)))
    await store.change(-100, 0, wish(language="en"))
    assert (await claim_one(store, EVENING)).language == "en"


async def test_a_change_keeps_what_others_changed_meanwhile(store):
    await store.save(Subscription(chat_id=-100))
    await store.suspend(-100, "kicked")
    await asyncio.gather(
        store.change(-100, 0, wish(language="uk")),
        store.change(-100, 0, choosing(lambda each: replace(each, kinds=(*each.kinds, "other")))),
        store.change(-100, 0, choosing(lambda each: replace(each, regions=(*each.regions, "UA-63")))),
    )
    known = Subscription(chat_id=-100)
    changed_ = replace(known, language="uk", kinds=(*known.kinds, "other"), regions=("UA-63",), suspended="kicked")
    assert await store.get(-100) == changed_
    assert await store.subscriptions() == ()


async def test_what_is_not_there_is_not_changed(store):
    assert await store.change(-100, 0, wish(language="uk")) is None
    assert await store.get(-100) is None


async def test_a_choice_that_cannot_be_made_changes_nothing(store):
    await gathered(store, 1, 2)

    def refuse(_: Subscription) -> Subscription:
        raise ValueError("panel.one_kind_left")

    with pytest.raises(ValueError, match="one_kind_left"):
        await store.change(-100, 0, choosing(refuse))
    assert await store.get(-100) == DAILY
    assert len((await claim_one(store, EVENING)).events) == 2
