"""The server over real HTTP: what it hands on, what it refuses, and that it tells nobody anything."""

from __future__ import annotations

import socket

import aiohttp
import pytest
import structlog

from bot.adapters.http import Asked, open_server
from bot.ports import PermanentError

HERE = "127.0.0.1:0"


class Desk:
    """Takes what is posted; breaks where it is told to."""

    def __init__(self) -> None:
        self.taken: list[Asked] = []

    async def __call__(self, asked: Asked) -> int:
        self.taken.append(asked)
        if asked.body == b"break":
            raise RuntimeError("the desk broke")
        return 200


async def test_what_is_posted_is_handed_on_with_the_last_part_of_its_path():
    desk = Desk()
    async with open_server(HERE, desk) as url, aiohttp.ClientSession(headers={"X-Key": "value"}) as client:
        answer = await client.post(f"{url}/behind/a/proxy/door", data=b"body")
        assert (answer.status, await answer.read()) == (200, b"")
    (asked,) = desk.taken
    assert (asked.name, asked.headers["x-key"], asked.body) == ("door", "value", b"body")


async def test_other_methods_and_too_large_bodies_reach_nobody():
    desk = Desk()
    async with open_server(HERE, desk, most_bytes=1000) as url, aiohttp.ClientSession() as client:
        async with client.get(url) as read, client.put(url) as put, client.post(url, data=bytes(1001)) as large:
            assert [read.status, put.status, large.status] == [405, 405, 413]

        async def endless():
            for _ in range(100):
                yield bytes(100)

        async with client.post(url, data=endless()) as chunked:
            assert chunked.status == 413
    assert desk.taken == []


async def test_what_breaks_inside_is_logged_and_not_shown():
    with structlog.testing.capture_logs() as logs:
        async with open_server(HERE, Desk()) as url, aiohttp.ClientSession() as client:
            answer = await client.post(f"{url}/hidden-path", data=b"break")
            assert (answer.status, await answer.read()) == (500, b"")
    assert logs == [{"event": "request failed", "exc_info": True, "log_level": "error"}]


async def test_an_address_in_use_is_named_by_its_setting():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(PermanentError, match=f"VISTKA_HTTP: cannot listen on {address}"):
            async with open_server(address, Desk()):
                pass
