"""The test server under the two libraries that others wrote for Telegram: both have to be able to live with it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import telegram
from aiogram import Bot as Aiogram
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from tests.botapi import BotApi, bot_api

KEYBOARD = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("More", callback_data="more")]])


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as server:
        yield server


@pytest.fixture(autouse=True, scope="module")
def durations() -> None:
    """Let python-telegram-bot give durations as such; it warns of the old way."""
    os.environ["PTB_TIMEDELTA"] = "1"


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[telegram.Bot]:
    async with telegram.Bot(api.token, base_url=f"{api.url}/bot", base_file_url=f"{api.url}/file/bot") as it:
        yield it


async def test_python_telegram_bot_can_send_edit_and_delete(api: BotApi, bot: telegram.Bot) -> None:
    api.channel(-1009)
    sent = await bot.send_message(-1009, "<b>307</b>", parse_mode="HTML", reply_markup=KEYBOARD)
    edited = await sent.edit_text("390", disable_web_page_preview=True)
    assert (sent.text, getattr(edited, "text", "")) == ("307", "390")
    assert api.shown(-1009)[0].versions == ["<b>307</b>", "390"]
    assert await sent.delete()


async def test_python_telegram_bot_reads_every_kind_of_update(api: BotApi, bot: telegram.Bot) -> None:
    api.person()
    api.channel(-1009)
    api.group(-5)
    api.say(100, "/swaps")
    api.say(-1009, "a post")
    await bot.send_message(100, "x")
    api.press(100, api.shown(100)[0].message_id, "more")
    api.stand(100, "blocked")
    api.migrate(-5, -1005)
    updates = await bot.get_updates(allowed_updates=telegram.Update.ALL_TYPES)
    assert [update.effective_chat.id for update in updates if update.effective_chat] == [
        100,
        -1009,
        100,
        100,
        -5,
        -1005,
    ]
    assert updates[2].callback_query is not None
    assert await updates[2].callback_query.answer()


async def test_python_telegram_bot_understands_the_refusals(api: BotApi, bot: telegram.Bot) -> None:
    api.person().standing = "blocked"
    api.group(-5)
    api.migrate(-5, -1005)
    api.channel(-1009)
    api.flood(3, chat_id=-1009)
    with pytest.raises(telegram.error.Forbidden, match="blocked by the user"):
        await bot.send_message(100, "x")
    with pytest.raises(telegram.error.ChatMigrated) as migrated:
        await bot.send_message(-5, "x")
    assert migrated.value.new_chat_id == -1005
    with pytest.raises(telegram.error.RetryAfter) as flood:
        await bot.send_message(-1009, "x")
    assert flood.value.retry_after == timedelta(seconds=3)
    with pytest.raises(telegram.error.BadRequest, match="Chat not found"):
        await bot.send_message(42, "x")


async def test_python_telegram_bot_can_describe_itself(api: BotApi, bot: telegram.Bot) -> None:
    await bot.set_my_commands([("swaps", "Обміни")], telegram.BotCommandScopeAllPrivateChats(), "uk")
    commands = await bot.get_my_commands(telegram.BotCommandScopeAllPrivateChats(), "uk")
    assert commands[0].description == "Обміни"
    await bot.set_my_description("Вістка", "uk")
    assert (await bot.get_my_description("uk")).description == "Вістка"
    assert (await bot.get_chat_member(api.channel(-1009).id, bot.id)).status == "administrator"
    assert (await bot.get_chat(-1009)).type == "channel"


async def test_aiogram_can_send_and_poll(api: BotApi) -> None:
    api.person()
    session = AiohttpSession(api=TelegramAPIServer.from_base(api.url))
    async with Aiogram(api.token, session=session) as bot:
        sent = await bot.send_message(100, "hello")
        api.say(100, "/swaps")
        updates = await bot.get_updates(timeout=1)
    assert (sent.text, updates[0].message and updates[0].message.text) == ("hello", "/swaps")
