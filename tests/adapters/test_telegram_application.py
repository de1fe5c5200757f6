"""The application: how it is built, how it makes contact, and what it writes into the menus."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from telegram import Update

from bot.adapters.telegram import build_application, connect, publish_menus, publish_own_menus, whoami
from bot.ports import PermanentError, TemporaryError
from tests.botapi import BotApi, bot_api

WRONG = "7654321:BBwrongBBwrongBBwrongBBwrongBBwrong"
MENUS = {"en": [("swaps", "prisoner exchanges")], "uk": [("swaps", "обміни полоненими")]}


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as server:
        yield server


def test_it_brings_no_poller_and_waits_longer_than_telegram_holds_a_send(api: BotApi) -> None:
    application = build_application(api.token, f"{api.url}/")
    assert application.updater is None
    assert application.bot.base_url == f"{api.url}/bot{api.token}"
    assert application.bot.request.read_timeout == 25


async def test_the_token_tells_who_the_bot_is(api: BotApi) -> None:
    assert await whoami(api.token, api.url) == "vistka_bot"


async def test_a_token_that_is_refused_is_named_by_its_setting_and_not_shown(api: BotApi) -> None:
    with pytest.raises(PermanentError, match="VISTKA_TELEGRAM_TOKEN") as failure:
        await whoami(WRONG, api.url)
    assert "BBwrong" not in str(failure.value)
    with pytest.raises(PermanentError, match="VISTKA_TELEGRAM_TOKEN"):
        await connect(build_application(WRONG, api.url), asyncio.Event())


async def test_a_server_that_does_not_answer_is_named_by_its_setting(api: BotApi) -> None:
    await api.stop()
    with pytest.raises(TemporaryError, match=f"VISTKA_TELEGRAM_API: no answer from {api.url}") as failure:
        await whoami(api.token, api.url)
    assert api.token not in str(failure.value)


async def test_contact_is_made_again_until_it_works(api: BotApi) -> None:
    api.bad_gateway("getMe")
    application = build_application(api.token, api.url)
    assert await connect(application, asyncio.Event())
    assert len(api.called("getMe")) == 2
    await application.shutdown()


async def test_a_stop_ends_the_attempts(api: BotApi) -> None:
    failing, stop = api.bad_gateway("getMe", times=1000), asyncio.Event()
    application = build_application(api.token, api.url)
    connecting = asyncio.create_task(connect(application, stop))
    await failing.reached.wait()
    stop.set()
    assert await connecting is False


async def test_menus_are_written_per_language_and_only_where_they_differ(api: BotApi) -> None:
    async with build_application(api.token, api.url) as application:
        for _ in range(2):
            await publish_menus(application.bot, MENUS)
    written = [call.parameters.get("language_code", "") for call in api.called("setMyCommands")]
    assert written == ["", "en", "uk"]
    assert api.methods.commands['{"type": "default"}', "uk"] == [
        {"command": "swaps", "description": "обміни полоненими"},
    ]


async def test_an_admin_has_a_menu_of_the_own_chat_which_is_written_only_where_it_differs(api: BotApi) -> None:
    api.person(5)
    async with build_application(api.token, api.url) as application:
        for _ in range(2):
            await publish_menus(application.bot, MENUS, 5)
    scopes = [call.parameters["scope"] for call in api.called("setMyCommands")]
    assert scopes == [{"type": "chat", "chat_id": 5}] * 3


async def test_who_never_wrote_to_the_bot_gets_the_menu_at_the_first_message(api: BotApi) -> None:
    async with build_application(api.token, api.url) as application:
        await publish_own_menus(application, MENUS, {6})
        assert api.methods.commands == {}
        api.person(6)
        for _ in range(2):
            api.say(6, "hello", 6)
        for raw in await api.updates.poll():
            await application.process_update(Update.de_json(raw, application.bot))
    assert len(api.methods.commands) == len(api.called("setMyCommands")) - 3 == 3


async def test_a_menu_that_cannot_be_written_stops_nothing(api: BotApi) -> None:
    async with build_application(api.token, api.url) as application:
        api.bad_gateway("setMyCommands")
        await publish_menus(application.bot, MENUS)
    assert len(api.methods.commands) == 2
