"""Questions through Telegram: pages turned by buttons, choices pressed, cards picked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from telegram import Update

from bot.adapters.telegram import build_application
from handlers._telegram import register
from tests.botapi import bot_api
from tests.examples import exchange, strike
from tests.handlers.asking import PLUGS, desk, store_with

PERSON, OTHER, GROUP = 100, 101, -1001000000500


@pytest.fixture
async def api():
    async with bot_api() as server:
        server.person(PERSON, language="uk")
        server.person(OTHER, "Ivan", "ru")
        server.supergroup(GROUP)
        yield server


@pytest.fixture
async def application(api):
    store = await store_with(*(strike() for _ in range(24)), exchange())
    application = build_application(api.token, api.url)
    register(application, PLUGS, replace(desk(store), username="vistka_bot"))
    async with application:
        yield application


async def turn(api, application):
    """Let the bot handle what people did."""
    for raw in await api.updates.poll(offset=1 + max(application.bot_data.setdefault("seen", {0}))):
        application.bot_data["seen"].add(raw["update_id"])
        await application.process_update(Update.de_json(raw, application.bot))


async def press(api, application, chat, label, user=PERSON):
    """Press a button of the newest message of a chat, and return what that message shows then."""
    message = api.shown(chat)[-1]
    rows = message.markup["inline_keyboard"]
    data = next(button["callback_data"] for row in rows for button in row if button["text"] == label)
    api.press(chat, message.message_id, data, user)
    await turn(api, application)
    return api.shown(chat)[-1].text


@pytest.mark.parametrize("chat", [PERSON, GROUP])
async def test_a_list_is_turned_by_its_buttons_in_the_same_message(api, application, chat):
    api.say(chat, "/strikes червень 2025")
    await turn(api, application)
    (first,) = [message.text for message in api.shown(chat)]
    assert "1–10 із 24" in first
    assert "11–20 із 24" in await press(api, application, chat, "◀ раніше")
    assert "21–24 із 24" in await press(api, application, chat, "◀ раніше")
    await press(api, application, chat, "пізніше ▶")
    assert await press(api, application, chat, "пізніше ▶") == first
    assert len(api.shown(chat)) == 1


async def test_another_persons_press_turns_no_page(api, application):
    api.say(GROUP, "/strikes 2025")
    await turn(api, application)
    before = api.shown(GROUP)[-1].text
    assert await press(api, application, GROUP, "◀ раніше", OTHER) == before


async def test_a_question_with_two_meanings_is_answered_by_a_press(api, application):
    api.say(PERSON, "/strikes 09/06 ")
    await turn(api, application)
    assert "що саме" in api.shown(PERSON)[-1].text
    assert "9 червня 2025" in await press(api, application, PERSON, "9 червня")


async def test_a_card_is_picked_in_any_chat_and_leads_to_the_bot(api, application):
    query = api.ask_inline("обміни червень 2025", PERSON)
    await turn(api, application)
    message = api.choose(query, "25", user_id=PERSON)
    assert "Обмін полоненими" in message.text
    (row,) = message.markup["inline_keyboard"]
    assert row[0]["url"] == "https://t.me/vistka_bot?start=event_25"


async def test_cards_come_in_pages(api, application):
    first = api.ask_inline("strikes", OTHER)
    await turn(api, application)
    answer = api.methods.results[first]
    assert len(answer["results"]) == 20
    second = api.ask_inline("strikes", OTHER, offset=answer["next_offset"])
    await turn(api, application)
    assert len(api.methods.results[second]["results"]) == 4
