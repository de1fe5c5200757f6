"""`/map [period] [region or country]`: strikes by region on a map, and the buttons that ask for a picture."""

from __future__ import annotations

from bot.core.model import Message
from bot.core.render.buttons import Pressed
from bot.core.render.pictures import drawn
from bot.core.render.pictures.album import DRAW, read_wish, shown
from bot.core.text.arguments import read_period, read_region
from bot.ports import Wanted
from handlers import Ask, Buttons, Command, Reaction

PICTURED = frozenset({"map", "chart"})


async def answer(ask: Ask) -> Message:
    """Return the map of the days and the country that are asked for."""
    wish = read_wish(ask.words, ask.desk.books, "map")
    region, rest = read_region(wish.rest, ask.desk.region_names)
    period = read_period(rest)
    outlines = await ask.desk.queries.outlines(
        Wanted(("strike",), period.first, period.last, (region,) if region else ())
    )
    picture = drawn(wish, outlines, ask.book, (period.first, period.last), (ask.desk.atlas, region[:2]))
    return shown(picture, wish, ask.now.date(), ask.book)


async def press(ask: Ask, pressed: Pressed) -> Reaction:
    """Put the picture that is asked for in the place of the one with the button."""
    command = ask.desk.commands.get(pressed.act)
    if command is None or pressed.act not in PICTURED:
        return Reaction(ask.book.say("press.stale"), alert=True)
    return Reaction("", instead=await ask.command(pressed.act, *pressed.argument.split()))


COMMAND: Command = Command("map", 14, answer)
BUTTONS: Buttons = Buttons(DRAW, press)
