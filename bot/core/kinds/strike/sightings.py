"""Lines one after the other into sightings: what one line says about one attacked region, or about a whole night.

A line without a place speaks of the place before it, at the start of a paragraph of the one in the headline. A launched
or shot-down number belongs to the nationwide report of the night unless its clause names the region it was aimed at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.core.kinds.strike.casualties import casualties
from bot.core.kinds.strike.figures import Figure
from bot.core.kinds.strike.lines import Line
from bot.core.kinds.strike.silence import BLOWS, LOSSES, STOPS, tells
from bot.core.kinds.strike.weapons import last_weapon, weapons
from bot.core.kinds.strike.when import day_of
from bot.core.kinds.strike.where import Spot, attacker_of, spots

MANY = 50
TARGETS = (
    "residential",
    "energy",
    "airbase",
    "industrial",
    "port",
    "railway",
    "medical",
    "school",
    "military",
    "oil",
    "ammunition",
    "other",
)


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one line says about one event; `place` is the settlement that its casualties belong to, "" for the region."""

    line: Line
    at: int
    region: str
    attacker: str
    day: date | None
    background: bool
    figures: tuple[Figure, ...] = ()
    places: tuple[str, ...] = ()
    place: str = ""
    targets: frozenset[str] = frozenset()
    hit: bool = False


@dataclass(frozen=True, slots=True)
class Focus:
    """What the lines so far were about."""

    today: date
    nation: str
    spots: tuple[Spot, ...] = ()
    lead: tuple[Spot, ...] = ()
    capital: str = "UA-30"
    weapon: str = ""
    paragraph: tuple[str, int] = ("title", 0)
    day: date | None = None


def sightings(lines: Sequence[Line], today: date) -> tuple[Sighting, ...]:
    """Return all sightings of an item, in the order of its lines."""
    focus = Focus(today, _nation(lines))
    found: list[Sighting] = []
    for at, line in enumerate(lines):
        if tells(line):
            focus = _turned(focus, line)
            found.extend(_seen(line, at, focus))
    return tuple(found)


def _nation(lines: Sequence[Line]) -> str:
    """Return the country that the item is mostly about being attacked."""
    here = sum(line.has("ru_attacker", "ua_defence") + _regions(line, "UA") for line in lines)
    there = sum(line.has("ua_attacker", "ru_defence") + _regions(line, "RU") for line in lines)
    return "RU" if there > here else "UA"


def _regions(line: Line, country: str) -> int:
    return any(place.region.startswith(country + "-") for place in line.sentence.places) and tells(line)


def _turned(focus: Focus, line: Line) -> Focus:
    """Return the focus as a line leaves it for its own facts."""
    paragraph = (line.sentence.field, line.sentence.paragraph)
    if paragraph != focus.paragraph:
        focus = replace(focus, paragraph=paragraph, day=None)
        if focus.lead and not line.lead:
            focus = replace(focus, spots=focus.lead)
    seen = spots(line, focus.capital)
    capital = next((spot.region for spot in seen if spot.region in ("UA-30", "RU-MOW")), focus.capital)
    focus = replace(focus, capital=capital, day=day_of(line, focus.today) or focus.day)
    if seen:
        focus = replace(focus, spots=seen, lead=focus.lead or (seen if line.lead else ()))
    return focus


def _seen(line: Line, at: int, focus: Focus) -> Iterator[Sighting]:
    here = spots(line, focus.capital)
    day = focus.day
    hit = line.has(*BLOWS, *LOSSES, *STOPS)
    figures = [*weapons(line, focus.weapon), *casualties(line)]
    for spot in here:
        if hit:
            yield _sighting(line, at, spot, day)
    for figure in figures:
        yield from _placed(line, at, figure, here, focus)
    if line.has(*BLOWS):
        yield from _targeted(line, at, here, focus)


