"""Days told in a row, and what is told of each of them in turn.

"On Friday and Saturday 85 and 92 soldiers returned" tells two handovers in one clause; "200 came on the first day, 300
on the second" tells them after their days were named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.core.kinds.swap.clauses import Clause
from bot.core.kinds.swap.count import Count
from bot.core.kinds.swap.totals import row_of, within
from bot.core.text.document import DateMention
from bot.core.text.lexicon import Lexicon

NTH = ("day_one", "day_two", "day_three")
"""Patterns for "the first day" and so on."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A clause as far as it speaks of one day; `place` counts the days of a row, None where the clause names no row."""

    clause: Clause
    place: int | None = None


def turns(clause: Clause, row: Sequence[DateMention], lexicon: Lexicon) -> Iterator[Turn]:
    """Yield a clause day by day; `row` are the days named in a row before, which "the first day" refers to."""
    if clause.days:
        yield from (Turn(replace(clause, day=day, days=()), place) for place, day in enumerate(clause.days))
    elif len(row) > 1 and clause.day is None:
        yield from (Turn(each) for each in _by_ordinal(clause, row, lexicon))
    else:
        yield Turn(clause)


def of_turn(figures: tuple[Count, ...], turn: Turn, days: int) -> tuple[Count, ...]:
    """Return the figure that a row of figures gives for one day of a row of days; a lone figure is that of all of them."""
    if turn.place is None:
        return figures
    numbers = row_of(turn.clause)
    like = next((count for count in figures if count.rule and not count.same), None)
    if like is None or len(numbers) != days or like.rule.startswith("n_"):
        return ()
    own = numbers[turn.place]
    return (replace(like, value=own.value, first=own.first, last=own.last, rule=f"turn.{like.rule}"),)


def _by_ordinal(clause: Clause, row: Sequence[DateMention], lexicon: Lexicon) -> Iterator[Clause]:
    """Cut a clause at "the first day", "the second", each of which stands for a day of the row."""
    named = sorted(
        (
            (match.first, day)
            for pattern, day in zip(NTH, row, strict=False)
            for match in lexicon.match(pattern, clause.sentence)
            if within(clause, match)
        ),
        key=lambda found: found[0],
    )
    if not named:
        yield clause
        return
    starts = [clause.first, *(first for first, _ in named[1:])]
    ends = [*starts[1:], clause.last]
    for (first, day), start, end in zip(named, starts, ends, strict=True):
        yield replace(clause, first=start, last=end, day=replace(day, first=max(first, start), last=first + 1))
