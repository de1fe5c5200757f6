"""The daemon on a webhook: what was acknowledged is answered, whatever happens in between."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.botapi import BotApi, bot_api
from tests.e2e.daemon import Newsroom, Outlet, Story, daemon, shown
from tests.feedserver import feed_server
from tests.hub import hub_server

pytestmark = pytest.mark.e2e

SECRET = "canary-of-the-webhook"
CHANNEL = -1001000000900
SWAP = Story(
    "Відбувся обмін полоненими: додому повернулися 205 захисників",
    "Сьогодні Україна та Росія провели обмін полоненими. З російського полону повернулися 205 українських військових.",
    minutes_ago=1,
)


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as server:
        server.person(100, language="uk")
        yield server


@pytest.fixture
async def newsroom() -> AsyncIterator[Newsroom]:
    async with feed_server() as server:
        yield Newsroom(server, (Outlet("novyny", "Новини дня", "uk"),))


@pytest.fixture
def settings(api: BotApi) -> dict[str, str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    api.webhook_at = f"http://{address}"
    return {
        "VISTKA_HTTP": address,
        "VISTKA_WEBHOOK_URL": "https://bot.example.org/hook",
        "VISTKA_WEBHOOK_SECRET": SECRET,
    }


async def test_what_was_acknowledged_before_a_kill_is_answered_once_after_the_restart(
    tmp_path: Path, api: BotApi, newsroom: Newsroom, settings: dict[str, str]
) -> None:
    async with daemon(tmp_path, api, newsroom, settings) as running:
        api.say(100, "/about")
        await running.until(lambda: api.shown(100))
        held = api.hold("sendMessage", 100)
        held.applied = False
        api.say(100, "/stats")
        await running.meanwhile(asyncio.wait_for(held.reached.wait(), 30))
        async with asyncio.timeout(30):
            while api.updates.waiting:
                await api.updates.changed.wait()
        await running.kill()
        held.released.set()
    first = len(api.shown(100))
    async with daemon(tmp_path, api, newsroom, settings) as restarted:
        await restarted.until(lambda: len(api.shown(100)) > first)
        api.say(100, "/help")
        await restarted.until(lambda: len(api.shown(100)) > first + 1)
        assert await restarted.stop() == 0
    assert (first, len(api.sent(100))) == (1, 3)
    assert len(api.called("setWebhook")) == 1
    assert api.called("getUpdates") == []
    assert SECRET not in running.log + restarted.log
    assert api.updates.webhook.rpartition("/")[2] not in running.log + restarted.log
    assert "Traceback" not in restarted.log


async def test_after_the_webhook_is_unset_updates_are_polled(
    tmp_path: Path, api: BotApi, newsroom: Newsroom, settings: dict[str, str]
) -> None:
    async with daemon(tmp_path, api, newsroom, settings) as running:
        assert await running.stop() == 0
    api.say(100, "/about")
    async with daemon(tmp_path, api, newsroom) as running:
        await running.until(lambda: api.shown(100))
        assert await running.stop() == 0
    assert api.updates.webhook == ""


async def test_what_a_hub_pushes_is_posted(
    tmp_path: Path, api: BotApi, newsroom: Newsroom, settings: dict[str, str]
) -> None:
    api.channel(CHANNEL).username = "vistka_news"
    newsroom = Newsroom(newsroom.server, (Outlet("staff", "Штаб", "uk", tier="official", side="UA"),))
    async with hub_server() as hub:
        hub.public, hub.actual = "https://bot.example.org", f"http://{settings['VISTKA_HTTP']}"
        newsroom.publish("staff")
        page = newsroom.server.pages["/staff"]
        page.headers = {**page.headers, "Link": f'<{hub.url}>; rel="hub", <https://staff.example/>; rel="self"'}
        given = settings | {"VISTKA_PUBLIC_URL": hub.public, "VISTKA_CHANNELS": str(CHANNEL)}
        async with daemon(tmp_path, api, newsroom, given) as running:
            await running.meanwhile(hub.answered.wait())
            feed = f"<rss version='2.0'><channel><title>x</title>{SWAP.xml('https://staff.example/1')}</channel></rss>"
            assert await hub.push(feed.encode()) == 200
            await running.until(lambda: shown(api, CHANNEL) and '"delivered"' in running.log)
            async with ClientSession(hub.actual) as reader, reader.get("/feeds/uk.json") as answer:
                (entry,) = (await answer.json(content_type=None))["items"]
            assert await running.stop() == 0
        assert "205" in entry["title"]
        assert entry["url"] == f"https://t.me/vistka_news/{shown(api, CHANNEL)[0].message_id}"
        (callback,) = hub.subscribed
    assert "205" in shown(api, CHANNEL)[0].text
    assert newsroom.server.pages["/staff"].body.find(b"205") < 0
    assert hub.subscribed[callback]["hub.secret"] not in running.log
    assert callback.rpartition("/")[2] not in running.log
