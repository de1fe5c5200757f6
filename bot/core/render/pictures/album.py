"""What a picture is sent with: its words as a caption, and buttons to other days, another light and the other pictures.

A picture is asked for in words, by people and by buttons alike: the light and which one are taken out here, what is left is a
question as any other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, TypeAlias, TypeVar

from bot.core.model import Button, Message, Picture
from bot.core.render.markup import CAPTION, authored, bold, fit
from bot.core.render.pages import again, guesses, title
from bot.core.render.phrases import Phrasebook
from bot.core.render.pictures.palette import Theme
from bot.core.text.arguments import Period
from bot.core.text.asking import Asked
from bot.core.text.periods import month_of

What: TypeAlias = Literal["map", "swaps", "strikes", "nights"]
PICTURES: tuple[What, ...] = ("map", "swaps", "strikes", "nights")
Name = TypeVar("Name", bound=str)
THEMES: tuple[Theme, ...] = ("light", "dark")
COUNTRY = 2
"""Letters of a country's code."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Which picture is wanted, in which light, and of which days and places."""

    what: What
    theme: Theme = "light"
    asked: Asked = field(default_factory=Asked)

    @property
    def kind(self) -> str:
        """The kind of the events that are drawn."""
        return "swap" if self.what == "swaps" else "strike"

    @property
    def country(self) -> str:
        """The country that was named, itself or by its regions; "" for none and for both."""
        named = {region[:COUNTRY] for region in self.asked.regions}
        return named.pop() if len(named) == 1 else ""

    def about(self, book: Phrasebook) -> str:
        """Return the places that were named, in words."""
        return title("", replace(self.asked, period=None), book)

    def button(self, label: str) -> Button | None:
        """Return the button that asks for it; exchanges have no places."""
        asked = Asked(period=self.asked.period) if self.what == "swaps" else replace(self.asked, kinds=())
        command, named = ("map", ()) if self.what == "map" else ("chart", (self.what,))
        return again(label, command, " ".join((*named, self.theme, asked.written())).strip())


def read_wish(words: Sequence[str], books: Mapping[str, Phrasebook], what: What) -> tuple[Wish, tuple[str, ...]]:
    """Read what is wanted and return the words that are left; `what` is the picture where the words name none.

    A chart is named by the first word that is one in any language; a map needs no name.
    """
    theme: Theme = "light"
    named: What | None = "map" if what == "map" else None
    rest = []
    for word in words:
        folded = word.casefold()
        if lit := _among(folded, THEMES, books):
            theme = lit
        elif named is None and (chart := _among(folded, PICTURES[1:], books)):
            named = chart
        else:
            rest.append(word)
    return Wish(named or what, theme), tuple(rest)


def _among(word: str, names: Collection[Name], books: Mapping[str, Phrasebook]) -> Name | None:
    """Return which of the names a word stands for in some language."""
    called = {
        name: {name, *(each for book in books.values() for each in book.texts["picture"]["asked"][name])}
        for name in names
    }
    return next((name for name in names if word in called[name]), None)


def shown(picture: Picture | None, wish: Wish, today: date, book: Phrasebook) -> Message:
    """Return a picture with its words and buttons; without a picture, that there is nothing to be drawn."""
    told = [bold(authored(each)) for each in picture.alt.splitlines()[:1]] if picture else []
    told += (
        [authored(each) for each in picture.alt.splitlines()[1:]] if picture else [authored(book.say("picture.empty"))]
    )
    kept, _ = fit([*told, *guesses(wish.asked, book)], CAPTION)
    rows = (_others(wish, book), _days(wish, today, book))
    return Message("\n".join(kept), tuple(tuple(each for each in row if each) for row in rows), picture=picture)


def _others(wish: Wish, book: Phrasebook) -> list[Button | None]:
    theme: Theme = "light" if wish.theme == "dark" else "dark"
    others = [replace(wish, what=what) for what in PICTURES if what != wish.what]
    turned = replace(wish, theme=theme).button(book.say(f"picture.button.{theme}"))
    return [*(each.button(book.say(f"picture.button.{each.what}")) for each in others), turned]


def _days(wish: Wish, today: date, book: Phrasebook) -> list[Button | None]:
    """Return the buttons for this month, this year and all days; the places are kept."""
    spans = {
        "month": Period(*month_of(today.year, today.month)),
        "year": Period(date(today.year, 1, 1), date(today.year, 12, 31)),
        "ever": Period(),
    }
    return [
        replace(wish, asked=replace(wish.asked, period=period)).button(book.say(f"picture.button.{span}"))
        for span, period in spans.items()
    ]
