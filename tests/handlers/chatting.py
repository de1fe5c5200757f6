"""A bot at the Bot API test server, over any store, with a clock that a test moves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from telegram import Update

from bot.adapters.telegram import Limiter, build_application
from handlers import Desk
from handlers._telegram import register
from tests.botapi import BotApi
from tests.botapi.world import Message
from tests.handlers.asking import NOW, PLUGS, desk

OLENA, TARAS = 100, 200
GROUP, FORUM, CHANNEL = -1001000000500, -1001000000600, -1001000000900


class Clock:
    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time

    def pass_by(self, **duration: float) -> None:
        self.time += timedelta(**duration)


class Waiting:
    """Time for the pacing, which passes at once."""

    def __init__(self) -> None:
        self.passed = 0.0

    def __call__(self) -> float:
        return self.passed

    async def sleep(self, seconds: float) -> None:
        self.passed += seconds


@dataclass
class Chatting:
    """People who talk to the bot, and what they see."""

    api: BotApi
    application: Any
    store: Any
    clock: Clock
    offset: int = 0

    async def handle(self) -> None:
        for raw in await self.api.updates.poll(self.offset):
            self.offset = raw["update_id"] + 1
            await self.application.process_update(Update.de_json(raw, self.application.bot))

    async def say(self, chat: int, text: str, user: int = OLENA, **more: Any) -> list[Message]:
        """Write into a chat and return what the bot sends there in answer, buttons or none."""
        before = len(self.api.sent(chat))
        self.api.say(chat, text, user, **more)
        await self.handle()
        return self.api.sent(chat)[before:]

    async def press(self, message: Message, label: str, user: int = OLENA) -> str:
        """Press the button that says this, or whose label begins with it, and return the toast."""
        return await self.send(message, carried(message, label), user)

    async def send(self, message: Message, data: str, user: int = OLENA) -> str:
        """Send a press with any data, as a changed client may."""
        query = self.api.press(message.chat_id, message.message_id, data, user)
        await self.handle()
        return str(self.api.methods.answers[query].get("text", ""))


def carried(message: Message, label: str) -> str:
    """Return what the button carries whose label begins like this, its tick left out."""
    buttons = [each for row in (message.markup or {}).get("inline_keyboard", ()) for each in row]
    found = [each["callback_data"] for each in buttons if each["text"].removeprefix("✅ ").startswith(label)]
    assert found, f"no button {label!r} among {[each['text'] for each in buttons]}"
    return str(found[0])


def people(api: BotApi) -> None:
    """Put two people, a group of which Olena is an admin, a forum and her channel into the small Telegram."""
    api.person(OLENA, "Olena", language="uk")
    api.person(TARAS, "Taras", language="en")
    for chat in (api.supergroup(GROUP), api.supergroup(FORUM), api.channel(CHANNEL, "vilna")):
        chat.admins = frozenset({OLENA})
    api.topic(FORUM, 7, "War")


@asynccontextmanager
async def chatting(
    api: BotApi,
    store: Any,
    clock: Clock | None = None,
    *,
    plugs: Sequence[object] = PLUGS,
    slow: float = 5.0,
    **house: Any,
) -> AsyncIterator[Chatting]:
    """Run a bot; what is in `house` stands in for what its desk has."""
    clock, waiting, numbers = clock or Clock(), Waiting(), count(1)
    limiter = Limiter(clock=waiting, sleep=waiting.sleep)
    application = build_application(api.token, api.url, limiter)
    used: Desk = replace(desk(store), clock=clock, username="vistka_bot", **house)
    token = iter(f"t{id(numbers):x}-{number}"[-30:] for number in numbers)
    register(application, plugs, used, token=lambda: next(token), slow=slow)
    async with application:
        yield Chatting(api, application, store, clock)
