"""The limiter under python-telegram-bot's calls, with a clock that only sleeping moves."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram.error import RetryAfter

from bot.adapters.telegram.limiter import Limiter, seconds_of
from bot.adapters.telegram.pacing import Lane


class Time:
    """A clock and the sleep that moves it."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Call:
    """A call to Telegram that fails with what it is told, then succeeds; it notes when it was made, and takes its time."""

    def __init__(self, time: Time, *failures: Exception, takes: float = 0.0) -> None:
        self.time = time
        self.failures = list(failures)
        self.takes = takes
        self.made: list[float] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, name: str = "") -> str:
        self.made.append(self.time.now)
        self.time.now += self.takes
        await self.gate.wait()
        if self.failures:
            raise self.failures.pop(0)
        return name or "done"


async def request(
    limiter: Limiter, call: Call, endpoint: str = "sendMessage", lane: Lane | None = None, **data: Any
) -> Any:
    return await limiter.process_request(call, (), {}, endpoint, data, lane)


async def in_the_end(*waiting: Awaitable[Any]) -> list[float]:
    """Return after how many seconds each was told to come back, 0 for one that succeeded."""
    ends = await asyncio.gather(*waiting, return_exceptions=True)
    return [seconds_of(end) if isinstance(end, RetryAfter) else 0.0 for end in ends]


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def limiter(time: Time) -> Limiter:
    return Limiter(clock=lambda: time.now, sleep=time.sleep)


async def test_calls_to_one_chat_are_spaced_from_answer_to_call(limiter: Limiter, time: Time) -> None:
    call = Call(time, takes=0.5)
    for _ in range(3):
        assert await request(limiter, call, chat_id=100) == "done"
    assert call.made == pytest.approx([0, 1.5, 3.0])


@pytest.mark.parametrize(
    ("endpoint", "data"),
    [
        ("getChatMember", {"chat_id": 100}),
        ("answerCallbackQuery", {"callback_query_id": "1"}),
        ("setMyCommands", {"chat_id": 100}),
        ("sendChatAction", {"chat_id": 100}),
        ("deleteMyCommands", {}),
    ],
)
async def test_what_nobody_sees_in_a_chat_is_not_held_back(
    limiter: Limiter, time: Time, endpoint: str, data: dict[str, Any]
) -> None:
    call = Call(time)
    for _ in range(40):
        await request(limiter, call, endpoint, **data)
    assert call.made == [0] * 40


async def test_what_was_sent_through_the_inline_mode_shares_the_room_of_all(limiter: Limiter, time: Time) -> None:
    call = Call(time)
    for _ in range(31):
        await request(limiter, call, "editMessageText", inline_message_id="x")
    assert call.made[30] == pytest.approx(1.0)


async def test_answers_go_before_posts_and_posts_before_edits(limiter: Limiter, time: Time) -> None:
    call, order = Call(time), []
    call.gate.clear()
    first = [asyncio.create_task(request(limiter, call, chat_id=chat)) for chat in range(1, 31)]

    async def wanted(lane: Lane, chat: int) -> None:
        await request(limiter, call, lane=lane, chat_id=chat)
        order.append(lane)

    lanes: tuple[Lane, ...] = ("digest", "edit", "post", "reply", "answer")
    waiting = [asyncio.create_task(wanted(lane, 100 + number)) for number, lane in enumerate(lanes)]
    while len(call.made) < 30:  # noqa: ASYNC110  (the fake counts as it goes)
        await asyncio.sleep(0)
    call.gate.set()
    await asyncio.gather(*first, *waiting)
    assert order == ["answer", "post", "reply", "edit", "digest"]


async def test_a_chat_whose_call_is_under_way_keeps_no_other_waiting(limiter: Limiter, time: Time) -> None:
    slow, quick = Call(time), Call(time)
    slow.gate.clear()
    first = asyncio.create_task(request(limiter, slow, chat_id=100))
    second = asyncio.create_task(request(limiter, quick, chat_id=100))
    await request(limiter, quick, chat_id=200)
    assert not second.done()
    slow.gate.set()
    await asyncio.gather(first, second)
    assert quick.made == pytest.approx([1 / 40, 1.0], abs=0.05)


async def test_after_a_short_refusal_the_call_is_made_again_when_told(limiter: Limiter, time: Time) -> None:
    call = Call(time, RetryAfter(3))
    assert await request(limiter, call, chat_id=100) == "done"
    assert call.made == [0, 3]


async def test_a_long_refusal_is_passed_on_at_once(limiter: Limiter, time: Time) -> None:
    call = Call(time, RetryAfter(60))
    with pytest.raises(RetryAfter) as refusal:
        await request(limiter, call, chat_id=100)
    assert (seconds_of(refusal.value), call.made, time.slept) == (60, [0], [])


