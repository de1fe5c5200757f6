"""What only people need of the house: the words that they ask in, the maps, the commands, and the feeds that we serve.

It is loaded beside the first polls, which need none of it: `bot.app` names this module only where the desk is asked for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from importlib.metadata import version

import bot.core.export
import bot.core.syndication
import handlers
from bot.adapters.asking import asked_words, load_dictionary
from bot.adapters.borders import load_atlas
from bot.adapters.drawing import open_drawing
from bot.adapters.languages import language_of
from bot.adapters.memory import Memory
from bot.adapters.names import load_asked_names
from bot.adapters.outgoing import Forms, Outgoing
from bot.adapters.points import load_points
from bot.adapters.store import SqlStore
from bot.core.export import Edition
from bot.core.render import FALLBACK
from bot.core.render.phrases import Phrasebook
from bot.core.render.pictures.atlas import Atlas
from bot.core.text.dictionary import Dictionary
from bot.exporting import Exporting, Whereabouts
from bot.jobs import Ports
from bot.plugins import discover
from bot.ports import Recognise, Rule
from bot.settings import Settings, bot_number
from handlers import PLUG_INS, Command, Desk


@dataclass(frozen=True, slots=True)
class _Asked:
    """What questions are answered and understood by, and maps are drawn from: a second's loading."""

    plugs: tuple[object, ...]
    dictionary: Dictionary
    region_names: Mapping[str, str]
    language_of: Callable[[str], str]
    atlas: Atlas

    @classmethod
    def load(cls, books: Mapping[str, Phrasebook]) -> _Asked:
        return cls(plug_ins(), load_dictionary(asked_words(books)), load_asked_names(), language_of(), load_atlas())


def plug_ins() -> tuple[object, ...]:
    """Return the plug-ins of the handlers."""
    return discover(handlers, *PLUG_INS)


async def furnish(  # noqa: PLR0913  (what a desk is made of)
    settings: Settings,
    store: SqlStore | Memory,
    ports: Ports,
    books: Mapping[str, Phrasebook],
    *,
    rulings: Rule,
    recogniser: Callable[[Callable[[str], str]], Recognise],
    stack: AsyncExitStack,
) -> Desk:
    """Return what commands get: the same ports as the jobs have, and what only people need.

    `recogniser` makes what reads news that people show, from what tells the language of a text.
    """
    asked = await asyncio.to_thread(_Asked.load, books)
    return Desk(
        queries=store,
        subscriptions=store,
        rulings=rulings,
        books=books,
        region_names=asked.region_names,
        kinds=ports.kinds,
        clock=ports.clock,
        version=version("vistka"),
        commands={plug.name: plug for plug in asked.plugs if isinstance(plug, Command)},
        handles=store,
        dialogues=store,
        outbox=store,
        dictionary=asked.dictionary,
        draw=await stack.enter_async_context(open_drawing()),
        atlas=asked.atlas,
        recognise=recogniser(asked.language_of),
        sources=ports.sources,
        roles={**dict.fromkeys(settings.editors, "editor"), **dict.fromkeys(settings.admins, "admin")},
    )


def outgoing_of(
    settings: Settings, store: SqlStore | Memory, desk: Desk, where: Callable[[], Whereabouts] = Whereabouts
) -> Outgoing:
    """Return what answers those who read feeds or take events of the house."""
    edition = Edition(desk.kinds, desk.books[FALLBACK], load_points(desk.atlas), bot_number(settings))

    def load() -> Forms:
        return Forms(discover(bot.core.export, "FORMAT"), discover(bot.core.syndication, "FEED"))

    return Outgoing(Exporting(store, edition), desk.books, desk.clock, load, where=where)
