"""A running daemon is told that its list of sources changed."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.botapi import bot_api
from tests.e2e.daemon import Newsroom, daemon, shown
from tests.e2e.test_daemon import CHANNEL, OUTLETS, SETTINGS, SWAP_EN
from tests.feedserver import feed_server

pytestmark = pytest.mark.e2e


async def test_a_daemon_that_is_told_to_polls_what_its_list_has_by_now(tmp_path: Path) -> None:
    (staff,) = (each for each in OUTLETS if each.id == "staff")
    others = tuple(each for each in OUTLETS if each != staff)
    async with bot_api() as api, feed_server() as server:
        api.channel(CHANNEL)
        newsroom = Newsroom(server, others)
        async with daemon(tmp_path, api, newsroom, SETTINGS) as running:
            listed = tmp_path / "sources.toml"
            listed.write_text("[[source]", encoding="utf-8")
            running.process.send_signal(signal.SIGHUP)
            await running.until(lambda: '"sources not read again"' in running.log)
            assert f"{listed}: it is no TOML" in running.log
            newsroom.outlets = (staff,)
            listed.write_text(newsroom.sources(), encoding="utf-8")
            running.process.send_signal(signal.SIGHUP)
            await running.until(lambda: server.asked["/staff"])
            newsroom.publish("staff", SWAP_EN)
            await running.until(lambda: shown(api, CHANNEL))
            gone = [server.asked[f"/{each.id}"] for each in others]
            asked = server.asked["/staff"]
            await running.until(lambda: server.asked["/staff"] > asked)
            assert [server.asked[f"/{each.id}"] for each in others] == gone
            assert await running.stop() == 0
