"""What every store has to agree on when it records events, whatever it keeps them in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache

from bot.core.model import Change, Event, Fact, ReportId
from bot.core.text.normalise import clean, fold
from bot.ports import Joined

MOST_HANDLES = 500
"""Buttons of one person in one chat that are known at a time: those that were handed out last."""
BRIEF = "~"
"""Begins what words are known by that are too few to name an item for good."""
MOST_ALIASES = 8
"""Later ids and addresses of one item that are known: of a feed that makes up new ones at every poll, the newest."""
MET_AGAIN = timedelta(days=30)
"""How old the mark that a tombstone was met may grow before it is renewed: a feed that never changes is to be no write a poll."""
FORGOTTEN = timedelta(days=365)
"""How long a tombstone is kept after it was met last. What no feed has shown for a year was published as long ago, and is kept
quiet by the horizon should one show it again."""
DONE_KNOWN_FOR = timedelta(hours=48)
"""How long an update that is done stays known: twice as long as Telegram may push it again."""
EXPIRED_KNOWN_FOR = timedelta(days=1)
"""How long a button is known after it expired, so that a press is told so."""
MOST_ASIDE = 100
"""Updates that could not be handled and are kept to be looked at: the last ones, by Telegram's numbers."""
_SEARCHED = 1_000
"""Characters at the beginning of a headline whose words are kept."""
_KEPT = 512
"""Headlines whose words are kept: those of an event are asked for with each report that comes to it."""
_LONGEST = 64
_MOST_ASKED = 12
_WORD = re.compile(r"[^\W_]++(?:['’ʼ`´][^\W_]++)*+")


def in_order(joined: Sequence[Joined]) -> list[int]:
    """Return the places of a list in the order in which it is stored, so that numbers do not depend on the list's own.

    Known events come first, by number; then the new ones, by when they begin and by their first report.
    """
    return sorted(range(len(joined)), key=lambda place: _rank(joined[place]))


def numbered(event: Event, number: int) -> Event:
    """Return the event with its number, which what founded it has from then on."""
    founded = {report: each or number for report, each in event.founded.items()}
    return replace(event, id=number, founded=founded)


def expected(change: Change) -> int:
    """Return the revision that a stored event has where nobody changed it since the change was made."""
    return change.event.revision - (change.weight != "none")


def words_of(event: Event) -> frozenset[str]:
    """Return the words under which an event is found: those of its headlines and of its places."""
    return words_in((*(report.origin.title for report in event.reports), *_names(event.facts.get("places"))))


def asked_in(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the words that are looked for; of very many the longest, which are the ones that tell events apart."""
    return tuple(sorted(words_in(texts), key=lambda word: (-len(word), word))[:_MOST_ASKED])


def words_in(texts: Iterable[str]) -> frozenset[str]:
    """Return the words of texts, folded and without apostrophes, which hardly anybody types alike."""
    return frozenset().union(*(_words_in(text[:_SEARCHED]) for text in texts))


@lru_cache(_KEPT)
def _words_in(text: str) -> frozenset[str]:
    pieces = (piece[0][:_LONGEST] for piece in _WORD.finditer(clean(text)))
    return frozenset(fold(piece).replace("'", "") for piece in pieces)


def _names(places: Fact | None) -> tuple[str, ...]:
    return places if isinstance(places, tuple) else ()


def _rank(joined: Joined) -> tuple[int, datetime, ReportId, str]:
    event = joined.change.event
    first = min((each.id for each in event.reports), default=("", "", 0))
    return event.id or 2**63, event.opened, first, event.kind
