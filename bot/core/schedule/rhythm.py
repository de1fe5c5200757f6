"""How often a source is asked: as often as it has something to say, more often while an event is going on.

A source is asked twice in the usual gap between two of its items, so that half of its news are found within a quarter of
that gap; a source that has been silent for long is asked as if it were a slower one. No source is asked more often than
the operator's shortest interval allows, and none less often than every six hours.

Official sources and the register are asked at least every ten shortest intervals, however rarely they say something:
it is their word that confirms an event, and the rare announcement of theirs is what readers wait for. A source whose item
made or changed a posted event is asked at the shortest interval for two hours, and as long as any event goes on no
healthy source waits for more than ten minutes, because that is when even a slow one may have the second voice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from statistics import median
from typing import Final

from bot.core.model import PollState, Source
from bot.core.websub import PUSHED_INTERVAL

LONGEST: Final = 6 * 3600.0
"""Seconds; no interval and no back-off grows beyond it."""
LIVE: Final = timedelta(hours=2)
"""How long an event counts as going on after an item made or changed it."""
LIVE_LONGEST: Final = timedelta(minutes=10)
"""No healthy source waits longer while an event goes on."""

_ASKED_OFTEN = frozenset({"official", "register"})
_SLOWEST = 10.0
_GROWTH = 1.5
_A_GAP = 2.0
_SILENCE = 8.0
_NEWEST = 20
_FEWEST = 3


@dataclass(frozen=True, slots=True)
class Pace:
    """The seconds between which the interval of a source lies."""

    shortest: float
    longest: float = LONGEST


def pace(source: Source, shortest: float, *, live: bool = False, pushed: bool = False) -> Pace:
    """Return the bounds for a source: `live` while any event goes on, `pushed` where its news come by themselves."""
    return _pace(source.tier in _ASKED_OFTEN, shortest, live, pushed)


@cache
def _pace(often: bool, shortest: float, live: bool, pushed: bool) -> Pace:  # noqa: FBT001  (a cache knows no names)
    if pushed:
        return Pace(max(shortest, PUSHED_INTERVAL.total_seconds()), LONGEST)
    longest = min(shortest * _SLOWEST, LONGEST) if often else LONGEST
    return Pace(shortest, max(shortest, min(longest, LIVE_LONGEST.total_seconds())) if live else longest)


def rhythm(times: Iterable[datetime], now: datetime) -> float:
    """Return the usual seconds between two of the newest items, 0 where there are too few to tell.

    Items of the same moment came together. One that is from this moment had no time of its own.
    """
    newest = sorted({time for time in times if time < now}, reverse=True)[:_NEWEST]
    if len(newest) < _FEWEST:
        return 0.0
    return median((later - earlier).total_seconds() for later, earlier in pairwise(newest))


def interval(before: PollState, bounds: Pace, now: datetime, *, news: bool) -> float:
    """Return the seconds until a source is asked again. `news` says whether it just had items never seen before.

    A source whose items have no times is asked at the shortest interval after news, and half as much later each time
    that it has none, up to ten times the shortest.
    """
    if before.live_until is not None and before.live_until > now:
        return bounds.shortest
    if before.rhythm:
        silence = (now - before.last_item).total_seconds() / _SILENCE if before.last_item else 0.0
        wanted = max(before.rhythm, silence) / _A_GAP
    elif news:
        wanted = bounds.shortest
    else:
        wanted = min(max(before.interval, bounds.shortest) * _GROWTH, bounds.shortest * _SLOWEST)
    return min(max(wanted, bounds.shortest), bounds.longest)
