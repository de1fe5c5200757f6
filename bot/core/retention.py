"""Which backups are kept: every day's of a week, and one of each of some weeks before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final

DAILY: Final = 7
WEEKLY: Final = 4


def kept(made: Iterable[datetime], daily: int = DAILY, weekly: int = WEEKLY) -> frozenset[datetime]:
    """Return which of the backups made at these times are kept.

    Of the newest days on which one was made that is the last of each; of the weeks before, the last that is left of each.
    """
    by_age = sorted(made, reverse=True)
    days = _last_of(by_age, daily, datetime.date)
    before = [at for at in by_age if days and at.date() < min(days).date()]
    return frozenset({*days, *_last_of(before, weekly, _week)})


def _last_of(by_age: Sequence[datetime], count: int, period: Callable[[datetime], object]) -> list[datetime]:
    """Return the last of each of the newest periods, given newest first."""
    last: dict[object, datetime] = {}
    for at in by_age:
        last.setdefault(period(at), at)
    return list(last.values())[:count]


def _week(at: datetime) -> tuple[int, int]:
    year, week, _ = at.isocalendar()
    return year, week
