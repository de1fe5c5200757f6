"""Lines one after the other into sightings: what one line says about one attacked region, or about a whole night.

A line without a place speaks of the place before it, at the start of a paragraph of the one in the headline. A launched
or shot-down number belongs to the nationwide report of the night unless its clause names the region it was aimed at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.core.kinds.strike.casualties import casualties
from bot.core.kinds.strike.figures import PEOPLE, Figure
from bot.core.kinds.strike.focus import Focus, first_focus, referred, turned
from bot.core.kinds.strike.lines import Line
from bot.core.kinds.strike.night import nation_of
from bot.core.kinds.strike.silence import (
    BLOWS,
    LOSSES,
    OPENING,
    STOPS,
    is_blow,
    is_heading,
    is_stamp,
    names_place,
    tells,
)
from bot.core.kinds.strike.weapons import LISTED, entries, last_weapon, listed, weapons
from bot.core.kinds.strike.when import day_of
from bot.core.kinds.strike.where import SEVERAL, Spot, group_at, spots

MANY = 20
"""From which number on it is no chance that two lines have it."""

MOST = {"drones": 2000, "missiles": 400, "drones_downed": 2000, "missiles_downed": 400}
"""More than this is no count of one night."""

TARGETS = (
    "residential",
    "energy",
    "airbase",
    "industrial",
    "plant",
    "port",
    "railway",
    "medical",
    "school",
    "military",
    "oil",
    "ammunition",
    "other",
)


LOCAL = frozenset({"residential", "medical", "school", "other"})
"""What is hit in places, and is no aim of a nationwide attack."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one line says about one event; `place` is the settlement that its casualties belong to, "" for the region.

    `hit` says that the line by itself makes an event of it: a blow, or people hurt; `headed` that only the headline gives
    its place; `dated` that its day is its own.
    """

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
    headed: bool = False
    dated: bool = True


def sightings(lines: Sequence[Line], today: date) -> tuple[Sighting, ...]:
    """Return all sightings of an item, in the order of its lines."""
    title = [line for line in lines if line.sentence.field == "title"]
    armed = any(line.has("drone", "missile", "bomb") for line in title)
    refinery = any(line.has("target_oil") for line in title)
    focus = replace(first_focus(lines, today), summed=_summed(lines), armed=armed, refinery=refinery)
    found: list[Sighting] = []
    for at, line in enumerate(lines):
        if tells(line) or is_heading(line) or is_stamp(line) or (at < OPENING and names_place(line)):
            focus = turned(focus, line)
        if line.has("dispute") and line.has("ru_side", "ua_attacker") and not line.has("swap"):
            found.extend(_disputed(line, at, focus))
        if line.has("nation_voice", "regional_head"):
            national = line.has("nation_voice")
            focus = replace(focus, regional=not national, voiced=national)
        if tells(line):
            seen = tuple(_seen(line, at, focus))
            found.extend(seen)
            focus = _after(focus, line, seen)
    return tuple(found)


def _summed(lines: Sequence[Line]) -> frozenset[int]:
    """Return the numbers that some line gives as those of weeks or years, whatever another line makes of them."""
    long = [line for line in lines if line.has("cumulative") and not line.has("record")]
    return frozenset(number.value for line in long for number in line.counts() if number.value >= MANY)


def _after(focus: Focus, line: Line, seen: Sequence[Sighting]) -> Focus:
    """Return the focus for the next line: its weapon, and the night it is about where it gives national figures."""
    night = next((each.region for each in seen if each.region in ("UA", "RU")), "")
    people = [figure for each in seen for figure in each.figures if figure.slot in PEOPLE and figure.value]
    return replace(
        focus,
        weapon=last_weapon(line) or focus.weapon,
        makes=listed(line) or focus.makes,
        night=night or focus.night,
        national=focus.national or night,
        toll=people[-1] if people else focus.toll,
        told=(*focus.told, *spots(line, focus.scene)),
    )


def _seen(line: Line, at: int, focus: Focus) -> Iterator[Sighting]:
    here = spots(line, focus.scene) or referred(line, focus)
    if line.has(*BLOWS, *LOSSES, *STOPS) or _is_aimed(line):
        yield from (_spotted(line, at, spot, focus) for spot in here)
    launched = [figure for figure in weapons(line, focus.weapon, focus.makes) if _is_of_one_night(figure, focus)]
    for figure in launched:
        yield from _placed(line, at, figure, nation_of(line, figure, launched, here, focus), focus)
    for figure in casualties(line, focus.toll):
        yield from _placed(line, at, figure, nation_of(line, figure, launched, here, focus), focus)
    if line.has("mass_strike") and line.has("ru_attacker", "ua_defence") and not here:
        targets = frozenset(name for name in TARGETS if line.has(f"target_{name}"))
        yield Sighting(line, at, "UA", "RU", focus.day, line.recalls(len(line.clauses)), targets=targets, hit=True)
    elif not (here or focus.lead) and at < OPENING and line.has("attack") and _is_of_country(line):
        yield from _nationwide(line, at, focus)
    elif line.has(*BLOWS, "killed", "injured") or _is_aimed(line) or (focus.armed and line.sentence.field == "title"):
        yield from _targeted(line, at, here, focus)
    if not here and at < OPENING and (is_blow(line) or (focus.armed and line.has(*BLOWS))):
        yield from _headed(line, at, focus)
    if not here and line.has("attack", "launched", "happened"):
        yield from _dating(line, at, focus)


def _is_of_one_night(figure: Figure, focus: Focus) -> bool:
    return figure.value < MOST.get(figure.slot, MOST["drones"]) and figure.value not in focus.summed


def _is_aimed(line: Line) -> bool:
    """Return whether a line says at what weapons were sent: "missiles on the centre of Odesa"."""
    return bool(line.match("aimed") or (line.match("flown_at") and not line.has(*STOPS)))


def _headed(line: Line, at: int, focus: Focus) -> Iterator[Sighting]:
    """Yield the blow that the first lines tell of the one region that the headline does no more than name."""
    regions = {(spot.region, spot.attacker) for spot in focus.lead}
    if len(regions) == 1 and not focus.guessed and not line.has("countrywide", "many_regions", "background"):
        for spot in focus.lead:
            names = (spot.name,) if spot.name else ()
            targets = frozenset({"oil"} if focus.refinery and line.has("target_plant") else ())
            seen = Sighting(line, at, spot.region, spot.attacker, focus.day, background=False, places=names)
            yield replace(seen, targets=targets, hit=True, headed=True)


def _is_of_country(line: Line) -> bool:
    """Return whether a line names the whole country: "the energy system of Ukraine"."""
    return line.has("countrywide", "ua_defence") or any(place.country == "UA" for place in line.sentence.places)


def _nationwide(line: Line, at: int, focus: Focus) -> Iterator[Sighting]:
    """Yield what a line says was aimed at in the whole country, which makes no event by itself."""
    targets = frozenset(name for name in TARGETS if name not in LOCAL and line.has(f"target_{name}"))
    nation = focus.national or focus.nation
    if targets:
        yield Sighting(
            line, at, nation, "UA" if nation == "RU" else "RU", focus.day, line.has("background"), targets=targets
        )


def _dating(line: Line, at: int, focus: Focus) -> Iterator[Sighting]:
    """Yield sightings that only carry the day, of the places spoken of."""
    recalled = line.recalls(len(line.clauses))
    day = day_of(line, focus.today, background=True) if recalled else focus.day
    told = day_of(line, focus.today, background=recalled)
    for region, attacker in sorted({(spot.region, spot.attacker) for spot in focus.spots if told}):
        yield Sighting(line, at, region, attacker, day, recalled)


def _disputed(line: Line, at: int, focus: Focus) -> Iterator[Sighting]:
    """Yield a sighting that only carries the contradiction, of the place spoken of."""
    for region, attacker in sorted({(spot.region, spot.attacker) for spot in focus.spots if not focus.guessed}):
        yield Sighting(line, at, region, attacker, None, background=False)


def _spotted(line: Line, at: int, spot: Spot, focus: Focus) -> Sighting:
    background = (line.has("background") and ";" not in line.sentence.text) or line.recalls(spot.first)
    day = day_of(line, focus.today, background=True) if background else focus.day
    names = (spot.name,) if spot.name else ()
    shared = any(match.captures["place"].first == spot.first for match in entries(line))
    tallied = shared and not (line.has("regional_head") and line.has("damage", "reached"))
    hurt = line.has("killed", "injured") and not line.clause_has(spot.first, "buried")
    struck = (hurt or line.has("attack", "explosion", "damage", "reached")) and not tallied
    listed = line.has(*STOPS) and len({each.region for each in spots(line, focus.scene)}) >= SEVERAL
    hit = (struck and (not listed or line.has("damage", "reached", "killed", "injured"))) or _is_aimed(line)
    hit = hit or _is_local_defence(line, focus)
    return Sighting(line, at, spot.region, spot.attacker, day, background, places=names, hit=hit)


def _is_local_defence(line: Line, focus: Focus) -> bool:
    """Return whether a line tells what was shot down over one region, and is no part of the country's list."""
    one = len({spot.region for spot in spots(line, focus.scene)}) == 1
    wide = ("countrywide", "many_regions", "over_regions", "ru_defence", "ua_defence", "part")
    return one and line.has("shot_down") and line.has("drone", "missile") and not (line.has(*wide) or focus.night)


