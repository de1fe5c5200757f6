"""Pictures of what happened, as SVG: what people would rather look at than read."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.model import Outline, Picture
from bot.core.render.phrases import Phrasebook
from bot.core.render.pictures.album import Wish
from bot.core.render.pictures.atlas import Atlas
from bot.core.render.pictures.course import returned, strikes
from bot.core.render.pictures.frame import Look
from bot.core.render.pictures.nights import nights_chart
from bot.core.render.pictures.regions import strikes_map
from bot.core.text.arguments import Period


def drawn(wish: Wish, outlines: Sequence[Outline], book: Phrasebook, atlas: Atlas) -> Picture | None:
    """Return the picture that is wished for of these events; None where there is nothing to be seen."""
    period = wish.asked.period or Period()
    look = Look(book, wish.theme, period.first, period.last, wish.about(book))
    match wish.what:
        case "map":
            return strikes_map(outlines, atlas, look, wish.country)
        case "swaps":
            return returned(outlines, look)
        case "strikes":
            return strikes(outlines, look)
        case "nights":
            return nights_chart(outlines, look)
