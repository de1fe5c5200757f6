"""Calls of the Bot API are counted by method and answer, and by nothing that is in them."""

from __future__ import annotations

import pytest
from telegram.error import TelegramError

from bot.adapters.telegram import build_application
from bot.adapters.telegram.calls import CountedRequest
from tests.botapi import BotApi, bot_api
from tests.botapi.faults import Fault
from tests.tallying import Tallied

CALLS = "telegram_calls_total"


@pytest.fixture
async def api():
    async with bot_api() as server:
        server.person(100)
        yield server


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [(None, "ok"), ("bad_gateway", "5xx"), ("drop", "timeout")],
)
async def test_a_call_is_counted_by_its_answer(api: BotApi, fault, outcome):
    tally = Tallied()
    async with build_application(api.token, api.url, tally=tally).bot as bot:
        if fault is None:
            await bot.send_message(100, "x")
        else:
            api.faults.add(Fault(fault, method="sendMessage"))
            with pytest.raises(TelegramError):
                await bot.send_message(100, "x")
    assert tally.counted == {(CALLS, "getMe", "ok"): 1, (CALLS, "sendMessage", outcome): 1}


async def test_a_refusal_is_counted_by_its_status(api: BotApi):
    tally = Tallied()
    async with build_application(api.token, api.url, tally=tally).bot as bot:
        with pytest.raises(TelegramError):
            await bot.send_message(-5, "x")
    assert tally.counted[CALLS, "sendMessage", "400"] == 1


async def test_what_telegram_tells_us_to_wait_adds_up(api: BotApi):
    tally = Tallied()
    api.faults.add(Fault("flood", method="sendChatAction", seconds=3))
    async with build_application(api.token, api.url, tally=tally).bot as bot:
        with pytest.raises(TelegramError):
            await bot.send_chat_action(100, "typing")
    assert tally.counted[CALLS, "sendChatAction", "429"] == 1
    assert tally.counted["telegram_waits_seconds_total",] == 3


async def test_who_cannot_be_reached_has_not_answered():
    tally = Tallied()
    request = CountedRequest(tally)
    async with request:
        with pytest.raises(TelegramError):
            await request.post("http://127.0.0.1:9/bot1:x/getMe")
    assert tally.counted == {(CALLS, "getMe", "unreachable"): 1}


@pytest.mark.parametrize(
    "payload", [b"", b"[]", b'{"parameters": {"retry_after": "soon"}}', b'{"parameters": {"retry_after": -5}}']
)
async def test_a_wait_that_nobody_can_read_is_none(payload):
    from bot.adapters.telegram.calls import _told_to_wait  # noqa: PLC0415

    assert _told_to_wait(payload) == 0
