"""What the edge adds to an answer: an answer for everything, pictures, patience, and silence where nobody asked."""

from __future__ import annotations

import asyncio
import struct
import zlib
from dataclasses import replace

import pytest

from bot.adapters.memory import Memory
from bot.core.model import Button, Message, Picture
from bot.ports import PermanentError, TemporaryError
from handlers import Buttons, Command, Reaction
from tests.botapi import bot_api
from tests.handlers.chatting import GROUP, OLENA, chatting, people


def png():
    """Return the smallest picture there is."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + bytes(8) for _ in range(8)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


class Painter:
    async def draw(self, svg):
        if svg == "broken":
            raise PermanentError("cannot be drawn")
        return png()


def saying(name, message):
    async def say(_):
        return message

    return Command(name, 1, say)


PICTURED = Message(
    "Map", ((Button("again", "redraw:1:red"), Button("words", "redraw:1:words")),), picture=Picture("<svg/>", "a map")
)


async def redraw(_, pressed):
    return Reaction("", instead=PICTURED if pressed.act == "red" else Message("In words"))


@pytest.fixture
async def api():
    async with bot_api() as server:
        people(server)
        yield server


@pytest.fixture
async def bot(api):
    store = Memory()
    commands = {
        each.name: each
        for each in (
            saying("map", PICTURED),
            saying("broken", replace(PICTURED, picture=Picture("broken", "a map"))),
            saying("long", replace(PICTURED, text="<b>" + "слово\n" * 400 + "</b>")),
            saying("mangled", Message("<b>2 < 3")),
        )
    }
    plugs = (*commands.values(), Buttons("redraw", redraw))
    async with chatting(api, store, plugs=plugs, commands=commands, draw=Painter()) as running:
        yield running


async def test_a_picture_is_sent_with_its_text_and_changed_in_place(bot):
    (shown,) = await bot.say(OLENA, "/map")
    assert shown.photo.data == png()
    assert shown.text == "Map"
    await bot.press(shown, "again")
    assert len(bot.api.sent(OLENA)) == 1
    await bot.press(shown, "words")
    assert bot.api.shown(OLENA)[-1].text == "In words"
    assert shown.text == "Map"


async def test_a_picture_that_cannot_be_drawn_is_told_in_words(bot):
    (shown,) = await bot.say(OLENA, "/broken")
    assert (shown.photo, shown.text) == (None, "Map")


async def test_a_caption_is_cut_to_what_stands_under_a_picture(bot):
    (shown,) = await bot.say(OLENA, "/long")
    assert 900 < len(shown.text) <= 1024
    assert shown.text.endswith("слово\n…")


async def test_what_telegram_cannot_parse_is_said_without_markup(bot):
    (shown,) = await bot.say(OLENA, "/mangled")
    assert "2" in shown.text


async def test_an_answer_in_a_group_is_known_as_one_and_no_search_begins_below_it(bot):
    (shown,) = await bot.say(GROUP, "/map@vistka_bot")
    await bot.say(OLENA, "/map")
    assert await bot.store.answers(GROUP) == {shown.message_id}
    assert await bot.store.answers(OLENA) == set()


@pytest.mark.parametrize("text", ["/nonsense", "і що?", "/"])
async def test_everything_is_answered_in_a_private_chat(bot, text):
    (answer,) = await bot.say(OLENA, text)
    assert "/help" in answer.text


async def test_in_a_group_only_who_names_the_bot_is_answered(bot):
    assert await bot.say(GROUP, "і що?") == []
    assert await bot.say(GROUP, "/nonsense") == []
    assert len(await bot.say(GROUP, "/nonsense@vistka_bot")) == 1


async def test_who_waits_sees_that_an_answer_is_being_written(api):
    typed = asyncio.Event()

    async def slow(_):
        await typed.wait()
        return Message("done")

    command = Command("slow", 1, slow)
    async with chatting(api, Memory(), plugs=(command,), commands={"slow": command}, slow=0.0) as bot:
        asked = asyncio.create_task(bot.say(OLENA, "/slow"))
        await api.until(lambda: api.called("sendChatAction"))
        typed.set()
        (answer,) = await asked
        assert answer.text == "done"


class Failing(Memory):
    """A store that can no longer tell what was asked, nor keep what buttons mean."""

    async def awaited(self, chat_id, user_id):
        raise TemporaryError("database is locked")

    async def issue(self, handles, now):
        raise TemporaryError("database is locked")

    async def handle(self, token):
        raise TemporaryError("database is locked")


@pytest.mark.parametrize(("chat", "text"), [(OLENA, "/latest"), (OLENA, "/unknown"), (GROUP, "/latest@vistka_bot")])
async def test_who_writes_hears_of_a_store_that_fails_around_the_answer(api, chat, text):
    async with chatting(api, Failing()) as bot:
        (sorry,) = await bot.say(chat, text)
    assert sorry.text.startswith("У мене щось зламалося")


async def test_a_store_that_fails_is_no_reason_to_answer_what_was_said_to_others(api):
    async with chatting(api, Failing()) as bot:
        assert await bot.say(GROUP, "/help") == []


async def test_who_presses_hears_of_a_store_that_fails_around_the_reaction(api):
    store = Memory()
    plugs = (saying("map", PICTURED), Buttons("redraw", redraw))
    async with chatting(api, store, plugs=plugs, commands={"map": plugs[0]}, draw=Painter()) as bot:
        (shown,) = await bot.say(OLENA, "/map")
        store.issue = Failing().issue
        await bot.press(shown, "again")
    assert api.sent(OLENA)[-1].text.startswith("У мене щось зламалося")
