"""What every store has to do that counts what sources bring: imported by the tests of each one."""

from __future__ import annotations

from datetime import date, timedelta

from bot.core.health import Past, Tally, past_of
from bot.core.model import Alarm, SourceDay
from tests.adapters.records import NOON

FIRST = date(2025, 6, 1)
LATELY = date(2025, 6, 8)
DAYS = (
    SourceDay("bereh", date(2025, 6, 1), items=4, undated=1),
    SourceDay("bereh", date(2025, 6, 3), items=5, unlinked=2, reports=3),
    SourceDay("bereh", date(2025, 6, 7), items=1),
    SourceDay("bereh", date(2025, 6, 9), items=2, undated=2, unlinked=1),
    SourceDay("vestnik", date(2025, 6, 9), items=7, reports=1),
)


async def test_nothing_is_known_of_a_source_that_brought_nothing(store):
    assert await store.pasts(FIRST, LATELY) == {}


async def test_a_past_is_what_the_days_of_a_source_come_to(store):
    for day in DAYS:
        await store.note(day)
    pasts = await store.pasts(FIRST, LATELY)
    assert pasts["bereh"] == Past(
        first=date(2025, 6, 1),
        last=date(2025, 6, 9),
        days=4,
        telling=1,
        told=date(2025, 6, 3),
        since=2,
        before=Tally(10, 1, 2),
        lately=Tally(2, 2, 1),
    )
    assert pasts == {name: past_of([day for day in DAYS if day.source_id == name], LATELY) for name in pasts}
    assert set(pasts) == {"bereh", "vestnik"}


async def test_what_comes_on_one_day_adds_up(store):
    for _ in range(3):
        await store.note(SourceDay("bereh", FIRST, items=2, undated=1, unlinked=1, reports=1))
    (past,) = (await store.pasts(FIRST, LATELY)).values()
    assert (past.days, past.before) == (1, Tally(6, 3, 3))


async def test_days_before_the_first_do_not_count_and_can_be_forgotten(store):
    for day in DAYS:
        await store.note(day)
    later = await store.pasts(FIRST + timedelta(days=1), LATELY)
    assert (later["bereh"].first, later["bereh"].days) == (date(2025, 6, 3), 3)
    await store.forget(date(2025, 6, 9))
    assert (await store.pasts(FIRST, LATELY))["bereh"].days == 1


async def test_the_alarms_that_stand_are_known_by_how_their_keys_begin(store):
    for key in ("source:silent:a", "source:ended:b_%", "Source:x", "sourc", "chat:7"):
        await store.raise_alarm(Alarm(key, "alarm.suspended", {}, NOON))
    assert await store.standing("source:") == {"source:silent:a", "source:ended:b_%"}
    await store.told(["source:silent:a"])
    await store.clear("source:ended:b_%")
    assert await store.standing("source:") == {"source:silent:a"}
