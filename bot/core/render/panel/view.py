"""A panel as a value, and what is chosen in it said in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from babel.dates import get_day_names

from bot.core.kinds import Kind
from bot.core.model import EVERY_DAY, Button, Quiet, Subscription
from bot.core.render.panel.choices import COUNTRIES
from bot.core.render.panel.target import Place, said
from bot.core.render.panel.zones import city, offset
from bot.core.render.phrases import Phrasebook

JOINT = " · "
ON, OFF = "✅ ", ""
TITLE = 60
"""Characters of a chat's name."""
NAMED = 6
"""Regions that are named in a line before the rest is counted."""

Rows: TypeAlias = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A subscription and how it is shown: `title` is the chat that it is for, "" where the panel stands in that chat.

    `told` is what has just happened; `channels` says that the reader may go on to other chats from here.
    """

    subscription: Subscription
    book: Phrasebook
    books: Mapping[str, Phrasebook]
    kinds: Mapping[str, Kind]
    now: datetime
    title: str = ""
    told: str = ""
    channels: bool = False

    @property
    def place(self) -> Place:
        """Return whose subscription it is."""
        return Place.of(self.subscription)

    def say(self, phrase: str, **values: object) -> str:
        """Return a phrase of the panel."""
        return self.book.say(f"panel.{phrase}", **values)

    def button(self, phrase: str, act: str, value: str | int = "", *, on: bool = False) -> Button:
        """Return a button that is worded by a phrase of the panel."""
        return self.choice(self.say(phrase), act, value, on=on)

    def choice(self, label: str, act: str, value: str | int = "", *, on: bool = False) -> Button:
        """Return a button, ticked where it says what holds already."""
        return said((ON if on else OFF) + label, self.place, act, value)


def summary(panel: Panel) -> dict[str, str]:
    """Return what is chosen, a line each, as plain text, by the page on which it is chosen."""
    it, book = panel.subscription, panel.book
    kinds = JOINT.join(book.kinds[kind].title for kind in it.kinds if kind in book.kinds)
    sides = book.listing([book.say(f"side.{side}") for side in it.sides]) or panel.say("anyone")
    values = {
        "kinds": kinds,
        "regions": regions_of(panel),
        "sizes": book.listing([from_least(panel, kind, least) for kind, least in it.least.items()])
        or panel.say("any_size"),
        "sides": sides,
        "sure": panel.say(f"sure.{it.unconfirmed}"),
        "when": when_of(panel),
        "quiet": quiet_of(panel),
        "sounds": panel.say(f"sound.{it.updates}"),
        "languages": own_name(panel, it.language),
        "zones": clock_of(panel),
    }
    return {name: panel.say(f"line.{name}", value=value) for name, value in values.items()}


def regions_of(panel: Panel) -> str:
    """Return the chosen regions by name, the first of them where there are many."""
    chosen = sorted((region_name(panel, code) for code in panel.subscription.regions), key=alphabetical(panel.book))
    if not chosen:
        return panel.say("everywhere")
    named, more = chosen[:NAMED], len(chosen) - NAMED
    return panel.book.listing(named) + (f" {panel.book.say('more', count=more)}" if more > 0 else "")


def region_name(panel: Panel, code: str) -> str:
    """Return the name of a region or country."""
    return panel.say(f"country.{code}") if code in COUNTRIES else panel.book.regions.get(code, code)


def from_least(panel: Panel, kind: str, least: int) -> str:
    """Return in words how large an event of a kind has to be."""
    forms: Mapping[str, Mapping[str, str]] = panel.book.texts["panel"]["from"]
    of_kind = forms.get(kind, forms["event"])
    return panel.book.plural(of_kind, least).format(count=panel.book.number(least))


def when_of(panel: Panel) -> str:
    """Return when events come."""
    digest = panel.subscription.digest
    if digest is None:
        return panel.say("at_once")
    every = set(digest.weekdays) == set(EVERY_DAY) or not digest.weekdays
    names = day_names(panel.book)
    days = panel.say("every_day") if every else ", ".join(names[day] for day in digest.weekdays)
    return panel.say("digest", time=clock_time(digest.minute), days=days)


def day_names(book: Phrasebook) -> Mapping[int, str]:
    """Return the short names of the days of the week, Monday first."""
    names: Mapping[int, str] = get_day_names("short" if book.language == "en" else "abbreviated", locale=book.language)
    return names


def clock_time(minute: int) -> str:
    """Return minutes after midnight as a time."""
    return f"{minute // 60:02}:{minute % 60:02}"


def quiet_of(panel: Panel) -> str:
    """Return the quiet hours."""
    hours = panel.subscription.quiet
    return panel.say("no_quiet") if hours is None else hours_of(hours)


def hours_of(hours: Quiet) -> str:
    """Return hours as a span."""
    return f"{clock_time(hours.first)}–{clock_time(hours.last)}"


def clock_of(panel: Panel) -> str:
    """Return by which clock the chat goes, and what it shows."""
    zone = panel.subscription.zone
    local = panel.now.astimezone(ZoneInfo(zone))
    return panel.say("clock", city=city(zone, panel.book), time=f"{local:%H:%M}", offset=offset(zone, panel.now))


def own_name(panel: Panel, language: str) -> str:
    """Return the name of a language in that language."""
    return panel.books[language].say("panel.language") if language in panel.books else language


def alphabetical(book: Phrasebook) -> Callable[[str], list[tuple[int, str]]]:
    """Return the order of names in the language of the book."""
    alphabet = str(book.texts["panel"]["alphabet"])
    return lambda name: [(alphabet.find(letter), letter) for letter in name.casefold()]
