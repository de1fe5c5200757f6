"""Which figures add several handovers up: a war's, a year's or a week's, which are no stage's figures."""

from __future__ import annotations

import re

from bot.core.kinds.swap.clauses import Clause
from bot.core.text.document import DateMention, Number
from bot.core.text.lexicon import Lexicon, Match

CASED = re.compile(r"[0-9]+-[^\W\d_]+")
ADDED_UP = 500
"""From how many people on a figure "altogether" adds several handovers up."""


def total_stretches(clause: Clause, lexicon: Lexicon) -> list[tuple[int, int]]:
    """Return the stretches whose figures add several handovers up; words of adding up may open the whole clause."""
    if _in_turn(clause):
        return []
    spans = [day for day in clause.sentence.dates if day.precision == "day" and day.day != day.last_day]
    running = lexicon.match("running_total", clause.sentence)
    nth = [range(match.first, match.last) for match in lexicon.match("nth_in_span", clause.sentence)]
    nth += [range(match.first, match.last) for match in of_war(clause, lexicon)]
    several = _of_several(clause)
    words = [*clause.marks("total"), *(clause.marks("altogether") if several else ())]
    words += clause.marks("under_deal") if several and _is_rough(clause) else ()
    openings = [*(m.first for m in words), *(d.first for d in spans), *(m.first for m in running)]
    openings = [at for at in openings if not any(at in span for span in nth)]
    starts = [at for at in openings if clause.first <= at < clause.last]
    stretches = [(clause.segment(start)[0], _end(clause, start)) for start in starts]
    opened = any(
        first == clause.first and not any(n.first < last for n in clause.numbers()) for first, last in stretches
    )
    return [(clause.first, max(last for _, last in stretches))] if opened else stretches


def _in_turn(clause: Clause) -> bool:
    """Return whether a clause names several days and as many figures: "in two days, 29 and 30 July, 70 and 80"."""
    days = {
        day.day for day in clause.sentence.dates if clause.first <= day.first < clause.last and day.precision == "day"
    }
    return len(days) > 1 and len(row_of(clause)) == len(days)


def row_of(clause: Clause) -> tuple[Number, ...]:
    """Return the counts of a clause that count no days or other things: one for each day of a row, if they are as many."""
    things = {mark.first for mark in clause.marks("not_people")}
    return tuple(number for number in clause.numbers() if number.last not in things)


def _of_several(clause: Clause) -> bool:
    """Return whether "altogether" adds several handovers up, and not only the people of one of a named day."""
    large = any(number.value >= ADDED_UP for number in clause.numbers())
    return large and clause.day is None and not clause.has("each", "both_sides")


def _is_rough(clause: Clause) -> bool:
    """Return whether a large figure of the clause is only a lower bound: "more than 1,000 under the agreements"."""
    bounds = {mark.last for mark in clause.marks("at_least")}
    return any(number.value >= ADDED_UP and number.first in bounds for number in clause.numbers())


def _end(clause: Clause, start: int) -> int:
    """Return where words of adding up end: at a colon behind which the clause names its one day."""
    colons = (at for at in range(start, clause.last) if clause.sentence.tokens[at].text == ":")
    colon = next(colons, clause.last)
    return colon if clause.day and clause.day.first > colon else clause.last


def of_war(clause: Clause, lexicon: Lexicon) -> list[Match]:
    """Return where the clause gives an exchange its number of the whole war: "the 75th since the invasion"."""
    matches = lexicon.match("of_war", clause.sentence) if clause.has("exchange") else ()
    return [match for match in matches if within(clause, match) and _is_ordinal(clause, match)]


def _is_ordinal(clause: Clause, match: Match) -> bool:
    number = match.captures["n"].value
    text = clause.sentence.tokens[match.captures["n"].first].text
    return isinstance(number, Number) and (number.ordinal or CASED.fullmatch(text) is not None)


def adds_up(clause: Clause, lexicon: Lexicon) -> bool:
    """Return whether figures of the clause are totals over several handovers."""
    stretches = total_stretches(clause, lexicon)
    return any(first <= number.first < last for number in row_of(clause) for first, last in stretches)


def sums_up(clause: Clause, lexicon: Lexicon) -> bool:
    """Return whether a clause only adds up a year's exchanges or several of them."""
    matches = (match for match in lexicon.match("many_exchanges", clause.sentence) if within(clause, match))
    if any(not _told_apart(clause, match) for match in matches):
        return True
    years = [
        day for day in clause.sentence.dates if day.precision == "year" and clause.first <= day.first < clause.last
    ]
    return any(_counts_in_year(clause, day) for day in years)


def _told_apart(clause: Clause, match: Match) -> bool:
    """Return whether a colon behind "two exchanges" opens what took place on which day."""
    tokens = clause.sentence.tokens
    colon = next((at for at in range(match.last, clause.last) if tokens[at].text == ":"), clause.last)
    return any(day.precision == "day" and day.first > colon for day in clause.sentence.dates)


def _counts_in_year(clause: Clause, year: DateMention) -> bool:
    """Return whether a year is that of the figures beside it, not that of captivity or of "the first swap of 2026"."""
    first, last = (clause.first, clause.last) if year.first <= clause.first + 1 else clause.segment(year.first)
    freed = {mark.first for mark in clause.marks("captivity")}
    before = [mark for mark in clause.marks("held", "since_2022", "since_until") if mark.first not in freed]
    captured = any(mark.first <= year.first <= mark.last + 1 for mark in before)
    named = any(0 <= year.first - mark.last <= 1 for mark in clause.marks("exchange"))
    counted = any(first <= number.first < last for number in clause.numbers()) or clause.has("at_least")
    return counted and not captured and not named


def within(clause: Clause, match: Match) -> bool:
    """Return whether a pattern matched inside a clause."""
    return clause.first <= match.first and match.last <= clause.last
