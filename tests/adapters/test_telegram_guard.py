"""The guard's laws, over any times and any senders."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.telegram.guard import MOST_WAITING, READER, SHARED, STAFF, TYPING, Guard
from bot.adapters.telegram.incoming import Incoming


def said(sender: int = 100, chat_id: int = 0, kind: str = "message", **more: bool) -> Incoming:
    chat = chat_id or sender
    return Incoming(id=1, kind=kind, turn=("chat", chat), chat_id=chat, sender=sender, shared=chat < 0, **more)


def passed(guard: Guard, incoming: Incoming, times: int, now: float = 0.0) -> int:
    return sum(guard.judge(incoming, now) == 0 for _ in range(times))


@given(st.lists(st.floats(0, 5), min_size=1, max_size=200))
def test_in_no_stretch_of_time_does_more_pass_than_the_bucket_and_what_came_back_since(gaps: list[float]):
    guard = Guard()
    times = list(itertools.accumulate(gaps))
    admitted = [now for now in times if guard.judge(said(), now) == 0]
    for first, begin in enumerate(admitted):
        for count, end in enumerate(admitted[first:], 1):
            assert count <= READER.burst + (end - begin) * READER.a_second + 1e-6


@given(st.lists(st.floats(1, 30), max_size=100))
def test_who_asks_no_faster_than_tokens_come_back_is_never_denied(gaps: list[float]):
    guard = Guard()
    assert all(guard.judge(said(), now) == 0 for now in itertools.accumulate(gaps))


@given(st.lists(st.tuples(st.integers(1, 50), st.sampled_from([0, -5, -6])), max_size=300))
def test_never_are_more_buckets_kept_than_may_be(senders: list[tuple[int, int]]):
    guard = Guard(most_buckets=10)
    for sender, chat in senders:
        guard.judge(said(sender, chat), 0.0)
        assert len(guard._buckets) <= 10


def test_denials_are_counted_in_a_row_until_the_bucket_has_been_full_again():
    guard = Guard()
    passed(guard, said(), int(READER.burst))
    assert [guard.judge(said(), 0.0) for _ in range(3)] == [1, 2, 3]
    assert guard.judge(said(), 0.5) == 4
    assert [guard.judge(said(), 1.5), guard.judge(said(), 1.6)] == [0, 5]
    quiet = READER.burst / READER.a_second + 2
    assert passed(guard, said(), int(READER.burst), quiet) == READER.burst
    assert guard.judge(said(), quiet) == 1
    assert guard.dropped == 6


def test_staff_has_a_larger_bucket_and_not_an_endless_one():
    assert passed(Guard(frozenset({100})), said(), 1000) == STAFF.burst


def test_typing_in_the_inline_mode_takes_nothing_from_the_commands():
    guard = Guard()
    assert passed(guard, said(kind="inline_query"), 1000) == TYPING.burst
    assert passed(guard, said(), 1000) == READER.burst


def test_one_flooder_in_a_group_leaves_the_others_there_their_part():
    guard = Guard()
    assert passed(guard, said(100, -5), 1000) == READER.burst
    assert passed(guard, said(200, -5), 10) == 10


def test_many_people_together_do_not_get_more_out_of_one_group_than_it_may_have():
    guard = Guard()
    assert sum(passed(guard, said(sender, -5), 10) for sender in range(1, 50)) == SHARED.burst


def test_what_tells_of_a_chats_fate_always_passes():
    guard = Guard()
    assert passed(guard, said(binding=True), 1000) == 1000


def test_too_many_that_wait_in_one_chat_are_denied_whatever_the_bucket_holds():
    guard = Guard()
    assert guard.judge(said(), 0.0, MOST_WAITING - 1) == 0
    assert guard.judge(said(), 0.0, MOST_WAITING) == 1


@pytest.mark.parametrize("sender", [0, -1001])
def test_who_writes_as_a_chat_has_the_bucket_of_that_chat(sender: int):
    guard = Guard()
    assert passed(guard, said(sender, -1001, kind="channel_post"), 1000) == READER.burst
