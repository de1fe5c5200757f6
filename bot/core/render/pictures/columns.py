"""Charts of columns beside each other: a slot for every step of time, panels above each other, one row of labels below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal, TypeAlias

from bot.core.render.pictures.frame import EDGE, Look
from bot.core.render.pictures.palette import SMALL
from bot.core.render.pictures.svg import WIDTH, line, rect, tag, width, words

Step: TypeAlias = Literal["day", "month"]
LEFT, RIGHT = EDGE + 88, WIDTH - EDGE
HEAD = 46
"""Pixels of a panel's heading."""
DAYS = 45
"""Of a longer time the months are counted, not the days."""
STEPS = (1, 2, 5)
SHARE = 0.74
"""Of a slot that its column takes."""
FIGURE = 30
"""Pixels that a figure beside the end of a column takes."""
EVERY = (1, 2, 3, 6)
"""Of how many labels of steps one may be shown; where even that is too close, none is."""
CLOSE = 16
"""Slots up to which every column has its figure; of more only the highest has."""


def step_of(days: Sequence[date]) -> Step:
    """Return in which steps a time is best shown."""
    return "day" if max(days) - min(days) <= timedelta(days=DAYS) else "month"


def slots(days: Sequence[date], step: Step) -> tuple[date, ...]:
    """Return the first day of every step from the earliest to the latest day, those in which nothing was among them."""
    first, last = begin(min(days), step), begin(max(days), step)
    found = [first]
    while found[-1] < last:
        found.append(begin(found[-1] + timedelta(days=1 if step == "day" else 31), step))
    return tuple(found)


def begin(day: date, step: Step) -> date:
    """Return the first day of the step that a day is in."""
    return day if step == "day" else day.replace(day=1)


def ticks(most: int, lines: int = 3) -> tuple[int, ...]:
    """Return round numbers from 0 up to at least the largest value, about `lines` steps of them."""
    wanted = max(1, most) / lines
    power = 10 ** max(0, len(str(int(wanted))) - 1)
    step = next((base * power for base in STEPS if base * power >= wanted), 10 * power)
    return tuple(range(0, max(1, most) + step, step))


