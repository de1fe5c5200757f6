"""The parser pool: a hostile feed harms itself alone, and the next one is read."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from bot.adapters.parser_pool import ParserPool, open_parser
from bot.adapters.workers import Limits
from bot.core.model import Feed, Item, Request, Response, Source
from bot.core.sources import NotAFeedError, SourceType, rss
from bot.ports import PermanentError

NOW = datetime(2025, 6, 10, 12, tzinfo=UTC)
FEED = (
    b"<rss version='2.0'><channel><item><title>\xd0\x9f\xd0\xbe\xd1\x80\xd0\xbe\xd0\xbc</title></item></channel></rss>"
)


def misbehave(source: Source, response: Response, now: datetime) -> Feed:
    """Do what the body says."""
    match response.body:
        case b"sleep":
            time.sleep(60)  # the very thing that is to be ended
        case b"spin":
            while True:
                pass
        case b"eat":
            bytearray(8 << 30)
        case b"die":
            os._exit(1)
        case b"break":
            raise LookupError("secret")
        case b"refuse":
            raise NotAFeedError("it is no feed")
    return Feed((Item(str(os.getpid()), source, "en", "", now, "fine"),))


HOSTILE = SourceType("hostile", lambda source, state: Request(source.url), misbehave, lambda response: False)
TYPES = {"rss": rss.SOURCE, "hostile": HOSTILE}


async def read(pool: ParserPool, body: bytes, kind: str = "hostile") -> tuple[Item, ...]:
    source = Source("mine", "Mine", kind, "https://a.example/rss", "uk")
    return (await pool.parse(source, Response(source.url, 200, {}, body), NOW)).items


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool() -> AsyncIterator[ParserPool]:
    """One pool for the tests that only use it: a process takes its time to start."""
    async with open_parser(TYPES, limits=Limits(seconds=1.5)) as shared:
        yield shared


@pytest.mark.asyncio(loop_scope="module")
async def test_a_feed_is_read_in_another_process(pool: ParserPool) -> None:
    (item,) = await read(pool, FEED, "rss")
    (other,) = await read(pool, b"")
    assert item.title == "Пором"
    assert other.id != str(os.getpid())


@pytest.mark.parametrize("body", [b"sleep", b"spin", b"eat", b"die", b"break", b"refuse"])
@pytest.mark.asyncio(loop_scope="module")
async def test_a_hostile_feed_is_flagged_and_the_next_one_is_read(body: bytes, pool: ParserPool) -> None:
    with pytest.raises(PermanentError, match=r"^mine: ") as caught:
        await read(pool, body)
    assert [item.title for item in await read(pool, b"")] == ["fine"]
    assert "secret" not in str(caught.value)


async def test_the_other_feeds_do_not_notice() -> None:
    async with open_parser(TYPES, workers=2, limits=Limits(seconds=2)) as pool:
        bodies = [b"", b"die", b"", b"", b"die", b"", b""]
        results = await asyncio.gather(*(read(pool, body) for body in bodies), return_exceptions=True)
    assert [isinstance(result, PermanentError) for result in results] == [body == b"die" for body in bodies]


async def test_a_worker_retires_after_its_share() -> None:
    async with open_parser(TYPES, limits=Limits(calls=2)) as pool:
        workers = [(await read(pool, b""))[0].id for _ in range(5)]
    assert [workers.index(worker) for worker in workers] == [0, 0, 2, 2, 4]


async def test_a_cancelled_parse_leaves_the_pool_usable() -> None:
    async with open_parser(TYPES, limits=Limits(seconds=2)) as pool:
        await read(pool, b"")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(read(pool, b"sleep"), 0.05)
        with pytest.raises(PermanentError):
            await read(pool, b"refuse")


DAEMON = """
import asyncio, sys
from tests.adapters.test_parser_pool import TYPES, open_parser, read

async def main():
    async with open_parser(TYPES) as pool:
        print((await read(pool, b""))[0].id, flush=True)
        await asyncio.Event().wait()

if __name__ == "__main__":
    asyncio.run(main())
"""


def test_a_worker_does_not_outlive_a_killed_daemon(tmp_path: Path) -> None:
    (tmp_path / "daemon.py").write_text(DAEMON)
    house = Path(__file__).parents[2]
    command = [sys.executable, str(tmp_path / "daemon.py")]
    with subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(house)}, stdout=subprocess.PIPE) as daemon:
        worker = int(daemon.stdout.readline())
        os.kill(worker, signal.SIGTERM)  # is the daemon's business
        daemon.kill()
        assert daemon.communicate(timeout=20) == (b"", None)  # ends only when the worker lets go of the pipe too
