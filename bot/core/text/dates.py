"""The days that a sentence names, worked out against the day on which the item was published.

`bot/data/<language>/dates.toml` holds `[months]` and `[weekdays]` (phrase -> number, Monday is 1) and `[patterns]`, whose
names are the rules of the mentions and decide what is done with their captures; the names of months in `capital` count
only where they begin with a capital letter ("may", "march"):

    none                                  no date at all, such as the newspaper "The Sun"
    day, list                             {d} (more: {d2} ... {d6}) {month} [{year}]: a mention for every day
    range                                 {d} to {d2} {month}, or {d} {month} to {d2} {month2}: one mention with a span
    numeric                               {date} 09.06.2025 or 09.06
    weekday                               the nearest such day not after publication
    last_weekday, next_weekday            the nearest before, after the day of publication
    today tonight yesterday day_before_yesterday eve tomorrow day_after_tomorrow      by their offsets
    days_ago, weeks_ago                   {n} days; without {n} one
    month, year                           {month} [{year}], {year}: a span with its precision
    night                                 words for the night without a date: the morning of the day of publication
    night_before                          the night of which {date}, a mention found before, is the evening
    night_into                            a mention found before becomes a night: {date}

Without a year a date is the latest one that is not more than 30 days after publication.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.core.text.document import DateMention, Sentence, Token
from bot.core.text.lexicon import Lemmas, Match, Phrases, Vocabulary
from bot.core.text.pattern import PatternError

AHEAD = timedelta(days=30)
_OFFSETS = {
    "today": 0,
    "tonight": 0,
    "yesterday": -1,
    "day_before_yesterday": -2,
    "eve": -1,
    "tomorrow": 1,
    "day_after_tomorrow": 2,
}
_NIGHTS = ("night_into", "night_before", "night")


class DateGrammar:
    """The date patterns of one language; raises PatternError for words or rules it cannot use."""

    def __init__(
        self,
        months: Mapping[str, int],
        weekdays: Mapping[str, int],
        patterns: Phrases,
        lemmas: Lemmas,
        capital: frozenset[str] = frozenset(),
    ) -> None:
        tables = {"month": months, "weekday": weekdays}
        concepts: dict[str, list[str]] = {
            f"{table}_{number}": [] for table in tables for number in set(tables[table].values())
        }
        for table, numbers in tables.items():
            for phrase, number in numbers.items():
                concepts[f"{table}_{number}"].append(phrase)
            concepts[table] = list(numbers)
        if unknown := set(patterns) - set(_RULES) - set(_NIGHTS) - {"none"}:
            raise PatternError(f"{min(unknown)}: no such date rule")
        self._vocabulary = Vocabulary(concepts, patterns, lemmas)
        self._capital = capital
        self._lemmas = lemmas
        self._days = frozenset(
            word.lstrip("=") for phrase in (*months, *weekdays) for word in re.split(r"[ (|)]+", phrase)
        )
        self._rules = [rule for rule in _RULES if rule in patterns]
        self._nights = [rule for rule in _NIGHTS if rule in patterns]

    def names_day(self, word: str) -> bool:
        """Return whether a folded word is a month or a weekday in any of its forms."""
        return not self._days.isdisjoint((word, *self._lemmas(word)))

    def find(self, sentence: Sentence, today: date) -> tuple[DateMention, ...]:
        """Return the mentions of a sentence, whose numbers are set, by position; none overlaps another."""
        if not self._vocabulary.stirred(sentence):
            return ()
        sentence = replace(sentence, marks=self._vocabulary.marks(sentence))
        none = self._vocabulary.match("none", sentence) if "none" in self._vocabulary.patterns else ()
        taken = _Taken(len(sentence.tokens))
        for match in none:
            taken.take(match)
        found = [mention for rule in self._rules for mention in self._found(rule, sentence, today, taken)]
        nights = self._nights_of(replace(sentence, dates=tuple(found)) if found else sentence, today, none)
        days = (mention for mention in found if not any(_overlap(mention, night) for night in nights))
        return tuple(sorted((*days, *nights), key=lambda mention: mention.first))

    def _found(self, rule: str, sentence: Sentence, today: date, taken: _Taken) -> Iterator[DateMention]:
        for match in self._vocabulary.match(rule, sentence):
            mentions = _RULES[rule](_Reading(match, sentence, today, self._capital))
            if mentions and taken.take(match):
                yield from (replace(mention, rule=rule) for mention in mentions)

    def _nights_of(self, sentence: Sentence, today: date, none: Sequence[Match]) -> Sequence[DateMention]:
        nights: list[DateMention] = []
        for rule in self._nights:
            for match in self._vocabulary.match(rule, sentence):
                night = None if any(_overlap(match, other) for other in none) else _night(rule, match, today)
                if night and not any(_overlap(night, other) for other in nights):
                    nights.append(night)
        return nights


class _Taken:
    """Tokens that already belong to a mention."""

    def __init__(self, length: int) -> None:
        self._tokens = [False] * length

    def take(self, match: Match) -> bool:
        if any(self._tokens[match.first : match.last]):
            return False
        self._tokens[match.first : match.last] = [True] * (match.last - match.first)
        return True


@dataclass(frozen=True, slots=True)
class _Reading:
    """A match with what is needed to make a day of it."""

    match: Match
    sentence: Sentence
    today: date
    capital: frozenset[str]

    def tokens(self, name: str) -> Sequence[Token]:
        capture = self.match.captures.get(name)
        return self.sentence.tokens[capture.first : capture.last] if capture else ()

    def figure(self, name: str) -> int | None:
        tokens = self.tokens(name)
        digits = "".join(char for char in tokens[0].fold if char.isdigit()) if tokens else ""
        return int(digits) if digits else self.match.number(name)

    def named(self, table: str, name: str) -> int | None:
        capture = self.match.captures.get(name)
        if capture is None or any(each.fold in self.capital and each.text == each.fold for each in self.tokens(name)):
            return None
        marks = (mark for mark in self.sentence.marks if (mark.first, mark.last) == (capture.first, capture.last))
        numbers = (mark.concept.removeprefix(f"{table}_") for mark in marks)
        return next((int(number) for number in numbers if number.isdigit()), None)

    def mention(self, day: date, last_day: date | None = None, *, relative: bool = False) -> DateMention:
        return DateMention(day, last_day or day, self.match.first, self.match.last, "", relative=relative)

    def date(self, day: int | None, month: int | None) -> date | None:
        if day is None or month is None:
            return None
        years = (
            [self.figure("year")]
            if "year" in self.match.captures
            else range(self.today.year + 1, self.today.year - 8, -1)
        )
        for year in years:
            found = _valid(year, month, day)
            if found and ("year" in self.match.captures or found <= self.today + AHEAD):
                return found
        return None


def _valid(year: int | None, month: int, day: int) -> date | None:
    try:
        return date(year or 0, month, day)
    except ValueError:
        return None


def _days(reading: _Reading) -> Sequence[DateMention]:
    month = reading.named("month", "month")
    names = [name for name in ("d", "d2", "d3", "d4", "d5", "d6") if name in reading.match.captures]
    days = [reading.date(reading.figure(name), month) for name in names]
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


def _span(reading: _Reading) -> Sequence[DateMention]:
    month = reading.named("month", "month")
    first, day = reading.date(reading.figure("d"), month), reading.figure("d2")
    month2 = reading.named("month", "month2") or month
    if not first or not month2 or day is None:
        return ()
    lasts = (_valid(first.year + later, month2, day) for later in (0, 1))
    last = next((last for last in lasts if last and last >= first), None)
    return [reading.mention(first, last)] if last and last - first <= AHEAD * 2 else ()


def _numeric(reading: _Reading) -> Sequence[DateMention]:
    parts = [int(part) for part in reading.tokens("date")[0].fold.replace("/", ".").replace("-", ".").split(".")]
    if parts[0] > 31:  # noqa: PLR2004
        parts.reverse()
    if len(parts) == 2:  # noqa: PLR2004
        day = reading.date(parts[0], parts[1])
    else:
        day = _valid(parts[2] if parts[2] > 99 else 2000 + parts[2], parts[1], parts[0])  # noqa: PLR2004
    return [reading.mention(day)] if day else ()


def _weekday(step: Callable[[int], int]) -> Callable[[_Reading], Sequence[DateMention]]:
    def read(reading: _Reading) -> Sequence[DateMention]:
        number = reading.named("weekday", "weekday")
        if number is None:
            return ()
        days = step((number - reading.today.isoweekday()) % 7)
        return [reading.mention(_shifted(reading.today, days), relative=True)]

    return read


def _offset(days: int) -> Callable[[_Reading], Sequence[DateMention]]:
    return lambda reading: [reading.mention(_shifted(reading.today, days), relative=True)]


def _ago(unit: int) -> Callable[[_Reading], Sequence[DateMention]]:
    def read(reading: _Reading) -> Sequence[DateMention]:
        number = reading.figure("n") if "n" in reading.match.captures else 1
        if number is None or not 0 < number * unit < 1000:  # noqa: PLR2004
            return ()
        return [reading.mention(_shifted(reading.today, -number * unit), relative=True)]

    return read


def _month(reading: _Reading) -> Sequence[DateMention]:
    month = reading.named("month", "month")
    first = reading.date(1, month)
    if not first or month is None:
        return ()
    last = first.replace(day=monthrange(first.year, month)[1])
    return [replace(reading.mention(first, last), precision="month")]


def _year(reading: _Reading) -> Sequence[DateMention]:
    year = reading.figure("year") or 0
    first, last = _valid(year, 1, 1), _valid(year, 12, 31)
    return [replace(reading.mention(first, last), precision="year")] if first and last else ()


_RULES: Mapping[str, Callable[[_Reading], Sequence[DateMention]]] = {
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
    **{rule: _offset(days) for rule, days in _OFFSETS.items() if abs(days) < 2},  # noqa: PLR2004
    "month": _month,
    "year": _year,
}


def _shifted(day: date, days: int) -> date:
    """Return a day some days off, the day itself where the calendar ends."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return day


def _night(rule: str, match: Match, today: date) -> DateMention | None:
    value = match.captures["date"].value if "date" in match.captures else None
    if not isinstance(value, DateMention):
        return DateMention(today, today, match.first, match.last, "night", night=True, relative=True)
    if value.precision != "day":
        return None
    day = _shifted(value.last_day, 1) if rule == "night_before" else value.last_day
    return replace(value, day=day, last_day=day, first=match.first, last=match.last, rule=rule, night=True)


def _overlap(one: DateMention | Match, other: DateMention | Match) -> bool:
    return one.first < other.last and other.first < one.last
