"""The limits of the test server: what they let through, what they hold, what they refuse."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.botapi.limits import Limits

CHANNEL = -1001000000900


def taken(limits: Limits, chat_id: int, *times: float) -> list[float]:
    """Return how long each call at these times has to wait; 0 for those that go through."""
    return [limits.take("sendMessage", chat_id, at)[1] for at in times]


def test_nothing_is_limited_unless_asked_for() -> None:
    assert taken(Limits(), 100, *[0.0] * 100) == [0.0] * 100


def test_a_chat_takes_a_call_a_second() -> None:
    assert taken(Limits(on=True), 100, 0.0, 0.5, 1.0, 1.9, 2.0) == pytest.approx([0, 0.5, 0, 0.1, 0])


def test_a_chat_may_take_a_burst_where_bursts_are_tolerated() -> None:
    assert taken(Limits(on=True, burst=3), 100, 0.0, 0.0, 0.0, 0.0, 3.0) == pytest.approx([0, 0, 0, 3, 0])


def test_thirty_calls_a_second_are_taken_over_all() -> None:
    limits = Limits(on=True)
    assert [limits.take("sendMessage", chat, 5.0)[1] for chat in range(1, 32)] == [0.0] * 30 + [1.0]
    assert limits.take("editMessageText", 99, 6.0) == (0.0, 0.0)
    assert [refused.limit for refused in limits.refused] == ["all"]


@pytest.mark.parametrize(("chat_id", "wait"), [(CHANNEL, 35.0), (-5, 35.0), ("@news", 35.0), (100, 0.0)])
def test_groups_and_channels_take_twenty_a_minute(chat_id: int, wait: float) -> None:
    assert taken(Limits(on=True), chat_id, *map(float, range(5, 25)), 30.0)[-1] == wait


@pytest.mark.parametrize("method", ["getChatMember", "answerCallbackQuery", "sendChatAction", "deleteWebhook"])
def test_what_brings_nothing_into_a_chat_is_not_counted(method: str) -> None:
    limits = Limits(on=True)
    assert [limits.take(method, 100, 0.0) for _ in range(40)] == [(0.0, 0.0)] * 40


def test_a_call_is_held_where_the_wait_is_short_and_counts_from_when_it_is_let_through() -> None:
    limits = Limits(on=True, holds=8.0)
    assert [limits.take("sendMessage", 100, 0.0) for _ in range(3)] == [(0, 0), (1, 0), (2, 0)]
    for second in range(3, 9):
        limits.take("sendMessage", 100, 0.0)
        assert limits.held[-1] == second
    assert limits.take("sendMessage", 100, 0.0) == (0.0, 9.0)


@given(st.lists(st.tuples(st.sampled_from([1, 2, -3]), st.floats(0, 3)), max_size=120))
def test_what_is_let_through_never_breaks_a_window(calls: list[tuple[int, float]]) -> None:
    limits, now, passed = Limits(on=True, per_second=5), 0.0, []
    for chat, pause in calls:
        now += pause
        if limits.take("sendMessage", chat, now)[1] == 0:
            passed.append((now, chat))
    assert len(passed) + len(limits.refused) == len(calls)
    for start, chat in passed:
        inside = [(at, each) for at, each in passed if start <= at < start + 1]
        assert len(inside) <= 5
        assert sum(each == chat for _, each in inside) == 1
