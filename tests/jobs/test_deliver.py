"""From the outbox to the chat: what leaves, in which order, and what becomes of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog

from bot.core.model import Message, Verdict
from bot.jobs.deliver import AT_ONCE, JOB, SETTLE, Deliver, digest
from bot.ports import MigratedError, PermanentError, TemporaryError
from tests.jobs.deliveries import CHANNEL, House, a_delivery, a_revision, a_step


@pytest.fixture
def house() -> House:
    return House()


async def test_nothing_to_do_is_done_at_once(house: House) -> None:
    await house.run()
    assert house.publish.shown == []


async def test_a_post_is_sent_and_its_id_and_content_are_kept(house: House) -> None:
    await house.run(a_delivery(1, thread_id=7))
    assert house.publish.shown == [("post", CHANNEL, 7, "post 1 uk", 0)]
    assert house.outbox.ends == {1: ("sent", 11, digest(Message("post 1 uk")))}


async def test_an_edit_changes_its_post_and_a_reply_rings_under_it(house: House) -> None:
    await house.run(a_delivery(1, "edit", message_id=5), a_delivery(2, "reply", message_id=5))
    assert house.publish.shown == [("edit", CHANNEL, 5, "edit 1 uk"), ("post", CHANNEL, 0, "reply 2 uk 12 → 15", 5)]
    assert house.outbox.ends[1] == ("sent", 5, digest(Message("edit 1 uk")))
    assert house.outbox.ends[2][:2] == ("sent", 11)


async def test_a_reply_tells_in_one_what_its_chat_has_not_heard(house: House) -> None:
    house.queries.log[1] = tuple(a_revision(number, a_step(number, number + 1)) for number in range(2, 7))
    await house.run(a_delivery(1, "reply", message_id=5, since=3))
    assert house.publish.shown == [("post", CHANNEL, 0, "reply 1 uk 4 → 7", 5)]
    assert house.outbox.shown == {1: 6}


async def test_a_reply_that_would_tell_nothing_new_is_given_up(house: House) -> None:
    house.queries.log[2] = (a_revision(2, a_step(12, 15)), a_revision(3, a_step(15, 12)))
    await house.run(a_delivery(1, "reply", message_id=5, since=2), a_delivery(2, "reply", message_id=6, since=1))
    assert house.publish.shown == []
    assert house.outbox.ends == dict.fromkeys((1, 2), ("dead", "told already, or taken back meanwhile"))


async def test_a_post_is_kept_with_the_revision_that_it_shows(house: House) -> None:
    await house.run(a_delivery(1, revision=1), a_delivery(2, "edit", message_id=5, revision=1))
    assert house.outbox.shown == {1: 2, 2: 2}


async def test_a_post_goes_under_the_post_of_another_event(house: House) -> None:
    await house.run(a_delivery(1, under=7, message_id=70), a_delivery(2, under=8))
    assert [shown[3:] for shown in house.publish.shown] == [("post 1 uk", 70), ("post 2 uk", 0)]
    assert house.publish.silent == [False, False]


async def test_a_post_that_follows_one_of_a_merged_event_makes_no_sound(house: House) -> None:
    house.queries.merged = {7: 1, 8: 9}
    gone = a_delivery(3, event_id=1, under=7)
    await house.run(a_delivery(1, under=7, message_id=70), a_delivery(2, under=8, message_id=80), gone)
    assert house.publish.silent == [True, False, False]


@pytest.mark.parametrize("verdict", ["hold", "reject"])
async def test_a_post_that_was_ruled_out_before_it_left_is_given_up(house: House, verdict: Verdict) -> None:
    house.queries.verdicts = {1: verdict}
    house.queries.merged = {2: 7}
    await house.run(a_delivery(1), a_delivery(2), a_delivery(3, "edit", event_id=1, message_id=5))
    assert [shown[0] for shown in house.publish.shown] == ["edit"]
    assert house.outbox.ends[1] == house.outbox.ends[2] == ("dead", "told already, or taken back meanwhile")


async def test_an_admin_is_not_asked_what_was_answered_meanwhile(house: House) -> None:
    house.queries.log[1] = (a_revision(1, reasons=("admins are asked: held",)),)
    house.queries.log[2] = (a_revision(1, reasons=("admins are asked: held, near",)),)
    await house.run(*(a_delivery(number, chat_id=77, audience="admins") for number in (1, 2)))
    assert [shown[3] for shown in house.publish.shown] == ["notice 2 uk held+near {}"]


async def test_an_admin_gets_a_notice_with_all_doubts_and_votes(house: House) -> None:
    house.queries.votes = {"wrong": 2}
    house.queries.log[1] = (
        a_revision(1, reasons=("a new event", "admins are asked: held")),
        a_revision(2, reasons=("admins are asked: near, held",)),
    )
    told = "notice 1 uk held+near {'wrong': 2}"
    await house.run(a_delivery(1, chat_id=77, audience="admins"))
    assert (house.publish.shown, house.publish.silent) == ([("post", 77, 0, told, 0)], [False])
    await house.run(a_delivery(1, "edit", chat_id=77, audience="admins", message_id=11, content=digest(Message(told))))
    assert len(house.publish.shown) == 1


async def test_an_edit_that_would_change_nothing_is_not_made(house: House) -> None:
    content = digest(Message("edit 1 uk"))
    await house.run(a_delivery(1, "edit", message_id=5, content=content))
    assert house.publish.shown == []
    assert house.outbox.ends == {1: ("sent", 5, content)}


async def test_a_stop_begins_nothing_new(house: House) -> None:
    house.ports = replace(house.ports, stopping=lambda: True)
    await house.run(a_delivery(1))
    assert house.publish.shown == []
    assert [delivery.id for delivery, _ in house.outbox.waiting] == [1]


async def test_the_whole_outbox_is_emptied_in_order_chat_by_chat(house: House) -> None:
    await house.run(*(a_delivery(number) for number in range(1, 40)))
    assert [shown[3] for shown in house.publish.shown] == [f"post {number} uk" for number in range(1, 40)]
    assert house.publish.most_at_work == 1


async def test_many_chats_are_served_at_once_but_not_all(house: House) -> None:
    house.publish.gate.clear()
    running = asyncio.create_task(house.run(*(a_delivery(number, chat_id=-number) for number in range(1, 41))))
    async with asyncio.timeout(5):
        while house.publish.at_work < AT_ONCE:  # noqa: ASYNC110  (the fake counts as it goes)
            await asyncio.sleep(0)
    house.publish.gate.set()
    await running
    assert (house.publish.most_at_work, len(house.outbox.ends)) == (AT_ONCE, 40)


async def test_a_chat_that_is_slow_keeps_no_other_waiting(house: House) -> None:
    house.publish.gate.clear()
    running = asyncio.create_task(house.run(a_delivery(1)))
    async with asyncio.timeout(5):
        while not house.publish.at_work:  # noqa: ASYNC110  (the fake counts as it goes)
            await asyncio.sleep(0)
        house.outbox.add(a_delivery(2, chat_id=-2))
        while house.publish.at_work < 2:  # noqa: ASYNC110
            await asyncio.sleep(0)
    house.publish.gate.set()
    await running
    assert {end[0] for end in house.outbox.ends.values()} == {"sent"}


async def test_a_temporary_failure_is_tried_again_when_told(house: House) -> None:
    house.publish.failures = [TemporaryError("flood", 40)]
    await house.run(a_delivery(1))
    assert house.outbox.ends == {}
    await house.run(later=timedelta(seconds=39))
    assert house.publish.shown == []
    await house.run(later=timedelta(seconds=1))
    assert house.outbox.ends[1][0] == "sent"


async def test_without_a_hint_the_pauses_grow_up_to_five_minutes(house: House) -> None:
    pauses = []
    house.outbox.add(a_delivery(1))
    for _ in range(10):
        house.publish.failures = [TemporaryError("no connection")]
        before = house.clock.now()
        await house.run()
        ((_, due),) = house.outbox.waiting
        pauses.append((due - before).total_seconds())
        house.clock.time = due
    assert pauses == [4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


@pytest.mark.parametrize("restarted", [False, True])
async def test_what_was_put_back_waits_for_no_time_that_was(house: House, restarted: bool) -> None:
    house.publish.failures = [TemporaryError("no connection")]
    await house.run(a_delivery(1))
    house.clock.time -= timedelta(days=1)
    if restarted:
        house.job = Deliver()
    await house.run()
    assert house.outbox.ends[1][0] == "sent"


async def test_what_cannot_be_sent_is_given_up_and_the_chat_goes_on(house: House) -> None:
    house.publish.failures = [PermanentError("message is too long")]
    await house.run(a_delivery(1), a_delivery(2))
    assert house.outbox.ends[1] == ("dead", "message is too long")
    assert house.outbox.ends[2][0] == "sent"
    assert house.outbox.suspended == {}


async def test_a_chat_that_is_gone_is_suspended(house: House) -> None:
    house.publish.failures = [PermanentError("bot was kicked", gone=True)]
    await house.run(a_delivery(1))
    assert house.outbox.ends[1] == ("dead", "bot was kicked")
    assert house.outbox.suspended == {CHANNEL: "bot was kicked"}


async def test_a_migrated_group_gets_its_post_under_the_new_id(house: House) -> None:
    house.publish.failures = [MigratedError("upgraded", -1005)]
    await house.run(a_delivery(1, chat_id=-5))
    assert house.outbox.migrated == {-5: -1005}
    assert house.publish.shown == [("post", -1005, 0, "post 1 uk", 0)]


async def test_an_event_that_is_gone_or_cannot_be_rendered_holds_up_nothing(house: House) -> None:
    house.queries.missing = {1}
    house.outbox.in_flight = {666: a_delivery(666, chat_id=-7)}
    await house.run(a_delivery(1), a_delivery(667, event_id=666), a_delivery(2))
    await house.run(later=SETTLE)
    assert house.outbox.ends[1] == ("dead", "its event does not exist any more")
    assert house.outbox.ends[666] == house.outbox.ends[667] == ("dead", "cannot be rendered: KeyError")
    assert house.outbox.ends[2][0] == "sent"


def test_the_digest_tells_what_is_shown_and_not_how_loud() -> None:
    assert digest(Message("x")) == digest(Message("x", silent=True))
    assert digest(Message("x")) != digest(Message("y"))


def test_the_job_runs_often() -> None:
    assert (JOB.name, JOB.seconds) == ("deliver", 1.0)
    assert asyncio.iscoroutinefunction(JOB.run)


async def test_what_is_said_of_a_delivery_names_its_event_and_chat_whoever_says_it(house: House) -> None:
    await house.run(a_delivery(1), a_delivery(2, chat_id=-200))
    assert [(each["event_id"], each["chat"]) for each in house.publish.bound] == [(1, CHANNEL), (2, -200)]
    assert structlog.contextvars.get_contextvars() == {}
