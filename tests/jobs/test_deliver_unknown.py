"""Deliveries whose end is not known: lost answers, crashes, stops and a store that fails; none is lost, none doubled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Action, Message
from bot.jobs.deliver import SETTLE, digest
from bot.ports import PermanentError, TemporaryError, UnknownOutcomeError, VistkaError
from tests.jobs.deliveries import CHANNEL, FakeOutbox, House, a_delivery


@pytest.fixture
def house() -> House:
    return House()


async def test_a_post_that_may_have_left_is_looked_for_though_it_was_ruled_out(house: House) -> None:
    house.publish.failures = [UnknownOutcomeError("no answer")]
    await house.run(a_delivery(1, anchor=9))
    house.queries.verdicts = {1: "reject"}
    house.publish.places = {"post 1 uk": 14}
    await house.run()
    await house.run(later=SETTLE)
    assert house.outbox.ends[1][:2] == ("sent", 14)


async def test_an_unknown_post_is_not_touched_before_it_had_time_to_arrive(house: House) -> None:
    house.publish.failures = [UnknownOutcomeError("no answer")]
    await house.run(a_delivery(1, anchor=9), a_delivery(2))
    await house.run()
    await house.run(later=SETTLE - timedelta(seconds=1))
    assert house.publish.shown == []
    assert house.outbox.ends == {}


async def test_an_unknown_post_that_is_there_is_kept(house: House) -> None:
    house.publish.failures = [UnknownOutcomeError("no answer")]
    house.publish.places = {"post 1 uk": 14}
    await house.run(a_delivery(1, anchor=9))
    await house.run()
    await house.run(later=SETTLE)
    assert house.publish.shown == [("find", CHANNEL, 9, "post 1 uk")]
    assert house.outbox.ends == {1: ("sent", 14, digest(Message("post 1 uk")))}


async def test_an_unknown_post_that_is_not_there_is_sent_again(house: House) -> None:
    house.publish.failures = [UnknownOutcomeError("no answer")]
    await house.run(a_delivery(1, anchor=9))
    await house.run()
    await house.run(later=SETTLE)
    assert [shown[0] for shown in house.publish.shown] == ["find", "post"]
    assert house.outbox.ends[1][:2] == ("sent", 11)


async def test_where_nobody_can_tell_a_post_is_never_sent_again(house: House) -> None:
    house.publish.failures = [UnknownOutcomeError("no answer"), UnknownOutcomeError("chat 100: cannot tell")]
    await house.run(a_delivery(1, chat_id=100))
    await house.run()
    await house.run(later=SETTLE)
    await house.run(later=SETTLE)
    assert house.publish.shown == []
    assert house.outbox.ends == {1: ("sent", 0, "")}


async def test_a_post_that_is_only_presumed_is_not_edited_but_replied_to(house: House) -> None:
    await house.run(a_delivery(1, "edit", message_id=0), a_delivery(2, "reply", message_id=0))
    assert house.outbox.ends[1] == ("dead", "the message id of its post is not known")
    assert house.publish.shown == [("post", CHANNEL, 0, "reply 2 uk 12 → 15", 0)]


async def test_a_search_that_has_to_wait_is_made_later(house: House) -> None:
    house.publish.failures = [UnknownOutcomeError("no answer"), TemporaryError("flood")]
    await house.run(a_delivery(1, anchor=9))
    await house.run()
    await house.run(later=SETTLE)
    assert (house.publish.shown, house.outbox.ends) == ([], {})
    await house.run(later=SETTLE)
    assert house.outbox.ends[1][0] == "sent"


async def test_a_search_in_a_chat_that_is_gone_ends(house: House) -> None:
    house.publish.failures = [UnknownOutcomeError("no answer"), PermanentError("kicked", gone=True)]
    await house.run(a_delivery(1, anchor=9))
    await house.run()
    await house.run(later=SETTLE)
    assert house.outbox.ends == {1: ("dead", "kicked")}
    assert CHANNEL in house.outbox.suspended


async def test_an_edit_whose_answer_was_lost_is_simply_made_again(house: House) -> None:
    house.publish.failures = [UnknownOutcomeError("no answer")]
    await house.run(a_delivery(1, "edit", message_id=5))
    await house.run(later=timedelta(minutes=1))
    assert house.outbox.ends[1][:2] == ("sent", 5)


async def test_after_a_crash_posts_are_looked_for_and_edits_made_again(house: House) -> None:
    crashed = [a_delivery(1, anchor=9), a_delivery(2, "edit", chat_id=-1001000000901, message_id=5)]
    house.outbox.in_flight = {delivery.id: delivery for delivery in crashed}
    await house.run()
    assert house.publish.shown == [("edit", -1001000000901, 5, "edit 2 uk")]
    await house.run(later=SETTLE)
    assert [shown[0] for shown in house.publish.shown] == ["edit", "find", "post"]


async def test_cancelling_claims_no_more_but_lets_what_is_in_flight_end(house: House) -> None:
    house.publish.gate.clear()
    running = asyncio.create_task(house.run(a_delivery(1), a_delivery(2)))
    async with asyncio.timeout(5):
        while not house.publish.at_work:  # noqa: ASYNC110  (the fake counts as it goes)
            await asyncio.sleep(0)
    running.cancel()
    asyncio.get_running_loop().call_soon(house.publish.gate.set)
    with pytest.raises(asyncio.CancelledError):
        await running
    assert house.outbox.ends[1][0] == "sent"
    assert [delivery.id for delivery, _ in house.outbox.waiting] == [2]


async def test_a_store_that_fails_ends_the_round_and_loses_nothing(house: House) -> None:
    async def broken(*_: Any) -> None:
        msg = "disk full"
        raise OSError(msg)

    mark: Callable[..., Any] = house.outbox.sent
    house.outbox.sent = broken  # type: ignore[method-assign]
    with pytest.raises(OSError, match="disk full"):
        await house.run(a_delivery(1, anchor=9))
    house.outbox.sent = mark  # type: ignore[method-assign]
    house.publish.places = {"post 1 uk": 11}
    await house.run()
    await house.run(later=SETTLE)
    assert house.outbox.ends[1][:2] == ("sent", 11)
    assert [shown[0] for shown in house.publish.shown] == ["post", "find"]


FAILURES: list[Callable[[], VistkaError]] = [
    lambda: TemporaryError("x"),
    lambda: UnknownOutcomeError("x"),
    lambda: PermanentError("x"),
    lambda: PermanentError("x", gone=True),
]


@given(
    st.lists(st.tuples(st.sampled_from([CHANNEL, -1001000000901, 100]), st.sampled_from(["post", "edit", "reply"]))),
    st.lists(st.sampled_from(FAILURES), max_size=12),
)
def test_every_delivery_comes_to_an_end(
    wanted: list[tuple[int, Action]], failures: list[Callable[[], VistkaError]]
) -> None:
    async def play() -> House:
        house = House()
        house.publish.failures = [failure() for failure in failures]
        house.outbox.add(*(a_delivery(number, action, chat) for number, (chat, action) in enumerate(wanted, 1)))
        for _ in range(len(failures) * 2 + 3):
            await house.run(later=timedelta(minutes=6))
        return house

    house = asyncio.run(play())
    assert sorted(house.outbox.ends) == list(range(1, len(wanted) + 1))
    assert (house.outbox.waiting, house.outbox.in_flight) == ([], {})


LOCKED = TemporaryError("database is locked")


@pytest.mark.parametrize("failure", [LOCKED, RuntimeError("a mistake of ours")])
async def test_a_post_that_could_not_be_read_waits_again_and_is_never_presumed_delivered(
    house: House, failure: Exception
) -> None:
    house.queries.failures = [failure]
    await house.run(a_delivery(1))
    assert (house.publish.shown, house.outbox.in_flight) == ([], {})
    await house.run(later=SETTLE)
    assert house.publish.shown == [("post", CHANNEL, 0, "post 1 uk", 0)]


async def test_a_post_that_could_neither_be_read_nor_put_back_is_put_back_in_the_next_round(house: House) -> None:
    house.queries.failures, house.outbox.failures = [LOCKED], [LOCKED]
    with pytest.raises(TemporaryError):
        await house.run(a_delivery(1))
    await house.run(later=SETTLE)
    assert house.publish.shown == [("post", CHANNEL, 0, "post 1 uk", 0)]


async def test_who_gets_the_outbox_anew_takes_nothing_for_unsent_that_another_may_have_sent(house: House) -> None:
    house.queries.failures, house.outbox.failures = [LOCKED], [LOCKED]
    with pytest.raises(TemporaryError):
        await house.run(a_delivery(1, anchor=9))
    anew = FakeOutbox()
    anew.in_flight = dict(house.outbox.in_flight)
    house.outbox, house.ports = anew, replace(house.ports, outbox=anew)
    await house.run()
    assert house.publish.shown == []
    await house.run(later=SETTLE)
    assert [shown[0] for shown in house.publish.shown] == ["find", "post"]


async def test_what_was_claimed_for_a_round_that_is_called_off_waits_again(house: House) -> None:
    house.outbox.gate.clear()
    house.outbox.add(a_delivery(1))
    round_ = asyncio.create_task(house.job.run(house.ports))
    for _ in range(10):
        await asyncio.sleep(0)
    assert house.outbox.in_flight
    round_.cancel()
    await asyncio.sleep(0)
    house.outbox.gate.set()
    with pytest.raises(asyncio.CancelledError):
        await round_
    assert (house.outbox.in_flight, len(house.outbox.waiting)) == ({}, 1)
