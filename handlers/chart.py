"""`/chart swaps|strikes|nights [period] [region or country]`: what happened over time, as a picture."""

from __future__ import annotations

from bot.core.model import Message
from bot.core.render.pictures import drawn
from bot.core.render.pictures.album import read_wish, shown
from bot.core.text.arguments import read_period, read_region
from bot.ports import Wanted
from handlers import Ask, Command


async def answer(ask: Ask) -> Message:
    """Return the chart of the days that are asked for."""
    wish = read_wish(ask.words, ask.desk.books, "swaps")
    region, rest = read_region(wish.rest, ask.desk.region_names)
    period = read_period(rest)
    kind = "swap" if wish.what == "swaps" else "strike"
    regions = (region,) if region and kind == "strike" else ()
    outlines = await ask.desk.queries.outlines(Wanted((kind,), period.first, period.last, regions))
    picture = drawn(wish, outlines, ask.book, (period.first, period.last), (ask.desk.atlas, ""))
    return shown(picture, wish, ask.now.date(), ask.book)


COMMAND: Command = Command("chart", 15, answer)
