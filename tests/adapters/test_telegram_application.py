"""The application: how it is built, and how it makes contact."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.adapters.telegram import build_application, connect, whoami
from bot.ports import PermanentError, TemporaryError
from tests.botapi import BotApi, bot_api

WRONG = "7654321:BBwrongBBwrongBBwrongBBwrongBBwrong"


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
