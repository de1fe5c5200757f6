"""Nothing leaves for Telegram once another process speaks for the bot, whatever held it up until then."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.adapters.telegram import TelegramPublisher, build_application
from bot.adapters.telegram.fencing import NotOursError
from bot.core.model import Holder, Message
from bot.ports import LeaseLostError, TemporaryError, VistkaError
from bot.settings import number_of
from tests.botapi import BotApi, bot_api

CHANNEL = -1001000000900


class Say:
    """Says whether it is ours to speak, and counts how often that was asked."""

    def __init__(self) -> None:
        self.error: VistkaError | None = None
        self.asked = 0
        self.until = 10**6

    async def __call__(self) -> None:
        self.asked += 1
        if self.error or self.asked > self.until:
            raise self.error or TemporaryError("nobody can tell")


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as server:
        server.channel(CHANNEL)
        yield server


@pytest.fixture
def say() -> Say:
    return Say()


@pytest.fixture
async def bot(api: BotApi, say: Say):
    async with build_application(api.token, api.url, sure=say).bot as bot:
        yield bot


async def test_a_post_leaves_while_it_is_ours_to_speak(api: BotApi, bot, say: Say) -> None:
    before = say.asked
    await TelegramPublisher(bot).post(CHANNEL, 0, Message("Вістка"))
    assert [message.text for message in api.shown(CHANNEL)] == ["Вістка"]
    assert say.asked == before + 2


@pytest.mark.parametrize("steps", [0, 1])
async def test_a_post_that_is_anothers_by_now_surely_did_not_leave(api: BotApi, bot, say: Say, steps: int) -> None:
    say.until = say.asked + steps
    with pytest.raises(TemporaryError, match="nobody can tell"):
        await TelegramPublisher(bot).post(CHANNEL, 0, Message("Вістка"))
    assert api.shown(CHANNEL) == []


async def test_everything_that_leaves_is_asked_about(api: BotApi, bot, say: Say) -> None:
    say.error = LeaseLostError("sender", Holder("kyiv", 7, "mark"))
    publish = TelegramPublisher(bot)
    for call in (publish.edit(CHANNEL, 1, Message("а")), publish.find(CHANNEL, 1, Message("а"))):
        with pytest.raises(TemporaryError, match="process 7 on kyiv took over"):
            await call
    with pytest.raises(NotOursError):
        await bot.get_me()
    assert api.called("editMessageText") == api.called("getChatMember") == []


def test_a_bot_is_named_by_its_number_and_never_by_its_token():
    assert number_of("123456:canary") == 123456
    assert number_of("canary") == number_of("") == number_of("²:x") == 0
