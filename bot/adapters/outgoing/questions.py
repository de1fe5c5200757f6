"""What is asked for over HTTP: the form by the end of the path, which events by the query. All of it is hostile until read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from bot.adapters.http import Asked
from bot.core.export import Edition, Format
from bot.core.syndication import FeedForm
from bot.ports import Wanted

EVENTS, FEEDS = "events", "feeds"
MOST_EVENTS: Final = 500
"""Events of a page, and how many it has where nobody asks for fewer: a few megabytes as JSON."""
MOST_ENTRIES, ENTRIES = 200, 50
"""Entries of a feed, and how many it has where nobody asks for others."""
MOST_DIGITS: Final = 9
"""Of a number, as in commands: what is longer no database has."""
MOST_NAMED: Final = 100
"""Kinds or regions in one question."""
COUNTRIES: Final = frozenset({"UA", "RU"})


class WrongError(Exception):
    """A question that means nothing; the text says why, to who asked."""


class Forms:
    """The forms of events and of feeds, by the endings of names."""

    def __init__(self, events: Iterable[Format], feeds: Iterable[FeedForm]) -> None:
        self.events: Mapping[str, Format] = {form.name: form for form in events}
        self.feeds: Mapping[str, FeedForm] = {form.name: form for form in feeds}
        told = (form for form in self.events.values() if form.beside)
        self._beside: Mapping[str, Format] = {f"{form.name}{form.beside_name}": form for form in told}

    def knows(self, ending: str) -> bool:
        """Tell whether there is such a form of events, or what is told beside one."""
        return ending in self.events or ending in self._beside

    def of(self, ending: str) -> tuple[Format, bool]:
        """Return a form of events by the ending, and whether that is of what is told beside it."""
        return (self.events[ending], False) if ending in self.events else (self._beside[ending], True)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for: a name as it stands in the path, which events, and how many after which number."""

    folder: str
    name: str
    wanted: Wanted
    after: int
    limit: int
    sure: bool

    @property
    def stem(self) -> str:
        """The name without its ending: of a feed its language."""
        return self.name.partition(".")[0]

    @property
    def ending(self) -> str:
        """The ending of the name, which is the form."""
        return self.name.partition(".")[2]

    def further(self, after: int) -> str:
        """Return the relative address of the page that begins after a number."""
        wanted = self.wanted
        query = {
            "kind": ",".join(wanted.kinds),
            "region": ",".join(wanted.regions),
            "since": wanted.first or "",
            "until": wanted.last or "",
            "certainty": "confirmed" if self.sure else "",
            "limit": self.limit,
            "after": after,
        }
        return f"{self.name}?{urlencode({name: value for name, value in query.items() if value}, safe=',')}"


def read_question(asked: Asked, forms: Forms, edition: Edition) -> Question | None:
    """Return what is asked for, None where there is no such form; raise WrongError for a query that means nothing."""
    ending = asked.name.partition(".")[2]
    if asked.folder == FEEDS:
        return _read(asked, edition, FEEDS, (), (ENTRIES, MOST_ENTRIES)) if ending in forms.feeds else None
    if not forms.knows(ending):
        return None
    form, _ = forms.of(ending)
    return _read(asked, edition, "", form.kinds, (MOST_EVENTS, MOST_EVENTS))


def _read(asked: Asked, edition: Edition, folder: str, kinds: tuple[str, ...], limits: tuple[int, int]) -> Question:
    query = dict(asked.query)
    wanted = Wanted(
        kinds=_names(query.pop("kind", ""), frozenset(edition.kinds), "kind") or kinds,
        first=_day(query.pop("since", ""), "since"),
        last=_day(query.pop("until", ""), "until"),
        regions=_names(query.pop("region", ""), COUNTRIES.union(edition.book.regions), "region"),
    )
    usual, most = limits
    limit = min(_number(query.pop("limit", ""), "limit") or usual, most)
    after = 0 if folder == FEEDS else _number(query.pop("after", ""), "after")
    certainty = query.pop("certainty", "")
    if certainty not in ("", "confirmed"):
        raise WrongError("certainty: write certainty=confirmed, or leave it out")
    if query:
        raise WrongError("there are kind, region, since, until, certainty, limit, and of events after; nothing else")
    return Question(folder, asked.name, wanted, after, limit, bool(certainty))


def _names(said: str, known: frozenset[str], what: str) -> tuple[str, ...]:
    names = frozenset(filter(None, said.split(",", MOST_NAMED)))
    if not names <= known:
        raise WrongError(f"{what}: there is no such {what}; separate several with commas")
    return tuple(sorted(names))


def _day(said: str, what: str) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        raise WrongError(f"{what}: it is no day; write it like 2025-06-09") from None


def _number(said: str, what: str) -> int:
    if said and not (said.isascii() and said.isdecimal() and len(said) <= MOST_DIGITS):
        raise WrongError(f"{what}: it is no number of ours")
    return int(said or 0)
