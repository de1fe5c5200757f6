"""One process at a time: who waits for whom, when another takes over, and that nobody goes on who was replaced."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.adapters.memory import Memory
from bot.core.model import SCHEDULER, SENDER, Holder, Lease
from bot.ports import LeaseLostError, TemporaryError
from bot.tenure import Pace, Seat, Tenure
from tests.timelapse import START, play

ONE = Holder("kyiv", 7, "one", bot=123)
TWO = Holder("lviv", 8, "two", bot=123)
PACE = Pace(renew=5, trust=15, lasts=30, look=1, still=60)


class Leases(Memory):
    """A store that can be out of reach, and that counts how often it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.broken = False
        self.renewals = 0

    async def leases(self) -> tuple[Lease, ...]:
        self._reach()
        return await super().leases()

    async def renew(self, lease: Lease) -> Lease:
        self._reach()
        self.renewals += 1
        return await super().renew(lease)

    def _reach(self) -> None:
        if self.broken:
            raise TemporaryError("database vistka: gone")


@dataclass
class Stage:
    """A store and what happens around it, in a loop in which waiting takes no time. `day` is the clock that people set."""

    store: Leases = field(default_factory=Leases)
    day: timedelta = timedelta(0)
    gone: set[Holder] = field(default_factory=set)
    told: list[str | None] = field(default_factory=list)
    held: list[tuple[str, ...]] = field(default_factory=list)

    def now(self) -> datetime:
        return datetime.fromtimestamp(START, tz=None).astimezone() + self.day

    def seat(self, holder: Holder, names: tuple[str, ...] = (SENDER,)) -> Seat:
        return Seat(
            leases=self.store,
            names=names,
            holder=holder,
            clock=self,
            steady=asyncio.get_running_loop().time,
            is_gone=self.gone.__contains__,
            holds=self.held.append,
            told=lambda lease: self.told.append(str(lease.holder) if lease else None),
            pace=PACE,
        )

    @asynccontextmanager
    async def killed(self, holder: Holder = ONE) -> AsyncIterator[Tenure]:
        """Let a process hold the seat and be no more after the block, as a kill leaves it: nothing is given back."""
        async with self.seat(holder).held(asyncio.Event()) as tenure:
            assert tenure
            yield tenure
            tenure._leases = Leases()


def elapsed() -> Callable[[], float]:
    begin = asyncio.get_running_loop().time()
    return lambda: asyncio.get_running_loop().time() - begin


def staged(scene: Callable[[Stage], Any]) -> Callable[[], None]:
    """Let a scene play in virtual time."""

    def run() -> None:
        play(lambda: scene(Stage()))

    run.__doc__ = scene.__doc__
    return run


@staged
async def test_a_free_seat_is_taken_at_once_and_given_back_at_the_end(stage):
    async with stage.seat(ONE).held(asyncio.Event()) as tenure:
        assert tenure[SENDER].holder == ONE
        assert (SENDER in tenure, SCHEDULER in tenure) == (True, False)
        assert stage.held == [(SENDER,)]
        await tenure.sure()
    assert stage.held == [(SENDER,), ()]
    assert [lease.holder for lease in await stage.store.leases()] == [None]


@staged
async def test_the_second_waits_says_so_once_and_follows_within_a_moment_of_the_first_ending(stage):
    waiting = None
    async with stage.seat(ONE).held(asyncio.Event()):
        waiting = asyncio.create_task(enter(stage.seat(TWO)))
        await asyncio.sleep(200)
        assert not waiting.done()
        since = elapsed()
    await waiting
    assert since() <= PACE.look + 0.1
    assert stage.told == ["process 7 on kyiv, for bot 123", None]


async def enter(seat: Seat, stop: asyncio.Event | None = None) -> Tenure | None:
    """Wait for a seat and keep it until the loop ends."""
    context = seat.held(stop or asyncio.Event())
    tenure = await context.__aenter__()
    _KEPT.append(context)
    return tenure


_KEPT: list[Any] = []


@staged
async def test_after_a_kill_elsewhere_the_lease_runs_out(stage):
    async with stage.killed():
        pass
    since = elapsed()
    await enter(stage.seat(TWO))
    assert PACE.lasts <= since() <= PACE.lasts + 2 * PACE.look


@staged
async def test_a_process_that_ended_on_this_machine_is_replaced_at_once(stage):
    async with stage.killed():
        pass
    stage.gone.add(ONE)
    since = elapsed()
    tenure = await enter(stage.seat(TWO))
    assert since() < PACE.look
    assert tenure[SENDER].number == 2


@staged
async def test_a_clock_that_is_set_by_a_day_moves_no_lease(stage):
    async with stage.seat(ONE).held(asyncio.Event()) as first:
        waiting = asyncio.create_task(enter(stage.seat(TWO)))
        for day in (1, -1, 0):
            stage.day = timedelta(days=day)
            await asyncio.sleep(60)
            await first.sure()
            assert not waiting.done()
        waiting.cancel()


@staged
async def test_who_was_replaced_while_paused_hears_so_before_anything_leaves(stage):
    async with stage.seat(ONE).held(asyncio.Event()) as paused:
        found = (await stage.store.leases())[0]
        taken = await stage.store.take(SENDER, TWO, stage.now(), found)
        paused._sure_until = 0.0  # the five minutes of a SIGSTOP
        with pytest.raises(LeaseLostError, match="process 8 on lviv, for bot 123 took over"):
            await paused.sure()
        assert paused.ended.is_set()
        with pytest.raises(LeaseLostError):
            await paused.sure()
    assert await stage.store.leases() == (taken,)


