"""The network door: what it lets through, what it refuses, and where it stops. Real HTTP on loopback."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from collections.abc import AsyncIterator
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from aiohttp.abc import AbstractResolver

from bot.adapters.http import open_fetch, shown
from bot.core.model import Request, Response
from bot.ports import PermanentError, TemporaryError
from tests.feedserver import FeedServer, feed_server
from tests.listeners import Names, canary, self_signed, speaking

LOOPBACK = (ip_network("127.0.0.0/8"),)


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with feed_server() as running:
        yield running


class Nameless(AbstractResolver):
    """Fails every look-up in one way."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def resolve(self, host, port=0, family=socket.AF_UNSPEC):
        raise self.error

    async def close(self) -> None: ...


async def fetch(url: str, *, headers: dict[str, str] | None = None, form=None, **options: object) -> Response:
    async with open_fetch(version="1.0", contact="https://vistka.example", allow=LOOPBACK, **options) as door:
        return await door.fetch(Request(url, headers or {}, form or {}))


@pytest.mark.parametrize(
    "target", ["ftp://127.0.0.1/", "file:///etc/passwd", "gopher://x/", "http://", "http://[bad", "data:,x"]
)
async def test_only_web_addresses_are_fetched_also_after_a_redirect(target: str, server: FeedServer) -> None:
    server.serve("/feed", "", status=302, headers={"Location": target})
    for url in (target, server.url()):
        with pytest.raises(PermanentError):
            await fetch(url)


async def test_five_redirects_are_followed_and_a_sixth_is_not(server: FeedServer) -> None:
    for number in range(6):
        server.serve(f"/{number}", "", status=302, headers={"Location": f"/{number + 1}"})
    server.serve("/6", "news")
    answer = await fetch(server.url("/1"))
    assert (answer.body, answer.url) == (b"news", server.url("/6"))
    with pytest.raises(PermanentError, match="5 redirects"):
        await fetch(server.url("/0"))


async def test_where_lasting_redirects_lead_is_told_beside_the_answer(server: FeedServer) -> None:
    server.serve("/old", "", status=301, headers={"Location": "/new"})
    server.serve("/new", "", status=302, headers={"Location": "/today"})
    server.serve("/today", "news", etag='"1"')
    conditional = {"If-None-Match": '"1"'}
    for url, moved in (("/old", server.url("/new")), ("/new", ""), ("/today", "")):
        answer = await fetch(server.url(url))
        assert (answer.body, answer.url, answer.moved) == (b"news", server.url("/today"), moved)
        assert (await fetch(server.url(url), headers=conditional)).moved == moved


async def test_a_redirect_of_a_feed_of_the_open_web_leads_into_no_network_of_the_operator(server: FeedServer) -> None:
    """The operator opened the network for the feed that he named, if that is where it lives; not for what it names."""
    server.serve("/new", "news")
    for host, target in (("127.0.0.1", "localhost"), ("evil.example", "evil.example")):
        there = f"http://{target}:{server.port}/new"
        server.serve("/feed", "", status=302, headers={"Location": there})
        assert (await fetch(f"http://{host}:{server.port}/feed", names=Names("127.0.0.1"))).body == b"news"
    for target in ("lan.evil.example", "127.0.0.1"):
        server.serve("/feed", "", status=302, headers={"Location": f"http://{target}:{server.port}/new"})
        with pytest.raises(PermanentError, match="not a public address"):
            await fetch(f"http://evil.example:{server.port}/feed", names=Names("127.0.0.1"))
    assert server.asked["/new"] == 2


async def test_a_circle_of_redirects_is_an_error(server: FeedServer) -> None:
    server.serve("/a", "", status=302, headers={"Location": "/b"})
    server.serve("/b", "", status=302, headers={"Location": "/a"})
    with pytest.raises(PermanentError, match="circle"):
        await fetch(server.url("/a"))
    assert server.asked == {"/a": 1, "/b": 1}


async def test_a_redirect_that_says_no_address_is_an_error(server: FeedServer) -> None:
    with pytest.raises(PermanentError, match="status 301"):
        await fetch(server.serve("/feed", "", status=301))


async def test_secrets_are_sent_to_the_place_they_are_meant_for_alone(server: FeedServer) -> None:
    async with feed_server() as other:
        server.serve("/feed", "", status=302, headers={"Location": "/here"})
        server.serve("/here", "", status=302, headers={"Location": other.url("/there")})
        other.serve("/there", "news")
        await fetch(server.url().replace("//", "//me:secret@"))
        await fetch(server.url(), headers={"Authorization": "Bearer secret", "Accept": "text/xml"})
        sent = [request.headers.get("Authorization", "") for request in server.requests]
        assert sent == ["Basic bWU6c2VjcmV0"] * 2 + ["Bearer secret"] * 2
        assert not any("Authorization" in request.headers for request in other.requests)
        assert other.requests[-1].headers["Accept"] == "text/xml"


