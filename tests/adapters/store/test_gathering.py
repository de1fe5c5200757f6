"""Writes of one moment are one transaction, none waits for long, and none pays for what another has to store."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import Connection

from bot.adapters.store.engine import Database
from bot.adapters.store.gathering import ENOUGH, Gathering
from bot.ports import StoreError


class Ledger:
    """Remembers what was written together, and refuses what it is told to."""

    def __init__(self, refused: object = None, failure: type[Exception] = ValueError) -> None:
        self.batches: list[list[object]] = []
        self.connections: list[Connection] = []
        self._refused = refused
        self._failure = failure

    def write(self, connection: Connection, entries: Sequence[object]) -> None:
        """Write entries of one sort."""
        assert connection.in_transaction()
        self.batches.append(list(entries))
        self.connections.append(connection)
        if self._refused in entries:
            raise self._failure("the ledger refuses it")


@pytest.fixture
async def database(sql_store) -> Database:
    return sql_store._database


async def test_what_comes_within_a_moment_is_one_transaction(database):
    ledger, gathering = Ledger(), Gathering(database)
    await asyncio.gather(*(gathering.add(ledger.write, number) for number in range(5)))
    assert ledger.batches == [[0, 1, 2, 3, 4]]


async def test_an_endless_stream_of_writes_holds_up_none_of_them(database):
    ledger, gathering = Ledger(), Gathering(database)
    first, count = gathering.add(ledger.write, 0), 1
    while not first.done():
        gathering.add(ledger.write, count)
        count += 1
        await asyncio.sleep(0)
    last = gathering.add(ledger.write, count)
    await last
    assert len(ledger.batches[0]) <= ENOUGH + 1
    assert [each for batch in ledger.batches for each in batch] == list(range(count + 1))


async def test_what_cannot_be_written_harms_nothing_that_came_with_it(database):
    ledger, gathering = Ledger(refused=1), Gathering(database)
    outcomes = await asyncio.gather(*(gathering.add(ledger.write, each) for each in range(3)), return_exceptions=True)
    assert [type(each) for each in outcomes] == [type(None), ValueError, type(None)]
    assert ledger.batches == [[0, 1, 2], [0], [1], [2]]


async def test_a_store_that_is_out_of_order_is_not_asked_for_each_write(database):
    ledger, gathering = Ledger(refused=1, failure=StoreError), Gathering(database)
    outcomes = await asyncio.gather(*(gathering.add(ledger.write, each) for each in range(3)), return_exceptions=True)
    assert [type(each) for each in outcomes] == [StoreError] * 3
    assert len(ledger.batches) == 1


async def test_who_is_cancelled_stops_no_write(database):
    ledger, gathering = Ledger(), Gathering(database)
    gone, there = gathering.add(ledger.write, "gone"), gathering.add(ledger.write, "there")
    gone.cancel()
    await there
    assert ledger.batches == [["gone", "there"]]


async def test_what_is_added_by_who_alone_joins_is_no_part_of_the_joining(database):
    ledger, gathering = Ledger(), Gathering(database)
    async with database.joining():
        async with database.read() as connection:
            joining = connection.sync_connection
        await gathering.add(ledger.write, "beside")
    assert ledger.connections != [joining]
