"""What others may ask a running daemon: how it does, what it counts, what it knows; never what only it may know."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.botapi import bot_api
from tests.canary import CANARY
from tests.e2e.daemon import Newsroom, daemon, sent
from tests.e2e.test_daemon import CHANNEL, OUTLETS, SETTINGS, SWAP_EN
from tests.feedserver import feed_server

pytestmark = pytest.mark.e2e

PATHS = ("/healthz", "/readyz", "/metrics", "/events.json", "/events.csv", "/events.geojson", "/feeds/uk.atom")


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


async def answered(client: aiohttp.ClientSession, path: str) -> tuple[int, str]:
    async with client.get(path) as answer:
        return answer.status, await answer.text()


def all_of(line: socket.socket) -> Iterator[str]:
    """Yield what was said on the line so far."""
    line.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        while True:
            yield line.recv(4096).decode()


async def test_nothing_that_a_daemon_answers_holds_its_secrets(tmp_path: Path) -> None:
    address = f"127.0.0.1:{free_port()}"
    started_by, heard = str(tmp_path / "n"), list[str]()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(started_by)
        settings = SETTINGS | {"VISTKA_HTTP": address, "NOTIFY_SOCKET": started_by}
        async with bot_api() as api, feed_server() as server, aiohttp.ClientSession(f"http://{address}") as client:
            api.channel(CHANNEL)
            newsroom = Newsroom(server, OUTLETS)
            async with daemon(tmp_path, api, newsroom, settings) as running:
                newsroom.publish("staff", SWAP_EN)
                await running.until(lambda: sent(api, CHANNEL) and '"delivered"' in running.log)
                said = {path: await answered(client, path) for path in PATHS}
                await running.until(lambda: heard.extend(all_of(manager)) or "READY=1" in "\n".join(heard))
                assert await running.stop() == 0
        heard += all_of(manager)
    assert {status for status, _ in said.values()} == {200}
    assert said["/healthz"] == said["/readyz"] == (200, "ok\n")
    page = said["/metrics"][1].splitlines()
    assert 'vistka_deliveries_total{action="post",outcome="sent"} 1.0' in page
    assert 'vistka_decisions_total{kind="swap",outcome="founded"} 1.0' in page
    assert 'vistka_telegram_calls_total{method="getMe",outcome="ok"} 1.0' in page
    assert 'vistka_news_age_seconds_count{at="posted"} 1.0' in page
    assert "vistka_ready 1.0" in page
    assert CANARY not in repr((said, heard))
    assert any("READY=1" in each for each in heard)
    assert heard[-1] == "STOPPING=1\nSTATUS=stopping"
