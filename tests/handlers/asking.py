"""Asks a command, or presses a button, as a person would, over a store in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

import bot.core.kinds
import handlers
from bot.adapters.asking import asked_words, load_dictionary
from bot.adapters.borders import load_atlas
from bot.adapters.memory import Memory
from bot.core.model import Change, Decision, Event, Item, Placed, Source
from bot.plugins import discover
from bot.ports import Joined, Queries, Recognise, Recognised, Rule, VistkaError
from handlers import PLUG_INS, Ask, Buttons, Command, Desk, Reaction, answer, react
from tests.examples import BOOKS
from tests.handlers.ruling import Judge

NOW = datetime(2025, 6, 15, 12, tzinfo=UTC)
NAMES = {"kharkiv": "UA-63", "kharkiv oblast": "UA-63", "харківська": "UA-63", "белгородская": "RU-BEL"}
SOURCE = Source("bereg", "Берег News", "rss", "https://bereg.example/feed", "uk")
ADMIN, READER = 1, 2
DICTIONARY = load_dictionary(asked_words(BOOKS))
KINDS = {kind.name: kind for kind in discover(bot.core.kinds, "KIND")}
PLUGS = discover(handlers, *PLUG_INS)
COMMANDS = {plug.name: plug for plug in PLUGS if isinstance(plug, Command)}
BUTTONS = {plug.prefix: plug for plug in PLUGS if isinstance(plug, Buttons)}
ATLAS = load_atlas()


class Artist:
    """Draws nothing: hands the SVG back as if it were the picture, and remembers it."""

    def __init__(self) -> None:
        self.drawn: list[str] = []

    async def draw(self, svg: str) -> bytes:
        self.drawn.append(svg)
        return svg.encode()


class FixedClock:
    def now(self) -> datetime:
        return NOW


class Glasses:
    """Reads in a text or behind an address what it was told to, or fails so; it keeps what it was shown, and when."""

    def __init__(self, found: tuple[Recognised, ...] = (), error: VistkaError | None = None) -> None:
        self.shown: list[tuple[str, datetime]] = []
        self._found = found
        self._error = error

    async def text(self, text: str, now: datetime) -> tuple[Recognised, ...]:
        self.shown.append((text, now))
        if self._error:
            raise self._error
        return self._found

    async def page(self, url: str, now: datetime, _: int) -> tuple[Recognised, ...]:
        return await self.text(url, now)


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


def desk(
    store: Memory, queries: Queries | None = None, rulings: Rule | None = None, recognise: Recognise | None = None
) -> Desk:
    judge = Judge()
    return Desk(
        queries=queries or store,
        subscriptions=store,
        rulings=rulings or judge,
        books=BOOKS,
        region_names=NAMES,
        kinds=KINDS,
        clock=FixedClock(),
        version="1.2.3",
        commands=COMMANDS,
        handles=store,
        dialogues=store,
        outbox=store,
        dictionary=DICTIONARY,
        draw=Artist(),
        atlas=ATLAS,
        recognise=recognise or Glasses(),
        roles={ADMIN: "admin"},
    )


def asking(
    desk: Desk,
    words: Iterable[str] = (),
    language: str = "en",
    chat: int = 7,
    user: int = READER,
    *,
    allowed: bool = True,
) -> Ask:
    async def may_manage() -> bool:
        return allowed

    return Ask(
        desk=desk,
        words=tuple(words),
        chat_id=chat,
        thread_id=0,
        user_id=user,
        language=language,
        now=NOW,
        may_manage=may_manage,
    )


async def ask(
    command: Command,
    store: Memory,
    *words: str,
    language: str = "en",
    chat: int = 7,
    user: int = READER,
    allowed: bool = True,
) -> str:
    return (await answer(command, asking(desk(store), words, language, chat, user, allowed=allowed))).text


async def rule(judge: Judge, command: str, *words: object, user: int = ADMIN, language: str = "en") -> str:
    """Send a command to a bot whose events a judge holds."""
    ask = asking(desk(Memory(), judge, judge), map(str, words), language, user, user)
    return (await answer(COMMANDS[command], ask)).text


async def press(judge: Judge, data: str, *, user: int = ADMIN, language: str = "en") -> Reaction:
    """Press a button of a bot whose events a judge holds."""
    return await react(BUTTONS, data, asking(desk(Memory(), judge, judge), (), language, user, user))
