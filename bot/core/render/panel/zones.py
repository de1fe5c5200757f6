"""Time zones as people name them: by a city they know, in any of the bot's languages, or by the IANA name."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import get_global
from babel.dates import get_timezone_location

from bot.core.render.phrases import Phrasebook

SUGGESTED = 4
SHORTEST = 3
"""Letters from which the beginning of a city's name is enough."""
COMMON = (
    "Europe/Kyiv",
    "Europe/Warsaw",
    "Europe/Berlin",
    "Europe/London",
    "Europe/Vilnius",
    "Europe/Chisinau",
    "Europe/Istanbul",
    "Europe/Moscow",
    "Asia/Tbilisi",
    "Asia/Jerusalem",
    "America/New_York",
    "America/Los_Angeles",
)
"""The zones in which most readers live, offered by buttons."""


def is_zone(name: str) -> bool:
    """Tell whether this is the IANA name of a zone that is known here."""
    if not name or name.startswith((".", "/")):
        return False
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def offset(zone: str, at: datetime) -> str:
    """Return how far a zone's clocks are ahead of UTC at a time: "UTC+3", "UTC+5:30"."""
    delta = at.astimezone(ZoneInfo(zone)).utcoffset()
    minutes = int(delta.total_seconds()) // 60 if delta else 0
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def city(zone: str, book: Phrasebook) -> str:
    """Return the city by which a zone is called, in the language of the book."""
    own: Mapping[str, Sequence[str]] = book.texts["panel"]["cities"]
    return own[zone][0] if zone in own else _located(zone, book.language)


def _located(zone: str, language: str) -> str:
    if "/" not in zone:
        return zone
    return str(get_timezone_location(zone, locale=language, return_city=True))


@cache
def _cities(language: str) -> Mapping[str, str]:
    """Return every zone by the casefolded name of its city in one language."""
    return {_located(zone, language).casefold(): zone for zone in get_global("zone_territories") if is_zone(zone)}


@dataclass(frozen=True, slots=True)
class Zones:
    """Finds zones by any name in any of the languages."""

    books: Mapping[str, Phrasebook]

    def find(self, name: str) -> str:
        """Return the zone of a city, or of an IANA name; "" where nothing, or more than one zone, begins like that."""
        wanted = _plain(name)
        names = self._names()
        if wanted in names:
            return names[wanted]
        found = (
            {zone for known, zone in names.items() if known.startswith(wanted)} if len(wanted) >= SHORTEST else set()
        )
        return found.pop() if len(found) == 1 else ""

    def near(self, name: str) -> tuple[str, ...]:
        """Return the zones that may have been meant, the likeliest first."""
        names = self._names()
        wanted = _plain(name)
        close = [known for known in names if len(wanted) >= SHORTEST and known.startswith(wanted)]
        close += difflib.get_close_matches(wanted, names, SUGGESTED, 0.7)
        return tuple(dict.fromkeys(names[known] for known in close))[:SUGGESTED]

    def _names(self) -> Mapping[str, str]:
        names: dict[str, str] = {}
        for zone in get_global("zone_territories"):
            if is_zone(zone):
                names |= {zone.casefold(): zone, zone.rpartition("/")[2].replace("_", " ").casefold(): zone}
        for book in self.books.values():
            names |= _cities(book.language)
        for book in self.books.values():
            own: Mapping[str, Sequence[str]] = book.texts["panel"]["cities"]
            names |= {each.casefold(): zone for zone, cities in own.items() for each in cities}
        return names


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold().replace("’", "'")
