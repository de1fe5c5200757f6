"""The queue in PostgreSQL: a source waits or is polled once, by one worker, and what a worker leaves behind is done by another."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from procrastinate import App
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status

from bot.adapters.queue.heart import Heart
from bot.adapters.queue.shared import LONGEST_POLL, QUEUE, TOO_OFTEN, SharedQueue, open_app
from bot.adapters.queue.tables import SCHEMA
from bot.adapters.queue.worker import Worker
from bot.adapters.store import parse
from bot.adapters.store.running import running
from bot.ports import PermanentError, TemporaryError
from tests.conftest import PostgresServer

DEAD = Heart(silent=0.0)
SOON = 20


@pytest.fixture(scope="module")
def url(postgres: PostgresServer):
    with postgres.new_database() as url:
        yield url


@pytest.fixture
async def app(url: str) -> AsyncIterator[App]:
    async with open_app(url) as app:
        yield app
        await app.connector.execute_query_async("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


class Work:
    """Notes what is polled, and how many of a lane (a first letter) at a time; some of it waits until it is let go."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.running: list[str] = []
        self.most_of_a_lane = 0
        self.held: dict[str, asyncio.Event] = {}
        self.failing: list[Exception] = []

    async def __call__(self, name: str) -> None:
        self.running.append(name)
        self.most_of_a_lane = max(self.most_of_a_lane, *Counter(each[0] for each in self.running).values())
        try:
            if self.failing:
                raise self.failing.pop()
            if name in self.held:
                await self.held[name].wait()
            await asyncio.sleep(0)
            self.done.append(name)
        finally:
            self.running.remove(name)


