"""Lanes run side by side, those of one lane in turn, and nothing is lost or done twice."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from bot.adapters.queue import EmbeddedQueue


class Work:
    """Takes a few turns of the loop for each source, or as long as it is held."""

    def __init__(self) -> None:
        self.running: list[str] = []
        self.most, self.most_of_a_lane = 0, 0
        self.done: list[str] = []
        self.held: dict[str, asyncio.Event] = {}
        self.broken: set[str] = set()

    async def __call__(self, name: str) -> None:
        self.running.append(name)
        self.most = max(self.most, len(self.running))
        self.most_of_a_lane = max(self.most_of_a_lane, *Counter(each[0] for each in self.running).values())
        if name in self.held:
            await self.held[name].wait()
        for _ in range(3):
            await asyncio.sleep(0)
        self.running.remove(name)
        self.done.append(name)
        if name in self.broken:
            raise ZeroDivisionError


@pytest.fixture
def work() -> Work:
    return Work()


async def put(queue: EmbeddedQueue, *names: str) -> list[bool]:
    """Put sources in; the first letter is the lane."""
    return list(await queue.put([(name, name[0]) for name in names]))


async def idle(queue: EmbeddedQueue) -> None:
    await asyncio.wait_for(queue.idle(), 10)


async def test_lanes_run_side_by_side_and_one_lane_in_turn(work: Work) -> None:
    queue = EmbeddedQueue(work, at_once=3)
    await put(queue, *(f"{lane}{number}" for lane in "abcde" for number in range(4)))
    await idle(queue)
    assert (work.most, work.most_of_a_lane, len(work.done)) == (3, 1, 20)
    assert [name for name in work.done if name[0] == "a"] == ["a0", "a1", "a2", "a3"]


async def test_a_source_is_in_it_once_until_its_work_is_done(work: Work) -> None:
    queue = EmbeddedQueue(work)
    work.held["a"] = asyncio.Event()
    assert await put(queue, "a", "a", "ab", "ab") == [True, False, True, False]
    await asyncio.sleep(0)
    assert await put(queue, "a") == [False]
    work.held["a"].set()
    await idle(queue)
    assert await put(queue, "a") == [True]
    await idle(queue)
    assert work.done == ["a", "ab", "a"]


async def test_a_slow_lane_holds_up_no_other(work: Work) -> None:
    queue = EmbeddedQueue(work, at_once=2)
    work.held["a"] = asyncio.Event()
    await put(queue, "a", "a1", "b", "b1", "c", "c1")
    for _ in range(40):
        await asyncio.sleep(0)
    assert sorted(work.done) == ["b", "b1", "c", "c1"]
    work.held["a"].set()
    await idle(queue)
    assert work.done[-2:] == ["a", "a1"]


async def test_what_breaks_stops_nothing(work: Work) -> None:
    queue = EmbeddedQueue(work, at_once=1)
    work.broken = {"a", "b"}
    await put(queue, "a", "a1", "b", "c")
    await idle(queue)
    assert sorted(work.done) == ["a", "a1", "b", "c"]


async def test_lanes_take_turns_however_long_one_is(work: Work) -> None:
    queue = EmbeddedQueue(work, at_once=1)
    await put(queue, "a1", "a2", "a3", "b1", "c1")
    await idle(queue)
    assert work.done == ["a1", "b1", "c1", "a2", "a3"]


async def test_at_the_end_what_is_under_way_ends_and_what_waits_is_dropped(work: Work) -> None:
    queue = EmbeddedQueue(work)
    work.held["a"] = asyncio.Event()
    await put(queue, "a", "a1", "a2")
    await asyncio.sleep(0)
    closing = asyncio.create_task(queue.close())
    await asyncio.sleep(0)
    assert await put(queue, "b") == [False]
    work.held["a"].set()
    await asyncio.wait_for(closing, 10)
    assert work.done == ["a"]


async def test_what_does_not_end_in_time_is_cut_off(work: Work) -> None:
    queue = EmbeddedQueue(work)
    work.held["a"] = asyncio.Event()
    await put(queue, "a")
    await asyncio.sleep(0)
    await asyncio.wait_for(queue.close(patience=0), 10)
    assert work.done == []


async def test_an_empty_queue_is_idle(work: Work) -> None:
    await idle(EmbeddedQueue(work))
