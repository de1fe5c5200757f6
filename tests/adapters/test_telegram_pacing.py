"""How fast calls leave, in a world where time is a number."""

from __future__ import annotations

import heapq
import math
import random
from bisect import bisect_left
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.telegram.pacing import LANES, MOST_A_SECOND, ChatKey, Lane, Pacing


def send(pacing: Pacing, chat: int | str, now: float, lane: Lane = "answer", takes: float = 0.0) -> float:
    """Wait as long as the pacing says, call, and be answered; return when the call left."""
    while (wait := pacing.wait(chat, now, lane)) > 0:
        now += max(wait, 1e-6)
    pacing.left(chat, now, lane)
    pacing.answered(chat, now + takes)
    return now


def sent(pacing: Pacing, chats: list[int | str], lane: Lane = "answer") -> list[float]:
    """Call one after the other and return when each left."""
    now, times = 0.0, []
    for chat in chats:
        now = send(pacing, chat, now, lane)
        times.append(now)
    return times


def test_the_first_call_leaves_at_once() -> None:
    assert Pacing().wait(100, 50.0) == 0


@pytest.mark.parametrize("days", [11, 400])
def test_calls_leave_on_a_machine_that_has_been_up_for_long(days: int) -> None:
    pacing, now = Pacing(), days * 86_400.0
    assert (pacing.wait(100, now), pacing.share(now)) == (0.0, 1.0)
    for chat in (1, 2, 3):
        pacing.refused(chat, 1.0, now)
    assert pacing.share(now + days * 86_400.0) == 1.0


def test_one_chat_gets_a_call_a_second_counted_from_the_answer() -> None:
    pacing, now, times = Pacing(), 0.0, []
    for _ in range(3):
        now = send(pacing, 100, now, takes=0.5) + 0.5
        times.append(now)
    assert times == pytest.approx([0.5, 2.0, 3.5])


def test_a_chat_has_one_call_under_way() -> None:
    pacing = Pacing()
    pacing.left(100, 0.0)
    assert (pacing.wait(100, 60.0), pacing.wait(200, 60.0)) == (math.inf, 0.0)
    pacing.answered(100, 61.0)
    assert pacing.wait(100, 61.5) == 0.5


@pytest.mark.parametrize("chat", [-5, -1001000000900, "@news"])
@pytest.mark.parametrize(("lane", "most"), [("answer", 20), ("post", 18), ("edit", 18)])
def test_a_group_or_channel_gets_its_calls_a_minute(chat: int | str, lane: Lane, most: int) -> None:
    times = sent(Pacing(), [chat] * 40, lane)
    assert all(sum(start <= at < start + 60 for at in times) <= most for start in times)
    assert times[most - 1] < 20
    assert times[most] >= 60


def test_a_private_chat_has_no_minute_limit() -> None:
    assert sent(Pacing(), [100] * 30)[-1] == pytest.approx(29.0)


def test_many_chats_share_thirty_calls_a_second_evenly() -> None:
    times = sent(Pacing(), list(range(1, 301)), "post")
    assert times[30] == pytest.approx(1.0)
    assert times[299] == pytest.approx(9.0 + 29 / 60)
    assert max(later - earlier for earlier, later in pairwise(times)) < 0.52


def test_calls_that_take_long_take_up_room_all_the_while() -> None:
    pacing, now = Pacing(), 0.0
    for chat in range(1, MOST_A_SECOND + 1):
        while (wait := pacing.wait(chat, now)) > 0:
            now += wait
        pacing.left(chat, now)
    assert pacing.wait(99, now + 20) == math.inf
    pacing.answered(1, now + 20)
    assert pacing.wait(99, now + 20.5) == pytest.approx(0.5)


