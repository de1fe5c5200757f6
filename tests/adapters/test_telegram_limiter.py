"""The limiter under python-telegram-bot's calls, with a clock that only sleeping moves."""

from __future__ import annotations

from typing import Any

import pytest
from telegram.error import RetryAfter

from bot.adapters.telegram.limiter import Limiter, seconds_of


class Time:
    """A clock and the sleep that moves it."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Call:
    """A call to Telegram that fails with what it is told, then succeeds; it notes when it was made."""

    def __init__(self, time: Time, *failures: Exception) -> None:
        self.time = time
        self.failures = list(failures)
        self.made: list[float] = []

    async def __call__(self) -> str:
        self.made.append(self.time.now)
        if self.failures:
            raise self.failures.pop(0)
        return "done"


async def request(limiter: Limiter, call: Call, endpoint: str = "sendMessage", **data: Any) -> Any:
    return await limiter.process_request(call, (), {}, endpoint, data, None)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def limiter(time: Time) -> Limiter:
    return Limiter(clock=lambda: time.now, sleep=time.sleep)


async def test_calls_to_one_chat_are_spaced(limiter: Limiter, time: Time) -> None:
    call = Call(time)
    for _ in range(3):
        assert await request(limiter, call, chat_id=100) == "done"
    assert call.made == pytest.approx([0, 1.05, 2.10])


@pytest.mark.parametrize("endpoint", ["getChatMember", "answerCallbackQuery", "setMyCommands"])
async def test_what_sends_nothing_is_not_held_back(limiter: Limiter, time: Time, endpoint: str) -> None:
    call = Call(time)
    for _ in range(3):
        await request(limiter, call, endpoint, chat_id=100)
    assert call.made == [0, 0, 0]


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
    time.now = 20.0
    with pytest.raises(RetryAfter) as refusal:
        await request(limiter, call, chat_id=100)
    assert (seconds_of(refusal.value), len(call.made)) == (40, 1)
    await request(limiter, call, chat_id=200)
    assert call.made == [0, 20]


async def test_a_second_refusal_is_not_argued_with(limiter: Limiter, time: Time) -> None:
    call = Call(time, RetryAfter(1), RetryAfter(1))
    with pytest.raises(RetryAfter):
        await request(limiter, call, chat_id=100)
    assert len(call.made) == 2
