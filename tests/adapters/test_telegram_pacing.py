"""How fast calls leave, in a world where time is a number."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.telegram.pacing import Lane, Pacing


def send(pacing: Pacing, chat: int | str, now: float, lane: Lane = "reply") -> float:
    """Wait as long as the pacing says and call; return when that was."""
    while (wait := pacing.wait(chat, now, lane)) > 0:
        now += max(wait, 1e-6)
    pacing.left(chat, now)
    return now


def test_the_first_call_leaves_at_once() -> None:
    assert Pacing().wait(100, 50.0) == 0


def test_one_chat_gets_a_call_a_second() -> None:
    pacing, now, times = Pacing(), 0.0, []
    for _ in range(4):
        now = send(pacing, 100, now)
        times.append(now)
    assert times == pytest.approx([0, 1.05, 2.10, 3.15])


@pytest.mark.parametrize("chat", [-5, -1001000000900, "@news"])
def test_a_group_or_channel_gets_eighteen_calls_a_minute(chat: int | str) -> None:
    pacing, now, times = Pacing(), 0.0, []
    for _ in range(40):
        now = send(pacing, chat, now)
        times.append(now)
    assert all(sum(start <= at < start + 60 for at in times) <= 18 for start in times)
    assert times[17] < 20
    assert times[18] >= 60


def test_a_private_chat_has_no_minute_limit() -> None:
    pacing, now = Pacing(), 0.0
    for _ in range(30):
        now = send(pacing, 100, now)
    assert now == pytest.approx(29 * 1.05)


def test_many_chats_share_twenty_five_calls_a_second() -> None:
    pacing, now = Pacing(), 0.0
    times = []
    for chat in range(1, 301):
        now = send(pacing, chat, now)
        times.append(now)
    assert times[4] == 0
    assert times[-1] == pytest.approx((300 - 5) / 25)


def test_posts_leave_room_for_answers() -> None:
    pacing, now = Pacing(), 0.0
    for chat in range(1, 50):
        now = send(pacing, chat, now, "delivery")
    assert pacing.wait(1000, now, "reply") == 0
    assert pacing.wait(1001, now, "delivery") > 0


def test_a_refused_chat_waits_as_told_and_others_do_not() -> None:
    pacing = Pacing()
    pacing.refused(100, 30, now=10.0)
    assert (pacing.wait(100, 11.0), pacing.wait(200, 11.0)) == (29.0, 0.0)
    assert pacing.wait(100, 40.0) == 0


def test_a_shorter_refusal_does_not_end_a_longer_one() -> None:
    pacing = Pacing()
    pacing.refused(100, 30, now=0.0)
    pacing.refused(100, 2, now=1.0)
    assert pacing.wait(100, 1.0) == 29.0


def test_when_several_chats_are_refused_at_once_everything_waits_and_slows_down() -> None:
    pacing = Pacing()
    for chat, seconds in ((1, 5), (2, 20), (3, 7)):
        pacing.refused(chat, seconds, now=float(chat))
    assert pacing.wait(99, 3.0) == 19.0
    assert pacing.share(3.0) == pytest.approx(0.7)
    assert pacing.share(63.0) == pytest.approx(0.7 * 1.05)
    assert pacing.share(3.0 + 600) == 1.0


def test_refusals_far_apart_are_each_chats_own_affair() -> None:
    pacing = Pacing()
    for chat in range(5):
        pacing.refused(chat, 5, now=chat * 11.0)
    assert (pacing.wait(99, 50.0), pacing.share(50.0)) == (0.0, 1.0)


def test_the_same_chat_refused_again_and_again_slows_nobody_else() -> None:
    pacing = Pacing()
    for second in range(5):
        pacing.refused(100, 30, now=float(second))
    assert pacing.wait(200, 5.0) == 0


def test_silent_chats_are_forgotten() -> None:
    pacing, now = Pacing(rate=1e9, burst=1e9), 0.0
    for chat in range(1, 20_000):
        now += 0.05
        pacing.left(chat, now)
    assert len(pacing._calls) <= 10_001
    assert pacing.wait(19_999, now) == pytest.approx(1.05)


@given(
    st.lists(
        st.tuples(st.sampled_from([1, 2, -3, -4, "@news"]), st.floats(0, 5), st.sampled_from(["reply", "delivery"])),
        max_size=80,
    )
)
def test_no_limit_is_ever_broken(calls: list[tuple[int | str, float, Lane]]) -> None:
    pacing, now, times = Pacing(), 0.0, []
    for chat, pause, lane in calls:
        now = send(pacing, chat, now + pause, lane)
        times.append((now, chat))
    for start, chat in times:
        second = [each for each in times if start <= each[0] < start + 1]
        minute = Counter(each for at, each in times if start <= at < start + 60)
        assert len(second) <= 25 + 5
        assert sum(each == chat for at, each in times if start <= at < start + 1) == 1
        assert all(count <= 18 for each, count in minute.items() if isinstance(each, str) or each < 0)
