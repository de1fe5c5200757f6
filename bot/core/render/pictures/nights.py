"""Launched against shot down, night by night: the drones and missiles sent at Ukraine, the drones shot down over Russia."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from bot.core.model import Outline, Picture
from bot.core.render.pictures.columns import FIGURE, Panel, keys, labels, slot_at, square
from bot.core.render.pictures.frame import BOTTOM, TOP, Look, framed
from bot.core.render.pictures.palette import SMALL
from bot.core.render.pictures.svg import Value, line, rect, width, words

NIGHTS = 21
"""Nights that a picture shows, the last ones of the time that is asked for."""
ROW = 62
SHARE = 0.78


@dataclass(frozen=True, slots=True)
class Count:
    """What was launched in one night, and how much of it was shot down or suppressed; None where nobody says."""

    launched: int | None
    downed: int | None

    def __bool__(self) -> bool:
        return self.launched is not None or self.downed is not None


@dataclass(frozen=True, slots=True)
class Night:
    """One night, by the day of its morning: what flew at Ukraine, and which drones were shot down over Russia."""

    day: date
    drones: Count
    missiles: Count
    russia: Count


def nights(outlines: Iterable[Outline]) -> tuple[Night, ...]:
    """Return the nights of which a whole country's figures are told, oldest first."""
    told: dict[date, list[Outline]] = {}
    for each in outlines:
        is_whole = str(each.facts.get("region", "")) in {"UA", "RU"}
        if each.kind == "strike" and each.status == "carried_out" and each.date and is_whole:
            told.setdefault(each.date, []).append(each)
    found = (_night(day, events) for day, events in sorted(told.items()))
    return tuple(night for night in found if night.drones or night.missiles or night.russia)


def _night(day: date, events: Sequence[Outline]) -> Night:
    ukraine, russia = ([each for each in events if each.facts.get("region") == country] for country in ("UA", "RU"))
    return Night(day, _counted(ukraine, "drones"), _counted(ukraine, "missiles"), _counted(russia, "drones"))


def _counted(events: Sequence[Outline], what: str) -> Count:
    """Add up several attacks of one night; more shot down than launched means that not all launches were told."""
    launched, downed = _sum(events, what), _sum(events, f"{what}_downed")
    is_partial = launched is not None and downed is not None and downed > launched
    return Count(None if is_partial else launched, downed)


def _sum(events: Sequence[Outline], slot: str) -> int | None:
    values = [value for each in events if isinstance(value := each.facts.get(slot), int)]
    return sum(values) if values else None


def nights_chart(outlines: Sequence[Outline], look: Look) -> Picture | None:
    """Return the last nights of a time; None where no whole country's figures are told."""
    every = nights(outlines)
    if not every:
        return None
    shown = every[-NIGHTS:]
    rows = [(what, counts) for what, counts in _rows(shown) if any(counts)]
    parts, top, high = list[str](), float(TOP), (BOTTOM - ROW - TOP) / len(rows)
    for what, counts in rows:
        parts += _panel(what, counts, (top, top + high - 16), look)
        top += high
    days = [night.day for night in shown]
    heading = look.say("nights.title")
    said = look.days(days) if len(shown) == len(every) else Look(look.book, look.theme).days(days)
    parts += [*labels(days, "day", BOTTOM - ROW + 16, look), *_gaps(days, look)]
    alt = [_said(what, counts, look) for what, counts in rows]
    told = "nights.last" if len(shown) < len(every) else "nights.count"
    return framed(look, heading, f"{said} · {look.say(told, count=len(shown), all=str(len(every)))}", parts, alt)


def _rows(shown: Sequence[Night]) -> tuple[tuple[str, list[Count]], ...]:
    return (
        ("drones", [night.drones for night in shown]),
        ("missiles", [night.missiles for night in shown]),
        ("russia", [night.russia for night in shown]),
    )


def _said(what: str, counts: Sequence[Count], look: Look) -> str:
    """Return a panel in words: how much of what was launched was shot down, of the nights in which both are told."""
    if not any(count.launched is not None for count in counts):
        return look.say(f"nights.{what}_alone", downed=look.book.number(sum(count.downed or 0 for count in counts)))
    both = [count for count in counts if count.launched is not None and count.downed is not None]
    launched, downed = (sum(getattr(count, part) for count in both) for part in ("launched", "downed"))
    sums = {"launched": look.book.number(launched), "downed": look.book.number(downed)}
    return look.say(f"nights.{what}_alt", nights=look.say("nights.count", count=len(both)), **sums)


def _panel(what: str, counts: Sequence[Count], span: tuple[float, float], look: Look) -> list[str]:
    colours, country = look.palette, "RU" if what == "russia" else "UA"
    light, strong = colours.shades(country)[0], colours.main(country)
    panel = Panel.over(*span, [max(count.launched or 0, count.downed or 0) for count in counts])
    entries = [(look.say("nights.downed"), square(strong))]
    if any(count.launched is not None for count in counts):
        hollow = square(light, stroke=strong, stroke_width=2.5)
        entries.insert(0, (look.say("nights.launched"), hollow))
    parts = [*panel.heading(look.say(f"nights.{what}"), keys(entries, panel.top - 18)), *panel.rules(look)]
    for number, count in enumerate(counts):
        parts += _column(panel, count, slot_at(number, len(counts)), (light, strong), look)
    return parts


def _column(panel: Panel, count: Count, slot: tuple[float, float], colours: tuple[str, str], look: Look) -> list[str]:
    """Return a night's column: hollow for what was launched, filled as far as it was shot down, with its figure above."""
    if not count:
        return []
    (middle, room), (light, strong) = slot, colours
    wide = min(80.0, room * SHARE)
    left, parts = middle - wide / 2, list[str]()
    hollow: dict[str, Value] = {"fill": light, "stroke": strong, "stroke_width": 2.5}
    for value, style in ((count.launched, hollow), (count.downed, {**hollow, "fill": strong})):
        if value is not None:
            parts.append(rect(left, panel.y(0), wide, min(panel.y(value) - panel.y(0), -1), **style))
    most = max(count.launched or 0, count.downed or 0)
    if count.downed is None:
        is_high = panel.y(0) - panel.y(most) > SMALL + FIGURE
        parts.append(words("?", middle, panel.y(0) - 8 if is_high else panel.y(most) - 7 - SMALL, text_anchor="middle"))
    if width(look.book.number(most), SMALL) <= room + 4:
        parts.append(words(look.book.number(most), middle, panel.y(most) - 7, text_anchor="middle"))
    return parts


def _gaps(days: Sequence[date], look: Look) -> list[str]:
    """Return a dotted mark wherever nights were left out between two that stand beside each other."""
    parts = []
    for number, (before, day) in enumerate(pairwise(days)):
        if day - before > timedelta(days=1):
            middle, wide = slot_at(number, len(days))
            at = middle + wide / 2
            dotted: dict[str, Value] = {"stroke": look.palette.quiet, "stroke_width": 2, "stroke_dasharray": "2 6"}
            parts.append(line((at, BOTTOM - ROW - 30), (at, BOTTOM - ROW + 22), **dotted))
    return parts