async def test_during_a_long_pause_the_chat_is_not_called_at_all(limiter: Limiter, time: Time) -> None:
    call = Call(time, RetryAfter(60))
    with pytest.raises(RetryAfter):
        await request(limiter, call, chat_id=100)
    time.now = 20.5
    with pytest.raises(RetryAfter) as refusal:
        await request(limiter, call, chat_id=100)
    assert (seconds_of(refusal.value), len(call.made)) == (39.5, 1)
    await request(limiter, call, chat_id=200)
    assert call.made == [0, 20.5]
    assert list(limiter.resting()) == [100, 200]


async def test_a_second_refusal_is_not_argued_with(limiter: Limiter, time: Time) -> None:
    call = Call(time, RetryAfter(1), RetryAfter(1))
    with pytest.raises(RetryAfter):
        await request(limiter, call, chat_id=100)
    assert len(call.made) == 2


async def test_nobody_waits_behind_more_answers_than_patience_lasts(limiter: Limiter, time: Time) -> None:
    call = Call(time)
    ends = await in_the_end(*(request(limiter, call, chat_id=100) for _ in range(15)))
    assert ends[:11] == [0.0] * 11
    assert ends[11:] == [11.0] * 4
    assert len(call.made) == 11


async def test_a_delivery_waits_for_room_but_not_for_its_chat(limiter: Limiter, time: Time) -> None:
    call = Call(time)
    for chat in range(1, 31):
        await request(limiter, call, lane="post", chat_id=chat)
    await request(limiter, call, lane="post", chat_id=31)
    assert call.made[-1] == pytest.approx(1.0)
    busy = Call(time, RetryAfter(5))
    with pytest.raises(RetryAfter) as refusal:
        await request(limiter, busy, lane="post", chat_id=32)
    assert seconds_of(refusal.value) == 5


async def test_while_all_have_to_wait_a_delivery_waits_with_them_for_a_while(limiter: Limiter, time: Time) -> None:
    refused = [Call(time, RetryAfter(100)) for _ in range(3)]
    assert await in_the_end(*(request(limiter, call, chat_id=at) for at, call in enumerate(refused, 1))) == [100] * 3
    call, before = Call(time), time.now
    with pytest.raises(RetryAfter) as refusal:
        await request(limiter, call, lane="post", chat_id=9)
    assert time.now - before == pytest.approx(10.0)
    assert seconds_of(refusal.value) == pytest.approx(90.0, abs=0.1)
    with pytest.raises(RetryAfter):
        await request(limiter, call, lane="answer", chat_id=9)
    assert (time.now - before, call.made) == (pytest.approx(10.0), [])


async def test_a_call_that_is_given_up_gives_its_turn_back(limiter: Limiter, time: Time) -> None:
    slow, call = Call(time), Call(time)
    slow.gate.clear()
    first = asyncio.create_task(request(limiter, slow, chat_id=100))
    second = asyncio.create_task(request(limiter, call, chat_id=100))
    await asyncio.sleep(0)
    first.cancel()
    second.cancel()
    await asyncio.wait([first, second])
    await request(limiter, call, chat_id=100)
    assert call.made == pytest.approx([1.0])


async def test_calls_that_are_cancelled_together_take_nobody_with_them(time: Time) -> None:
    """One that is cut off in mid-call looks after the row before the others that were cancelled have left it."""
    limiter = Limiter(clock=lambda: time.now, sleep=forever)
    call, slow = Call(time), Call(time)
    slow.gate.clear()
    await request(limiter, call, chat_id=100)
    time.now = 0.5
    under_way = asyncio.create_task(request(limiter, slow, chat_id=200))
    given_up, patient = [asyncio.create_task(request(limiter, call, chat_id=100)) for _ in range(2)]
    await asyncio.sleep(0)
    time.now = 1.5
    for task in (under_way, given_up):
        task.cancel()
    async with asyncio.timeout(5):
        assert await patient == "done"
    assert call.made == [0, 1.5]
    assert under_way.cancelled()
    assert given_up.cancelled()


@settings(max_examples=50, deadline=None)
@given(cancelled=st.lists(st.sets(st.integers(0, 39)), max_size=6), chats=st.integers(1, 12))
def test_whoever_is_cancelled_and_whenever_all_others_are_called(cancelled: list[set[int]], chats: int) -> None:
    async def play() -> None:
        time = Time()
        limiter, call = Limiter(clock=lambda: time.now, sleep=time.sleep, patience=1000), Call(time, takes=0.01)
        tasks = [asyncio.create_task(request(limiter, call, chat_id=each % chats)) for each in range(40)]
        for numbers in cancelled:
            await asyncio.sleep(0)
            for number in numbers:
                tasks[number].cancel()
        async with asyncio.timeout(5):
            ends = await asyncio.gather(*tasks, return_exceptions=True)
        lost = set().union(*cancelled)
        assert [end for number, end in enumerate(ends) if number not in lost] == ["done"] * (40 - len(lost))
        time.now += 60
        before = time.now
        for fresh in range(100, 130):
            await request(limiter, call, chat_id=fresh)
        assert time.now - before < 2

    asyncio.run(play())


async def forever(_: float) -> None:
    """Sleep as long as nobody moves the clock by hand."""
    await asyncio.Event().wait()
