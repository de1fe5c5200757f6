"""What Telegram shows of the bot: menus per scope and language, descriptions, the name; written only where they differ."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from telegram import Update

from bot.adapters.telegram import About, AnyApplication, Profile, build_application, publish_profile
from tests.botapi import BotApi, bot_api
from tests.examples import BOOKS

READERS = {"en": [("swaps", "prisoner exchanges")], "uk": [("swaps", "обміни полоненими")]}
MANAGERS = {"en": [("subscribe", "post here")], "uk": [("subscribe", "дописувати сюди")]}
EDITORS = {"en": [("queue", "what waits")], "uk": [("queue", "що чекає")]}
PROFILE = Profile(
    private=READERS,
    group=READERS,
    managers=MANAGERS,
    about={"en": About("Long words", "Short words"), "uk": About("Довгі слова", "Короткі слова")},
)
SCOPES = ["default", "all_private_chats", "all_group_chats", "all_chat_administrators"]


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as server:
        server.person(5)
        yield server


@pytest.fixture
async def application(api: BotApi) -> AsyncIterator[AnyApplication]:
    async with build_application(api.token, api.url) as application:
        yield application


def written(api: BotApi) -> list[str]:
    return [call.method for call in api.calls if call.method.startswith("set")]


def commands(api: BotApi, scope: dict[str, object], language: str) -> list[dict[str, str]]:
    return api.methods.commands[json.dumps(scope, sort_keys=True), language]


async def test_every_scope_has_its_menu_in_every_language_and_english_for_all_others(
    api: BotApi, application: AnyApplication
) -> None:
    await publish_profile(application, PROFILE)
    for scope in SCOPES:
        line = "дописувати сюди" if scope == "all_chat_administrators" else "обміни полоненими"
        assert [each["description"] for each in commands(api, {"type": scope}, "uk")] == [line]
        assert commands(api, {"type": scope}, "") == commands(api, {"type": scope}, "en")


async def test_descriptions_are_told_in_every_language_and_the_name_is_left_alone(
    api: BotApi, application: AnyApplication
) -> None:
    await publish_profile(application, PROFILE)
    told = [(await application.bot.get_my_description(code)).description for code in ("", "en", "uk", "pl")]
    assert told == ["Long words", "Long words", "Довгі слова", "Long words"]
    assert (await application.bot.get_my_short_description("uk")).short_description == "Короткі слова"
    assert "setMyName" not in written(api)


async def test_what_stands_there_already_is_not_written_again(api: BotApi, application: AnyApplication) -> None:
    profile = replace(PROFILE, people={5: EDITORS}, name="Вістка")
    await publish_profile(application, profile)
    before = len(written(api))
    await publish_profile(application, profile)
    assert len(written(api)) == before
    await publish_profile(application, replace(profile, managers=READERS))
    assert written(api)[before:] == ["setMyCommands"] * 3
    assert (await application.bot.get_my_name()).name == "Вістка"


async def test_people_with_a_role_have_a_menu_of_their_own_chat(api: BotApi, application: AnyApplication) -> None:
    await publish_profile(application, replace(PROFILE, people={5: EDITORS}))
    assert [each["command"] for each in commands(api, {"type": "chat", "chat_id": 5}, "uk")] == ["queue"]


async def test_who_never_wrote_to_the_bot_gets_the_menu_at_the_first_message(
    api: BotApi, application: AnyApplication
) -> None:
    await publish_profile(application, replace(PROFILE, people={6: EDITORS}))
    place = {"type": "chat", "chat_id": 6}
    assert (json.dumps(place, sort_keys=True), "") not in api.methods.commands
    api.person(6)
    for _ in range(2):
        api.say(6, "hello", 6)
    for raw in list(api.updates.waiting.values()):
        await application.process_update(Update.de_json(raw, application.bot))
    tried = [call for call in api.called("setMyCommands") if call.parameters["scope"] == place]
    assert (len(commands(api, place, "uk")), len(tried)) == (1, 6)


async def test_what_telegram_does_not_take_stops_nothing_else(
    api: BotApi, application: AnyApplication, capsys: pytest.CaptureFixture[str]
) -> None:
    api.bad_gateway("setMyCommands", times=2)
    api.flood(3, method="setMyDescription")
    await publish_profile(application, replace(PROFILE, name="Вістка"))
    assert len(api.methods.commands) == 4 * 3 - 2
    assert (await application.bot.get_my_name()).name == "Вістка"
    assert capsys.readouterr().out.count("profile not written") == 3


@pytest.mark.parametrize("language", sorted(BOOKS))
def test_the_words_of_the_profile_fit(language: str) -> None:
    book = BOOKS[language]
    assert 0 < len(book.say("profile.description")) <= 512
    assert 0 < len(book.say("profile.short")) <= 120
    assert 0 < len(book.say("flood.notice")) <= 200
    assert "77" in book.say("flood.alarm", sender="77", chat="-5", dropped="100")
