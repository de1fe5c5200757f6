"""Nobody changes the schema under a program that works with an older one."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import text

from bot.adapters.process import own
from bot.adapters.store import SqlStore, open_store
from bot.adapters.store.engine import Database, parse
from bot.adapters.store.upgrading import upgrade_alone
from bot.core.model import SENDER, Holder
from bot.ports import PermanentError
from tests.adapters.store.values import NOW

OLDER = "0010"
ELSEWHERE = Holder("other", 7, "another-boot/pid:[1]/5")
ENDED = replace(own(), mark=f"{own().mark}0")


async def be(url: str, schema: str) -> None:
    """Let a database say that it has a schema, whatever its tables are."""
    database = Database(parse(url))
    async with database.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = :schema"), {"schema": schema})
    await database.close()


async def schema_of(url: str) -> str:
    database = Database(parse(url))
    async with database.read() as connection:
        found = (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar_one()
    await database.close()
    return found


def unwanted(seconds: float) -> None:
    raise AssertionError(f"it waits for {seconds} s")


async def upgraded(url: str, pause: Callable[[float], object] = unwanted) -> str:
    """Upgrade, and return why not. Steps that were begun end at the first table, since there are all of them already."""
    with pytest.raises(PermanentError) as refused:
        await asyncio.to_thread(upgrade_alone, parse(url), pause)
    assert await schema_of(url) == OLDER
    return str(refused.value)


@pytest.fixture
async def older(empty_url: str):
    """A store whose schema counts as older."""
    store = await open_store(empty_url)
    await be(empty_url, OLDER)
    yield store
    await store.close()


async def test_a_process_of_this_machine_that_works_on_it_is_named_at_once(empty_url: str, older: SqlStore):
    await older.take(SENDER, own(), NOW)
    said = await upgraded(empty_url)
    assert re.search(
        r"^database .* has schema 0010, older than this program, and process \d+ on .* works with it: stop that first",
        said,
    )


async def test_who_renews_a_lease_on_another_machine_works_on_it(empty_url: str, older: SqlStore):
    lease, loop = await older.take(SENDER, ELSEWHERE, NOW), asyncio.get_running_loop()
    said = await upgraded(
        empty_url, lambda _: asyncio.run_coroutine_threadsafe(older.renew(lease), loop).result(timeout=10)
    )
    assert "process 7 on other works with it" in said


async def test_who_renews_no_lease_any_more_holds_nobody_up(empty_url: str, older: SqlStore):
    await older.take(SENDER, ELSEWHERE, NOW)
    paused: list[float] = []
    assert "already exists" in await upgraded(empty_url, paused.append)
    assert len(paused) == 1


@pytest.mark.parametrize("holder", [ENDED, None])
async def test_nobody_waits_for_a_process_that_ended_or_gave_its_lease_back(empty_url: str, older: SqlStore, holder):
    lease = await older.take(SENDER, holder or own(), NOW)
    if holder is None:
        await older.release(lease)
    assert "already exists" in await upgraded(empty_url)


async def test_who_gets_a_lease_after_the_schema_was_changed_does_not_begin(empty_url: str):
    store = await open_store(empty_url)
    await store.fit()
    await be(empty_url, "9999")
    with pytest.raises(PermanentError, match="has schema 9999, newer than this program"):
        await store.fit()
    await store.close()
