"""Where a line says it hit: regions and settlements, without those that merely speak, lie nearby or are passed through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.core.kinds.strike.lines import Line
from bot.core.text.document import Place

AROUND = {"UA-30": "UA-32", "RU-MOW": "RU-MOS", "RU-SPE": "RU-LEN"}
CAPITALS = {"UA-30": "Kyiv", "RU-MOW": "Moscow"}
SEVERAL = 3
"""From how many regions on places beside one another are a list of them, and not where one blow was."""
NEXT = 2
"""How many tokens behind a village its region may stand: "Bilenke in the Zaporizhzhia region"."""
NAMED = frozenset({"settlement", "airfield"})
CRIMEA, SEVASTOPOL = "UA-43", "UA-40"
HELD = frozenset({"UA-09", "UA-14", "UA-23", "UA-65"})


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that was hit: its first-level region, its name where it is a settlement or an airfield, and who attacks."""

    region: str
    name: str
    attacker: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Scene:
    """What the whole item tells about its places.

    capital   the region that "the capital" stands for
    held      it is about a part of Ukraine that Russia holds
    crimea    it names Crimea, of which Sevastopol is then a part
    home      the one region that headline and summary name, "" where they name none or several
    city      the city whose districts are meant where no other is named, by its region, "" where none is
    daily     the headline sums up a day of one region
    side      "UA" or "RU" where headline and summary name places of one side only, "" otherwise
    """

    capital: str = "UA-30"
    held: bool = False
    crimea: bool = False
    home: str = ""
    city: str = ""
    side: str = ""
    daily: bool = False


def scene_of(lines: Sequence[Line]) -> Scene:
    """Return the scene before the first line: what is held, and the one city that headline and summary name."""
    lead = [place for line in lines if line.lead for place in line.sentence.places]
    regions = {place.region for place in lead if place.region}
    cities = {place.region for place in lead if place.kind == "settlement"}
    held = any(line.has("occupied") for line in lines) and not any(line.has("ru_attacker") for line in lines)
    crimea = any(place.region == CRIMEA for line in lines for place in line.sentence.places)
    sides = {_side(place) for place in lead if place.region}
    return Scene(
        held=held, crimea=crimea, home=_only(regions), city=_only(cities), side=_only(sides), daily=_is_daily(lines)
    )


def _is_daily(lines: Sequence[Line]) -> bool:
    return any(line.has("past_day") for line in lines if line.sentence.field == "title")


def _only(names: set[str]) -> str:
    return min(names) if len(names) == 1 else ""


def spots(line: Line, scene: Scene) -> tuple[Spot, ...]:
    """Return the places of a line that may have been hit."""
    if not line.sentence.places and not line.has("capital"):
        return ()
    key = spots, scene
    if key not in line.memo:
        line.memo[key] = _spots(line, scene)
    found: tuple[Spot, ...] = line.memo[key]
    return found


def _spots(line: Line, scene: Scene) -> tuple[Spot, ...]:
    officials = _officials(line)
    news = {mark.last for mark in line.spans("news_from")}
    aside = (_captured(line, "speaker") - officials) | (_captured(line, "not_hit") - news)
    near = _captured(line, "outskirts")
    sites = min((mark.first for mark in line.spans("launch_site")), default=len(line.clauses))
    places = [
        _at_home(line, place, scene)
        for place in line.sentence.places
        if place.region and place.first not in aside and place.first < sites and not _is_elsewhere(place, scene)
    ]
    places = [
        place
        for place in places
        if not (_is_stray(line, place, places, scene) or _is_dateline(line, place) or _is_government(line, place))
    ]
    acting = [place for place in places if place.first not in officials] or places
    around = {place.name for place in places if place.first in near}
    found = [_spot(line, place, scene, near=place.name in around) for place in acting if not _is_inner(place, acting)]
    capital = next((place.region for place in line.sentence.places if _is_capital(place, officials)), scene.capital)
    return tuple(sorted((*found, *_capitals(line, capital, aside, near, found)), key=lambda spot: spot.first))


def _is_capital(place: Place, officials: set[int]) -> bool:
    return place.region in CAPITALS and place.first in officials


def _capitals(line: Line, region: str, aside: set[int], near: set[int], found: Sequence[Spot]) -> Iterator[Spot]:
    """Yield "the capital" where the words for it are not already a place by name; `near` it is the region around."""
    taken = {at for spot in found for at in range(spot.first, spot.last)}
    for mark in line.spans("capital"):
        if mark.first not in aside and taken.isdisjoint(range(mark.first, mark.last)):
            russian = any(side.last == mark.first or side.first == mark.last for side in line.spans("ru_side"))
            city = "RU-MOW" if russian else region
            here = AROUND.get(city, city) if mark.first in near else city
            yield Spot(here, CAPITALS.get(here, ""), "UA" if here.startswith("RU") else "RU", mark.first, mark.last)


def _at_home(line: Line, place: Place, scene: Scene) -> Place:
    """Return a village of a common name as one of the region that the item is about, unless the line says otherwise."""
    around = next(
        (o for o in line.sentence.places if o.kind == "region" and 0 < o.first - place.last + 1 <= NEXT), None
    )
    if place.others and around:
        return replace(place, region=around.region)
    told = any(other is not place and other.region == place.region for other in line.sentence.places)
    if (
        line.lead
        or told
        or not (place.others and scene.home)
        or scene.home[:2] != place.region[:2]
        or place.region == scene.home
    ):
        return place
    return replace(place, region=scene.home)


