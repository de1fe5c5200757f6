"""Days as people ask for them: "May 2025", "минулого тижня", "5–9 травня", "since summer", read out of marked words.

What a word means comes in as an `Atom`; the words themselves are data. Sequences of atoms that make one span of days are
`RULES`, tried longest first; two spans are the first and the last, whichever stands first. A span without a year is the
latest one that has begun, or the one that goes with the year of the other.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeAlias

from bot.core.text.arguments import NotUnderstoodError, Period

SOON = timedelta(days=7)
"""How far ahead a day without a year may lie: what is announced for next week."""
MOST_SPANS = 2
LONGEST = 1000
SEASONS: Mapping[str, int] = {"winter": 12, "spring": 3, "summer": 6, "autumn": 9}
"""The first month of each; a season has three."""
BAD_DATE = "command.bad_date"


@dataclass(frozen=True, slots=True)
class Atom:
    """A word or number that tells of time: what sort it is, its value, and how it was written.

    n (a small number), y (a year), date (days in figures), month, weekday, season, unit, step (-1 last, 0 this, 1 next),
    day (an offset), years (an offset as well), weekend, ever, ago; and the marks from, till, range, and, before, after.
    """

    sort: str
    value: str
    text: str


Ends: TypeAlias = tuple[date, date]
Yearly: TypeAlias = Callable[[int], Ends]


@dataclass(frozen=True, slots=True)
class Span:
    """A first and a last day; `yearly` gives the same span of another year, where no year was said.

    A `closed` one was written with both its ends, so that "from" before it opens nothing.
    """

    first: date
    last: date
    yearly: Yearly | None = None
    closed: bool = False


MARKS = frozenset({"from", "till", "range", "and", "before", "after"})
Values: TypeAlias = Mapping[str, str]
Rule: TypeAlias = Callable[[Values, date], Span]


def read_spans(atoms: Sequence[Atom], today: date) -> tuple[tuple[Span | Atom, ...], tuple[Atom, ...]]:
    """Return the spans and marks of a row of atoms, in order, and the numbers that belong to none."""
    found: list[Span | Atom] = []
    over: list[Atom] = []
    at = 0
    while at < len(atoms):
        length, span = _span(atoms[at:], today)
        if span or atoms[at].sort in MARKS:
            found.append(span or atoms[at])
        elif atoms[at].sort == "n":
            over.append(atoms[at])
        at += length
    return tuple(found), tuple(over)


def _span(atoms: Sequence[Atom], today: date) -> tuple[int, Span | None]:
    """Return the span that the atoms begin with, and how many of them it takes; one atom is passed where there is none."""
    for shape, rule in RULES:
        head = atoms[: len(shape)]
        if len(head) < len(shape) or not all(each.sort in want for each, want in zip(head, shape, strict=True)):
            continue
        try:
            return len(shape), rule(_values(head), today)
        except (ValueError, OverflowError):
            raise NotUnderstoodError(BAD_DATE, " ".join(each.text for each in head)) from None
    return 1, None


def _values(atoms: Sequence[Atom]) -> dict[str, str]:
    """Return the atoms' values by sort; the second number is n2."""
    values: dict[str, str] = {}
    for atom in atoms:
        values["n2" if atom.sort == "n" and "n" in values else atom.sort] = atom.value
    return values


def read_period(found: Sequence[Span | Atom]) -> Period | None:
    """Return the days from the first to the last of one or two spans, as the marks around them say; None without a span."""
    spans = [each for each in found if isinstance(each, Span)]
    if not spans:
        return None
    if any(span.first == date.min for span in spans):
        return Period()
    if len(spans) > MOST_SPANS:
        raise NotUnderstoodError("question.many_days", "")
    try:
        return _together(*spans) if len(spans) == MOST_SPANS else _open(found, spans[0])
    except (ValueError, OverflowError):
        raise NotUnderstoodError(BAD_DATE, "") from None


def _together(one: Span, other: Span) -> Period:
    first, last = sorted(_paired(one, other), key=lambda span: (span.first, span.last))
    return Period(first.first, max(first.last, last.last))


def _mark_at(found: Sequence[Span | Atom], span: Span, step: int) -> str:
    """Return the sort of the mark right before (-1) or behind (1) a span."""
    at = found.index(span) + step
    beside = found[at] if 0 <= at < len(found) else None
    return beside.sort if isinstance(beside, Atom) else ""


def _open(found: Sequence[Span | Atom], span: Span) -> Period:
    """Return the days of one span, or from it on, or up to it, as the marks beside it say."""
    before, behind = _mark_at(found, span, -1), _mark_at(found, span, 1)
    if span.closed:
        return Period(span.first, span.last)
    if before == "before":
        return Period(None, span.first - timedelta(days=1))
    if before == "after":
        return Period(span.last + timedelta(days=1), None)
    first = None if before in {"till", "range"} else span.first
    return Period(first, None if before == "from" or behind == "range" else span.last)


