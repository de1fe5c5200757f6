"""What told nothing is forgotten after a while, and stays known; where there is an archive, not before it is in there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from bot.adapters.memory import Memory
from bot.adapters.recording import MOST_ASIDE
from bot.core.model import Sifted
from bot.jobs.prune import JOB, KEPT, POSTS_KEPT, month_of, prune
from bot.ports import PermanentError
from tests.adapters.records import NOON, claim_one, item, opened, planned

DAY = timedelta(days=1)


class Slow(Memory):
    """A store that forgets one item at a time."""

    async def prune(self, before, now):
        shelf = self._tables.shelf
        while old := shelf.old(before, set()):
            shelf.bury(old[0], now)
            yield 1


class Archive:
    """Remembers what it was to write, as long as there is room."""

    def __init__(self, *, room: bool = True):
        self.written = []
        self.room = room

    async def write(self, since, before):
        if not self.room:
            raise PermanentError("no room")
        self.written.append((since, before))
        return "/kept/items"


def ports(store, at, *, archive=None, stopping=False):
    clock = SimpleNamespace(now=lambda: at)
    return SimpleNamespace(store=store, alarms=store, clock=clock, archive=archive, stopping=lambda: stopping)


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
    assert (await store.stats()).items == 3
    await prune(ports(store, late))
    assert (await store.stats()).items == 0


async def test_an_archive_gets_whole_months_before_they_are_forgotten():
    store, archive = Memory(), Archive()
    await store.remember([item(1)], (), NOON)
    end = datetime(2025, 7, 1, tzinfo=UTC)
    await prune(ports(store, end + KEPT - DAY, archive=archive))
    assert (await store.stats()).items == 1
    await prune(ports(store, end + KEPT, archive=archive))
    assert (await store.stats()).items == 0
    assert archive.written[-1] == (month_of(NOON), end)


async def test_what_cannot_be_archived_is_kept_and_the_admins_hear_of_it():
    store = Memory()
    await store.remember([item(1)], (), NOON)
    late = NOON + KEPT + 31 * DAY
    await prune(ports(store, late, archive=Archive(room=False)))
    assert (await store.stats()).items == 1
    assert [alarm.phrase for alarm in await store.untold()] == ["alarm.archive"]
    await prune(ports(store, late, archive=Archive()))
    assert (await store.stats()).items == 0
    assert await store.untold() == ()


async def test_an_archive_without_room_holds_up_only_what_was_to_go_there():
    store = Memory()
    event = await opened(store, plan=planned("post"))
    await store.sent(await claim_one(store), 501, "digest")
    for number in range(MOST_ASIDE + 1):
        await store.quarantine(number, "{}", "KeyError")
    await store.remember([item(9)], (), NOON)
    stones = store._tables.shelf.tombstones
    stones["long ago"] = NOON
    late = NOON + POSTS_KEPT + DAY
    await prune(ports(store, late, archive=Archive(room=False)))
    assert await store.posted(event.id) == ()
    assert stones == {}
    assert (await store.stats()).items == 2


async def test_a_post_is_known_for_a_year_after_its_event_was_last_heard_of():
    store = Memory()
    event = await opened(store, plan=planned("post"))
    await store.sent(await claim_one(store), 501, "digest")
    await prune(ports(store, NOON + POSTS_KEPT))
    assert [each.message_id for each in await store.posted(event.id)] == [501]
    await prune(ports(store, NOON + POSTS_KEPT + DAY))
    assert await store.posted(event.id) == ()
