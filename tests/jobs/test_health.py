"""The admins hear of a source that ails once, and again only after it was well."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from bot.adapters.memory import Memory
from bot.core.health import LATELY, REMEMBERED
from bot.core.model import PollState, Source, SourceDay
from bot.core.render import Renderer
from bot.jobs.health import JOB, look
from tests.examples import BOOKS

NOW = datetime(2025, 6, 18, 12, tzinfo=UTC)
DAY = timedelta(days=1)
BEREH = Source("bereh", "Берег <b>", "rss", "https://bereh.example/rss", "uk")
OTHERS = tuple(replace(BEREH, id=f"s{number}", name=f"S{number}") for number in range(9))
WELL = PollState(source_id="bereh", next_at=NOW, last_success=NOW)
ILL = replace(WELL, failures=9, failing_since=NOW - 4 * DAY, error="https://bereh.example/rss: status 500")


@dataclass
class House:
    """What the job is given."""

    store: Memory = field(default_factory=Memory)
    now: datetime = NOW
    sources: tuple[Source, ...] = (BEREH, *OTHERS)

    async def look(self) -> set[str]:
        """Run the job and return the alarms that stand after it."""
        store, clock = self.store, SimpleNamespace(now=lambda: self.now)
        await look(SimpleNamespace(clock=clock, queries=store, alarms=store, diary=store, sources=self.sources))
        return set(await store.standing(""))

    async def brought(self, first: date, last: date) -> None:
        """Let the source bring an item with a report on each of some days."""
        for number in range((last - first).days + 1):
            await self.store.note(SourceDay("bereh", first + number * DAY, items=3, reports=1))


@pytest.fixture
def house() -> House:
    return House()


async def test_a_source_that_fails_is_told_of_once_and_again_after_it_was_well(house):
    await house.store.save_poll(ILL)
    assert await house.look() == {"source:failing:bereh"}
    assert [alarm.key for alarm in await house.store.untold()] == ["source:failing:bereh"]
    await house.store.told(["source:failing:bereh"])
    house.now += DAY
    assert await house.look() == {"source:failing:bereh"}
    assert await house.store.untold() == ()
    await house.store.save_poll(WELL)
    assert await house.look() == set()
    await house.store.save_poll(ILL)
    await house.look()
    assert len(await house.store.untold()) == 1


async def test_a_source_that_fell_silent_is_told_of_until_it_brings_something(house):
    await house.brought(NOW.date() - 40 * DAY, NOW.date() - 6 * DAY)
    await house.store.save_poll(WELL)
    assert await house.look() == {"source:silent:bereh"}
    await house.brought(NOW.date(), NOW.date())
    assert await house.look() == set()


async def test_a_failure_now_and_then_hides_no_silence_and_it_is_told_once(house):
    await house.brought(NOW.date() - 40 * DAY, NOW.date() - 6 * DAY)
    for hour in range(6):
        house.now = NOW + timedelta(hours=hour)
        failing = {"failures": 1, "failing_since": house.now} if hour % 2 else {}
        await house.store.save_poll(replace(WELL, last_success=house.now, **failing))
        assert await house.look() == {"source:silent:bereh"}


async def test_a_silence_lasts_however_long_it_is(house):
    await house.brought(NOW.date() - 40 * DAY, NOW.date() - 6 * DAY)
    for days in (0, 70, 80, 100):
        house.now = NOW + days * DAY
        await house.store.save_poll(replace(WELL, last_success=house.now))
        assert await house.look() == {"source:silent:bereh"}


async def test_an_outage_ends_no_alarm_and_tells_none_anew(house):
    await house.brought(NOW.date() - 40 * DAY, NOW.date() - 6 * DAY)
    await house.store.save_poll(WELL)
    await house.store.save_poll(replace(ILL, source_id="s1"))
    alarms = {"source:silent:bereh", "source:failing:s1"}
    assert await house.look() == alarms
    for source in house.sources:
        state = replace(WELL, source_id=source.id, failures=1, failing_since=NOW)
        await house.store.save_poll(replace(ILL, source_id="s1") if source.id == "s1" else state)
    assert await house.look() == {"source:most", *alarms}
    for source in house.sources:
        await house.store.save_poll(replace(ILL if source.id == "s1" else WELL, source_id=source.id))
    assert await house.look() == alarms


async def test_a_dry_source_is_well_when_it_tells_of_something_again(house):
    await house.brought(NOW.date() - 60 * DAY, NOW.date() - 10 * DAY)
    for number in range(10):
        await house.store.note(SourceDay("bereh", NOW.date() - number * DAY, items=3))
    await house.store.save_poll(WELL)
    assert await house.look() == {"source:dry:bereh"}
    await house.store.save_poll(replace(WELL, failures=1, failing_since=NOW))
    assert await house.look() == {"source:dry:bereh"}
    await house.store.save_poll(WELL)
    await house.brought(NOW.date(), NOW.date())
    assert await house.look() == set()


async def test_an_alarm_of_a_source_that_is_no_longer_configured_ends(house):
    await house.store.save_poll(ILL)
    await house.look()
    house.sources = OTHERS
    assert await house.look() == set()


async def test_an_outage_of_ours_is_one_alarm(house):
    for source in house.sources:
        await house.store.save_poll(replace(ILL, source_id=source.id))
    assert await house.look() == {"source:most"}


async def test_what_is_older_than_what_is_looked_at_is_forgotten(house):
    await house.brought(NOW.date() - REMEMBERED - 5 * DAY, NOW.date() - REMEMBERED)
    await house.look()
    past = (await house.store.pasts(date.min, NOW.date() - LATELY))["bereh"]
    assert past.days == 1


@pytest.mark.parametrize("language", BOOKS)
@pytest.mark.parametrize("count", [1, 3, 5, 21])
async def test_every_alarm_is_said_in_every_language_with_its_remedy(language, count):
    values = {"name": "Берег <b>", "id": "bereh", "count": str(count), "all": "120", "error": "status 500"}
    alarms = [
        SimpleNamespace(phrase=f"alarm.source.{name}", values=values)
        for name in ("ended", "failing", "silent", "dry", "undated", "unlinked", "most")
    ]
    text = Renderer(BOOKS).alarms(alarms, language).text
    assert text.count("vistka sources test bereh") == 6
    assert text.count("Берег &lt;b&gt;") == 6
    assert "{" not in text


def test_sources_are_looked_after_every_ten_minutes():
    assert (JOB.name, JOB.seconds) == ("health", 600.0)
