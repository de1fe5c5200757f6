"""The store is backed up once a day, and the admins hear where that fails."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from bot.adapters.memory import Memory
from bot.jobs.backup import EVERY, JOB
from bot.ports import PermanentError
from tests.adapters.records import NOON
from tests.tallying import Tallied

HOUR = timedelta(hours=1)


class Folder:
    """Keeps when backups were made, as long as there is room."""

    def __init__(self, *times):
        self.times = sorted(times)
        self.room = True

    async def made(self):
        return tuple(self.times)

    async def make(self, at):
        if not self.room:
            raise PermanentError("/kept: cannot be written (No space left on device); make room there")
        self.times.append(at)
        return "/kept/file"

    async def thin(self, keep):
        gone = [at for at in self.times if at not in keep]
        self.times = [at for at in self.times if at in keep]
        return len(gone)


def ports(folder, at=NOON, store=None, *, stopping=False, tally=None):
    clock = SimpleNamespace(now=lambda: at)
    return SimpleNamespace(
        backups=folder, clock=clock, alarms=store or Memory(), stopping=lambda: stopping, tally=tally or Tallied()
    )


async def test_when_the_newest_was_made_is_told_to_those_who_watch():
    tally = Tallied()
    await JOB.run(ports(Folder(NOON), NOON + HOUR, tally=tally))
    assert tally.noted == {("backup_newest_timestamp_seconds",): NOON.timestamp()}


async def test_a_day_after_the_last_one_the_next_is_made_whatever_was_restarted_meanwhile():
    folder = Folder()
    for hour in range(50):
        await JOB.run(ports(folder, NOON + hour * HOUR))
    assert folder.times == [NOON, NOON + EVERY, NOON + 2 * EVERY]


async def test_one_from_before_the_clock_was_set_back_holds_up_none():
    folder = Folder(NOON + 50 * HOUR)
    await JOB.run(ports(folder))
    assert NOON in folder.times


async def test_an_old_one_that_stays_is_no_backup_that_failed():
    class Stuck(Folder):
        async def thin(self, keep):
            raise PermanentError("/kept/file: cannot be taken away (Read-only file system); remove it by hand")

    folder, store = Stuck(), Memory()
    await JOB.run(ports(folder, store=store))
    assert folder.times == [NOON]
    assert await store.untold() == ()


async def test_old_ones_are_taken_away():
    folder = Folder(*(NOON - day * EVERY for day in range(1, 60)))
    await JOB.run(ports(folder))
    assert len(folder.times) <= 11


async def test_without_a_folder_nothing_is_done():
    await JOB.run(ports(None))


async def test_the_admins_hear_of_a_failure_until_it_is_over():
    folder, store = Folder(), Memory()
    folder.room = False
    for hour in range(3):
        await JOB.run(ports(folder, NOON + hour * HOUR, store))
    (alarm,) = await store.untold()
    assert (alarm.phrase, alarm.at) == ("alarm.backup", NOON)
    assert "No space left" in alarm.values["error"]
    folder.room = True
    await JOB.run(ports(folder, NOON + 4 * HOUR, store))
    assert await store.untold() == ()


async def test_a_backup_that_a_stop_cut_short_is_no_failure():
    folder, store = Folder(), Memory()
    folder.room = False
    await JOB.run(ports(folder, NOON, store, stopping=True))
    assert await store.untold() == ()
