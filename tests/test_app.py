"""The house is wired from settings."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from bot.adapters.memory import Memory
from bot.adapters.terminal import TerminalPublisher
from bot.app import SystemClock, open_house
from bot.core.model import Request
from bot.ports import PermanentError
from bot.settings import Settings
from handlers import Buttons
from tests.feedserver import feed_server


async def test_the_house_has_every_plugin_and_a_renderer_in_three_languages():
    async with open_house(Settings(), TerminalPublisher(), Memory(), clock=SystemClock(), sources=()) as house:
        assert {job.name for job in house.jobs} >= {"poll", "deliver"}
        assert house.desk.commands.keys() >= {"start", "swaps", "event", "why", "post"}
        assert {plug.prefix for plug in house.plugs if isinstance(plug, Buttons)} >= {"desk", "say"}
        assert set(house.ports.polling.types) == {"rss", "jsonfeed", "telegram_web"}
        assert set(house.desk.books) == {"en", "uk", "ru"}
        assert house.desk.region_names["харківська область"] == "UA-63"


async def test_what_strangers_show_does_not_go_where_the_operator_lets_his_feeds_be():
    settings = Settings(fetch_allow=(ip_network("127.0.0.0/8"),))
    async with (
        feed_server() as inside,
        open_house(settings, TerminalPublisher(), Memory(), clock=SystemClock(), sources=()) as house,
    ):
        url = inside.serve("/ours", "<p>not for strangers</p>")
        with pytest.raises(PermanentError, match="not a public address"):
            await house.desk.recognise.page(url, house.ports.clock.now(), 700)
        assert inside.requests == []
        assert (await house.ports.fetch.fetch(Request(url, {}))).body == b"<p>not for strangers</p>"
