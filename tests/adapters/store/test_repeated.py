"""Many rows are written past the toolkit, and are the rows that the toolkit would have written."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import Connection, Insert, bindparam, select, update

from bot.adapters.store import rows, tables
from bot.adapters.store.engine import Database, insert_in, parse
from bot.adapters.store.repeated import Repeated
from bot.ports import StoreError
from tests.adapters.store.values import NOW, entry

ITEM = tables.item.c
KYIV = timezone(timedelta(hours=3))
ENTRIES = [
    entry(1, published=datetime(2025, 6, 9, 15, 0, tzinfo=KYIV), title="Обмін полоненими: 205 на 205"),
    entry(2, title="Обмен \ud800 пленными\0", body=None),
    entry(3, title="100 % of it: %s and :name stay", body="<p>Prisoners are home</p>"),
]


def adding(dialect: str) -> Insert:
    return insert_in(dialect, tables.item).on_conflict_do_nothing(index_elements=["identity"])


EDITING = (
    update(tables.item).where(ITEM.guid == bindparam("known")).values(edited=ITEM.edited + 1, title=bindparam("new"))
)


@pytest.fixture
async def database(sql_store):
    return sql_store._database


async def stored(database: Database) -> list[object]:
    async with database.read() as connection:
        return [tuple(row) for row in await connection.execute(select(tables.item).order_by(ITEM.guid))]


async def test_rows_are_those_that_the_toolkit_writes(database):
    values = [rows.item_values(each, NOW) for each in ENTRIES]
    await database.at_once(lambda connection: connection.execute(adding(connection.dialect.name), values))
    expected = [row[1:] for row in await stored(database)]
    await database.at_once(lambda connection: connection.execute(tables.item.delete()))
    adder = Repeated(adding)

    def write(connection: Connection) -> None:
        adder.execute(connection, values)
        adder.execute(connection, values)
        adder.execute(connection, [])

    await database.at_once(write)
    assert [row[1:] for row in await stored(database)] == expected


async def test_what_is_the_same_for_all_rows_needs_not_be_given(database):
    values = [rows.item_values(each, NOW) for each in ENTRIES]
    edits = [{"known": each.id, "new": f"{place} змінено"} for place, each in enumerate(ENTRIES)]
    await database.at_once(lambda connection: Repeated(adding).execute(connection, values))
    await database.at_once(lambda connection: Repeated(lambda _: EDITING).execute(connection, edits))
    async with database.read() as connection:
        found = await connection.execute(select(ITEM.title, ITEM.edited).order_by(ITEM.guid))
    assert [tuple(row) for row in found] == [("0 змінено", 1), ("1 змінено", 1), ("2 змінено", 1)]


async def test_work_that_fails_leaves_nothing_behind(database):
    def fail(connection: Connection) -> None:
        Repeated(adding).execute(connection, [rows.item_values(ENTRIES[0], NOW)])
        raise RuntimeError("too late")

    with pytest.raises(RuntimeError, match="too late"):
        await database.at_once(fail)
    assert await stored(database) == []


async def test_work_and_writes_side_by_side_wait_for_each_other(database):
    async def slowly(number: int) -> None:
        async with database.write() as connection:
            await connection.execute(adding(connection.dialect.name), rows.item_values(entry(number), NOW))

    def at_once(number: int):
        return database.at_once(
            lambda connection: Repeated(adding).execute(connection, [rows.item_values(entry(number), NOW)])
        )

    await asyncio.gather(*(slowly(n) if n % 2 else at_once(n) for n in range(20)))
    assert len(await stored(database)) == 20


async def test_what_the_database_cannot_do_is_told_in_one_line(tmp_path):
    database = Database(parse(f"sqlite:///{tmp_path}/none/vistka.db"))
    with pytest.raises(StoreError, match="unable to open database file"):
        await database.at_once(lambda connection: connection.execute(select(ITEM.id)))
    await database.close()
