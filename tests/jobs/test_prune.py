"""What told nothing is forgotten after a while, and stays known."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from bot.adapters.memory import Memory
from bot.core.model import Sifted
from bot.jobs.prune import JOB, KEPT, prune
from tests.adapters.records import NOON, item, opened

DAY = timedelta(days=1)


class Slow(Memory):
    """A store that forgets one item at a time."""

    async def prune(self, before, now):
        shelf = self._tables.shelf
        for number in shelf.old(before, set())[:1]:
            shelf.bury(number, now)
            return 1
        return 0


def ports(store, at, *, stopping=False):
    return SimpleNamespace(store=store, clock=SimpleNamespace(now=lambda: at), stopping=lambda: stopping)


async def test_items_that_told_nothing_are_forgotten_after_ninety_days_and_never_come_back():
    store = Memory()
    await store.remember([item(1)], (), NOON)
    await opened(store, 2)
    await JOB.run(ports(store, NOON + KEPT))
    assert (await store.stats()).items == 2
    await JOB.run(ports(store, NOON + KEPT + DAY))
    assert (await store.stats()).items == 1
    assert await store.sift([item(1)], NOON) == Sifted()


async def test_all_that_is_old_is_forgotten_in_one_run_unless_the_daemon_stops():
    store = Slow()
    await store.remember([item(number) for number in range(4)], (), NOON)
    late = NOON + KEPT + DAY
    await prune(ports(store, late, stopping=True))
    assert (await store.stats()).items == 4
    await prune(ports(store, late))
    assert (await store.stats()).items == 0
