"""Who may be talked to. Whatever an address looks like and whoever leads there, a listener on loopback hears nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.http import Guard, is_public, open_fetch
from bot.core.model import Request, Response
from bot.ports import PermanentError, TemporaryError, VistkaError
from tests.feedserver import FeedServer, feed_server
from tests.listeners import Canary, Names, canary

LOOPBACK = (ip_network("127.0.0.0/8"),)
SERVER = (ip_network("127.0.0.1/32"),)

SPECIAL = """
127.0.0.1 127.255.255.254 0.0.0.0 0.1.2.3 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1
100.127.255.254 192.0.0.1 192.0.0.9 192.0.2.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1
239.255.255.255 240.0.0.1 255.255.255.255 192.88.99.1 :: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254
::127.0.0.1 ::8.8.8.8 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b::a9fe:a9fe 64:ff9b:1::7f00:1
2002:7f00:1:: 2002:808:808:: 2002:a9fe:a9fe:: 2001::1 2001:0:7f00:1:: 2001:10::1 2001:db8::1 3fff::1 fe80::1 fec0::1
fc00::1 fd00:ec2::254 ff02::1 100::1 5f00::1
"""

PUBLIC = "1.1.1.1 8.8.8.8 93.184.216.34 172.15.255.255 172.32.0.1 100.128.0.1 ::ffff:8.8.8.8 2606:4700::1111 2a00::1"

LOCAL = "localhost LOCALHOST localhost. example.org:secret@localhost 0 0.0.0.0 [::1] [::] [0:0:0:0:0:0:0:1]"


def in_url(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def spellings(last: int) -> list[str]:
    """Return what different libraries take for 127.0.0.{last}."""
    number = (127 << 24) + last
    return [
        f"127.0.0.{last}",
        f"127.0.0.{last}.",
        f"127.{last}",
        f"127.0.{last}",
        f"{number}",
        f"{number:#x}",
        f"0{number:o}",
        f"0x7f.{last}",
        f"0177.0.0.{last}",
        f"[::ffff:127.0.0.{last}]",
        f"[::ffff:7f00:{last}]",
        f"[0:0:0:0:0:ffff:7f00:{last}]",
        f"①②⑦.⓪.⓪.{chr(ord('①') + last - 1)}",
        f"127。0。0。{last}",
        f"%31%32%37.0.0.{last}",
        f"user:secret@127.0.0.{last}",
    ]


REDIRECTED = [in_url(address) for address in SPECIAL.split() if address not in ("127.0.0.1", "::ffff:127.0.0.1")]
REDIRECTED += [*spellings(2), *(host for host in LOCAL.split() if "localhost" not in host.lower())]


@pytest.fixture
async def bird() -> AsyncIterator[Canary]:
    async with canary() as listener:
        yield listener
        assert listener.connections == 0


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with feed_server() as running:
        yield running


async def fetch(url: str, *, port: int, names: Names | None = None, allow=(), headers=None) -> Response:
    """Fetch through a door for which the port of the canary is one of the web's."""
    ports = frozenset({80, 443, port})
    async with open_fetch(version="1", allow=allow, ports=ports, names=names) as door:
        return await door.fetch(Request(url, headers or {}))


@pytest.mark.parametrize("address", SPECIAL.split())
def test_a_special_address_is_not_let_through(address: str) -> None:
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


async def test_the_canary_would_hear_of_it() -> None:
    async with canary() as bird:
        with pytest.raises(TemporaryError, match="broke off"):
            await fetch(f"http://127.0.0.1:{bird.port}/", port=bird.port, allow=LOOPBACK)
        assert bird.connections > 0


@pytest.mark.parametrize("address", SPECIAL.split())
async def test_no_special_address_is_reached_by_number_or_by_name(address: str, bird: Canary) -> None:
    for host in (in_url(address), "news.example"):
        with pytest.raises(PermanentError, match="not a public address"):
            await fetch(f"http://{host}:{bird.port}/", port=bird.port, names=Names(address))


