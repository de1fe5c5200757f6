"""Two processes that join at the same time: each has a store of its own over one database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import text

from bot.adapters.store import SqlStore, address_of, open_store
from bot.core.model import Item
from bot.ports import PermanentError, TemporaryError
from tests.adapters.records import event as event_of
from tests.adapters.records import item, joined, opened, report
from tests.newsroom import Newsroom
from tests.reports import june

ROUNDS = 8


@pytest.fixture
async def two(store_url: str) -> AsyncIterator[tuple[SqlStore, SqlStore]]:
    async with AsyncExitStack() as stack:
        stores = [await open_store(store_url) for _ in range(2)]
        for store in stores:
            stack.push_async_callback(store.close)
        yield stores[0], stores[1]


async def test_two_that_tell_of_one_new_event_at_once_make_one_event_of_it(two) -> None:
    """Without the lock across processes each round makes two."""
    east, west = [await Newsroom(store).open() for store in two]
    for number in range(1, ROUNDS + 1):
        says = {"day": june(number), "facts": {"region": "UA-63", "killed": number}}
        await asyncio.gather(east.tell("Схід", number, **says), west.tell("Захід", number, **says))
    events = await two[0].latest(100)
    assert [len(event.reports) for event in events] == [2] * ROUNDS


async def test_what_an_admin_decides_waits_for_another_process_that_joins(two) -> None:
    """Nobody decides on what is being changed elsewhere, and nobody has to try again."""
    here, there = two
    stored = await opened(here, 1)
    async with there.joining():
        waiting = asyncio.create_task(_look(here, stored.id))
        await asyncio.wait({waiting}, timeout=0.05)
        assert not waiting.done()
    assert await asyncio.wait_for(waiting, 10)


async def test_what_fails_while_joining_leaves_nothing_behind_and_lets_others_on(two) -> None:
    here, there = two
    with pytest.raises(ZeroDivisionError):
        await _broken(here)
    async with there.joining():
        assert await there.latest(10) == () or not there._database.is_postgresql


async def test_who_lost_the_lock_by_a_pause_stores_nothing(two) -> None:
    """The server ends a transaction that stands still; what its owner does after he woke is refused."""
    here, there = two
    if not here._database.is_postgresql:
        pytest.skip("a file's lock is lost by the end of a process alone")
    fresh = item(1)
    with pytest.raises(TemporaryError):
        await _paused(here, there, fresh)
    async with there.joining():
        assert await there.latest(10) == ()


async def test_a_transaction_that_stands_still_is_ended_after_half_a_minute(two) -> None:
    store = two[0]
    if not store._database.is_postgresql:
        pytest.skip("only a server ends transactions")
    async with store._database.read() as connection:
        assert (await connection.exec_driver_sql("SHOW idle_in_transaction_session_timeout")).scalar() == "30s"


def test_a_file_has_no_room_for_workers() -> None:
    with pytest.raises(PermanentError, match="use postgresql://"):
        address_of("sqlite:///vistka.sqlite3")


def test_an_address_is_shown_without_its_password() -> None:
    address, name = address_of("postgresql://me:secret@example.org/news")
    assert (address, name) == ("postgresql://me:secret@example.org/news", "database news on example.org")


async def _look(store: SqlStore, number: int) -> bool:
    async with store.joining():
        return await store.event(number) is not None


async def _broken(store: SqlStore) -> None:
    fresh = item(1)
    async with store.joining():
        await store.record(fresh, [joined(event_of(report(fresh)))])
        raise ZeroDivisionError


async def _paused(store: SqlStore, other: SqlStore, fresh: Item) -> None:
    async with store.joining():
        await _stand_still(store, other)
        await store.record(fresh, [joined(event_of(report(fresh)))])


async def _stand_still(store: SqlStore, other: SqlStore) -> None:
    """Let a store that joins stand still for so long that the server ends its transaction: here that is soon."""
    async with store._database.read() as held:
        await held.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 10")
        number = (await held.exec_driver_sql("SELECT pg_backend_pid()")).scalar()
    async with other._database._engine.connect() as connection:
        while await connection.scalar(text(f"SELECT count(*) FROM pg_stat_activity WHERE pid = {number}")):
            await connection.rollback()
