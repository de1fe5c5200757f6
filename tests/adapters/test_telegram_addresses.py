"""Under which public names our channels can be read."""

from __future__ import annotations

from bot.adapters.telegram import build_application, learn_names
from tests.botapi import bot_api


async def test_a_channel_with_a_public_name_has_an_address_and_others_have_none():
    async with bot_api() as api, build_application(api.token, api.url) as application:
        api.channel(-1001).username = "vistka_news"
        api.channel(-1002)
        names: dict[int, str] = {}
        await learn_names(application.bot, (-1009, -1002, -1001), names)
    assert names == {-1001: "vistka_news"}
