"""What one question may bring over the wire, on plain sockets and under TLS."""

from __future__ import annotations

import asyncio
import ssl
from ipaddress import ip_network
from pathlib import Path

import aiohttp
import pytest

from bot.adapters.http import open_fetch
from bot.adapters.http.metering import ASKING, BEFORE, Meter
from bot.core.model import Request
from tests.feedserver import feed_server
from tests.listeners import for_ever, self_signed

LOOPBACK = (ip_network("127.0.0.0/8"),)


def test_a_meter_lets_headers_and_then_a_body_pass_and_no_more() -> None:
    meter = Meter()
    meter.count(BEFORE)
    with pytest.raises(ConnectionAbortedError):
        meter.count(1)
    meter.expect(8000)
    meter.count(9000)
    with pytest.raises(ConnectionAbortedError):
        meter.count(1)


@pytest.mark.parametrize(
    ("taken", "received", "mostly_frames"),
    [
        (1000, 1, False),
        (BEFORE, 1, False),
        (BEFORE + 1, 1, True),
        (3 << 20, 1 << 20, False),
        ((3 << 20) + 1, 1 << 20, True),
    ],
)
def test_frames_are_judged_by_what_is_in_them(taken: int, received: int, mostly_frames: bool) -> None:
    meter = Meter(1 << 30)
    meter.count(taken)
    assert meter.is_mostly_frames(received) is mostly_frames


async def test_each_question_on_a_connection_has_a_meter_of_its_own() -> None:
    async with feed_server() as server, open_fetch(version="1", allow=LOOPBACK) as door:
        url = server.serve("/feed", bytes(BEFORE * 4 // 5))
        for _ in range(4):
            assert len((await door.fetch(Request(url))).body) == BEFORE * 4 // 5
        assert server.requests[1].transport is server.requests[3].transport


async def test_under_tls_no_more_is_taken_in_either(tmp_path: Path) -> None:
    sent = 0

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        sent += 1
        try:
            await reader.readuntil(b"\r\n\r\n")
            await for_ever(writer, b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000)
        except ConnectionError:
            writer.close()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*self_signed(tmp_path))
    listener = await asyncio.start_server(flood, "127.0.0.1", 0, ssl=context)
    async with listener, open_fetch(version="1", allow=LOOPBACK) as door:
        meter = Meter()
        ASKING.set(meter)
        with pytest.raises(aiohttp.ClientError):
            await door.session.get(f"https://127.0.0.1:{listener.sockets[0].getsockname()[1]}/", ssl=False)
    assert sent == 1
    assert BEFORE < meter.taken <= BEFORE + (1 << 16)
