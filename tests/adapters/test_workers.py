"""Workers: there within milliseconds, gone when nobody needs them, and ended by the limit that they broke."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from bot.adapters.workers import Limits, OverLimitError, WorkerlessError, Workers
from tests.adapters.working import fail, group, hand_back, keep, spin, take, who
from tests.tallying import Tallied


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


async def until_gone(process: int) -> None:
    async with asyncio.timeout(20):
        while is_alive(process):  # noqa: ASYNC110  (nobody tells when a process of another process ends)
            await asyncio.sleep(0)


async def test_workers_come_from_one_nursery_and_go_one_after_the_other():
    workers = Workers(2, Limits(idle=0.02))
    (first, nursery), (second, same) = await asyncio.gather(workers.run(who), workers.run(who))
    assert nursery == same
    for process in (first, second, nursery):
        await until_gone(process)
    third, another = await workers.run(who)
    assert another != nursery
    await workers.close()
    assert not is_alive(third)
    assert not is_alive(another)


async def test_a_key_that_interrupts_the_daemon_interrupts_no_worker():
    workers = Workers(1, Limits())
    found = await workers.run(group)
    await workers.close()
    assert found != os.getpgrp()


async def test_the_last_one_used_is_used_again():
    workers = Workers(2, Limits())
    used = {(await workers.run(who))[0] for _ in range(5)}
    await workers.close()
    assert len(used) == 1


@pytest.mark.parametrize(
    ("limits", "work", "given", "reason"),
    [
        (Limits(processor=0.05), spin, (), "more than 0.05 s of processor time"),
        (Limits(seconds=0.05), spin, (), "more than 0.05 s$"),
        (Limits(memory=16 << 20), take, (64 << 20,), "too much memory"),
        (Limits(), os._exit, (3,), "broke what reads it"),
        (Limits(), os.abort, (), "broke what reads it"),
    ],
)
async def test_who_breaks_a_limit_is_told_which_and_the_next_one_is_served(limits, work, given, reason):
    workers = Workers(1, limits)
    with pytest.raises(OverLimitError, match=reason):
        await workers.run(work, *given)
    assert await workers.run(take, 5) == 5
    await workers.close()


async def test_workers_are_counted_as_they_come_and_as_a_limit_ends_them():
    tally = Tallied()
    workers = Workers(1, Limits(processor=0.05), tally=tally)
    for _ in range(2):
        with pytest.raises(OverLimitError):
            await workers.run(spin)
    await workers.close()
    assert tally.counted == {("worker_processes_total", "started"): 2, ("worker_processes_total", "processor"): 2}


async def test_the_processor_time_of_one_is_not_charged_to_the_next():
    workers = Workers(1, Limits(processor=0.2))
    for turn in range(1, 4):
        await workers.run(spin, 0.1 * turn)
    await workers.close()


async def test_who_keeps_a_lot_is_replaced():
    workers = Workers(1, Limits())
    first, second, third = [await workers.run(keep, size) for size in (1 << 20, 64 << 20, 1)]
    await workers.close()
    assert first == second != third


async def test_what_was_given_up_holds_nobody_up():
    workers = Workers(1, Limits())
    (busy, _) = await workers.run(who)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(workers.run(spin), 0.05)
    assert (await workers.run(who))[0] != busy
    await workers.close()


async def test_a_large_body_goes_there_and_back():
    workers = Workers(1, Limits())
    body = os.urandom(8 << 20)
    assert await workers.run(hand_back, body) == body
    await workers.close()


async def test_what_cannot_be_handed_back_is_an_error_of_its_own():
    workers = Workers(1, Limits())
    with pytest.raises(RuntimeError, match="in passing on"):
        await workers.run(exec, "raise type('Odd', (Exception,), {})")
    await workers.close()


async def test_where_nothing_can_be_loaded_nobody_works(capfd: pytest.CaptureFixture[str]):
    workers = Workers(1, Limits(), fail)
    with pytest.raises(WorkerlessError, match="standard error"):
        await workers.run(who)
    await workers.close()


async def test_work_goes_on_when_the_nursery_has_died():
    workers = Workers(2, Limits(calls=1))
    _, nursery = await workers.run(who)
    os.kill(nursery, 9)
    await until_gone(nursery)
    assert (await workers.run(who))[1] != nursery
    await workers.close()
