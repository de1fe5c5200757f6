"""What happened over time, Ukraine above the line and Russia below: who was returned, and how often was struck."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from bot.core.model import Outline, Picture
from bot.core.render.pictures.columns import (
    LEFT,
    RIGHT,
    Panel,
    Step,
    begin,
    keys,
    labels,
    mirrored,
    slot_at,
    slots,
    square,
    step_of,
)
from bot.core.render.pictures.frame import BOTTOM, TOP, Look, framed
from bot.core.render.pictures.svg import Value, line, tag

ROW = 62
"""Pixels of the row of labels."""
DASH = "10 7"
COUNTRIES = {"UA": "ukraine", "RU": "russia"}
"""What phrases call the countries."""


@dataclass(frozen=True, slots=True)
class Course:
    """Counts by step of time: those on Ukraine's side of the line and those on Russia's."""

    ukraine: tuple[int, ...]
    russia: tuple[int, ...]

    @classmethod
    def of(cls, outlines: Iterable[Outline], times: Sequence[date], step: Step, count: Count) -> Course:
        """Add up by step what is counted of each event."""
        sums = {time: [0, 0] for time in times}
        for each in outlines:
            if each.date is not None:
                ukraine, russia = count(each)
                total = sums[begin(each.date, step)]
                total[0] += ukraine
                total[1] += russia
        return cls(tuple(total[0] for total in sums.values()), tuple(total[1] for total in sums.values()))

    def __bool__(self) -> bool:
        return any(self.ukraine) or any(self.russia)

    def running(self) -> Course:
        """Return the running totals."""
        return Course(tuple(accumulate(self.ukraine)), tuple(accumulate(self.russia)))

    def totals(self, look: Look) -> dict[str, str]:
        """Return both sums in words, for a phrase."""
        return {"ukraine": look.book.number(sum(self.ukraine)), "russia": look.book.number(sum(self.russia))}


Count = Callable[[Outline], tuple[int, int]]


def returned(outlines: Sequence[Outline], look: Look) -> Picture | None:
    """Return who was returned: the living by step and their running total, the fallen apart; None where nobody was."""
    done = [each for each in outlines if each.kind == "swap" and each.status == "carried_out" and each.date]
    days = [each.date for each in done if each.date and any(_home(each))]
    if not days:
        return None
    step = step_of(days)
    times = slots(days, step)
    living, fallen = (
        Course.of([each for each in done if _is_of(each, dead) and any(_home(each))], times, step, _home)
        for dead in (False, True)
    )
    shares = _shares(living, fallen)
    parts, top = list[str](), float(TOP)
    for share, course, what in shares:
        bottom = top + share * (BOTTOM - ROW - TOP)
        draw = _lines if what == "running" else _columns
        parts += draw(
            course, (top, bottom - 18), look, f"returned.{what}_{step}" if what != "running" else "returned.running"
        )
        top = bottom
    alt = [look.say(f"returned.{what}_alt", **course.totals(look)) for _, course, what in shares if what != "running"]
    untold = sum(not any(_home(each)) for each in done)
    said = look.days(days)
    if untold:
        said += " · " + look.say("returned.untold", swaps=look.book.counted(look.book.kinds["swap"].name, untold))
    return framed(look, look.say("returned.title"), said, [*parts, *_row(times, step, look)], alt)


def _shares(living: Course, fallen: Course) -> list[tuple[float, Course, str]]:
    """Return the panels: what each shows, and how much of the height it has."""
    if not living:
        return [(1.0, fallen, "bodies")]
    if not fallen:
        return [(0.62, living, "people"), (0.38, living, "running")]
    return [(0.46, living, "people"), (0.28, living, "running"), (0.26, fallen, "bodies")]


def _home(event: Outline) -> tuple[int, int]:
    return _count(event, "to_ukraine"), _count(event, "to_russia")


def _count(event: Outline, slot: str) -> int:
    value = event.facts.get(slot)
    return value if isinstance(value, int) else 0


def _is_of(event: Outline, dead: bool) -> bool:  # noqa: FBT001
    return (event.facts.get("subtype") == "bodies") is dead


def strikes(outlines: Sequence[Outline], look: Look) -> Picture | None:
    """Return how often regions of either country were struck, and how many people were killed; None where none was."""
    done = [each for each in outlines if each.kind == "strike" and each.status == "carried_out" and each.date]
    done = [each for each in done if "-" in str(each.facts.get("region", ""))]
    days = [each.date for each in done if each.date]
    if not days:
        return None
    step = step_of(days)
    times = slots(days, step)
    struck, killed = (Course.of(done, times, step, count) for count in (_struck, _killed))
    half = TOP + 0.55 * (BOTTOM - ROW - TOP)
    parts = [
        *_columns(struck, (TOP, half - 18), look, f"strikes.struck_{step}"),
        *_columns(killed, (half, BOTTOM - ROW - 18), look, f"strikes.killed_{step}"),
        *_row(times, step, look),
    ]
    alt = [look.say("strikes.struck_alt", **struck.totals(look)), look.say("strikes.killed_alt", **killed.totals(look))]
    return framed(look, look.say("strikes.title"), look.days(days), parts, alt)


def _struck(event: Outline) -> tuple[int, int]:
    on_ukraine = str(event.facts.get("region")).startswith("UA")
    return int(on_ukraine), int(not on_ukraine)


def _killed(event: Outline) -> tuple[int, int]:
    killed = _count(event, "killed")
    return (killed, 0) if _struck(event)[0] else (0, killed)


def _columns(course: Course, span: tuple[float, float], look: Look, title: str) -> list[str]:
    panel = Panel.over(*span, course.ukraine, course.russia)
    marks = {country: square(look.palette.main(country)) for country in COUNTRIES}
    return [
        *panel.heading(
            look.say(title), keys(_sides(course, look, f"{title.partition('.')[0]}.to", marks), panel.top - 18)
        ),
        *panel.rules(look),
        *mirrored(panel, course.ukraine, course.russia, look),
    ]


def _sides(course: Course, look: Look, phrase: str, marks: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the legend's entries, of the sides that have anything: the words with the sum, and the mark."""
    sums = {"UA": sum(course.ukraine), "RU": sum(course.russia)}
    return [
        (look.say(f"{phrase}_{COUNTRIES[country]}", count=look.book.number(total)), marks[country])
        for country, total in sums.items()
        if total
    ]


