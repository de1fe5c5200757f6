"""`/strikes [region] [from] [to]`: the strikes of a period, everywhere or in one region."""

from __future__ import annotations

from bot.core.model import Message
from bot.core.render.answer import strikes
from bot.core.text.arguments import read_period, read_region
from handlers import Ask, Command


async def answer(ask: Ask) -> Message:
    """Return the strikes, oldest first, with the toll in all."""
    region, rest = read_region(ask.words, ask.desk.region_names)
    period = read_period(rest)
    regions = (region,) if region else ()
    return strikes(await ask.desk.queries.between("strike", period.first, period.last, regions), ask.book)


COMMAND: Command = Command("strikes", 4, answer)
