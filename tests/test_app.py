"""The house is wired from settings."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from bot.adapters.memory import Memory
from bot.adapters.morphology import lemmas_of
from bot.adapters.terminal import TerminalPublisher
from bot.app import SystemClock, open_house
from bot.core.model import Request, Source
from bot.jobs import poll
from bot.ports import PermanentError
from bot.settings import Settings
from handlers import Buttons
from tests.feedserver import feed_server


async def test_the_house_has_every_plugin_and_a_renderer_in_three_languages():
    async with open_house(Settings(), TerminalPublisher(), Memory(), clock=SystemClock(), sources=()) as house:
        assert {job.name for job in house.jobs} >= {"poll", "deliver"}
        desk = await house.desk()
        assert desk.commands.keys() >= {"start", "swaps", "event", "why", "post"}
        assert {plug.prefix for plug in house.plugs() if isinstance(plug, Buttons)} >= {"desk", "say"}
        assert set(house.ports.polling.types) == {"rss", "jsonfeed", "telegram_web"}
        assert set(desk.books) == {"en", "uk", "ru"}
        assert desk.region_names["харківська область"] == "UA-63"


async def test_feeds_are_asked_before_any_words_are_loaded():
    loaded = lemmas_of.cache_info()
    settings = Settings(fetch_allow=(ip_network("127.0.0.0/8"),))
    async with feed_server() as server:
        server.serve("/empty", '<rss version="2.0"><channel><title>Pier</title></channel></rss>')
        source = Source("pier", "Pier", "rss", server.url("/empty"), "en")
        async with open_house(settings, TerminalPublisher(), Memory(), clock=SystemClock(), sources=(source,)) as house:
            await poll.JOB.run(house.ports)
            await house.ports.queue.idle()
            assert len(server.requests) == 1
            assert lemmas_of.cache_info() == loaded
            await house.ready()
            assert lemmas_of.cache_info() != loaded


async def test_what_strangers_show_does_not_go_where_the_operator_lets_his_feeds_be():
    settings = Settings(fetch_allow=(ip_network("127.0.0.0/8"),))
    async with (
        feed_server() as inside,
        open_house(settings, TerminalPublisher(), Memory(), clock=SystemClock(), sources=()) as house,
    ):
        url = inside.serve("/ours", "<p>not for strangers</p>")
        with pytest.raises(PermanentError, match="not a public address"):
            await (await house.desk()).recognise.page(url, house.ports.clock.now(), 700)
        assert inside.requests == []
        assert (await house.ports.fetch.fetch(Request(url, {}))).body == b"<p>not for strangers</p>"
