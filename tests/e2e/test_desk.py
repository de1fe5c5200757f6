"""The daemon and its editors: who is asked, what a press does to the channel, and what survives a restart."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.botapi import BotApi, bot_api
from tests.botapi.world import Message
from tests.e2e.daemon import Daemon, Newsroom, Outlet, Story, daemon, shown
from tests.feedserver import feed_server

pytestmark = pytest.mark.e2e

CHANNEL, ADMIN, READER = -1001000000900, 5, 6
SETTINGS = {"VISTKA_CHANNELS": str(CHANNEL), "VISTKA_LANGUAGE": "en", "VISTKA_ADMINS": str(ADMIN)}
OUTLETS = (Outlet("novyny", "Новини дня", "uk"), Outlet("wire", "Sloboda Wire", "en"))
STRIKE = Story(
    "Вночі дрони атакували Харківську область: троє поранених",
    "Минулої ночі російські дрони вдарили по Чугуєву на Харківщині. Троє людей поранені.",
    minutes_ago=5,
)
FAR_STRIKE = Story(
    "Russian drones hit Odesa overnight, four injured",
    "Russian drones struck the city of Odesa overnight, injuring four people.",
    minutes_ago=5,
)


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as server:
        server.channel(CHANNEL)
        server.person(ADMIN, "Admin", language="en")
        server.person(READER, "Reader", language="uk")
        yield server


@pytest.fixture
async def newsroom() -> AsyncIterator[Newsroom]:
    async with feed_server() as server:
        yield Newsroom(server, OUTLETS)


def button(message: Message, act: str) -> str:
    """Return the data of the message's button that does something, empty while it has none.

    Under posts and notices the data says what it does; elsewhere it is a handle, and the label has to.
    """
    rows = (message.markup or {}).get("inline_keyboard", ())
    buttons = [each for row in rows for each in row if "callback_data" in each]
    return next(
        (each["callback_data"] for each in buttons if f":{act}" in each["callback_data"] or act in each["text"]), ""
    )


async def pressed(running: Daemon, api: BotApi, message: Message, act: str, user: int = ADMIN) -> str:
    """Press the button of a message that does something, once it is there, and return what the presser is told."""
    await running.until(lambda: bool(button(message, act)))
    query = api.press(message.chat_id, message.message_id, button(message, act), user)
    await running.until(lambda: query in api.methods.answers)
    return str(api.methods.answers[query].get("text", ""))


async def test_a_held_event_reaches_the_channel_by_a_press_and_is_withdrawn_and_restored(
    tmp_path: Path, api: BotApi, newsroom: Newsroom
) -> None:
    async with daemon(tmp_path, api, newsroom, SETTINGS) as running:
        api.say(CHANNEL, "/subscribe confirmed")
        await running.until(lambda: shown(api, CHANNEL))
        newsroom.publish("novyny", STRIKE)
        await running.until(lambda: api.shown(ADMIN))
        (notice,) = api.shown(ADMIN)
        assert "one source so far" in notice.text
        assert len(shown(api, CHANNEL)) == 1
        assert "goes out" in await pressed(running, api, notice, "post")
        await running.until(lambda: len(shown(api, CHANNEL)) > 1 and "let out" in notice.text)
        post = shown(api, CHANNEL)[1]
        await pressed(running, api, notice, "reject")
        await running.until(lambda: "<s>" in post.html)
        assert await running.stop() == 0
    async with daemon(tmp_path, api, newsroom, SETTINGS) as running:
        await running.until(lambda: "withdrawn" in notice.text)
        await pressed(running, api, notice, "undo")
        await running.until(lambda: "<s>" not in post.html and "let out" in notice.text)
        assert await running.stop() == 0
    assert "Traceback" not in running.log
    assert api.token not in running.log
    assert api.shown(ADMIN) == [notice]


async def test_a_reader_complains_and_an_admin_merges(tmp_path: Path, api: BotApi, newsroom: Newsroom) -> None:
    async with daemon(tmp_path, api, newsroom, SETTINGS) as running:
        newsroom.publish("novyny", STRIKE)
        await running.until(lambda: shown(api, CHANNEL))
        newsroom.publish("wire", FAR_STRIKE)
        await running.until(lambda: len(shown(api, CHANNEL)) == 2)
        first, second = shown(api, CHANNEL)
        assert "Дякую" in await pressed(running, api, second, "duplicate", READER)
        await running.until(lambda: api.shown(ADMIN))
        (notice,) = api.shown(ADMIN)
        await pressed(running, api, notice, "merge")
        await running.until(lambda: len(api.shown(ADMIN)) == 2)
        question = api.shown(ADMIN)[1]
        assert "One event now: event 1" in await pressed(running, api, question, "1 ·")
        await running.until(lambda: "/event_1" in second.html and "Sloboda Wire" in first.text)
        assert "taken back" in await pressed(running, api, question, "Undo")
        await running.until(lambda: "/event_1" not in second.html and "Sloboda Wire" not in first.text)
        assert await running.stop() == 0
    assert "Traceback" not in running.log


async def test_admins_alone_get_the_longer_menu(tmp_path: Path, api: BotApi, newsroom: Newsroom) -> None:
    async with daemon(tmp_path, api, newsroom, SETTINGS) as running:
        await running.until(lambda: api.called("getMyDescription"))
        assert await running.stop() == 0
    menus = {scope: [line["command"] for line in lines] for (scope, language), lines in api.methods.commands.items()}
    assert set(menus['{"chat_id": 5, "type": "chat"}']) - set(menus['{"type": "all_private_chats"}']) == {
        "queue",
        "post",
        "hold",
        "reject",
        "merge",
        "split",
        "correct",
        "undo",
        "log",
    }