async def test_a_form_is_posted_and_sent_on_only_where_it_is_asked_for_as_it_is(server: FeedServer) -> None:
    form = {"hub.mode": "subscribe", "hub.topic": "https://news.example/?a=1&b=ї"}
    url = server.serve("/hub", "", status=202)
    assert (await fetch(url, form=form)).status == 202
    request = server.requests[0]
    assert (request.method, request.content_type) == ("POST", "application/x-www-form-urlencoded")
    assert dict(parse_qsl(server.bodies[0].decode())) == form
    server.serve("/other", "", status=202)
    for status in (301, 302, 303):
        url = server.serve("/hub", "", status=status, headers={"Location": "/other"})
        with pytest.raises(PermanentError, match=str(status)):
            await fetch(url, form=form)
    assert "/other" not in server.asked
    for status in (307, 308):
        url = server.serve("/hub", "", status=status, headers={"Location": "/other"})
        assert (await fetch(url, form=form)).status == 202
        assert server.requests[-1].method == "POST"
        assert dict(parse_qsl(server.bodies[-1].decode())) == form


async def test_a_form_is_sent_on_into_no_network_of_the_operator(server: FeedServer) -> None:
    server.serve("/hub", "", status=308, headers={"Location": f"http://127.0.0.1:{server.port}/inside"})
    server.serve("/inside", "", status=202)
    with pytest.raises(PermanentError, match="not a public address"):
        await fetch(f"http://evil.example:{server.port}/hub", form={"hub.mode": "subscribe"}, names=Names("127.0.0.1"))
    assert "/inside" not in server.asked


async def test_a_host_is_asked_one_thing_at_a_time_by_whoever_asks() -> None:
    under_way, most, order = 0, 0, []

    async def speak(writer: asyncio.StreamWriter) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.005)
        under_way -= 1
        writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")

    async with speaking(speak) as url, open_fetch(version="1", allow=LOOPBACK, deadline=0.1) as door:

        async def ask(number: int) -> None:
            await door.fetch(Request(url))
            order.append(number)

        await asyncio.gather(*(ask(number) for number in range(40)))
    assert most == 1
    assert order == list(range(40))


async def test_hosts_that_redirect_to_each_other_do_not_hold_each_other_up(server: FeedServer) -> None:
    url = server.serve("/feed", "news")
    names = Names("127.0.0.1")
    for host, other in (("a", "b"), ("b", "a")):
        there = url.replace("127.0.0.1", f"{other}.internal")
        server.serve(f"/{host}", "", status=302, headers={"Location": there})
    async with open_fetch(version="1", allow=LOOPBACK, names=names, deadline=2) as door:
        starts = [server.url(f"/{host}").replace("127.0.0.1", f"{host}.internal") for host in "ab" * 5]
        answers = await asyncio.gather(*(door.fetch(Request(start)) for start in starts))
        assert {answer.body for answer in answers} == {b"news"}


async def test_connections_are_kept_to_those_asked_again_and_again(server: FeedServer) -> None:
    url = server.serve("/feed", "news")
    async with open_fetch(version="1", allow=LOOPBACK) as door:
        for _ in range(3):
            await door.fetch(Request(url))
    assert [request.headers.get("Connection") for request in server.requests] == ["close", None, None]
    assert server.requests[1].transport is server.requests[2].transport


async def test_header_lines_add_up_where_they_are_a_list() -> None:
    words = b"HTTP/1.1 200 OK\r\nLink: <a>\r\nLink: <b>\r\nX-One: 1\r\nX-One: 2\r\nContent-Length: 0\r\n\r\n"
    async with speaking(words) as url:
        headers = (await fetch(url)).headers
    assert (headers["link"], headers["x-one"]) == ("<a>, <b>", "2")


async def test_a_certificate_that_is_not_trusted_is_named(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*self_signed(tmp_path))
    listener = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    async with listener:
        port = listener.sockets[0].getsockname()[1]
        with pytest.raises(TemporaryError, match=r"its certificate is not trusted \(self.signed") as caught:
            await fetch(f"https://127.0.0.1:{port}/")
    assert not caught.value.unreachable


async def test_what_speaks_no_tls_is_named(server: FeedServer) -> None:
    with pytest.raises(TemporaryError, match="no secure connection"):
        await fetch(server.url().replace("http:", "https:"))


async def test_an_answer_has_its_address_status_lower_case_headers_and_body(server: FeedServer) -> None:
    url = server.serve("/feed", "новини", headers={"X-Test": "Yes"}, etag='"1"')
    answer = await fetch(url)
    assert (answer.url, answer.status, answer.body.decode()) == (url, 200, "новини")
    assert (answer.headers["x-test"], answer.headers["etag"]) == ("Yes", '"1"')


async def test_not_modified_is_an_answer_to_a_conditional_question(server: FeedServer) -> None:
    url = server.serve("/feed", "news", etag='"1"')
    answer = await fetch(url, headers={"If-None-Match": '"1"'})
    assert (answer.status, answer.body) == (304, b"")


