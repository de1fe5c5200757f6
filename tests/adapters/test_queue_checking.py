"""What is said of a queue: whether it is that of this program, and whether anything hangs in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest
from procrastinate import App

from bot.adapters.queue.checking import queue_findings
from bot.adapters.queue.shared import LONGEST_POLL, open_app
from bot.adapters.queue.tables import SCHEMA
from tests.adapters.test_shared_queue import Work, put, working
from tests.conftest import PostgresServer

WORKER = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %(ago)s))"
TAKEN = (
    "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT max(id) FROM procrastinate_workers) "
    "WHERE queueing_lock = %(name)s"
)


@pytest.fixture
def url(postgres: PostgresServer):
    with postgres.new_database() as url:
        yield url


@pytest.fixture
async def app(url: str) -> AsyncIterator[App]:
    async with open_app(url) as app:
        yield app


async def said(url: str) -> list[tuple[str, str, bool]]:
    found = await asyncio.to_thread(lambda: list(queue_findings(url)))
    return [(each.about, each.line, each.bad) for each in found]


def change(url: str, statement: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statement.encode())


async def test_a_database_without_workers_has_no_queue_and_needs_none(url: str) -> None:
    assert await said(url) == [("queue", "none, as no worker was ever started", False)]


async def test_a_queue_at_work_is_well(url: str, app: App) -> None:
    assert await said(url) == [
        ("queue", f"{SCHEMA}, which is that of this program", False),
        ("polls", "workers that live: 0, polls that wait: 0", False),
    ]
    work = Work()
    work.held = {"a": asyncio.Event()}
    async with working(app, work):
        await put(app, "a", "a2")
        async with asyncio.timeout(20):
            while not work.running:  # noqa: ASYNC110  (it becomes so in the database)
                await asyncio.sleep(0.01)
        assert (await said(url))[1:] == [("polls", "workers that live: 1, polls that wait: 1", False)]
        work.held["a"].set()


async def test_tables_of_another_version_are_named(url: str, app: App) -> None:
    change(url, f"ALTER SCHEMA {SCHEMA} RENAME TO vistka_queue_3_9_0")
    ((about, line, bad),) = await said(url)
    assert (about, bad) == ("queue", True)
    assert line.startswith(f"vistka_queue_3_9_0, of another version than this program's {SCHEMA}; have all")


@pytest.mark.parametrize(
    ("broken", "missing"),
    [
        ("DROP TABLE {0}.procrastinate_periodic_defers CASCADE", "procrastinate_periodic_defers"),
        ("DROP INDEX {0}.vistka_jobs_lock", "vistka_jobs_lock"),
        ("DROP FUNCTION {0}.procrastinate_fetch_job_v2", "procrastinate_fetch_job_v2"),
        (
            "DROP TRIGGER procrastinate_trigger_delete_jobs_v1 ON {0}.procrastinate_jobs",
            "procrastinate_trigger_delete_jobs_v1",
        ),
    ],
)
async def test_what_the_queue_lacks_is_named(url: str, app: App, broken: str, missing: str) -> None:
    change(url, broken.format(SCHEMA))
    ((about, line, bad),) = await said(url)
    assert (about, bad) == ("queue", True)
    assert f"{SCHEMA} lacks " in line
    assert missing in line


async def test_polls_that_nobody_takes_want_a_worker(url: str, app: App) -> None:
    await put(app, "a", "b")
    assert (await said(url))[1:] == [
        ("polls", "workers that live: 0, polls that wait: 2; start vistka run --role worker", True)
    ]


async def test_polls_of_a_silent_worker_hang(url: str, app: App) -> None:
    await put(app, "a", "b")
    await app.connector.execute_query_async(WORKER, ago=60)
    await app.connector.execute_query_async(TAKEN, name="a")
    ((_, line, bad),) = (await said(url))[1:]
    assert bad
    assert line.startswith(
        "workers that live: 0, polls that wait: 1, that hang: 1 (a); see that vistka run --role scheduler runs"
    )


async def test_polls_that_never_end_hang_though_their_worker_lives(url: str, app: App) -> None:
    await put(app, "a")
    await app.connector.execute_query_async(WORKER, ago=1)
    await app.connector.execute_query_async(TAKEN, name="a")
    aged = "INSERT INTO procrastinate_events (job_id, type, at) SELECT id, 'started', now() - make_interval(secs => %(ago)s) FROM procrastinate_jobs"
    await app.connector.execute_query_async("DELETE FROM procrastinate_events")
    await app.connector.execute_query_async(aged, ago=LONGEST_POLL + 1)
    ((_, line, bad),) = (await said(url))[1:]
    assert bad
    assert line.startswith("workers that live: 1, polls that wait: 0, that hang: 1 (a); see that")


async def test_a_server_that_does_not_answer_is_a_line_without_its_password() -> None:
    ((about, line, bad),) = await said("postgresql://me:hunter2@127.0.0.1:1/news")
    assert (about, bad) == ("queue", True)
    assert "database news on 127.0.0.1: " in line
    assert "hunter2" not in line
    assert "\n" not in line