def _is_elsewhere(place: Place, scene: Scene) -> bool:
    """Return whether a district of the capital is rather one of the city that the item is about, as many share their names."""
    return place.kind == "district" and place.region in CAPITALS and scene.city not in ("", place.region)


def _is_stray(line: Line, place: Place, places: Sequence[Place], scene: Scene) -> bool:
    """Return whether a place is rather a namesake of one of those that the item is about.

    So is a district of another region, and a settlement of the other country among those of the item's own.
    """
    told = any(other.kind == "region" and other.region == place.region for other in places)
    elsewhere = scene.home not in ("", place.region) and not (told or line.lead)
    if elsewhere and (place.kind == "district" or (scene.daily and place.kind == "settlement")):
        return True
    if place.kind not in ("settlement", "district") or scene.side in ("", _side(place)):
        return False
    if line.has(*(("ru_attacker", "ua_defence") if _side(place) == "UA" else ("ua_attacker", "ru_defence"))):
        return False
    return not told and any(_side(other) == scene.side for other in places)


def _is_government(line: Line, place: Place) -> bool:
    """Return whether Moscow is no more than the one that wages the war: nothing says that it is the place of the blow."""
    if place.name != CAPITALS["RU-MOW"] or place.kind != "settlement":
        return False
    return place.first not in _captured(line, "capital_hit") | _officials(line)


def _is_dateline(line: Line, place: Place) -> bool:
    """Return whether a capital in capitals opens a sentence of plain letters: "MOSCOW: A drone set a refinery on fire"."""
    if place.region not in CAPITALS:
        return False
    tokens = line.sentence.tokens
    opening = tokens[place.first : place.last]
    shouted = not place.first and all(token.text.isupper() for token in opening)
    return shouted and any(token.kind == "word" and token.text.islower() for token in tokens[place.last :])


def _side(place: Place) -> str:
    """Return whose guns do not fire on a place: Russia's region or one it took, or Ukraine's."""
    return "RU" if place.region.startswith("RU") or place.region in (CRIMEA, SEVASTOPOL) else "UA"


def _attacker(line: Line, place: Place, scene: Scene) -> str:
    """Return who attacks there: the other side, or Ukraine in the parts of it that Russia holds."""
    if place.region.startswith("RU") or place.region in (CRIMEA, SEVASTOPOL):
        return "UA"
    if place.region not in HELD or line.has("ru_attacker"):
        return "RU"
    town = place.kind == "settlement" and any(mark.first == place.first for mark in line.spans("held"))
    told = line.clause_has(place.first, "ua_attacker", "occupied") or not line.has("ru_side", "ru_defence")
    return "UA" if scene.held or town or (told and line.has("ua_attacker", "occupied")) else "RU"


def _is_inner(place: Place, places: Sequence[Place]) -> bool:
    """Return whether a district is named together with its town, which says better where it is."""
    return place.kind == "district" and any(0 <= other.first - place.last <= 1 for other in places)


def _officials(line: Line) -> set[int]:
    """Return where places name an office: "the Sumy governor", and not a town before a comma: "in Uman, Governor X said"."""
    return {
        capture.first
        for match in line.match("official")
        for capture in match.captures.values()
        if line.phrase(match.first) == line.phrase(match.last - 1)
    }


def _captured(line: Line, pattern: str) -> set[int]:
    return {capture.first for match in line.match(pattern) for capture in match.captures.values()}


def _spot(line: Line, place: Place, scene: Scene, *, near: bool) -> Spot:
    region = AROUND.get(place.region, place.region) if near else place.region
    inside = (
        place.kind in NAMED and not (near or _is_governed(line, place)) and place.first not in _regions_listed(line)
    )
    name = place.name if inside else ""
    region = CRIMEA if scene.crimea and region == SEVASTOPOL else region
    return Spot(region, name, _attacker(line, place, scene), place.first, place.last)


def _is_governed(line: Line, place: Place) -> bool:
    """Return whether a town stands for the region of its governor: "Bryansk Governor Bogomaz", "the governor of Rostov"."""
    tokens = line.sentence.tokens
    return any(
        mark.first == place.last or (mark.last + 1 == place.first and tokens[mark.last].kind == "word")
        for mark in line.spans("governor")
    )


def _regions_listed(line: Line) -> set[int]:
    """Return where a list of regions names them by their towns: "three oblasts, Bryansk, Kursk and Belgorod"."""
    listed: set[int] = set()
    for match in line.match("region_list"):
        last = match.captures["place"].first
        for place in line.sentence.places:
            if place.first == last or (listed and 0 <= place.first - last <= NEXT):
                listed.add(place.first)
                last = place.last
    return listed


def group_at(line: Line, first: int, here: tuple[Spot, ...]) -> tuple[Spot, ...]:
    """Return the spots that a word of the line is about: those of its clause, else the last before, else the first after."""
    own = [spot for spot in here if line.clause(spot.first) == line.clause(first)]
    before = [spot for spot in here if spot.first < first]
    if own:
        return listed(here, min(own, key=lambda spot: abs(spot.first - first)))
    if before:
        return listed(here, before[-1])
    return listed(here, here[0]) if here else ()


def listed(here: tuple[Spot, ...], chosen: Spot) -> tuple[Spot, ...]:
    """Return a spot with those that stand next to it in one list: "A, B and C"."""
    groups: list[list[Spot]] = []
    for spot in here:
        if groups and spot.first - groups[-1][-1].last <= 1:
            groups[-1].append(spot)
        else:
            groups.append([spot])
    return tuple(next(group for group in groups if chosen in group))
