"""`/map [period] [region or country]`: strikes by region on a map."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.core.model import Message
from bot.core.render.pictures import drawn
from bot.core.render.pictures.album import read_wish, shown
from bot.listing import wanted_by
from handlers import Ask, Command


async def answer(ask: Ask) -> Message:
    """Return the map of the days and places that are asked for."""
    wish, rest = read_wish(ask.words, ask.desk.books, "map")
    wish = replace(wish, asked=replace(ask, words=rest).question())
    outlines = await ask.desk.queries.outlines(wanted_by(replace(wish.asked, kinds=(wish.kind,))))
    picture = await asyncio.to_thread(drawn, wish, outlines, ask.book, ask.desk.atlas)
    return shown(picture, wish, ask.today, ask.book)


COMMAND: Command = Command("map", 14, answer, heading="ask", again=True)
