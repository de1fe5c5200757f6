"""What comes back from those who mean no good, or cannot do better: bounded in time and size, and told in one line."""

from __future__ import annotations

import asyncio
import gzip
import re
import socket
from collections.abc import AsyncIterator
from ipaddress import ip_network

import pytest

from bot.adapters.http import open_fetch
from bot.adapters.http.fetching import LARGE, MOST_LARGE
from bot.core.model import Request, Response
from bot.ports import PermanentError, TemporaryError
from tests.feedserver import FeedServer, feed_server
from tests.listeners import Names, for_ever, speaking
from tests.timelapse import play

LOOPBACK = (ip_network("127.0.0.0/8"),)


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with feed_server() as running:
        yield running


async def fetch(url: str, **limits: object) -> Response:
    async with open_fetch(version="1", allow=LOOPBACK, **limits) as door:
        return await door.fetch(Request(url))


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "GZIP", "identity, gzip", "UTF-8"])
async def test_a_compressed_body_is_inflated_once(coding: str, server: FeedServer) -> None:
    plain = "новини ".encode() * 1000
    sent = plain if coding == "UTF-8" else gzip.compress(plain)
    url = server.serve("/feed", sent, headers={"Content-Encoding": coding})
    assert (await fetch(url)).body == plain
    url = server.serve("/feed", gzip.compress(sent), headers={"Content-Encoding": "gzip"})
    assert (await fetch(url)).body == sent


@pytest.mark.parametrize(
    ("coding", "body", "kind", "trouble"),
    [
        (
            "gzip, gzip",
            gzip.compress(gzip.compress(b"news", mtime=0), mtime=0),
            PermanentError,
            "is compressed 2 times over",
        ),
        ("br", b"news", PermanentError, "is in a coding nobody asked for"),
        ("gzip", b"news", TemporaryError, "broke off inside its compressed body"),
        ("gzip", gzip.compress(bytes(64 << 20), mtime=0), PermanentError, "inflates to more than 8192 KiB|200 times"),
        ("gzip", bytes((8 << 20) + 1), PermanentError, "is larger than 8192 KiB"),
        ("", bytes((8 << 20) + 1), PermanentError, "is larger than 8192 KiB"),
    ],
)
async def test_a_body_in_another_dress_is_refused_in_one_line(
    coding: str, body: bytes, kind: type[Exception], trouble: str, server: FeedServer
) -> None:
    url = server.serve("/feed", body, headers={"Content-Encoding": coding} if coding else {})
    with pytest.raises(kind, match=f"^{url}: .*{trouble}"):
        await fetch(url)


@pytest.mark.parametrize(
    ("words", "trouble"),
    [
        (b"HTTP/1.1 200 OK\r\n", "broke off"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nnews", "broke off"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nnews\r\n", "broke off"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnews\r\n", "no HTTP|broke off"),
        (b"HTTP/1.1 200 OK\r\n" + b"X-A: 1\r\n" * 10_000 + b"\r\nnews", "too many or too long headers"),
        (b"HTTP/1.1 200 OK\r\nX-A: " + b"x" * 100_000 + b"\r\n\r\nnews", "too many or too long headers"),
        (b"HTTP/1.1 200 " + b"x" * 100_000 + b"\r\n\r\nnews", "too many or too long headers"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nnews", "no HTTP"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "no HTTP"),
        (b"", "broke off"),
    ],
)
async def test_what_is_no_whole_answer_is_an_error_of_one_line(words: bytes, trouble: str) -> None:
    async with speaking(words) as url:
        with pytest.raises(TemporaryError, match=trouble) as caught:
            await fetch(url)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("start", "again"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-A: 1\r\n"),
        (b"HTTP/1.1 200 OK\r\nX-A: ", b"x" * 100),
        (b"HTTP/1.1 200 ", b"x" * 100),
        (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 1000),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1;" + b"x" * 1000 + b"\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nnews\r\n0\r\n", b"X-A: 1\r\n"),
        (b"HTTP/1.1 302 Found\r\nLocation: /feed\r\n\r\n", b"x" * 1000),
    ],
)
async def test_what_has_no_end_is_ended_by_its_size(start: bytes, again: bytes) -> None:
    async def speak(writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        await for_ever(writer, again * (10_000 // len(again) + 1))

    async with speaking(speak) as url:
        with pytest.raises((TemporaryError, PermanentError)) as caught:
            await fetch(url)
    assert re.search("too (many|small|much)|larger than|circle", str(caught.value))


def test_a_body_that_drips_is_given_up_long_before_the_deadline() -> None:
    async def dripping() -> None:
        async with feed_server() as server:
            url = server.serve("/feed", bytes(1000), drip=0.5)
            began = asyncio.get_running_loop().time()
            with pytest.raises(TemporaryError, match="less than 1 KiB in 8 s"):
                await fetch(url)
            assert 8 <= asyncio.get_running_loop().time() - began < 9

    play(dripping)


def test_a_body_that_comes_slowly_but_surely_is_awaited() -> None:
    async def slow(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6000\r\n\r\n")
        for _ in range(6):
            writer.write(bytes(1000))
            await asyncio.sleep(3)

    async def fetched() -> int:
        async with speaking(slow) as url:
            return len((await fetch(url)).body)

    assert play(fetched) == 6000


async def test_a_dripping_server_is_left_at_the_deadline(server: FeedServer) -> None:
    url = server.serve("/feed", b"x" * 1000, drip=0.02)
    with pytest.raises(TemporaryError, match=r"within 0\.2 s"):
        await fetch(url, deadline=0.2)


async def test_a_server_that_never_answers_is_left_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(TemporaryError, match="no complete answer"):
            await fetch(f"http://127.0.0.1:{port}/", deadline=0.2)


async def test_few_large_bodies_come_in_at_a_time_and_those_that_wait_lose_no_time_by_it(server: FeedServer) -> None:
    given_up = asyncio.Event()

    async def stop_short(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2097152\r\n\r\n" + bytes(LARGE * 3 // 2))
        await given_up.wait()

    server.serve("/large", bytes(2 * LARGE))
    server.serve("/small", b"news")
    names = Names("127.0.0.1")
    async with speaking(stop_short) as url, open_fetch(version="1", allow=LOOPBACK, names=names, deadline=1.5) as door:
        endless = [
            asyncio.create_task(door.fetch(Request(url.replace("127.0.0.1", f"endless{number}.example"))))
            for number in range(MOST_LARGE)
        ]
        while not door.large.locked():  # noqa: ASYNC110  (nobody tells)
            await asyncio.sleep(0)
        large = asyncio.create_task(door.fetch(Request(server.url("/large").replace("127.0.0.1", "large.example"))))
        small = await door.fetch(Request(server.url("/small").replace("127.0.0.1", "small.example")))
        assert small.body == b"news"
        assert not large.done()
        assert all(isinstance(end, TemporaryError) for end in await asyncio.gather(*endless, return_exceptions=True))
        given_up.set()
        assert len((await large).body) == 2 * LARGE
        assert not door.large.locked()
