"""The days that a sentence names, worked out against the day on which the item was published.

`bot/data/<language>/dates.toml` holds `[months]` and `[weekdays]` (phrase -> number, Monday is 1) and `[patterns]`, whose
names are the rules of the mentions and decide what is done with their captures; the names of months in `capital` count
only where they begin with a capital letter ("may", "march"):

    none                                  no date at all, such as the newspaper "The Sun"
    day, list                             {d} (more: {d2} ... {d6}) {month} [{year}]: a mention for every day
    range                                 {d} to {d2} {month}, or {d} {month} to {d2} {month2}: one mention with a span
    numeric                               {date} 09.06.2025, 06/09/2025 or 09.06
    weekday                               the nearest such day not after publication
    last_weekday, next_weekday            the nearest before, after the day of publication
    today tonight yesterday day_before_yesterday eve tomorrow day_after_tomorrow      by their offsets
    days_ago, weeks_ago                   {n} days; without {n} one
    month, year                           {month} [{year}], {year}: a span with its precision
    last_week this_week next_week weekend last_month last_year this_year month_ago year_ago      spans as well
    night                                 words for the night without a date: the morning of the day of publication
    night_before                          the night of which {date}, a mention found before, is the evening
    eve_of                                the day before a mention found before: {date}
    night_into                            a mention found before becomes a night: {date}; with {eve}, the day before it

Without a year a date is the latest one that is not more than 30 days after publication. A night has the day of its
morning, because that is how both sides count them. Whose calendar counts is told by `Days`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.core.text.daterules import RULES, Days, Named, shifted
from bot.core.text.document import DateMention, Sentence
from bot.core.text.lexicon import Lemmas, Match, Phrases, Vocabulary
from bot.core.text.pattern import PatternError

__all__ = ["DateGrammar", "Days"]
_NIGHTS = ("eve_of", "night_into", "night_before", "night")


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
        if unknown := set(patterns) - set(RULES) - set(_NIGHTS) - {"none"}:
            raise PatternError(f"{min(unknown)}: no such date rule")
        self._vocabulary = Vocabulary(concepts, patterns, lemmas)
        self._capital = capital
        self._lemmas = lemmas
        self._days = frozenset(
            word.lstrip("=") for phrase in (*months, *weekdays) for word in re.split(r"[ (|)]+", phrase)
        )
        self._rules = [rule for rule in RULES if rule in patterns]
        self._nights = [rule for rule in _NIGHTS if rule in patterns]

    def names_day(self, word: str) -> bool:
        """Return whether a folded word is a month or a weekday in any of its forms."""
        return not self._days.isdisjoint((word, *self._lemmas(word)))

    def find(self, sentence: Sentence, days: Days) -> tuple[DateMention, ...]:
        """Return the mentions of a sentence, whose numbers are set, by position; none overlaps another."""
        if not self._vocabulary.stirred(sentence):
            return ()
        sentence = self._vocabulary.marked(sentence)
        possible = self._vocabulary.possible(sentence)
        if not possible:
            return ()
        none = self._vocabulary.match("none", sentence) if "none" in possible else ()
        taken = _Taken(len(sentence.tokens))
        for match in none:
            taken.take(match)
        found = [
            mention for rule in self._rules if rule in possible for mention in self._found(rule, sentence, days, taken)
        ]
        nights = self._nights_of(replace(sentence, dates=tuple(found)) if found else sentence, days, none)
        kept = (mention for mention in found if not any(_overlap(mention, night) for night in nights))
        return tuple(sorted((*kept, *nights), key=lambda mention: mention.first))

    def _found(self, rule: str, sentence: Sentence, days: Days, taken: _Taken) -> Iterator[DateMention]:
        for match in self._vocabulary.match(rule, sentence):
            mentions = RULES[rule](Named(match, sentence, days, self._capital))
            if mentions and taken.take(match):
                yield from (replace(mention, rule=rule) for mention in mentions)

    def _nights_of(self, sentence: Sentence, days: Days, none: Sequence[Match]) -> Sequence[DateMention]:
        nights: list[DateMention] = []
        for rule in self._nights:
            for match in self._vocabulary.match(rule, sentence):
                night = None if any(_overlap(match, other) for other in none) else _night(rule, match, sentence, days)
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


def _night(rule: str, match: Match, sentence: Sentence, days: Days) -> DateMention | None:
    if "date" not in match.captures:
        return DateMention(days.night, days.night, match.first, match.last, "night", night=True, relative=True)
    value, eve = (_captured(match, name, sentence) for name in ("date", "eve"))
    if value is None or value.precision != "day":
        return None
    if "eve" in match.captures and (eve is None or value.last_day - eve.last_day != timedelta(days=1)):
        return None
    if rule == "eve_of":
        day = shifted(value.day, -1)
        return replace(value, day=day, last_day=day, first=match.first, last=match.last, rule=rule)
    day = shifted(value.last_day, 1) if rule == "night_before" else value.last_day
    return replace(value, day=day, last_day=day, first=match.first, last=match.last, rule=rule, night=True)


def _captured(match: Match, name: str, sentence: Sentence) -> DateMention | None:
    span = match.captures.get(name)
    found = (day for day in sentence.dates if span and (day.first, day.last) == (span.first, span.last))
    return next(found, None)


def _overlap(one: DateMention | Match, other: DateMention | Match) -> bool:
    return one.first < other.last and other.first < one.last