async def test_not_modified_without_a_condition_is_an_error(server: FeedServer) -> None:
    url = server.serve("/feed", "", status=304)
    with pytest.raises(TemporaryError, match="304"):
        await fetch(url)


async def test_a_request_says_who_asks_and_carries_no_cookies(server: FeedServer) -> None:
    url = server.serve("/feed", "news", headers={"Set-Cookie": "a=b"})
    async with open_fetch(version="1.0", contact="https://vistka.example", allow=LOOPBACK) as door:
        await door.fetch(Request(url))
        await door.fetch(Request(url, {"Accept": "application/rss+xml"}))
    headers = server.requests[1].headers
    assert headers["User-Agent"] == "Vistka/1.0 (+https://vistka.example)"
    assert headers["Accept"] == "application/rss+xml"
    assert "Cookie" not in headers


async def test_neither_proxy_nor_password_of_the_surroundings_is_used(
    server: FeedServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login me password secret", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    async with canary() as bird:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{bird.port}")
        monkeypatch.setenv("all_proxy", f"http://127.0.0.1:{bird.port}")
        assert (await fetch(server.serve("/feed", "news"))).body == b"news"
        assert bird.connections == 0
    assert "Authorization" not in server.requests[0].headers


@pytest.mark.parametrize("status", [429, 503])
async def test_an_overloaded_server_says_when_to_come_back(status: int, server: FeedServer) -> None:
    url = server.serve("/feed", "", status=status, headers={"Retry-After": "120"})
    with pytest.raises(TemporaryError) as caught:
        await fetch(url)
    assert caught.value.delay == 120


@pytest.mark.parametrize("status", [206, 408, 425, 500, 502, 599])
async def test_trouble_that_may_pass_is_temporary(status: int, server: FeedServer) -> None:
    url = server.serve("/feed", "", status=status)
    with pytest.raises(TemporaryError, match=str(status)) as caught:
        await fetch(url)
    assert caught.value.delay is None


@pytest.mark.parametrize(("status", "gone"), [(400, False), (401, False), (403, False), (404, False), (410, True)])
async def test_a_refusal_is_permanent_and_410_means_gone(status: int, gone: bool, server: FeedServer) -> None:
    url = server.serve("/feed", "", status=status)
    with pytest.raises(PermanentError) as caught:
        await fetch(url)
    assert caught.value.gone is gone


@pytest.mark.parametrize(("status", "gone"), [(301, True), (302, False)])
async def test_who_is_led_astray_for_a_while_is_not_gone(status: int, gone: bool, server: FeedServer) -> None:
    server.serve("/gone", "", status=410)
    with pytest.raises(PermanentError) as caught:
        await fetch(server.serve("/feed", "", status=status, headers={"Location": "/gone"}))
    assert caught.value.gone == gone


async def test_an_error_has_the_host_whose_trouble_it_is(server: FeedServer) -> None:
    there = server.serve("/busy", "", status=503).replace("127.0.0.1", "localhost")
    server.serve("/feed", "", status=302, headers={"Location": there})
    for url, host in ((server.url("/busy"), ""), (server.url("/feed"), "localhost")):
        with pytest.raises(TemporaryError) as caught:
            await fetch(url)
        assert caught.value.host == host


async def test_nobody_there_is_told_from_somebody_in_trouble() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(TemporaryError, match="no connection") as refused:
        await fetch(f"http://127.0.0.1:{port}/")
    assert not refused.value.unreachable
    for number, unreachable in ((socket.EAI_AGAIN, True), (socket.EAI_NONAME, False)):
        with pytest.raises(TemporaryError, match="the host name") as unknown:
            await fetch("http://nowhere.example/", names=Nameless(socket.gaierror(number, "no")))
        assert unknown.value.unreachable is unreachable
    with pytest.raises(TemporaryError, match=r"no connection \(Network is unreachable\)") as cut_off:
        await fetch("http://nowhere.example/", names=Nameless(OSError(errno.ENETUNREACH, "Network is unreachable")))
    assert cut_off.value.unreachable
    with pytest.raises(TemporaryError, match="no connection within") as late:
        await fetch("http://nowhere.example/", names=Nameless(TimeoutError()))
    assert late.value.unreachable


async def test_no_message_holds_a_password_or_a_query(server: FeedServer) -> None:
    url = server.url("/private").replace("//", "//me:secret@") + "?token=secret#secret"
    with pytest.raises(PermanentError) as caught:
        await fetch(url)
    assert str(caught.value) == f"{server.url('/private')}: status 404; see in a browser what stands there"


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://a:b@news.example/rss?key=1#x", "https://news.example/rss"),
        ("news.example/rss", "the address"),
        ("http://[bad", "the address"),
        ("https://news.example/" + "x" * 500, "https://news.example/" + "x" * 179),
    ],
)
def test_an_address_is_shown_without_its_secrets(url: str, text: str) -> None:
    assert shown(url) == text