@staged
async def test_who_was_replaced_stops_by_itself(stage):
    async with stage.seat(ONE).held(asyncio.Event()) as paused:
        await stage.store.take(SENDER, TWO, stage.now(), (await stage.store.leases())[0])
        async with asyncio.timeout(PACE.renew + 1):
            await paused.ended.wait()


@staged
async def test_who_woke_and_was_not_replaced_goes_on(stage):
    async with stage.seat(ONE).held(asyncio.Event()) as woken:
        woken._sure_until = 0.0
        await asyncio.gather(*(woken.sure() for _ in range(5)))
        assert stage.store.renewals == 1
        assert not woken.ended.is_set()


@staged
async def test_nothing_leaves_while_nobody_can_tell_and_all_goes_on_after_that(stage):
    async with stage.seat(ONE).held(asyncio.Event()) as tenure:
        stage.store.broken = True
        await tenure.sure()
        await asyncio.sleep(PACE.trust + 1)
        with pytest.raises(TemporaryError):
            await tenure.sure()
        assert not tenure.ended.is_set()
        stage.store.broken = False
        await tenure.sure()


@staged
async def test_a_holder_stops_trusting_before_another_may_take_over(stage):
    async with stage.killed() as tenure:
        waiting = asyncio.create_task(enter(stage.seat(TWO)))
        await asyncio.sleep(PACE.renew + 0.5)
        tenure._leases = stage.store
        stage.store.broken = True
        with suppress(TemporaryError):
            while True:
                await tenure.sure()
                await asyncio.sleep(0.1)
        assert not waiting.done()
        stage.store.broken = False
        waiting.cancel()


@staged
async def test_time_in_which_nobody_could_look_counts_for_little(stage):
    async with stage.killed():
        pass
    seat, now = stage.seat(TWO), 100.0
    seat.steady = lambda: now
    assert await seat._try() is None
    now += 8 * 60 * 60  # the machine slept, and who holds the lease wakes at the same time
    assert await seat._try() is None
    looks = 1
    while not await seat._try():
        now += 0.5
        looks += 1
    assert looks * 0.5 + PACE.longest_look >= PACE.lasts


@staged
async def test_who_stands_still_for_a_minute_lets_the_lease_run_out(stage):
    tenure = await stage.seat(ONE)._try()
    assert tenure
    keeping = asyncio.create_task(tenure.keep(stage.store))
    since = elapsed()
    await enter(stage.seat(TWO))
    assert PACE.still + PACE.lasts - PACE.renew <= since() <= PACE.still + PACE.lasts + PACE.renew
    living = asyncio.create_task(tenure.live())
    await keeping
    assert tenure.ended.is_set()
    living.cancel()


@staged
async def test_both_roles_are_taken_or_none(stage):
    async with stage.seat(TWO).held(asyncio.Event()):
        waiting = asyncio.create_task(enter(stage.seat(ONE, (SCHEDULER, SENDER))))
        await asyncio.sleep(60)
        assert [lease.holder for lease in await stage.store.leases()] == [TWO]
    tenure = await waiting
    assert (SCHEDULER in tenure, SENDER in tenure) == (True, True)


@staged
async def test_of_two_who_reach_for_it_at_once_one_gets_it(stage):
    tenures = [asyncio.create_task(enter(stage.seat(holder, (SCHEDULER, SENDER)))) for holder in (ONE, TWO)]
    await asyncio.sleep(60)
    assert sorted(task.done() for task in tenures) == [False, True]
    for task in tenures:
        task.cancel()


@staged
async def test_a_stop_ends_the_waiting_and_the_tenure(stage):
    stop = asyncio.Event()
    async with stage.seat(ONE).held(stop) as tenure:
        waiting = asyncio.create_task(enter(stage.seat(TWO), stop))
        await asyncio.sleep(5)
        stop.set()
        assert await waiting is None
        await tenure.ended.wait()


@staged
async def test_work_that_ends_is_begun_anew_for_as_long_as_nobody_says_stop(stage):
    stop, held = asyncio.Event(), []

    async def task(tenure):
        held.append(tenure[SENDER].holder)
        if len(held) == 2:
            stop.set()

    await stage.seat(ONE).work(stop, task)
    assert held == [ONE, ONE]
    assert stage.held == [(SENDER,), (), (SENDER,), ()]


@staged
async def test_a_stop_while_another_holds_the_seat_begins_no_work(stage):
    stop, begun = asyncio.Event(), []
    async with stage.seat(ONE).held(asyncio.Event()):
        asyncio.get_running_loop().call_later(5, stop.set)
        await stage.seat(TWO).work(stop, begun.append)
    assert begun == []


@staged
async def test_a_database_that_is_out_of_reach_is_waited_for(stage):
    stage.store.broken = True
    waiting = asyncio.create_task(enter(stage.seat(ONE)))
    await asyncio.sleep(60)
    assert not waiting.done()
    stage.store.broken = False
    assert (await waiting)[SENDER].holder == ONE


def test_the_paces_leave_time_for_what_left_at_the_last_moment_to_arrive():
    pace = Pace()
    assert pace.renew * 2 < pace.trust
    assert pace.trust + 10 < pace.lasts
    assert replace(pace, look=1).look < pace.renew