def _lines(course: Course, span: tuple[float, float], look: Look, title: str) -> list[str]:
    """Return the running totals as lines that rise in steps: Ukraine's whole, Russia's broken, each ending in its figure."""
    totals = course.running()
    panel = Panel.over(*span, (*totals.ukraine, *totals.russia))
    parts, marks = panel.rules(look), dict[str, str]()
    for country, values, dash in (("UA", totals.ukraine, "none"), ("RU", totals.russia, DASH)):
        points = [(slot_at(number, len(values))[0], panel.y(value)) for number, value in enumerate(values)]
        stroke: dict[str, Value] = {"stroke": look.palette.main(country), "stroke_width": 5, "stroke_dasharray": dash}
        steps = "".join(f"H{x:.1f}V{y:.1f}" for x, y in points)
        way = f"M{LEFT} {panel.y(0):.1f}{steps}H{RIGHT}"
        parts += [tag("path", d=way, fill="none", stroke_linejoin="round", **stroke)] if any(values) else []
        marks[country] = line((0, -8), (26, -8), **stroke)
    told = _sides(course, look, f"{title.partition('.')[0]}.total", marks)
    return [*panel.heading(look.say(title), keys(told, panel.top - 18)), *parts]


def _row(times: Sequence[date], step: Step, look: Look) -> list[str]:
    return labels(times, step, BOTTOM - ROW + 16, look)