def _paired(one: Span, other: Span) -> tuple[Span, Span]:
    """Give a span without a year the year that goes with the other: the first one ends not after it, the last one not before."""
    if one.yearly:
        ends = one.yearly(other.last.year)
        one = Span(*(ends if ends[0] <= other.last else one.yearly(other.last.year - 1)))
    elif other.yearly:
        ends = other.yearly(one.first.year)
        other = Span(*(ends if ends[1] >= one.first else other.yearly(one.first.year + 1)))
    return one, other


def _latest(yearly: Yearly, today: date, ahead: timedelta = timedelta(0)) -> Span:
    """Return a span of the latest year in which it has begun."""
    for year in range(today.year + 1, today.year - 9, -1):
        try:
            ends = yearly(year)
        except ValueError:
            continue
        if ends[0] <= today + ahead:
            return Span(*ends, yearly)
    raise ValueError("no such day")


def month_of(year: int, month: int) -> Ends:
    """Return the first and the last day of a month."""
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _months(year: int, month: int, count: int) -> Ends:
    """Return the first and the last day of some months in a row; the months count on from January of the year."""
    start, end = year * 12 + month - 1, year * 12 + month + count - 2
    return month_of(start // 12, start % 12 + 1)[0], month_of(end // 12, end % 12 + 1)[1]


def _day(values: Values, year: int, number: str = "n") -> date:
    return date(year, int(values["month"]), int(values[number]))


def _dated(values: Values, today: date) -> Span:
    """Read "5 May 2025", "5 May"."""
    last = "n2" if "n2" in values else "n"

    def yearly(year: int) -> Ends:
        return _day(values, year), _day(values, year, last)

    span = Span(*yearly(int(values["y"]))) if "y" in values else _latest(yearly, today, SOON)
    if span.first > span.last:
        raise ValueError("backwards")
    return replace(span, closed="n2" in values)


def _named_month(values: Values, today: date) -> Span:
    month = int(values["month"])
    year = _said_year(values, today)
    return Span(*month_of(year, month)) if year else _stepped(lambda each: month_of(each, month), values, today)


def _said_year(values: Values, today: date) -> int:
    """Return the year that was said, in figures or as "last year"; 0 where none was."""
    if "y" in values:
        return int(values["y"])
    if "years" in values:
        return today.year + int(values["years"])
    if "unit" not in values:
        return 0
    if values["unit"] != "year":
        raise ValueError("of a unit that is no year")
    return today.year + int(values["step"])


def _season(values: Values, today: date) -> Span:
    """Read a season; the winter of a year is the one that begins in its December."""

    def yearly(year: int) -> Ends:
        return _months(year, SEASONS[values["season"]], 3)

    year = _said_year(values, today)
    return Span(*yearly(year)) if year else _stepped(yearly, values, today)


def _stepped(yearly: Yearly, values: Values, today: date) -> Span:
    """Return the span of this year, the last one that is over, the next one, or without such a word the latest one."""
    match values.get("step"):
        case "-1":
            years = (today.year - back for back in range(3))
            return next(Span(*yearly(year)) for year in years if yearly(year)[1] < today)
        case "1":
            years = (today.year + ahead for ahead in range(3))
            return next(Span(*yearly(year)) for year in years if yearly(year)[0] > today)
        case "0":
            return Span(*yearly(today.year))
    return _latest(yearly, today)


def _of_year(values: Values, today: date) -> Span:
    return (_season if "season" in values else _named_month)(values, today)


def _quarter(values: Values, today: date) -> Span:
    quarter = int(values["n"])
    if not 1 <= quarter <= 4:  # noqa: PLR2004
        raise ValueError("no such quarter")

    def yearly(year: int) -> Ends:
        return _months(year, 3 * quarter - 2, 3)

    return Span(*yearly(int(values["y"]))) if "y" in values else _latest(yearly, today)


def _weekday(values: Values, today: date) -> Span:
    ahead = (int(values["weekday"]) - today.isoweekday()) % 7
    days = {"-1": ahead - 7, "1": ahead or 7, "0": int(values["weekday"]) - today.isoweekday()}
    day = today + timedelta(days=days.get(values.get("step", ""), ahead - 7 if ahead else 0))
    return Span(day, day)


def _weekend(values: Values, today: date) -> Span:
    """Return the last weekend that has begun; the last one while one is on is that before."""
    back = (today.isoweekday() - 6) % 7
    saturday = today - timedelta(days=back)
    if values.get("step") == "-1" and back < 2:  # noqa: PLR2004
        saturday -= timedelta(days=7)
    return Span(saturday, saturday + timedelta(days=1))


def _unit(values: Values, today: date) -> Span:
    """Read "last week", "this month", "next year"; without a number it is the calendar's."""
    step, unit = int(values["step"]), values["unit"]
    match unit:
        case "day" | "hour":
            return Span(today - timedelta(days=1), today) if step < 0 else _offset({"day": str(step)}, today)
        case "week":
            monday = today + timedelta(days=7 * step + 1 - today.isoweekday())
            return Span(monday, monday + timedelta(days=6))
        case "month":
            return Span(*_months(today.year, today.month + step, 1))
        case "quarter":
            return Span(*_months(today.year, (today.month - 1) // 3 * 3 + 1 + 3 * step, 3))
    return Span(*_months(today.year + step, 1, 12))


def _counted(values: Values, today: date) -> Span:
    """Read "last 3 days", "за тиждень": as many units, the last of which ends today."""
    count = int(values.get("n", 1))
    if not 0 < count < LONGEST:
        raise ValueError("too many")
    match values["unit"]:
        case "hour":
            return Span(today - timedelta(days=-(-count // 24)), today)
        case "day":
            return Span(today - timedelta(days=max(1, count - 1)), today)
        case "week":
            return Span(today - timedelta(days=7 * count - 1), today)
    months = count * {"month": 1, "quarter": 3, "year": 12}[values["unit"]]
    return Span(_months_back(today, months) + timedelta(days=1), today)


def _months_back(today: date, months: int) -> date:
    first, last = _months(today.year, today.month - months, 1)
    return min(first.replace(day=min(today.day, last.day)), last)


def _ago(values: Values, today: date) -> Span:
    """Read "3 days ago"; of months and years the whole one."""
    count = int(values.get("n", 1))
    if not 0 <= count < LONGEST:
        raise ValueError("too long ago")
    match values["unit"]:
        case "hour" | "day" | "week":
            days = {"hour": -(-count // 24), "day": count, "week": 7 * count}[values["unit"]]
            return _offset({"day": str(-days)}, today)
        case "month":
            return Span(*_months(today.year, today.month - count, 1))
        case "quarter":
            return Span(*_months(today.year, (today.month - 1) // 3 * 3 + 1 - 3 * count, 3))
    return Span(*_months(today.year - count, 1, 12))


def _offset(values: Values, today: date) -> Span:
    day = today + timedelta(days=int(values["day"]))
    return Span(day, day)


def _year(values: Values, today: date) -> Span:
    return Span(*_months(_said_year(values, today), 1, 12))


def _figures(values: Values, today: date) -> Span:
    """Read days in figures as they were cut up: year, month, day, of which the year or the day may be 0."""
    year, month, day = map(int, values["date"].split("-"))
    if not day:
        return Span(*month_of(year, month))
    if year:
        return Span(date(year, month, day), date(year, month, day))
    return _latest(lambda each: (date(each, month, day), date(each, month, day)), today, SOON)


def _ever(values: Values, today: date) -> Span:  # noqa: ARG001
    return Span(date.min, date.max)


Shape: TypeAlias = tuple[frozenset[str], ...]


def _shape(words: str) -> Shape:
    """Return the sorts of a rule, as they are written: `a|b` is either."""
    return tuple(frozenset(word.split("|")) for word in words.split())


_WRITTEN: Mapping[str, Rule] = {
    "weekday n month y": _dated,
    "n range|till n month y": _dated,
    "month n range|till n y": _dated,
    "n range|till n month": _dated,
    "month n range|till n": _dated,
    "weekday n month": _dated,
    "weekday month n": _dated,
    "n month y": _dated,
    "month n y": _dated,
    "y month n": _dated,
    "n quarter y": _quarter,
    "y n quarter": _quarter,
    "weekday date": _figures,
    "step n unit": _counted,
    "n step unit": _counted,
    "n unit ago": _ago,
    "ago n unit": _ago,
    "month|season step unit": _of_year,
    "step unit month|season": _of_year,
    "month|season years": _of_year,
    "years month|season": _of_year,
    "month y": _named_month,
    "y month": _named_month,
    "step month": _named_month,
    "month step": _named_month,
    "n month": _dated,
    "month n": _dated,
    "season y": _season,
    "y season": _season,
    "step season": _season,
    "step weekday": _weekday,
    "weekday step": _weekday,
    "step weekend": _weekend,
    "n quarter": _quarter,
    "step unit|quarter": lambda values, today: _unit({"unit": "quarter", **values}, today),
    "unit step": _unit,
    "unit ago": _ago,
    "n unit": _counted,
    "month": _named_month,
    "season": _season,
    "weekday": _weekday,
    "weekend": _weekend,
    "day": _offset,
    "date": _figures,
    "unit": _counted,
    "y": _year,
    "years": _year,
    "ever": _ever,
}
RULES: tuple[tuple[Shape, Rule], ...] = tuple(
    sorted(((_shape(words), rule) for words, rule in _WRITTEN.items()), key=lambda each: -len(each[0]))
)
