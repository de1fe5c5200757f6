"""Nothing half-done stays behind when a task is cancelled, a connection is cut or a process is killed."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from bot.adapters.store import open_store
from bot.core.model import Holder, PollState, Source
from bot.ports import StoreError, TemporaryError
from tests.adapters.records import chats
from tests.adapters.store.values import KEY, NOW, entry, planned, record_new, record_next

WRITER = """
import asyncio, sys
from bot.adapters.store import open_store
from tests.adapters.records import chats
from tests.adapters.store.values import NOW, planned, record_new

async def main():
    store = await open_store(sys.argv[1])
    number = 0
    while True:
        number += 1
        await record_new(store, number, planned("post", -number))
        for delivery in await store.claim(NOW, 1):
            await store.sent(delivery, number, "digest")
        print(number, flush=True)

asyncio.run(main())
"""


@contextmanager
def hidden(path: Path) -> Iterator[None]:
    """Put a folder in the place of a file for a while."""
    kept = path.rename(path.with_name("hidden"))
    path.mkdir()
    yield
    path.rmdir()
    kept.rename(path)


async def whole(store) -> bool:
    """Every item recorded has its report, its event and its delivery."""
    stats = await store.stats()
    with_posts = [event for event in await store.latest(1000) if await chats(store, event.id)]
    return stats.items == stats.reports == sum(stats.events.values()) == len(with_posts)


async def test_a_cancelled_record_is_whole_or_absent_and_the_store_goes_on(sql_store):
    for number in range(1, 41):
        task = asyncio.create_task(record_new(sql_store, number, planned("post", -number)))
        for _ in range(number):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await record_new(sql_store, 50, planned("post"))
    assert await whole(sql_store)
    assert entry(50) not in (await sql_store.sift([entry(50)], NOW)).new


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
async def test_a_cut_connection_is_a_temporary_failure_that_passes(sql_store, store_url):
    first = await record_new(sql_store)

    def cut() -> None:
        others = "pid <> pg_backend_pid() AND datname = current_database()"
        with psycopg.connect(store_url, autocommit=True) as admin:
            admin.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")

    async def cut_short() -> None:
        async with sql_store._database.write() as connection:
            await connection.exec_driver_sql("DELETE FROM report")
            cut()
            await connection.exec_driver_sql("DELETE FROM report")

    with pytest.raises(TemporaryError, match=r"^database shared on .*; check that it is reachable"):
        await cut_short()
    assert await sql_store.candidates({KEY}) == (first,)
    cut()
    await record_next(sql_store, first, 2)


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("change", ["hasten", "shift"])
async def test_plans_that_are_changed_for_all_keep_what_a_poll_saves_meanwhile(sql_store, store_url, change):
    await sql_store.enlist([Source("one", "One", "rss", "https://one.example/", "uk")], NOW)
    before = await sql_store.state("one")
    await sql_store.save_poll(replace(before, next_at=NOW + timedelta(hours=5)))
    waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    changes = {"hasten": (NOW, timedelta(minutes=9)), "shift": (timedelta(hours=1),)}
    async with await psycopg.AsyncConnection.connect(store_url) as other:
        await other.execute("UPDATE pollstate SET etag = 'new'")
        changing = asyncio.create_task(getattr(sql_store, change)(*changes[change]))
        async with await psycopg.AsyncConnection.connect(store_url, autocommit=True) as admin:
            while not (await (await admin.execute(waits)).fetchone())[0]:  # noqa: ASYNC110  (it becomes so in the database)
                await asyncio.sleep(0)
        await other.commit()
    await changing
    after = await sql_store.state("one")
    assert (after.etag, after.next_at != NOW + timedelta(hours=5)) == ("new", True)


async def test_a_killed_writer_leaves_whole_transactions_and_at_most_one_delivery_in_doubt(store_url):
    writer = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WRITER, store_url, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]
    )
    for _ in range(5):
        assert await writer.stdout.readline()
    writer.send_signal(signal.SIGKILL)
    await writer.wait()
    store = await open_store(store_url)
    assert await whole(store)
    assert len(await store.recover()) + len(await store.claim(NOW, 10)) <= 1
    await store.close()


async def test_a_failure_inside_a_transaction_leaves_nothing(sql_store):
    async def fail() -> None:
        async with sql_store._database.write() as connection:
            await connection.exec_driver_sql("INSERT INTO quarantine VALUES (1, 'raw', 'error')")
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        await fail()
    async with sql_store._database.read() as connection:
        assert (await connection.exec_driver_sql("SELECT count(*) FROM quarantine")).scalar() == 0


async def test_a_disk_that_takes_nothing_is_told_of_until_it_does_again(tmp_path):
    store = await open_store(f"sqlite:///{tmp_path / 'vistka.db'}")
    for refuses in ("ON", "OFF"):
        async with store._database.read() as connection:
            await connection.exec_driver_sql(f"PRAGMA query_only={refuses}")
        with pytest.raises(StoreError, match="readonly") if refuses == "ON" else nullcontext():
            await store.handled(7)
        await store.ping()
        assert ("readonly database" in store.unwritten()) == (refuses == "ON")
    await store.close()


async def test_a_disk_that_takes_no_news_is_told_of_until_it_does_again(tmp_path):
    store, state = await open_store(f"sqlite:///{tmp_path / 'vistka.db'}"), PollState(source_id="one", next_at=NOW)
    for refuses in ("ON", "OFF"):
        await store._database.look(lambda connection, to=refuses: connection.exec_driver_sql(f"PRAGMA query_only={to}"))
        with pytest.raises(StoreError, match="readonly") if refuses == "ON" else nullcontext():
            await store.save_poll(state)
        assert ("readonly database" in store.unwritten()) == (refuses == "ON")
    await store.close()


async def test_a_renewal_beside_tells_of_the_disk_too(tmp_path):
    store, looked = await open_store(f"sqlite:///{tmp_path / 'vistka.db'}"), asyncio.Event()
    home = asyncio.get_running_loop()

    async def keep(leases):
        async with leases._database.read() as connection:
            await connection.exec_driver_sql("PRAGMA query_only=ON")
        with suppress(StoreError):
            await leases.take("sender", Holder("kyiv", 7, "mark"), NOW)
        home.call_soon_threadsafe(looked.set)

    async with store.beside(keep):
        await asyncio.wait_for(looked.wait(), 30)
    assert "readonly database" in store.unwritten()
    await store.close()


async def test_a_pool_that_runs_dry_is_a_temporary_failure(sql_store, monkeypatch):
    monkeypatch.setattr(sql_store._database._engine.sync_engine.pool, "_timeout", 0.01)
    held = [sql_store._database.read() for _ in range(15)]
    for one in held:
        await one.__aenter__()
    with pytest.raises(TemporaryError, match="busy"):
        await sql_store.offset()
    for one in held:
        await one.__aexit__(None, None, None)
    assert await sql_store.offset() == 0


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_a_question_that_fails_is_a_temporary_failure_that_passes(sql_store):
    first = await record_new(sql_store)

    async def rename(old: str, new: str) -> None:
        async with sql_store._database.write() as connection:
            await connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")

    assert await sql_store.candidates({KEY}) == (first,)
    await rename("blockingkey", "lost")
    with pytest.raises(TemporaryError, match=r"no such table: blockingkey; check that it is reachable"):
        await sql_store.candidates({KEY})
    await rename("lost", "blockingkey")
    assert await sql_store.candidates({KEY}) == (first,)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_a_question_that_cannot_be_asked_is_a_temporary_failure(sql_store, store_url):
    await record_new(sql_store)
    refused = pytest.raises(TemporaryError, match=r"unable to open database file")
    with hidden(Path(store_url.removeprefix("sqlite:///"))), refused:
        await sql_store.candidates({KEY})
    assert len(await sql_store.candidates({KEY})) == 1


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_questions_are_answered_while_someone_writes(sql_store):
    first = await record_new(sql_store)
    async with sql_store._database.write() as connection:
        await connection.exec_driver_sql("DELETE FROM blockingkey")
        assert await sql_store.candidates({KEY}) == (first,)
    assert await sql_store.candidates({KEY}) == ()
