"""People ask for pictures, and get them with words and buttons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from telegram import Update

import handlers.chart
import handlers.maps
from bot.adapters.drawing import open_drawing
from bot.adapters.telegram import build_application
from bot.core.model import Message
from bot.core.render.markup import unmarked
from bot.core.render.pictures.palette import PALETTES
from handlers import answer, react
from handlers._telegram import register
from tests.botapi import bot_api
from tests.examples import BOOKS, exchange, strike
from tests.handlers.asking import BUTTONS, PLUGS, asking, desk, store_with

NIGHT = {"attacker": "RU", "region": "UA", "drones": 479, "missiles": 20, "drones_downed": 460, "missiles_downed": 19}
BELGOROD = strike(
    date=date(2025, 5, 3), facts={"attacker": "UA", "region": "RU-BEL", "killed": 1, "injured": 4}, claims={}
)
EVENTS = (exchange(), strike(), BELGOROD, strike(facts=NIGHT, claims={}))


async def drawn(command, *words, language="en", events=EVENTS) -> Message:
    return await answer(command, asking(desk(await store_with(*events)), words, language))


async def pressed(message: Message, label: str, language: str = "en", events=EVENTS) -> Message:
    """Press the button whose label begins so, and return what takes the message's place."""
    (button,) = [each for row in message.buttons for each in row if each.label.startswith(label)]
    reaction = await react(BUTTONS, button.data, asking(desk(await store_with(*events)), (), language))
    assert reaction.instead, reaction.notice
    return reaction.instead


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
async def test_every_picture_comes_with_its_words_in_the_askers_language(language):
    for command, words in (
        (handlers.maps, ()),
        (handlers.chart, ("swaps",)),
        (handlers.chart, ("strikes",)),
        (handlers.chart, ("nights",)),
    ):
        message = await drawn(command.COMMAND, *words, language=language)
        assert message.picture
        assert BOOKS[language].say("picture.source") in message.picture.svg
        assert unmarked(message.text) == message.picture.alt


async def test_days_that_are_asked_for_leave_out_the_others():
    assert "2 strikes" not in (await drawn(handlers.maps.COMMAND, "2025-05")).text
    may = await drawn(handlers.maps.COMMAND, "2025-05")
    assert "1 May 2025 – 31 May 2025" in may.text
    assert "Belgorod" in may.text
    assert "Kharkiv" not in may.text


async def test_a_region_that_is_asked_for_shows_its_country():
    message = await drawn(handlers.maps.COMMAND, "Kharkiv")
    assert "Kharkiv Oblast 1" in message.text
    assert "Belgorod" not in message.text


@pytest.mark.parametrize("words", [("обміни",), ("2025",), ("swaps", "dark"), ()])
async def test_a_chart_is_of_exchanges_unless_another_is_named(words):
    assert "1,207" in (await drawn(handlers.chart.COMMAND, *words)).text


async def test_a_chart_is_found_by_its_name_in_any_language():
    assert "479" in (await drawn(handlers.chart.COMMAND, "ночи")).text
    assert "479" in (await drawn(handlers.chart.COMMAND, "nights", language="uk")).text
    assert "Strikes on regions" in (await drawn(handlers.chart.COMMAND, "удари")).text


async def test_where_there_is_nothing_to_draw_a_sentence_says_so_and_the_buttons_lead_on():
    message = await drawn(handlers.maps.COMMAND, "2019")
    assert message.picture is None
    assert "nothing to draw" in message.text
    assert (await pressed(message, "All days")).picture


async def test_a_mistake_in_the_words_is_answered_kindly():
    message = await drawn(handlers.maps.COMMAND, "Нарния", language="ru")
    assert message.picture is None
    assert "Нарния" in message.text


async def test_the_light_is_turned_and_stays_while_others_are_looked_at():
    message = await drawn(handlers.maps.COMMAND, "2025-05")
    assert PALETTES["light"].paper in message.picture.svg
    dark = await pressed(message, "🌙")
    assert PALETTES["dark"].paper in dark.picture.svg
    assert "Belgorod" in dark.text
    assert "Kharkiv" not in dark.text
    others = await pressed(dark, "💥")
    assert PALETTES["dark"].paper in others.picture.svg
    assert "1 May 2025 – 31 May 2025" in others.text
    assert PALETTES["light"].paper in (await pressed(others, "☀️")).picture.svg


async def test_other_days_are_a_press_away_and_keep_the_region():
    message = await drawn(handlers.maps.COMMAND, "Kharkiv", "2025-05")
    assert message.picture is None
    june = await pressed(message, "This month")
    assert "Kharkiv Oblast 1" in june.text
    assert "Belgorod" not in (await pressed(june, "All days")).text


async def test_every_button_leads_somewhere():
    start = await drawn(handlers.maps.COMMAND)
    labels = [button.label for row in start.buttons for button in row]
    assert len(labels) == len({*labels}) == 7
    for label in labels:
        assert (await pressed(start, label)).text


async def test_no_other_command_is_asked_by_a_pictures_button():
    reaction = await react(BUTTONS, "page:0:subscribe", asking(desk(await store_with())))
    assert reaction.instead is None
    assert reaction.alert


async def test_a_picture_goes_through_telegram_and_is_changed_by_its_buttons():
    store = await store_with(*EVENTS)
    async with bot_api() as api, open_drawing() as pool:
        api.person(100, language="uk")
        application = build_application(api.token, api.url)
        register(application, PLUGS, replace(desk(store), draw=pool))
        async with application:
            api.say(100, "/map")
            last = await handle(api, application)
            (light,) = api.shown(100)
            first = light.photo
            assert (first.width, first.height) == (1200, 900)
            assert "Удари за регіонами" in light.text
            ((turn,),) = [[each for each in row if each["text"] == "🌙"] for row in light.markup["inline_keyboard"][:1]]
            api.press(100, light.message_id, turn["callback_data"])
            await handle(api, application, last + 1)
            (dark,) = api.shown(100)
            assert dark.photo != first


async def handle(api, application, offset=0) -> int:
    """Handle what came in, and return the number of the last update."""
    found = await api.updates.poll(offset)
    for raw in found:
        await application.process_update(Update.de_json(raw, application.bot))
    return found[-1]["update_id"]