@asynccontextmanager
async def working(app: App, work: Work, **given: object) -> AsyncIterator[None]:
    """Let a worker work until the block ends."""
    stop = asyncio.Event()
    running = asyncio.create_task(Worker(app, work, **given).run(stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(running, SOON)


async def put(app: App, *names: str) -> list[bool]:
    return list(await SharedQueue(app).put([(name, name[0]) for name in names]))


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(SOON):
        while not await holds():  # noqa: ASYNC110  (it becomes so in the database)
            await asyncio.sleep(0.01)


async def jobs(app: App) -> list[tuple[str, str, int]]:
    found = await app.job_manager.list_jobs_async()
    return sorted((job.queueing_lock or "", job.status or "", job.attempts) for job in found)


async def test_workers_share_what_waits_and_a_lane_is_one_at_a_time(app: App) -> None:
    names = [f"{lane}{number}" for lane in "abcdef" for number in range(4)]
    work = Work()
    async with open_second(app) as other, working(app, work), working(other, work):
        assert await put(app, *names) == [True] * 24
        await asyncio.wait_for(SharedQueue(app).idle(), SOON)
    assert sorted(work.done) == names
    assert work.most_of_a_lane == 1
    assert await jobs(app) == []


async def test_a_poll_that_never_ends_is_given_up_and_one_that_began_anew_is_not(app: App) -> None:
    work = Work()
    work.held = {"a": asyncio.Event(), "b": asyncio.Event()}
    async with working(app, work):
        await put(app, "a", "b")
        await until(lambda: _are(work, "a", "b"))
        for aged in (
            "UPDATE procrastinate_events SET at = at - make_interval(secs => %(seconds)s)",
            (
                "INSERT INTO procrastinate_events (job_id, type) "
                "SELECT id, 'started' FROM procrastinate_jobs WHERE queueing_lock = 'b'"
            ),
        ):
            await app.connector.execute_query_async(aged, seconds=LONGEST_POLL)
        assert await SharedQueue(app).sweep() == ["a"]
        for held in work.held.values():
            held.set()


async def _are(work: Work, *names: str) -> bool:
    return sorted(work.running) == sorted(names)


async def test_nothing_is_restored_under_a_worker(app: App, url: str) -> None:
    async def said() -> str:
        return await asyncio.to_thread(running, parse(url))

    assert await said() == ""
    async with working(app, Work()):
        await until(lambda: _is(said, "a worker"))
        async with open_second(app) as other, working(other, Work()):
            await until(lambda: _is(said, "2 workers"))
    assert await said() == ""


async def _is(said: Callable[[], Awaitable[str]], what: str) -> bool:
    return await said() == what


async def test_a_source_waits_or_is_polled_once(app: App) -> None:
    work, queue = Work(), SharedQueue(app)
    work.held["a"] = asyncio.Event()
    assert await put(app, "a", "b") == [True, True]
    assert await put(app, "a", "c") == [False, True]
    assert set(await queue.elsewhere()) == {"a", "b", "c"}
    async with working(app, work):
        await until(lambda: _equal(queue.elsewhere(), {"a"}))
        work.held["a"].set()
        await asyncio.wait_for(queue.idle(), SOON)
    assert sorted(work.done) == ["a", "b", "c"]


async def test_what_a_dead_worker_left_is_swept_and_it_can_end_no_job_of_another(app: App) -> None:
    manager, queue = app.job_manager, SharedQueue(app, DEAD)
    await put(app, "a")
    dead = await manager.register_worker()
    job = await manager.fetch_job([QUEUE], dead)
    assert list(await queue.sweep()) == ["a"]
    assert await put(app, "a") == [True]
    await manager.fetch_job([QUEUE], await manager.register_worker())
    with pytest.raises(ConnectorException):
        await manager.finish_job(job, Status.SUCCEEDED, delete_job=True)
    assert await jobs(app) == [("a", "doing", 0)]


async def test_who_lives_is_not_swept(app: App) -> None:
    await put(app, "a")
    manager = app.job_manager
    await manager.fetch_job([QUEUE], await manager.register_worker())
    assert list(await SharedQueue(app).sweep()) == []


async def test_a_source_that_ends_its_workers_is_left_alone(app: App) -> None:
    manager, queue = app.job_manager, SharedQueue(app, DEAD)
    for _ in range(TOO_OFTEN):
        assert "a" not in await queue.elsewhere()
        await put(app, "a")
        await manager.fetch_job([QUEUE], await manager.register_worker())
        await queue.sweep()
    assert await jobs(app) == []
    assert set(await queue.elsewhere()) == {"a"}
    await asyncio.wait_for(queue.idle(), SOON)


async def test_a_source_whose_polls_end_in_between_is_not_to_blame_for_dead_workers(app: App) -> None:
    manager, queue = app.job_manager, SharedQueue(app, DEAD)
    for _ in range(2 * TOO_OFTEN):
        await queue.put([("a", "a")])
        await manager.fetch_job([QUEUE], await manager.register_worker())
        assert list(await queue.sweep()) == ["a"]
        assert set(await queue.elsewhere()) == set()
        await queue.put([("a", "a")])
        job = await manager.fetch_job([QUEUE], await manager.register_worker())
        await manager.finish_job(job, Status.SUCCEEDED, delete_job=True)
        await queue.idle()
    assert set(await queue.elsewhere()) == set()


async def test_who_was_paused_gives_up_what_was_under_way_before_it_goes_on(app: App) -> None:
    """The pause is one of the whole process: here the loop is held up for as long."""
    work = Work()
    work.held["a"] = asyncio.Event()
    async with working(app, work, heart=Heart(numb=0.3)):
        await put(app, "a")
        await until(lambda: _equal(_now(work.running), ["a"]))
        work.held["a"].set()
        time.sleep(0.7)  # noqa: ASYNC251  (that is the point of it)
        await until(lambda: _equal(_now(work.running), []))
    assert work.done == []
    assert await jobs(app) == []


async def test_where_the_store_is_at_fault_it_is_tried_again_later(app: App) -> None:
    work = Work()
    work.failing = [TemporaryError("the disk is full")]
    async with working(app, work):
        await put(app, "a")
        await until(lambda: _equal(jobs(app), [("a", "todo", 1)]))
    assert work.done == []


async def test_who_waits_to_be_tried_again_holds_up_nobody_else_of_its_lane(app: App) -> None:
    work = Work()
    work.failing = [TemporaryError("the disk is full")]
    async with working(app, work, at_once=1):
        await put(app, "a1", "a2")
        await until(lambda: _equal(jobs(app), [("a1", "todo", 1)]))
    assert work.done == ["a2"]


async def test_on_a_stop_what_is_under_way_ends_and_what_waits_is_left(app: App) -> None:
    work = Work()
    work.held["a"] = asyncio.Event()
    async with working(app, work, at_once=1):
        await put(app, "a", "b")
        await until(lambda: _equal(_now(work.running), ["a"]))
        asyncio.get_running_loop().call_later(0.05, work.held["a"].set)
    assert work.done == ["a"]
    assert await jobs(app) == [("b", "todo", 0)]


async def test_several_that_start_at_once_make_the_tables_once_and_older_ones_go(postgres: PostgresServer) -> None:
    with postgres.new_database() as url:
        name = url.rpartition("?")[0].rpartition("/")[2]
        postgres.run("CREATE SCHEMA vistka_queue_1_2_3", name)

        async def start() -> int:
            async with open_app(url) as app:
                return len(await app.connector.execute_query_all_async("SELECT 1 FROM procrastinate_jobs"))

        assert await asyncio.gather(*(start() for _ in range(3))) == [0, 0, 0]
        async with open_app(url) as app:
            found = await app.connector.execute_query_all_async(
                "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, 'vistka')"
            )
        assert [row["nspname"] for row in found] == [SCHEMA]


async def test_a_database_that_is_not_there_is_named_without_its_password(postgres: PostgresServer) -> None:
    url = postgres.url("nowhere").replace("postgresql://postgres:", "postgresql://postgres:s3cret")
    with pytest.raises(TemporaryError, match="nowhere") as raised:
        async with open_app(url):
            pass
    assert "s3cret" not in str(raised.value)


async def test_a_file_is_no_queue(tmp_path) -> None:
    with pytest.raises(PermanentError, match="postgresql://"):
        async with open_app(f"sqlite:///{tmp_path / 'vistka.db'}"):
            pass


@asynccontextmanager
async def open_second(app: App) -> AsyncIterator[App]:
    """Open the queue once more, as another process does."""
    async with open_app(app.connector._pool_args["conninfo"]) as other:
        yield other


async def _equal(awaited: Awaitable[object], wanted: object) -> bool:
    found = await awaited
    return (set(found) if isinstance(wanted, set) else found) == wanted  # type: ignore[call-overload]


async def _now(value: object) -> object:
    return value
