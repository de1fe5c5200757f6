"""The network door: what it lets through, what it refuses, and where it stops. Real HTTP on loopback."""

from __future__ import annotations

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.http import Guard, is_public, open_fetch, shown
from bot.core.model import Request, Response
from bot.ports import PermanentError, TemporaryError
from tests.feedserver import FeedServer, feed_server

LOOPBACK = (ip_network("127.0.0.0/8"),)

SPECIAL = """
127.0.0.1 127.255.255.254 0.0.0.0 0.1.2.3 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1
100.127.255.254 192.0.0.1 192.0.0.9 192.0.2.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1
239.255.255.255 240.0.0.1 255.255.255.255 192.88.99.1 :: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254
::127.0.0.1 ::8.8.8.8 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::7f00:1 2002:7f00:1:: 2002:808:808::
2001::1 2001:0:7f00:1:: 2001:10::1 2001:db8::1 3fff::1 fe80::1 fe80::1%1 fec0::1 fc00::1 fd00:ec2::254 ff02::1 100::1 5f00::1
"""

PUBLIC = "1.1.1.1 8.8.8.8 93.184.216.34 172.15.255.255 172.32.0.1 100.128.0.1 ::ffff:8.8.8.8 2606:4700::1111 2a00::1"

SPELLINGS = """
127.0.0.1 localhost 127.1 127.0.1 2130706433 0x7f000001 0x7f.1 0177.0.0.1 017700000001 0 0.0.0.0 [::ffff:127.0.0.1] [::1]
[0:0:0:0:0:ffff:7f00:1] LOCALHOST 127.0.0.1. ①②⑦.⓪.⓪.① 127。0。0。1 user:secret@127.0.0.1
"""


class Canary:
    """A listener that no one may ever reach."""

    def __init__(self) -> None:
        self.connections = 0
        self.port = 0

    def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.close()


@pytest.fixture
async def canary() -> AsyncIterator[Canary]:
    bird = Canary()
    listener = await asyncio.start_server(bird, "0.0.0.0", 0)
    bird.port = listener.sockets[0].getsockname()[1]
    async with listener:
        yield bird


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with feed_server() as running:
        yield running


async def fetch(url: str, *, allow=LOOPBACK, headers: dict[str, str] | None = None, **limits: float) -> Response:
    async with open_fetch(version="1.0", contact="https://vistka.example", allow=allow, **limits) as door:
        return await door.fetch(Request(url, headers or {}))


@pytest.mark.parametrize("address", SPECIAL.split())
def test_a_special_address_is_not_let_through_on_any_port(address: str) -> None:
    assert not Guard().lets_through(ip_address(address), 443)


@pytest.mark.parametrize("address", PUBLIC.split())
def test_a_public_address_is_let_through_on_web_ports_alone(address: str) -> None:
    ports = [port for port in range(1, 10_000) if Guard().lets_through(ip_address(address), port)]
    assert ports == [80, 443, 8080, 8443]


@given(st.ip_addresses())
def test_nothing_is_public_that_the_registries_do_not_call_global(address: IPv4Address | IPv6Address) -> None:
    plain = getattr(address, "ipv4_mapped", None) or address
    assert not is_public(address) or (plain.is_global and not plain.is_multicast)


def test_an_allowed_network_is_let_through_on_every_port_and_in_every_dress() -> None:
    guard = Guard(LOOPBACK)
    assert guard.lets_through(ip_address("127.0.0.1"), 22)
    assert guard.lets_through(ip_address("::ffff:127.0.0.1"), 22)
    assert not guard.lets_through(ip_address("::1"), 80)
    assert not guard.lets_through(ip_address("10.0.0.1"), 80)


@pytest.mark.parametrize("spelling", SPELLINGS.split())
async def test_no_spelling_of_loopback_reaches_a_listener(spelling: str, canary: Canary) -> None:
    with pytest.raises((PermanentError, TemporaryError)) as caught:
        await fetch(f"http://{spelling}:{canary.port}/", allow=())
    assert canary.connections == 0
    assert "secret" not in str(caught.value)


async def test_a_blocked_address_is_a_lasting_error_with_its_remedy(canary: Canary) -> None:
    with pytest.raises(PermanentError, match="VISTKA_FETCH_ALLOW"):
        await fetch(f"http://127.0.0.1:{canary.port}/", allow=())


@pytest.mark.parametrize("host", ["127.0.0.2", "0x7f000002", "[::ffff:127.0.0.2]", "[::1]"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_leads_to_a_forbidden_address(
    host: str, status: int, server: FeedServer, canary: Canary
) -> None:
    server.serve("/feed", "", status=status, headers={"Location": f"http://{host}:{canary.port}/"})
    with pytest.raises(PermanentError, match="not a public address"):
        await fetch(server.url(), allow=(ip_network("127.0.0.1/32"),))
    assert server.asked["/feed"] == 1
    assert canary.connections == 0


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


async def test_a_proxy_of_the_surroundings_is_not_used(
    server: FeedServer, canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{canary.port}")
    assert (await fetch(server.serve("/feed", "news"))).body == b"news"
    assert canary.connections == 0


@pytest.mark.parametrize("status", [429, 503])
async def test_an_overloaded_server_says_when_to_come_back(status: int, server: FeedServer) -> None:
    url = server.serve("/feed", "", status=status, headers={"Retry-After": "120"})
    with pytest.raises(TemporaryError) as caught:
        await fetch(url)
    assert caught.value.delay == 120


@pytest.mark.parametrize("status", [408, 425, 500, 502, 599])
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


async def test_a_body_is_capped_after_inflation(server: FeedServer) -> None:
    bomb = gzip.compress(b"\0" * (64 << 20))
    url = server.serve("/bomb", bomb, headers={"Content-Encoding": "gzip"})
    with pytest.raises(PermanentError, match="larger than 1024 KiB"):
        await fetch(url, most_bytes=1 << 20)


async def test_a_compressed_body_within_the_cap_is_inflated(server: FeedServer) -> None:
    url = server.serve("/feed", gzip.compress(b"news" * 1000), headers={"Content-Encoding": "gzip"})
    assert (await fetch(url)).body == b"news" * 1000


async def test_a_body_that_is_not_what_its_header_says_is_an_error(server: FeedServer) -> None:
    url = server.serve("/feed", b"not gzip at all", headers={"Content-Encoding": "gzip"})
    with pytest.raises(TemporaryError, match="broke off"):
        await fetch(url)


async def test_a_dripping_server_is_left_at_the_deadline(server: FeedServer) -> None:
    url = server.serve("/feed", b"x" * 1000, drip=0.02)
    with pytest.raises(TemporaryError, match=r"within 0\.2 s"):
        await fetch(url, deadline=0.2)


async def test_a_server_that_never_answers_is_left_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(TemporaryError, match="no complete answer"):
            await fetch(f"http://127.0.0.1:{port}/", deadline=0.2)


async def test_a_closed_port_and_an_unknown_name_are_temporary(canary: Canary) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(TemporaryError, match="no connection"):
        await fetch(f"http://127.0.0.1:{port}/")
    with pytest.raises(TemporaryError, match="no address"):
        await fetch("http://nowhere.invalid/")


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