def test_posts_leave_room_to_answers_while_people_ask() -> None:
    pacing, now = Pacing(), send(Pacing(), 1000, 0.0)
    now = send(pacing, 1000, now, "answer")
    for chat in range(1, 25):
        now = send(pacing, chat, now, "post")
    assert pacing.wait(99, now, "post") > 0.1
    assert pacing.wait(1001, now, "answer") < 0.05
    busy = sent(Pacing(), list(range(1, 301)), "post")
    assert busy[29] < 1.0


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
    times = []
    now = 22.0
    for chat in range(100, 130):
        now = send(pacing, chat, now)
        times.append(now)
    assert sum(at < 23.0 for at in times) == 21


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


def test_chats_rest_while_no_post_may_leave_to_them() -> None:
    pacing = Pacing()
    for number in range(18):
        send(pacing, -5, number * 2.0, "post")
    pacing.left(1, 35.0)
    send(pacing, 2, 35.0)
    pacing.refused(3, 30, 35.0)
    assert set(pacing.resting(35.5)) == {-5, 1, 2, 3}
    pacing.answered(1, 36.0)
    assert set(pacing.resting(59.0)) == {-5, 3}
    assert set(pacing.resting(66.0)) == set()


def test_silent_chats_are_forgotten() -> None:
    pacing, now = Pacing(rate=10**9), 0.0
    for chat in range(1, 20_000):
        now = send(pacing, chat, now + 0.05)
    assert len(pacing._chats) <= 10_001
    assert pacing.wait(19_999, now) == pytest.approx(1.0)


CHATS: list[ChatKey] = [1, 2, 3, -4, -5, "@news", *range(10, 60)]


@given(
    seed=st.integers(0, 1 << 32),
    chats=st.sampled_from([1, 5, 40, len(CHATS)]),
    slowest=st.sampled_from([0.0, 0.02, 0.4, 8.0]),
    idle=st.sampled_from([0.0, 0.1]),
    where=st.sampled_from([0.0, 0.5, 1.0, None]),
)
@settings(deadline=None, max_examples=80)
def test_whatever_calls_take_no_window_at_the_other_end_holds_too_many(
    seed: int, chats: int, slowest: float, idle: float, where: float | None
) -> None:
    """A call is counted anywhere (`where`) between its leaving and its answer, at a place of its own where that is None."""
    dice, pacing, now, counted = random.Random(seed), Pacing(), 0.0, []
    flying: list[tuple[float, int, ChatKey]] = []
    some, lanes = dice.sample(CHATS, chats), dice.choice([LANES, LANES[:1]])
    for number in range(250):
        lane, takes = dice.choice(lanes), dice.uniform(0, slowest)
        now = _passing(pacing, flying, now, now + dice.uniform(0, idle))
        chat = min(some, key=lambda each: pacing.wait(each, now, lane))
        while (wait := pacing.wait(chat, now, lane)) > 0:
            now = _passing(pacing, flying, now, now + max(wait, 1e-9))
        pacing.left(chat, now, lane)
        counted.append((now + takes * (dice.random() if where is None else where), chat))
        heapq.heappush(flying, (now + takes, number, chat))
    _no_window_holds_too_many(sorted(counted, key=lambda each: each[0]))


def _passing(pacing: Pacing, flying: list[tuple[float, int, ChatKey]], now: float, until: float) -> float:
    """Let time pass until then, or where that is never, until the next answer; tell the pacing of the answers meanwhile."""
    if until == math.inf:
        until = flying[0][0]
    while flying and flying[0][0] <= until:
        now, _, chat = heapq.heappop(flying)
        pacing.answered(chat, now)
    return until


def _no_window_holds_too_many(counted: list[tuple[float, ChatKey]]) -> None:
    for chats, window, most in [
        (None, 1.0, 30),
        *(({chat}, 1.0, 1) for chat in CHATS),
        *(({chat}, 60.0, 20) for chat in (-4, -5, "@news")),
    ]:
        times = [at for at, chat in counted if chats is None or chat in chats]
        for at in times:
            assert bisect_left(times, at + window - 1e-6) - bisect_left(times, at) <= most
