"""Sentences cut into clauses that speak of one day each: the unit in which a swap is read.

News packs several handovers into one sentence ("390 freed on Friday and 307 on Saturday"), so a sentence with two
days is cut between them. Everything else asks a clause what words of which concept it has, and where.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bot.core.model import Evidence
from bot.core.text.document import DateMention, Mark, Marks, Number, Sentence

HANDOVERS = ("exchange", "trade", "gets", "gives", "returns", "comes", "freed", "repatriation", "body")
AGREED_BEFORE = 3
JOINT = 1
"""Tokens between two days that are named in a row."""

BREAKS = frozenset({",", ";", ":", "—", "–", "(", ")", "."})


@dataclass(frozen=True, slots=True)
class Clause:
    """Tokens `first` to `last` (excluded) of a sentence, and the day that they speak of, if they name one.

    `days` are the days that it names in a row, "on Friday and Saturday", if they are several; `day` is the last of them.
    """

    sentence: Sentence
    first: int
    last: int
    day: DateMention | None = None
    days: tuple[DateMention, ...] = ()
    own: Marks = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Keep the marks of the sentence that are the clause's own."""
        marks = self.sentence.marks
        if self.last - self.first < len(self.sentence.tokens):
            marks = Marks(mark for mark in marks if self.first <= mark.first and mark.last <= self.last)
        object.__setattr__(self, "own", marks)

    def marks(self, *concepts: str) -> tuple[Mark, ...]:
        """Return the marks of these concepts in the clause, by position."""
        return () if self.own.concepts.isdisjoint(concepts) else self.own.of(*concepts)

    def has(self, *concepts: str) -> bool:
        """Return whether one of these concepts is in the clause."""
        return not self.own.concepts.isdisjoint(concepts)

    def numbers(self, *, ordinal: bool = False) -> tuple[Number, ...]:
        """Return the counts (or the ordinals) of the clause that are no part of a date."""
        if not self.sentence.numbers:
            return ()
        return tuple(
            number
            for number in self.sentence.numbers
            if number.ordinal == ordinal and self.first <= number.first < self.last and not self._dated(number)
        )

    def _dated(self, number: Number) -> bool:
        return any(day.first <= number.first < day.last for day in self.sentence.dates)

    def segment(self, at: int) -> tuple[int, int]:
        """Return the first and last token (excluded) of the stretch around a token that no comma or dash cuts."""
        tokens = self.sentence.tokens
        first = next((i + 1 for i in range(at - 1, self.first - 1, -1) if tokens[i].text in BREAKS), self.first)
        last = next((i for i in range(at, self.last) if tokens[i].text in BREAKS), self.last)
        return first, last

    def evidence(self, slot: str, rule: str, first: int | None = None, last: int | None = None) -> Evidence:
        """Return the words from token `first` to `last` (the whole clause by default) as evidence of a slot."""
        begin, end = self.first if first is None else first, self.last if last is None else last
        return self.sentence.evidence(slot, rule, begin, end)


def clauses(sentence: Sentence) -> Sequence[Clause]:
    """Return the sentence as clauses of at most one day each; a semicolon always ends one."""
    return sentence.worked_out(_clauses)


def _clauses(sentence: Sentence) -> list[Clause]:
    stops = [at + 1 for at, token in enumerate(sentence.tokens) if token.text == ";"]
    ends = pairwise((0, *stops, len(sentence.tokens)))
    return [clause for first, last in ends for clause in _by_day(sentence, first, last)]


def _by_day(sentence: Sentence, first: int, last: int) -> Iterator[Clause]:
    rows = _rows([day for day in sentence.dates if first <= day.first < last and _tells_when(day, sentence)])
    if rows and (start := _of_its_own(sentence, rows[0][0], first, last)) > first:
        yield Clause(sentence, first, start)
        first = start
    for row, following in pairwise(rows):
        if row[-1].day != following[0].day and (end := _cut(sentence, row[-1], following[0])) > first:
            yield _clause(sentence, first, end, row)
            first = end
    if first < last:
        yield _clause(sentence, first, last, rows[-1] if rows else ())


def _of_its_own(sentence: Sentence, day: DateMention, first: int, last: int) -> int:
    """Return where the part with the first day begins if what goes before it tells of people moving as well, else `first`.

    "307 were let go by each side, and on Friday 390 came home": the day is that of the second part.
    """
    breaks = [at + 1 for at in range(first, day.first) if sentence.tokens[at].text in BREAKS]
    start = breaks[-1] if breaks else first
    parts = ((first, start), (start, last))
    return start if all(_has_move(sentence, *part) for part in parts) else first


def _has_move(sentence: Sentence, first: int, last: int) -> bool:
    """Return whether tokens hold a figure and a word for people changing hands."""
    moves = sentence.marks.of("gets", "gives", "returns", "comes", "freed", "trade")
    counts = (number for number in sentence.numbers if not number.ordinal and first <= number.first < last)
    return any(first <= mark.first < last for mark in moves) and any(counts)


def _rows(days: Sequence[DateMention]) -> list[tuple[DateMention, ...]]:
    """Return the days of a sentence, those that only an "and" or a comma parts in one row."""
    rows: list[tuple[DateMention, ...]] = []
    for day in days:
        joined = bool(rows) and day.first - rows[-1][-1].last <= JOINT and day.day != rows[-1][-1].day
        if joined:
            rows[-1] = (*rows[-1], day)
        else:
            rows.append((day,))
    return rows


def _clause(sentence: Sentence, first: int, last: int, row: tuple[DateMention, ...]) -> Clause:
    return Clause(sentence, first, last, row[-1] if row else None, row if len(row) > 1 else ())


def _cut(sentence: Sentence, day: DateMention, following: DateMention) -> int:
    between = range(following.first - 1, day.last - 1, -1)
    return next((i + 1 for i in between if sentence.tokens[i].text in BREAKS), day.last)


def _tells_when(day: DateMention, sentence: Sentence) -> bool:
    """Return whether a date may be the day of a handover: not that of the talks at which it was agreed, nor a span."""
    if day.precision != "day" or day.day != day.last_day or _of_occasion(day, sentence):
        return False
    if any(mark.concept == "since_until" and mark.last == day.first for mark in sentence.marks):
        return False
    deals = [mark for mark in sentence.marks if mark.concept == "deal"]
    return not any(_agreed_then(day, deal, sentence) for deal in deals)


def _agreed_then(day: DateMention, deal: Mark, sentence: Sentence) -> bool:
    """Return whether words of agreement stand right before or after a date, with no word for the handover between."""
    before, after = day.first - deal.last, deal.first - day.last
    between = range(deal.last, day.first) if before >= 0 else range(day.last, deal.first)
    parted = any(mark.first in between for mark in sentence.marks if mark.concept in HANDOVERS) or any(
        sentence.tokens[at].text in BREAKS for at in between
    )
    return (0 <= before <= AGREED_BEFORE or 0 <= after <= 1) and not parted


def _of_occasion(day: DateMention, sentence: Sentence) -> bool:
    """Return whether "the eve" is that of a feast or a summit, which says nothing about the item's own day."""
    occasions = (mark for mark in sentence.marks if mark.concept == "occasion")
    return day.rule == "eve" and any(mark.first == day.last for mark in occasions)
