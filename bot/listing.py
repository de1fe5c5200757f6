"""How a question is put to the store: which events it wants, and a page of them with all of them in short."""

from __future__ import annotations

from bot.core.render.pages import PER_PAGE, Found
from bot.core.text.arguments import Period
from bot.core.text.asking import Asked
from bot.core.text.dictionary import asked_key
from bot.core.text.stems import stem
from bot.ports import Queries, Wanted


def wanted_by(asked: Asked) -> Wanted:
    """Return a question as the store takes it: places by their English names, other words without their endings.

    A single letter says nothing beside other words.
    """
    period = asked.period or Period()
    places = (word for place in asked.places for word in place.casefold().split())
    others = tuple(stem(asked_key(word)) for word in asked.words)
    words = (*places, *(tuple(word for word in others if len(word) > 1) or others))
    return Wanted(asked.kinds, period.first, period.last, asked.regions, words)


async def find(queries: Queries, asked: Asked, offset: int = 0) -> Found:
    """Return the page of the wanted events that begins at an offset, and all of them in short."""
    wanted = wanted_by(asked)
    outlines = await queries.outlines(wanted)
    offset = offset if offset < len(outlines) else 0
    return Found(await queries.listed(wanted, PER_PAGE, offset), outlines, offset)
