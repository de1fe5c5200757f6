"""`/chart swaps|strikes|nights [period] [region or country]`: what happened over time, as a picture."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.core.model import Message
from bot.core.render.pictures import drawn
from bot.core.render.pictures.album import COUNTRY, read_wish, shown
from bot.listing import wanted_by
from handlers import Ask, Command


async def answer(ask: Ask) -> Message:
    """Return the chart of the days that are asked for; exchanges have no region."""
    wish, rest = read_wish(ask.words, ask.desk.books, "swaps")
    asked = replace(ask, words=rest).question()
    if wish.what == "swaps" and any(len(region) > COUNTRY for region in asked.regions):
        raise ask.refusal("question.no_region")
    wish = replace(wish, asked=replace(asked, regions=() if wish.what == "swaps" else asked.regions))
    outlines = await ask.desk.queries.outlines(wanted_by(replace(wish.asked, kinds=(wish.kind,))))
    picture = await asyncio.to_thread(drawn, wish, outlines, ask.book, ask.desk.atlas)
    return shown(picture, wish, ask.today, ask.book)


COMMAND: Command = Command("chart", 15, answer, heading="ask", again=True)
