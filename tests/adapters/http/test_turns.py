"""One request at a time per host, in order of arrival, and nothing left over."""

from __future__ import annotations

import asyncio

import pytest

from bot.adapters.http.turns import MOST_KEPT, NoTurnError, Turns


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


class Asker:
    """Takes a turn, notes it, and keeps it until he is let go."""

    def __init__(self, turns: Turns, log: list[str], host: str, name: str) -> None:
        self.let_go = asyncio.Event()
        self.task = asyncio.create_task(self._ask(turns, log, host, name))

    async def _ask(self, turns: Turns, log: list[str], host: str, name: str) -> None:
        await turns.take(host)
        try:
            log.append(name)
            await self.let_go.wait()
        finally:
            turns.leave(host)


def is_empty(turns: Turns) -> bool:
    return not turns._waiting and not turns._slots.locked()


async def test_a_host_has_one_at_a_time_in_order_of_arrival_and_others_do_not_wait() -> None:
    turns, log = Turns(), []
    askers = [Asker(turns, log, host, name) for host, name in (("a", "a1"), ("a", "a2"), ("b", "b1"), ("a", "a3"))]
    await settled()
    assert log == ["a1", "b1"]
    for asker in askers:
        asker.let_go.set()
    await asyncio.gather(*(asker.task for asker in askers))
    assert log == ["a1", "b1", "a2", "a3"]
    assert is_empty(turns)


async def test_who_gives_up_leaves_his_place_to_the_next() -> None:
    turns, log = Turns(), []
    askers = [Asker(turns, log, "a", name) for name in ("1", "2", "3")]
    await settled()
    askers[1].task.cancel()
    await settled()
    askers[0].let_go.set()
    await settled()
    assert log == ["1", "3"]
    askers[2].let_go.set()
    await asyncio.wait([asker.task for asker in askers])
    assert is_empty(turns)


async def test_a_turn_that_comes_to_one_who_is_just_leaving_is_not_lost() -> None:
    turns, log = Turns(), []
    askers = [Asker(turns, log, "a", name) for name in ("1", "2", "3")]
    await settled()
    askers[0].let_go.set()
    await asyncio.sleep(0)
    askers[1].task.cancel()
    await settled()
    assert log == ["1", "3"]
    askers[2].let_go.set()
    await asyncio.wait([asker.task for asker in askers])
    assert is_empty(turns)


async def test_no_more_hosts_than_there_are_slots_are_asked_at_once() -> None:
    turns, log = Turns(at_once=2), []
    askers = [Asker(turns, log, host, host) for host in "abcd"]
    await settled()
    assert log == ["a", "b"]
    askers[2].task.cancel()
    await settled()
    for asker in askers:
        asker.let_go.set()
    await asyncio.wait([asker.task for asker in askers])
    assert log == ["a", "b", "d"]
    assert is_empty(turns)


async def test_nobody_waits_for_ever() -> None:
    turns, log = Turns(patience=0.01), []
    first = Asker(turns, log, "a", "1")
    await settled()
    with pytest.raises(NoTurnError, match="no turn within"):
        await turns.take("a")
    first.let_go.set()
    await first.task
    assert is_empty(turns)


async def test_the_hosts_asked_last_are_regulars_and_no_others_are_remembered() -> None:
    turns = Turns()
    assert [turns.is_regular("a"), turns.is_regular("a")] == [False, True]
    for number in range(3 * MOST_KEPT):
        turns.is_regular(str(number))
    assert not turns.is_regular("a")
    assert len(turns._regulars) == MOST_KEPT
