"""Asks a command as a person would, over a store in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.adapters.memory import Memory
from bot.core.model import Change, Decision, Event, Item, Placed, Source
from bot.ports import Joined
from handlers import Ask, Command, Desk, answer
from tests.examples import BOOKS

NOW = datetime(2025, 6, 15, 12, tzinfo=UTC)
NAMES = {"kharkiv": "UA-63", "kharkiv oblast": "UA-63", "харківська": "UA-63", "белгородская": "RU-BEL"}
SOURCE = Source("bereg", "Берег News", "rss", "https://bereg.example/feed", "uk")


class FixedClock:
    def now(self) -> datetime:
        return NOW


async def store_with(*events: Event) -> Memory:
    """Return a store that holds the events under the numbers 1, 2, ..."""
    store = Memory()
    for number, event in enumerate(events):
        item = Item(f"i{number}", SOURCE, "uk", f"https://bereg.example/{number}", NOW, f"title {number}")
        fresh = replace(event, id=0)
        key = frozenset({f"{event.kind}:{number}"})
        await store.record(
            item, [Joined(Change(fresh, (), "new"), key, (Placed(event.reports[0], Decision(None, 0.0)),))]
        )
    return store


async def ask(
    command: Command, store: Memory, *words: str, language: str = "en", chat: int = 7, allowed: bool = True
) -> str:
    async def may_manage() -> bool:
        return allowed

    desk = Desk(store, store, BOOKS, NAMES, FixedClock(), "1.2.3")
    return (await answer(command, Ask(desk, words, chat, 0, language, NOW, may_manage))).text
