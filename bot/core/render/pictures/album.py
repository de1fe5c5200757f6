"""What a picture is sent with: its words as a caption, and buttons to other days, another light and the other pictures.

A picture is asked for in words, by people and by buttons alike: the light and which one are taken out here, what is left is a
question as any other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, TypeAlias

from bot.core.model import Button, Message, Picture
from bot.core.render.buttons import button
from bot.core.render.markup import authored
from bot.core.render.phrases import Phrasebook
from bot.core.render.pictures.palette import Theme

What: TypeAlias = Literal["map", "swaps", "strikes", "nights"]
PICTURES: tuple[What, ...] = ("map", "swaps", "strikes", "nights")
DRAW = "draw"
"""The prefix of the buttons that ask for a picture."""
CAPTION = 1024
"""Characters of a caption (core.telegram.org/bots/api)."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Which picture is wanted, in which light; `rest` is the question itself, about days and places."""

    what: What
    theme: Theme = "light"
    rest: tuple[str, ...] = ()

    def button(self, label: str) -> Button:
        """Return the button that asks for it."""
        command = ("map",) if self.what == "map" else ("chart", self.what)
        return button(label, DRAW, 0, command[0], " ".join([*command[1:], self.theme, *self.rest]))


def read_wish(words: Sequence[str], books: Mapping[str, Phrasebook], what: What) -> Wish:
    """Read what is wanted; `what` is the picture where the words name none. Words of every language count."""
    wish = Wish(what)
    for word in words:
        theme, named = _theme(word.casefold(), books), _named(word.casefold(), books)
        if theme:
            wish = replace(wish, theme=theme)
        elif named and what != "map":
            wish = replace(wish, what=named)
        else:
            wish = replace(wish, rest=(*wish.rest, word))
    return wish


def _theme(word: str, books: Mapping[str, Phrasebook]) -> Theme | None:
    themes: tuple[Theme, ...] = ("light", "dark")
    return next((theme for theme in themes if word == theme or word in _asked(theme, books)), None)


def _named(word: str, books: Mapping[str, Phrasebook]) -> What | None:
    named = (what for what in PICTURES if what != "map" and (word == what or word in _asked(what, books)))
    return next(named, None)


def _asked(about: str, books: Mapping[str, Phrasebook]) -> Collection[str]:
    return {word for book in books.values() for word in book.texts["picture"]["asked"][about]}


def shown(picture: Picture | None, wish: Wish, today: date, book: Phrasebook) -> Message:
    """Return a picture with its words and buttons; without a picture, that there is nothing to be drawn."""
    text = authored(picture.alt[:CAPTION] if picture else book.say("picture.empty"))
    return Message(text, (_others(wish, book), _days(wish, today, book)), picture=picture)


def _others(wish: Wish, book: Phrasebook) -> tuple[Button, ...]:
    theme: Theme = "light" if wish.theme == "dark" else "dark"
    others = [replace(wish, what=what) for what in PICTURES if what != wish.what]
    turned = replace(wish, theme=theme).button(book.say(f"picture.button.{theme}"))
    return (*(each.button(book.say(f"picture.button.{each.what}")) for each in others), turned)


def _days(wish: Wish, today: date, book: Phrasebook) -> tuple[Button, ...]:
    """Return the buttons for this month, this year and all days; what else was asked for is kept."""
    places = tuple(word for word in wish.rest if not word[:1].isdigit())
    spans = (("month", (f"{today:%Y-%m}",)), ("year", (f"{today:%Y}",)), ("ever", ()))
    return tuple(
        replace(wish, rest=(*places, *days)).button(book.say(f"picture.button.{span}")) for span, days in spans
    )