@dataclass(frozen=True, slots=True)
class Panel:
    """A strip of a chart: where it begins and ends, and which values are at its upper and lower edge."""

    top: float
    bottom: float
    most: float
    least: float = 0

    @classmethod
    def over(cls, top: float, bottom: float, ups: Iterable[int], downs: Iterable[int] = ()) -> Panel:
        """Return a panel that holds these values, those that go down as well."""
        up, down = max(ups, default=0), max(downs, default=0)
        step, high = ticks(max(up, down))[1], bottom - top - HEAD
        spare = FIGURE * (up + down or 1) / (high - 2 * FIGURE)
        least = max(_round(down, step) if down > step / 2 else 0, down + spare) if down else 0
        return cls(top + HEAD, bottom, max(step, _round(up, step), up + spare), least)

    def y(self, value: float) -> float:
        """Return the height at which a value stands; below the line it is negative."""
        return self.top + (self.most - value) * (self.bottom - self.top) / (self.most + self.least)

    def rules(self, look: Look) -> list[str]:
        """Return the lines at round values with their figures, the zero line stronger; figures too close are left out."""
        step = ticks(int(max(self.most, self.least)))[1]
        parts, free = [], self.bottom + SMALL
        for value in range(-int(self.least // step) * step, int(self.most) + 1, step):
            at, colour = self.y(value), look.palette.rule if value else look.palette.quiet
            parts.append(line((LEFT, at), (RIGHT, at), stroke=colour, stroke_width=2))
            if not value or free - at >= SMALL:
                figure = look.book.number(abs(value))
                parts.append(words(figure, LEFT - 12, at + 8, text_anchor="end", fill=look.palette.quiet))
                free = at
        return parts

    def heading(self, title: str, keys: Sequence[str] = ()) -> list[str]:
        """Return the panel's heading, and at the right what its colours and forms mean."""
        return [words(title, EDGE, self.top - 18, 27, font_weight=600), *keys]


def _round(value: int, step: int) -> int:
    return -(-value // step) * step


def slot_at(number: int, count: int) -> tuple[float, float]:
    """Return the middle and the width of a slot."""
    wide = (RIGHT - LEFT) / count
    return LEFT + (number + 0.5) * wide, wide


def mirrored(panel: Panel, ups: Sequence[int], downs: Sequence[int], look: Look) -> list[str]:
    """Return columns that go up for Ukraine and down for Russia, with their figures where there is room."""
    parts = []
    for country, values, sign in (("UA", ups, 1), ("RU", downs, -1)):
        for number, value in enumerate(values):
            middle, wide = slot_at(number, len(values))
            if not value:
                continue
            column = min(96, wide * SHARE)
            high = min(sign * (panel.y(sign * value) - panel.y(0)), -2.5) * sign
            parts.append(rect(middle - column / 2, panel.y(0), column, high, fill=look.palette.main(country)))
            if _is_told(values, number, wide, look):
                at = panel.y(0) + high + (-8 if sign > 0 else SMALL)
                figure = look.book.number(value)
                within = min(middle, RIGHT + 16 - width(figure, SMALL) / 2)
                parts.append(words(figure, within, at, text_anchor="middle"))
    return parts


def _is_told(values: Sequence[int], number: int, wide: float, look: Look) -> bool:
    fits = max(width(look.book.number(value), SMALL) for value in values) <= wide
    return (len(values) <= CLOSE and fits) or number == values.index(max(values))


def key(said: str, right: float, mark: str) -> tuple[list[str], float]:
    """Return an entry of a legend that ends at `right`, its mark being 26 wide, and where the next one may end."""
    left = right - width(said, SMALL) - 36
    return [tag("g", mark, transform=f"translate({left:.1f} 0)"), words(said, left + 34, 0)], left - 26


def keys(entries: Sequence[tuple[str, str]], y: float) -> list[str]:
    """Return a legend that ends at the right edge: each entry's words and mark."""
    right, parts = float(RIGHT), list[str]()
    for said, mark in reversed(entries):
        shown, right = key(said, right, mark)
        parts += shown
    return [tag("g", "".join(parts), transform=f"translate(0 {y:.1f})")]


def square(colour: str, **attributes: float | str) -> str:
    """Return the mark of columns in a legend."""
    return rect(0, -20, 24, 24, fill=colour, **attributes)


def labels(found: Sequence[date], step: Step, y: float, look: Look) -> list[str]:
    """Return the row of labels: days or months, thinned until they fit, and below where each month or year begins."""
    names = [str(day.day) if step == "day" else look.month(day) for day in found]
    _, wide = slot_at(0, len(found))
    widest = max(width(name, SMALL) for name in names) + 10
    every = next((number for number in EVERY if widest <= wide * number), 0)
    parts = [
        words(names[number], slot_at(number, len(found))[0], y, text_anchor="middle", fill=look.palette.quiet)
        for number in (range(0, len(found), every) if every else ())
    ]
    eras = _eras([(look.era(day, step), look.month(day)) if step == "day" else (look.era(day, step),) for day in found])
    return parts + _written(eras, len(found), y + (32 if every else 16))


@dataclass(frozen=True, slots=True)
class _Era:
    """A month or year over the slots from its first to its last, and how it may be said, at most length first."""

    said: tuple[str, ...]
    first: int
    last: int

    @property
    def half(self) -> float:
        """Half the pixels that it takes."""
        return width(self.said[0], SMALL) / 2

    def wide(self, count: int) -> float:
        """Return the pixels of its slots."""
        return (self.last - self.first + 1) * slot_at(0, count)[1]

    def brief(self) -> _Era:
        """Return it as short as it can be said."""
        return replace(self, said=self.said[-1:])


def _eras(said: Sequence[tuple[str, ...]]) -> list[_Era]:
    starts = [number for number, era in enumerate(said) if not number or era != said[number - 1]]
    return [_Era(said[first], first, after - 1) for first, after in pairwise([*starts, len(said)])]


def _written(eras: list[_Era], count: int, y: float) -> list[str]:
    """Return a label where each month or year begins; where these have no room the shortest ones are said in short, or not.

    In short is said as well what would stand over the slots of its neighbours.
    """
    if len(eras) > 1:
        eras = [era if 2 * era.half <= era.wide(count) + 40 else era.brief() for era in eras]
    while (places := _laid(eras, count)) is None:
        least = min(eras, key=lambda era: (len(era.said) < 2, era.last - era.first, -era.first))  # noqa: PLR2004
        eras = [replace(era, said=era.said[1:]) if era is least else era for era in eras]
        eras = [era for era in eras if era.said]
    return [
        words(era.said[0], at, y, text_anchor="middle", font_weight=600) for era, at in zip(eras, places, strict=True)
    ]


def _laid(eras: Sequence[_Era], count: int) -> list[float] | None:
    """Return the middles of labels that stand beside each other, each over slots of its own; None where there is no room."""
    places, free = list[float](), LEFT - 40.0
    for era in eras:
        places.append(max(slot_at(era.first, count)[0], free + era.half))
        free = places[-1] + era.half + 8
    free = float(RIGHT)
    for number, era in reversed(tuple(enumerate(eras))):
        places[number] = min(places[number], free - era.half)
        free = places[number] - era.half - 8
    fits = all(_is_over(era, at, count) for era, at in zip(eras, places, strict=True))
    return places if fits and free >= LEFT - 50 else None


def _is_over(era: _Era, at: float, count: int) -> bool:
    (first, wide), (last, _) = slot_at(era.first, count), slot_at(era.last, count)
    return first - era.half <= at <= last + wide / 2
