"""The listener over real HTTP: what it hands on to whom, what it refuses, and that it tells nobody anything."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from urllib.parse import urlsplit

import aiohttp
import pytest
import structlog

from bot.adapters.http import Asked, Route, Said, open_listener, serving
from bot.ports import PermanentError

HERE = "127.0.0.1:0"


class Desk:
    """Takes what is posted; breaks where it is told to."""

    def __init__(self, said: int | Said = 200) -> None:
        self.taken: list[Asked] = []
        self.said = said

    async def __call__(self, asked: Asked) -> int | Said:
        self.taken.append(asked)
        if asked.body == b"break":
            raise RuntimeError("the desk broke")
        return self.said


@contextlib.asynccontextmanager
async def listening(*routes: Route):
    async with open_listener(HERE) as listener, aiohttp.ClientSession(listener.url) as client:
        with listener.answering(*routes):
            yield client


def only(name: str, otherwise: int = 404):
    return lambda asked: 200 if asked.name == name else otherwise


async def test_what_is_posted_is_handed_on_with_the_last_parts_of_its_path():
    desk = Desk()
    async with listening(Route(answer=desk)) as client:
        answer = await client.post("/behind/a/proxy/door?a=1&b=%20", data=b"body", headers={"X-Key": "value"})
        assert (answer.status, await answer.read()) == (200, b"")
    (asked,) = desk.taken
    assert (asked.folder, asked.name, asked.body) == ("proxy", "door", b"body")
    assert (asked.headers["x-key"], asked.query) == ("value", {"a": "1", "b": " "})


async def test_a_question_is_answered_as_plain_text_that_no_browser_takes_for_more():
    desk = Desk(Said(b"<script>"))
    async with listening(Route(answer=desk, method="GET")) as client:
        answer = await client.get("/x")
        assert (answer.status, await answer.read(), answer.content_type) == (200, b"<script>", "text/plain")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_an_answer_says_with_its_headers_whether_it_may_be_kept():
    desk = Desk(Said(b"{}", 200, "application/json", {"Cache-Control": "public, max-age=60", "ETag": 'W/"1"'}))
    async with listening(Route(answer=desk, method="GET")) as client:
        answer = await client.get("/x")
        assert (answer.headers["Cache-Control"], answer.headers["ETag"]) == ("public, max-age=60", 'W/"1"')
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_what_answers_a_question_tells_how_long_the_answer_would_be():
    desk = Desk(Said(b"something"))
    async with listening(Route(answer=desk, method="GET"), Route(answer=desk, admit=only("post"))) as client:
        answer = await client.head("/x")
        assert (answer.status, answer.headers["Content-Length"], await answer.read()) == (200, "9", b"")
        assert len(desk.taken) == 1


async def test_the_first_that_knows_a_request_answers_it():
    one, other, third = Desk(), Desk(), Desk(Said(b"told", 201))
    routes = (
        Route(answer=one, admit=only("one")),
        Route(answer=other, admit=only("other")),
        Route(answer=third, admit=only("one"), method="GET"),
    )
    async with listening(*routes) as client:
        answers = [await client.post(path) for path in ("/one", "/other", "/third")] + [await client.get("/one")]
        assert [answer.status for answer in answers] == [200, 200, 404, 201]
    assert [len(desk.taken) for desk in (one, other, third)] == [1, 1, 1]


async def test_who_answers_comes_and_goes():
    async with open_listener(HERE) as listener, aiohttp.ClientSession(listener.url) as client:
        assert (await client.post("/x")).status == 404
        with listener.answering(Route(answer=Desk())):
            assert (await client.post("/x")).status == 200
        assert (await client.post("/x")).status == 404


async def test_other_methods_and_too_large_bodies_reach_nobody():
    desk = Desk()
    async with listening(Route(answer=desk, most_bytes=1000)) as client:
        async with client.get("/") as read, client.put("/") as put, client.post("/", data=bytes(1001)) as large:
            assert [read.status, put.status, large.status] == [405, 405, 413]

        async def endless():
            for _ in range(100):
                yield bytes(100)

        async with client.post("/", data=endless()) as chunked:
            assert chunked.status == 413
    assert desk.taken == []


async def test_an_inflated_body_is_not_taken():
    desk = Desk()
    async with (
        listening(Route(answer=desk)) as client,
        client.post("/", data=bytes(1 << 16), compress="gzip") as answer,
    ):
        assert answer.status == 415
    assert desk.taken == []


async def test_nothing_is_read_of_what_is_refused(monkeypatch):
    monkeypatch.setattr(serving, "LINGER", 0.1)
    desk, sent = Desk(), 0

    async def endless():
        nonlocal sent
        while True:
            sent += 1
            yield bytes(1 << 16)

    async with (
        listening(Route(answer=desk, admit=only("x", 403), most_bytes=1 << 40)) as client,
        client.post("/y", data=endless()) as answer,
    ):
        assert answer.status == 403
    assert desk.taken == []


async def test_a_body_that_drips_is_given_up(monkeypatch):
    monkeypatch.setattr(serving, "READ_WITHIN", 0.01)
    desk = Desk()
    async with listening(Route(answer=desk)) as client:
        ever = asyncio.Event()

        async def drip():
            yield b"x"
            await ever.wait()

        async with client.post("/", data=drip()) as answer:
            assert answer.status == 408
    assert desk.taken == []


async def test_bodies_are_taken_in_a_few_at_a_time():
    under_way, most, both, go_on = 0, 0, asyncio.Event(), asyncio.Event()

    async def slow(_: Asked) -> int:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        if under_way == 2:
            both.set()
        await go_on.wait()
        under_way -= 1
        return 200

    async with listening(Route(answer=slow, at_once=2)) as client:
        posts = [asyncio.ensure_future(client.post("/", data=b"x")) for _ in range(6)]
        await both.wait()
        go_on.set()
        assert [(await post).status for post in posts] == [200] * 6
    assert most == 2


async def test_who_sends_slowly_takes_no_places_from_others():
    begun, desk = asyncio.Semaphore(0), Desk()

    def admit(asked: Asked) -> int:
        begun.release()
        return 200

    async def drip():
        yield b"x"
        await asyncio.Event().wait()

    async with listening(Route(answer=desk, admit=admit, at_once=3, each=2)) as client:
        paths = ("/slow", "/a/slow")
        slow = [asyncio.ensure_future(client.post(path, data=drip())) for path in paths]
        for _ in slow:
            await begun.acquire()
        assert (await client.post("/b/slow", data=b"x")).status == 503
        assert (await client.post("/quick", data=b"x")).status == 200
        for post in slow:
            post.cancel()
        await asyncio.wait(slow)
    assert [asked.name for asked in desk.taken] == ["quick"]


async def test_what_breaks_inside_is_logged_and_not_shown():
    with structlog.testing.capture_logs() as logs:
        async with listening(Route(answer=Desk())) as client:
            answer = await client.post("/hidden-path", data=b"break")
            assert (answer.status, await answer.read()) == (500, b"")
    assert logs == [{"event": "request failed", "exc_info": True, "log_level": "error"}]


async def test_what_is_no_http_is_not_written_down(caplog):
    async with open_listener(HERE) as listener:
        parts = urlsplit(listener.url)
        for line in (
            b"\x16\x03\x01\x02",
            b"GET /canary HTTP/9.9\r\ncanary\r\n\r\n",
            b"POST / HTTP/1.1\r\ncanary: \x00\r\n\r\n",
        ):
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
            writer.write(line + b"\r\n\r\n")
            assert b" 200 " not in await reader.read()
            writer.close()
            await writer.wait_closed()
    assert caplog.text == ""


async def test_an_address_in_use_is_named_by_its_setting():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(PermanentError, match=f"VISTKA_HTTP: cannot listen on {address}"):
            async with open_listener(address):
                pass


@pytest.mark.parametrize("address", ["127.0.0.1:99999", "vistka..example:8080"])
async def test_an_address_that_cannot_be_is_told(address: str) -> None:
    with pytest.raises(PermanentError, match=f"VISTKA_HTTP: cannot listen on {address}"):
        async with open_listener(address):
            pass
