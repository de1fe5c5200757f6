"""What each rule of the date patterns makes of its captures; `bot.core.text.dates` says what they mean.

A rule gives the mentions of one match, none where the words name no day that there is, such as "June 31".
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.core.text.document import DateMention, Sentence, Token
from bot.core.text.lexicon import Match

AHEAD = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Days:
    """The days from which an item's words are counted; they differ where an outlet and the war have different dates.

    today     the day that the outlet calls today
    night     the morning of the night that it calls the last one
    latest    the latest day that can be news: a weekday is never after it
    """

    today: date
    night: date
    latest: date

    @classmethod
    def on(cls, today: date) -> Days:
        """Return the days of an outlet that has the same date as the war."""
        return cls(today, today, today)


@dataclass(frozen=True, slots=True)
class Named:
    """A match of a rule with what is needed to make a day of it."""

    match: Match
    sentence: Sentence
    days: Days
    capital: frozenset[str]

    @property
    def today(self) -> date:
        """The day that the outlet calls today."""
        return self.days.today

    def tokens(self, name: str) -> Sequence[Token]:
        """Return the tokens captured under a name."""
        capture = self.match.captures.get(name)
        return self.sentence.tokens[capture.first : capture.last] if capture else ()

    def figure(self, name: str) -> int | None:
        """Return the captured number, whatever its ending."""
        tokens = self.tokens(name)
        digits = "".join(char for char in tokens[0].fold if char.isdigit()) if tokens else ""
        return int(digits) if digits else self.match.number(name)

    def named(self, table: str, name: str) -> int | None:
        """Return the number of the captured month or weekday."""
        capture = self.match.captures.get(name)
        if capture is None or any(each.fold in self.capital and each.text == each.fold for each in self.tokens(name)):
            return None
        marks = (mark for mark in self.sentence.marks if (mark.first, mark.last) == (capture.first, capture.last))
        numbers = (mark.concept.removeprefix(f"{table}_") for mark in marks)
        return next((int(number) for number in numbers if number.isdigit()), None)

    def mention(self, day: date, last_day: date | None = None, *, relative: bool = False) -> DateMention:
        """Return a mention of a day or a span over the whole match."""
        return DateMention(day, last_day or day, self.match.first, self.match.last, "", relative=relative)

    def date(self, day: int | None, month: int | None) -> date | None:
        """Return a day of a month in the captured year, else in the latest one that can be meant."""
        if day is None or month is None:
            return None
        years = (
            [self.figure("year")]
            if "year" in self.match.captures
            else range(self.today.year + 1, self.today.year - 8, -1)
        )
        for year in years:
            found = _valid(year, month, day)
            if found and ("year" in self.match.captures or found - self.today <= AHEAD):
                return found
        return None


def _valid(year: int | None, month: int, day: int) -> date | None:
    try:
        return date(year or 0, month, day)
    except ValueError:
        return None


def _days(reading: Named) -> Sequence[DateMention]:
    month = reading.named("month", "month")
    names = [name for name in ("d", "d2", "d3", "d4", "d5", "d6") if name in reading.match.captures]
    figures = [reading.figure(name) or 0 for name in names]
    if figures != sorted(set(figures)):
        return ()
    days = [reading.date(figure, month) for figure in figures]
    if len(days) == 1:
        return [reading.mention(day) for day in days if day]
    spans = [reading.match.captures[name] for name in names]
    starts = [reading.match.first, *(span.first for span in spans[1:])]
    ends = [*(span.last for span in spans[:-1]), reading.match.last]
    return [
        replace(reading.mention(day), first=first, last=last)
        for day, first, last in zip(days, starts, ends, strict=True)
        if day
    ]


def _span(reading: Named) -> Sequence[DateMention]:
    month = reading.named("month", "month")
    first, day = reading.date(reading.figure("d"), month), reading.figure("d2")
    month2 = reading.named("month", "month2") or month
    if not first or not month2 or day is None:
        return ()
    lasts = (_valid(first.year + later, month2, day) for later in (0, 1))
    last = next((last for last in lasts if last and last >= first), None)
    return [reading.mention(first, last)] if last and last - first <= AHEAD * 2 else ()


def _numeric(reading: Named) -> Sequence[DateMention]:
    capture = reading.match.captures["date"]
    text = reading.tokens("date")[0].fold
    parts = [int(part) for part in re.split("[./-]", text)]
    if parts[0] > 31:  # noqa: PLR2004
        parts.reverse()
    either = (_written(reading, parts), _written(reading, [parts[1], parts[0], *parts[2:]]) if "/" in text else None)
    day = min((day for day in either if day), key=lambda day: abs(day - reading.today), default=None)
    return [replace(reading.mention(day), first=capture.first, last=capture.last)] if day else ()


def _written(reading: Named, parts: Sequence[int]) -> date | None:
    """Return the date of a day, a month and perhaps a year in figures."""
    if len(parts) == 2:  # noqa: PLR2004
        return reading.date(parts[0], parts[1])
    return _valid(parts[2] if parts[2] > 99 else 2000 + parts[2], parts[1], parts[0])  # noqa: PLR2004


def _weekday(step: Callable[[int], int]) -> Callable[[Named], Sequence[DateMention]]:
    def read(reading: Named) -> Sequence[DateMention]:
        number = reading.named("weekday", "weekday")
        if number is None:
            return ()
        days = step((number - reading.days.latest.isoweekday()) % 7)
        return [reading.mention(shifted(reading.days.latest, days), relative=True)]

    return read


def _offset(days: int) -> Callable[[Named], Sequence[DateMention]]:
    return lambda reading: [reading.mention(shifted(reading.today, days), relative=True)]


def _tonight(reading: Named) -> Sequence[DateMention]:
    return [reading.mention(reading.days.latest, relative=True)]


def _weeks(first: int, last: int) -> Callable[[Named], Sequence[DateMention]]:
    """Return what reads a span that lies some days from the Monday of this week."""

    def read(reading: Named) -> Sequence[DateMention]:
        monday = shifted(reading.today, 1 - reading.today.isoweekday())
        span = reading.mention(shifted(monday, first), shifted(monday, last), relative=True)
        return [replace(span, precision="week")]

    return read


def _weekend(reading: Named) -> Sequence[DateMention]:
    """Return the last Saturday and Sunday that have begun."""
    back = (reading.today.isoweekday() - 6) % 7
    saturday = shifted(reading.today, -back)
    return [replace(reading.mention(saturday, shifted(saturday, 1), relative=True), precision="week")]


def _months_ago(most: int) -> Callable[[Named], Sequence[DateMention]]:
    """Return what reads the month that lies {n}, else `most` months back."""

    def read(reading: Named) -> Sequence[DateMention]:
        number = reading.figure("n") or 1 if "n" in reading.match.captures else 1
        count = reading.today.year * 12 + reading.today.month - 1 - number * most
        first = _valid(count // 12, count % 12 + 1, 1) if number < 1000 else None  # noqa: PLR2004
        if not first:
            return ()
        last = first.replace(day=monthrange(first.year, first.month)[1])
        return [replace(reading.mention(first, last, relative=True), precision="month")]

    return read


def _years(back: int) -> Callable[[Named], Sequence[DateMention]]:
    def read(reading: Named) -> Sequence[DateMention]:
        year = reading.today.year - back
        first, last = _valid(year, 1, 1), _valid(year, 12, 31)
        return [replace(reading.mention(first, last, relative=True), precision="year")] if first and last else ()

    return read


def _ago(unit: int) -> Callable[[Named], Sequence[DateMention]]:
    def read(reading: Named) -> Sequence[DateMention]:
        number = reading.figure("n") if "n" in reading.match.captures else 1
        if number is None or not 0 < number * unit < 1000:  # noqa: PLR2004
            return ()
        return [reading.mention(shifted(reading.today, -number * unit), relative=True)]

    return read


def _month(reading: Named) -> Sequence[DateMention]:
    month = reading.named("month", "month")
    first = reading.date(1, month)
    if not first or month is None:
        return ()
    last = first.replace(day=monthrange(first.year, month)[1])
    return [replace(reading.mention(first, last), precision="month")]


def _year(reading: Named) -> Sequence[DateMention]:
    year = reading.figure("year") or 0
    first, last = _valid(year, 1, 1), _valid(year, 12, 31)
    return [replace(reading.mention(first, last), precision="year")] if first and last else ()


RULES: Mapping[str, Callable[[Named], Sequence[DateMention]]] = {
    "range": _span,
    "list": _days,
    "day": _days,
    "numeric": _numeric,
    "next_weekday": _weekday(lambda ahead: ahead or 7),
    "last_weekday": _weekday(lambda ahead: ahead - 7),
    "weekday": _weekday(lambda ahead: ahead - 7 if ahead else 0),
    "days_ago": _ago(1),
    "weeks_ago": _ago(7),
    "day_before_yesterday": _offset(-2),
    "day_after_tomorrow": _offset(2),
    "tonight": _tonight,
    "today": _offset(0),
    "yesterday": _offset(-1),
    "eve": _offset(-1),
    "tomorrow": _offset(1),
    "weekend": _weekend,
    "last_week": _weeks(-7, -1),
    "this_week": _weeks(0, 6),
    "next_week": _weeks(7, 13),
    "last_month": _months_ago(1),
    "month_ago": _months_ago(1),
    "year_ago": _months_ago(12),
    "last_year": _years(1),
    "this_year": _years(0),
    "month": _month,
    "year": _year,
}


def shifted(day: date, days: int) -> date:
    """Return a day some days off, the day itself where the calendar ends."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return day