def _sighting(line: Line, at: int, spot: Spot, day: date | None) -> Sighting:
    names = (spot.name,) if spot.name else ()
    return Sighting(
        line,
        at,
        spot.region,
        attacker_of(spot.region, line),
        day,
        _is_background(line, spot.first),
        places=names,
        hit=line.has("attack", "damage", "reached", *LOSSES),
    )


def _is_background(line: Line, first: int) -> bool:
    return any(mark.first <= first or mark.last >= first for mark in line.spans("background"))


def _placed(line: Line, at: int, figure: Figure, here: tuple[Spot, ...], focus: Focus) -> Iterator[Sighting]:
    background = any(mark.first <= figure.first for mark in line.spans("background"))
    nation = _nation_of(line, figure, here, focus)
    if nation:
        attacker = "UA" if nation == "RU" else "RU"
        yield Sighting(line, at, nation, attacker, focus.day, background, (figure,))
        return
    group = _group(line, figure.first, here) or focus.spots
    regions = {spot.region for spot in group}
    if len(regions) == 1 or figure.value == 0:
        for spot in {spot.region: spot for spot in group}.values():
            yield Sighting(
                line,
                at,
                spot.region,
                attacker_of(spot.region, line),
                focus.day,
                background,
                (figure,),
                place=spot.name,
                hit=True,
            )


def _nation_of(line: Line, figure: Figure, here: tuple[Spot, ...], focus: Focus) -> str:
    """Return the country whose report of the night a figure belongs to, "" where it belongs to a region."""
    own = [spot for spot in here if line.clause(spot.first) == line.clause(figure.first)]
    if figure.slot in ("killed", "injured"):
        return (
            _country(line, figure, focus)
            if line.has("countrywide") and not own and not _group(line, figure.first, here)
            else ""
        )
    if own and (
        figure.slot.endswith("downed") or own[-1].first > figure.first or not line.clause_has(figure.first, "ru_side")
    ):
        return ""
    if line.has("ua_attacker", "ru_defence", "ua_defence", "ru_side", "countrywide") or figure.slot == "weapons":
        return _country(line, figure, focus)
    return focus.nation if figure.value >= MANY or not focus.spots else ""


def _country(line: Line, figure: Figure, focus: Focus) -> str:
    for has in (lambda *names: line.clause_has(figure.first, *names), line.has):
        if figure.slot.startswith(("drones", "missiles")) and has("ua_attacker", "ru_defence"):
            return "RU"
        if has("ua_defence", "ru_side"):
            return "UA"
    return focus.nation


def _group(line: Line, first: int, here: tuple[Spot, ...]) -> tuple[Spot, ...]:
    """Return the spots that a word of the line is about: those of its clause, else the last before, else the first after."""
    own = [spot for spot in here if line.clause(spot.first) == line.clause(first)]
    before = [spot for spot in here if spot.first < first]
    chosen = (
        min(own, key=lambda spot: abs(spot.first - first))
        if own
        else before[-1]
        if before
        else here[0]
        if here
        else None
    )
    return _joined(here, chosen) if chosen else ()


def _joined(here: tuple[Spot, ...], chosen: Spot) -> tuple[Spot, ...]:
    """Return the spot with those that stand next to it in one list."""
    groups: list[list[Spot]] = []
    for spot in here:
        if groups and spot.first - groups[-1][-1].last <= 2:  # noqa: PLR2004 - "A, B" and "A and B"
            groups[-1].append(spot)
        else:
            groups.append([spot])
    return tuple(next(group for group in groups if chosen in group))


def _targeted(line: Line, at: int, here: tuple[Spot, ...], focus: Focus) -> Iterator[Sighting]:
    for name in TARGETS:
        for mark in line.spans(f"target_{name}"):
            group = _group(line, mark.first, here) or focus.spots
            background = _is_background(line, mark.first)
            for region in {spot.region for spot in group}:
                yield Sighting(
                    line, at, region, attacker_of(region, line), focus.day, background, targets=frozenset({name})
                )
