"""What leaves together, what makes a sound, and what an admin hears of: the delivery job and the wishes of chats."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.model import Quiet, Subscription
from bot.jobs.deliver import GLANCE, IDLE, SELDOM, SETTLE, Deliver
from bot.ports import PermanentError, UnknownOutcomeError
from tests.jobs.deliveries import CHANNEL, House, a_delivery
from tests.timelapse import play


@pytest.fixture
def house() -> House:
    return House()


QUIET = Subscription(chat_id=CHANNEL, quiet=Quiet(0, 24 * 60))


async def test_a_digest_is_one_message_of_all_its_events(house: House) -> None:
    await house.run(a_delivery(1, "digest", event_id=4, events=(4, 5, 6)))
    assert house.publish.shown == [("post", CHANNEL, 0, "digest 4 5 6 uk", 0)]
    assert house.outbox.told[1].events == (4, 5, 6)
    assert house.outbox.told[1].revisions == (2, 2, 2)


async def test_a_digest_leaves_out_what_was_ruled_out_meanwhile(house: House) -> None:
    house.queries.verdicts = {5: "reject"}
    house.queries.missing = {6}
    await house.run(a_delivery(1, "digest", event_id=4, events=(4, 5, 6, 7)))
    assert house.publish.shown == [("post", CHANNEL, 0, "digest 4 7 uk", 0)]
    assert house.outbox.told[1].events == (4, 7)


async def test_a_digest_of_which_one_event_is_left_is_a_post(house: House) -> None:
    house.queries.verdicts = {5: "reject"}
    await house.run(a_delivery(1, "digest", event_id=4, events=(4, 5)))
    assert house.publish.shown == [("post", CHANNEL, 0, "post 4 uk", 0)]


async def test_a_digest_of_which_nothing_is_left_is_given_up(house: House) -> None:
    house.queries.verdicts = {4: "reject", 5: "hold"}
    await house.run(a_delivery(1, "digest", event_id=4, events=(4, 5)))
    assert house.publish.shown == []
    assert house.outbox.ends[1][0] == "dead"


async def test_an_edit_of_a_digest_mends_the_whole(house: House) -> None:
    house.queries.verdicts = {5: "reject"}
    await house.run(a_delivery(1, "edit", event_id=4, events=(4, 5), message_id=9))
    assert house.publish.shown == [("edit", CHANNEL, 9, "digest 4 5 uk")]


async def test_a_digest_whose_answer_was_lost_is_looked_for_as_it_was(house: House) -> None:
    house.publish.failures = [UnknownOutcomeError("no answer")]
    house.publish.places = {"digest 4 5 uk": 14}
    await house.run(a_delivery(1, "digest", event_id=4, events=(4, 5), anchor=9))
    house.queries.verdicts = {5: "reject"}
    await house.run(later=SETTLE)
    assert house.outbox.ends[1][:2] == ("sent", 14)


async def test_quiet_hours_are_silent(house: House) -> None:
    house.subscriptions.add(QUIET)
    await house.run(a_delivery(1), a_delivery(2, "reply", message_id=5), a_delivery(3, "digest", events=(3, 4)))
    assert house.publish.silent == [True, True, True]


async def test_quiet_hours_are_those_of_the_moment_at_which_it_leaves(house: House) -> None:
    house.subscriptions.add(replace(QUIET, quiet=Quiet(16 * 60, 0)))
    await house.run(a_delivery(1))
    await house.run(a_delivery(2), later=timedelta(hours=1))
    assert house.publish.silent == [False, True]


async def test_what_is_grave_is_heard_in_quiet_hours(house: House) -> None:
    house.subscriptions.add(QUIET)
    house.queries.killed = {1: 10, 2: 9, 4: 30}
    await house.run(a_delivery(1), a_delivery(2), a_delivery(3, "digest", events=(3, 4)))
    assert house.publish.silent == [False, True, False]


async def test_a_chat_may_want_its_updates_without_a_sound(house: House) -> None:
    house.subscriptions.add(Subscription(chat_id=CHANNEL, updates="silent"))
    house.queries.killed = {2: 50}
    await house.run(a_delivery(1), a_delivery(2, "reply", message_id=5))
    assert house.publish.silent == [False, True]


async def test_the_wishes_of_a_topic_are_its_own(house: House) -> None:
    house.subscriptions.add(replace(QUIET, thread_id=7))
    await house.run(a_delivery(1), a_delivery(2, thread_id=7))
    assert house.publish.silent == [False, True]


async def test_an_admin_hears_once_of_a_chat_that_is_gone(house: House) -> None:
    house.publish.failures = [PermanentError("bot was kicked", gone=True)]
    await house.run(a_delivery(1))
    (alarm,) = house.alarms.standing.values()
    assert (alarm.key, alarm.phrase) == (f"chat:{CHANNEL}", "alarm.suspended")
    assert alarm.values == {"chat": str(CHANNEL), "reason": "bot was kicked"}


async def test_an_admin_hears_of_what_may_be_lost_until_the_chat_answers_again(house: House) -> None:
    house.publish.failures = [UnknownOutcomeError("no answer"), UnknownOutcomeError("cannot tell")]
    await house.run(a_delivery(1, chat_id=100))
    await house.run(later=SETTLE)
    assert [alarm.phrase for alarm in house.alarms.standing.values()] == ["alarm.unknown"]
    await house.run(a_delivery(2, chat_id=100))
    assert house.alarms.standing == {}


async def lose(house: House, number: int) -> None:
    house.publish.failures = [UnknownOutcomeError("no answer"), UnknownOutcomeError("cannot tell")]
    await house.run(a_delivery(number, chat_id=100))
    await house.run(later=SETTLE)


async def test_an_admin_reads_how_many_posts_may_be_lost_in_a_chat_over_restarts(house: House) -> None:
    await lose(house, 1)
    house.job = Deliver(glance=0.01)
    await lose(house, 2)
    (alarm,) = house.alarms.standing.values()
    assert alarm.values == {"chat": "100", "count": "2"}


async def test_a_chat_that_answers_again_after_a_restart_ends_its_alarm(house: House) -> None:
    await lose(house, 1)
    house.job = Deliver(glance=0.01)
    await house.run(a_delivery(2, chat_id=100))
    assert house.alarms.standing == {}


async def test_where_nobody_can_tell_a_post_is_sent_again_if_that_is_wanted(house: House) -> None:
    house.ports = replace(house.ports, resend_unknown=True)
    house.publish.failures = [UnknownOutcomeError("no answer"), UnknownOutcomeError("cannot tell")]
    await house.run(a_delivery(1, chat_id=100))
    await house.run(later=SETTLE)
    assert house.publish.shown == [("post", 100, 0, "post 1 uk", 0)]
    assert house.alarms.standing == {}


async def test_the_job_stays_as_long_as_something_waits_for_a_chat_that_rests(house: House) -> None:
    house.publish.at_rest = [[CHANNEL], [CHANNEL]]
    await house.run(a_delivery(1))
    assert house.outbox.ends[1][0] == "sent"
    assert house.publish.at_rest == []


async def test_what_is_unknown_is_settled_while_others_are_served(house: House) -> None:
    house.publish.failures = [UnknownOutcomeError("no answer")]
    await house.run(a_delivery(1, anchor=9))
    house.publish.gate.clear()
    running = asyncio.create_task(house.run(a_delivery(2, chat_id=-2)))
    async with asyncio.timeout(5):
        while not house.publish.at_work:  # noqa: ASYNC110  (the fake counts as it goes)
            await asyncio.sleep(0)
        house.clock.time += SETTLE
        while house.publish.at_work < 2:  # noqa: ASYNC110
            await asyncio.sleep(0)
    house.publish.gate.set()
    await running
    assert house.outbox.ends[1][0] == "sent"


def test_while_a_chat_rests_for_long_the_outbox_is_seldom_looked_at() -> None:
    async def an_hour() -> float:
        loop, house = asyncio.get_running_loop(), House()
        house.job, began = Deliver(), loop.time()
        house.publish.at_rest = [[CHANNEL]] * (IDLE + 7_000)
        await house.run(a_delivery(1))
        assert len(house.publish.shown) == 1
        return loop.time() - began

    assert play(an_hour) > 7_000 * GLANCE * SELDOM