@pytest.mark.parametrize("spelling", spellings(1) + LOCAL.split())
async def test_no_spelling_of_loopback_is_reached(spelling: str, bird: Canary) -> None:
    for url in (f"http://{spelling}:{bird.port}/", f"http://{spelling}:{bird.port}#@example.org/"):
        with pytest.raises((PermanentError, TemporaryError)) as caught:
            await fetch(url, port=bird.port)
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize("host", REDIRECTED)
async def test_no_chain_of_redirects_leads_to_a_forbidden_address(host: str, server: FeedServer, bird: Canary) -> None:
    for hop, status in enumerate((301, 302, 307, 308)):
        server.serve(f"/{hop}", "", status=status, headers={"Location": f"/{hop + 1}"})
    server.serve("/4", "", status=303, headers={"Location": f"http://{host}:{bird.port}/"})
    with pytest.raises((PermanentError, TemporaryError)):
        await fetch(server.url("/0"), port=bird.port, allow=SERVER)
    assert server.asked["/4"] == 1


async def test_a_blocked_address_is_a_lasting_error_with_its_remedy(bird: Canary) -> None:
    with pytest.raises(PermanentError, match="VISTKA_FETCH_ALLOW"):
        await fetch(f"http://127.0.0.1:{bird.port}/", port=bird.port)


async def test_a_name_that_changes_its_address_between_two_looks_gains_nothing(
    server: FeedServer, bird: Canary
) -> None:
    url = server.serve("/feed", "news").replace("127.0.0.1", "news.example")
    server.serve("/away", "", status=302, headers={"Location": f"http://news.example:{bird.port}/"})
    names = Names("127.0.0.1", "127.0.0.1", "127.0.0.2")
    assert (await fetch(url, port=bird.port, allow=SERVER, names=names)).body == b"news"
    assert names.asked == ["news.example"]
    with pytest.raises(PermanentError, match="not a public address"):
        await fetch(url.removesuffix("feed") + "away", port=bird.port, allow=SERVER, names=names)
    assert names.asked == ["news.example"] * 3


@pytest.mark.parametrize("others", ["127.0.0.2", "127.0.0.2 127.0.0.3", "::1", "::ffff:127.0.0.2", "64:ff9b::7f00:1"])
async def test_of_several_addresses_only_those_let_through_are_tried(others: str, server: FeedServer) -> None:
    url = server.serve("/feed", "news").replace("127.0.0.1", "news.example")
    async with canary("127.0.0.2", server.port) as bird:
        for answer in (f"{others} 127.0.0.1", f"127.0.0.1 {others}"):
            assert (await fetch(url, port=server.port, allow=SERVER, names=Names(answer))).body == b"news"
        with pytest.raises(PermanentError, match="not a public address"):
            await fetch(url, port=server.port, allow=SERVER, names=Names(others))
        assert bird.connections == 0


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
async def test_no_address_that_anybody_could_write_is_reached(bird: Canary, data: st.DataObject) -> None:
    number = int(data.draw(st.ip_addresses(v=4, network="127.0.0.0/8")))
    octets = [str(number >> shift & 255) for shift in (24, 16, 8, 0)]
    host = data.draw(
        st.sampled_from([str(number), hex(number), oct(number), ".".join(octets), "٠" + str(number)])
        | st.lists(
            st.sampled_from([*octets, "0x7f", "0177", "①", "。", ".", "%2e", "[", "]", ":", "@", "\\", "/"]), max_size=8
        ).map("".join)
        | st.text(max_size=12)
    )
    scheme = data.draw(st.sampled_from(["http://", "HTTP://", "http:", "//", "", "ftp://", "http:///", "http:\\\\"]))
    with pytest.raises(VistkaError):
        await fetch(f"{scheme}{host}:{bird.port}/", port=bird.port, names=Names("127.0.0.1"))
