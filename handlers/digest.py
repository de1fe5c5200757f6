"""`/digest [period] [kind] [region]`: everything that happened in a period, with totals, in pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.core.model import Message
from bot.core.render.pages import nothing, page
from bot.core.text.arguments import Period
from bot.listing import find
from handlers import Ask, Command


async def answer(ask: Ask) -> Message:
    """Return the events of the period, of yesterday and today where none is named."""
    asked = ask.question()
    if asked.period is None:
        asked = replace(asked, period=Period(ask.today - timedelta(days=1), ask.today))
    found = await find(ask.desk.queries, asked, ask.offset)
    return (
        page("digest", asked, found, ask.book)
        if found.events
        else nothing("digest", asked, ask.book, ask.desk.dictionary.around(asked.places))
    )


COMMAND: Command = Command("digest", 11, answer, heading="ask", again=True)
