"""What every store has to remember of sources: imported by the tests of each one, as `store_contract` is."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.core.model import PollState, QuietPoll, Rest, Source
from bot.core.schedule import GONE, quieted

NOW = datetime(2025, 6, 9, 12, tzinfo=UTC)
OFTEN = timedelta(minutes=10)
EVERYTHING = PollState(
    source_id="bereh",
    next_at=NOW,
    configured="https://bereh.example/rss",
    address="https://new.example/rss",
    moves=("https://bereh.example/rss", "https://old.example/Ї"),
    moved_to="https://newest.example/rss",
    moved_days=2,
    moved_on=date(2025, 6, 8),
    etag='"7"',
    last_modified="Mon, 09 Jun 2025 12:00:00 GMT",
    body_hash="ab" * 32,
    rest=Rest(900.0, frozenset({1, 2}), frozenset({6})),
    rhythm=600.5,
    interval=300.25,
    asked_until=NOW + timedelta(hours=1),
    polled_at=NOW - timedelta(minutes=1),
    live_until=NOW + timedelta(hours=2),
    failures=2,
    failing_since=NOW - timedelta(days=1),
    error="немає відповіді",
    ended=NOW,
    first_success=NOW - timedelta(days=9),
    last_success=NOW - timedelta(days=2),
    last_item=NOW - timedelta(days=3),
)


def source(name: str, url: str = "") -> Source:
    return Source(name, name, "rss", url or f"https://{name}.example/rss", "uk")


async def waiting(store, **minutes: float) -> None:
    """Enlist sources by name and let them be due so many minutes from now."""
    await store.enlist([source(name) for name in minutes], NOW)
    states = await store.poll_states()
    for name, wait in minutes.items():
        await store.save_poll(replace(states[name], next_at=NOW + timedelta(minutes=wait)))


async def due(store, limit: int = 100, besides: frozenset[str] = frozenset(), now: datetime = NOW) -> list[str]:
    return [state.source_id for state in await store.due(now, limit, besides)]


async def waits(store) -> dict[str, float]:
    """Return in how many minutes each source is due."""
    return {name: (state.next_at - NOW).total_seconds() / 60 for name, state in (await store.poll_states()).items()}


async def test_all_that_is_known_of_a_source_comes_back(store):
    await store.save_poll(replace(EVERYTHING, failures=1))
    await store.save_poll(EVERYTHING)
    assert await store.state("bereh") == EVERYTHING
    assert dict(await store.poll_states()) == {"bereh": EVERYTHING}
    assert await store.state("nobody") is None


async def test_many_polls_that_are_saved_at_once_are_all_remembered_the_last_of_each_source(store):
    states = [PollState(source_id=f"s{number % 50}", next_at=NOW, failures=number) for number in range(150)]
    await asyncio.gather(*map(store.save_poll, states))
    found = await store.poll_states()
    assert sorted(state.failures for state in found.values()) == list(range(100, 150))


async def test_a_quiet_poll_changes_times_and_nothing_else(store):
    await store.save_poll(EVERYTHING)
    poll = QuietPoll("bereh", NOW + OFTEN, NOW + 2 * OFTEN, 600.0, None)
    await store.save_quiet(poll)
    await store.save_quiet(replace(poll, source_id="unknown"))
    assert dict(await store.poll_states()) == {"bereh": quieted(EVERYTHING, poll)}


async def test_new_sources_are_due_and_known_ones_stay_as_they_are(store):
    await waiting(store, a=60)
    await store.enlist([source("a"), source("b")], NOW)
    assert await waits(store) == {"a": 60, "b": 0}
    assert (await store.state("b")).configured == "https://b.example/rss"


async def test_a_source_whose_configured_address_changed_starts_anew(store):
    await store.save_poll(replace(EVERYTHING, source_id="a"))
    await store.enlist([source("a", "https://elsewhere.example/")], NOW)
    assert await store.state("a") == PollState(source_id="a", next_at=NOW, configured="https://elsewhere.example/")


async def test_sources_are_polled_while_they_are_listed_and_have_not_ended(store):
    await waiting(store, a=0, b=0, c=0)
    await store.save_poll(replace(await store.state("c"), ended=NOW))
    await store.enlist([source("b"), source("c")], NOW)
    assert await due(store) == ["b"]
    await store.enlist([source("a")], NOW)
    await store.save_poll(await store.state("b"))
    assert await due(store) == ["a"]


async def test_those_are_due_that_have_waited_longest_but_for_some(store):
    await waiting(store, late=-1, later=-9, early=1, now=0)
    assert await due(store) == ["later", "late", "now"]
    assert await due(store, limit=2) == ["later", "late"]
    assert await due(store, limit=1, besides=frozenset({"later"})) == ["late"]
    assert await due(store, besides=frozenset({"later", "late", "now", "unknown"})) == []


async def test_a_poll_that_ends_while_the_due_are_looked_up_is_not_due_again(store):
    await waiting(store, a=-1, b=-1)
    under_way = {"a": None}
    asyncio.get_running_loop().call_soon(under_way.clear)
    assert [state.source_id for state in await store.due(NOW, 10, under_way.keys())] == ["b"]


async def test_who_would_wait_longer_than_anything_makes_wait_is_due(store):
    await waiting(store, a=GONE / 60 * 1.1, b=60 * 24 * 365)
    assert await due(store) == ["b"]


async def test_sources_are_put_off_but_never_hastened_by_it(store):
    await waiting(store, a=1, b=90, c=1)
    await store.put_off(["a", "b", "unknown"], NOW + timedelta(hours=1))
    await store.put_off([], NOW)
    assert await waits(store) == {"a": 60, "b": 90, "c": 1}
    assert (await store.state("a")).asked_until == NOW + timedelta(hours=1)


async def test_healthy_sources_are_hastened_and_spread_unless_their_publisher_asked_to_wait(store):
    await waiting(store, soon=5, far=60, farther=90, asking=120, failing=120)
    await store.save_poll(replace(await store.state("asking"), asked_until=NOW + timedelta(minutes=100)))
    await store.save_poll(replace(await store.state("failing"), failures=1))
    await store.hasten(NOW, timedelta(minutes=9))
    assert await waits(store) == {"soon": 5, "far": 3, "farther": 6, "asking": 100, "failing": 120}


async def test_all_plans_move_with_the_clock(store):
    await waiting(store, a=5, b=-5)
    await store.save_poll(replace(await store.state("a"), asked_until=NOW))
    await store.shift(timedelta(days=-1))
    assert await waits(store) == {"a": 5 - 1_440, "b": -5 - 1_440}
    assert (await store.state("a")).asked_until == NOW - timedelta(days=1)