def _placed(line: Line, at: int, figure: Figure, nation: str, focus: Focus) -> Iterator[Sighting]:
    background = line.recalls(figure.first)
    day = day_of(line, focus.today, background=True) if background else focus.day
    if nation:
        guessed = (
            nation == "RU" and figure.slot in ("drones", "missiles") and not line.clause_has(figure.first, "launched")
        )
        if not guessed:
            yield Sighting(line, at, nation, "UA" if nation == "RU" else "RU", day, background, (figure,))
        return
    named = _bound(figure, line, spots(line, focus.scene) or referred(line, focus))
    if not named and line.has("elsewhere"):
        return
    own = any(line.clause(spot.first) == line.clause(figure.first) for spot in named)
    same = (
        not any(spot.first < figure.first for spot in named) and not own and line.clause_has(figure.first, "same_place")
    )
    nobody = figure.value == 0 and focus.voiced and not named
    group = (focus.before if same else named) or (focus.told if nobody else ()) or focus.spots
    by_region = {spot.region: spot for spot in group}
    if len(by_region) == 1 or figure.value == 0 or figure.each:
        for spot in by_region.values():
            share = figure.rule.startswith(LISTED) or (bool(focus.night) and line.clause_has(figure.first, "part"))
            hit = figure.value > 0 and not (share or line.clause_has(figure.first, "buried"))
            wide = same or figure.whole or line.clause_has(figure.first, "region_wide")
            several = len({each.name for each in named if each.region == spot.region}) > 1
            place = "" if several or wide or not named else spot.name
            yield Sighting(line, at, spot.region, spot.attacker, day, background, (figure,), place=place, hit=hit)


def _bound(figure: Figure, line: Line, here: tuple[Spot, ...]) -> tuple[Spot, ...]:
    """Return the spots of a figure: that which its own words name, else those of its clause."""
    own = tuple(spot for spot in here if spot.first == figure.place_at)
    if own and not figure.each:
        return own
    return group_at(line, own[0].first if own else figure.first, here)


def _targeted(line: Line, at: int, here: tuple[Spot, ...], focus: Focus) -> Iterator[Sighting]:
    claimed = line.has("ru_defence") and any(spot.attacker == "RU" for spot in focus.spots)
    for name in TARGETS:
        for mark in line.spans(f"target_{name}"):
            background = line.has("background") or line.recalls(mark.first)
            day = day_of(line, focus.today, background=True) if background else focus.day
            group = group_at(line, mark.first, here) or (() if focus.guessed or claimed else focus.spots)
            for region, attacker in sorted({(spot.region, spot.attacker) for spot in group}):
                yield Sighting(line, at, region, attacker, day, background, targets=frozenset({name}))
