"""What stands round every picture: what it shows, of which days, and where the figures come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from bot.core.model import Picture
from bot.core.render.phrases import Phrasebook
from bot.core.render.pictures.palette import PALETTES, SMALL, Palette, Theme
from bot.core.render.pictures.svg import HEIGHT, WIDTH, fitting, picture, words

EDGE = 40
TITLE, SUBTITLE = 46, 29
TOP = 148
"""Where the space for the picture itself begins; the footer takes what is below `BOTTOM`."""
BOTTOM = HEIGHT - 62


@dataclass(frozen=True, slots=True)
class Look:
    """In which language, in which light, of which days and places a picture is; a day that is None is open."""

    book: Phrasebook
    theme: Theme = "light"
    first: date | None = None
    last: date | None = None
    about: str = ""

    @property
    def palette(self) -> Palette:
        """The colours."""
        return PALETTES[self.theme]

    def say(self, key: str, **values: object) -> str:
        """Return one of the phrases of pictures."""
        return self.book.say(f"picture.{key}", **values)

    def days(self, found: Sequence[date]) -> str:
        """Return the days asked for in words; where an end is open, the first or last of those found stands for it."""
        first, last = self.first or min(found, default=None), self.last or max(found, default=None)
        if first is None or last is None:
            return self.book.say("unknown_day")
        return self.book.day(first) if first == last else f"{self.book.day(first)} – {self.book.day(last)}"

    def month(self, day: date) -> str:
        """Return the short name of a month."""
        name: str = format_date(day, "LLL", locale=self.book.language)
        return name.rstrip(".")

    def era(self, day: date, step: str) -> str:
        """Return what a row of days or months has to say once: the month and year of days, the year of months."""
        return f"{self.month(day)} {day.year}" if step == "day" else str(day.year)


def framed(look: Look, title: str, days: str, parts: Iterable[str], alt: Sequence[str]) -> Picture:
    """Return a picture with its heading and source line; `alt` are the sentences that say what is to be seen."""
    palette, room = look.palette, WIDTH - 2 * EDGE
    days = f"{look.about} · {days}" if look.about else days
    around = [
        words(title, EDGE, 66, fitting(title, TITLE, room), font_weight=600),
        words(days, EDGE, 112, fitting(days, SUBTITLE, room), fill=palette.quiet),
        words(look.say("source"), EDGE, HEIGHT - 22, SMALL, fill=palette.quiet),
    ]
    return Picture(picture([*parts, *around], palette, title), "\n".join([f"{title}, {days}", *alt]))
