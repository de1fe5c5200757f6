"""`/swaps [period]`: the exchanges of a period with running totals, in pages."""

from __future__ import annotations

from dataclasses import replace

from bot.core.model import Message
from bot.core.render.pages import nothing, page
from bot.listing import find
from handlers import Ask, Command

COUNTRY = 2


async def answer(ask: Ask) -> Message:
    """Return the exchanges and returns of the fallen; a country named beside them says nothing."""
    asked = ask.question("swap")
    if asked.kinds == ("swap",) and asked.regions:
        asked = replace(asked, regions=tuple(code for code in asked.regions if len(code) > COUNTRY))
        if asked.regions:
            raise ask.refusal("question.no_region")
    found = await find(ask.desk.queries, asked, ask.offset)
    return page("swaps", asked, found, ask.book) if found.events else nothing("swaps", asked, ask.book)


COMMAND: Command = Command("swaps", 3, answer, heading="ask", again=True)
