"""Where a line says it hit: regions and settlements, without those that merely speak, lie nearby or are passed through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.kinds.strike.lines import Line
from bot.core.text.document import Place

AROUND = {"UA-30": "UA-32", "RU-MOW": "RU-MOS", "RU-SPE": "RU-LEN"}
CAPITALS = {"UA-30": "Kyiv", "RU-MOW": "Moscow"}
NAMED = frozenset({"settlement", "airfield"})
CRIMEA = frozenset({"UA-43", "UA-40"})
HELD = frozenset({"UA-09", "UA-14", "UA-23", "UA-65"})


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that was hit: its first-level region, and its name where it is a settlement or an airfield."""

    region: str
    name: str
    first: int
    last: int


def spots(line: Line, capital: str) -> tuple[Spot, ...]:
    """Return the places of a line that may have been hit; `capital` is the region that "the capital" stands for."""
    aside = set(_aside(line))
    near = {capture.first for match in line.match("outskirts") for capture in match.captures.values()}
    found = [
        _spot(place, near=place.first in near)
        for place in line.sentence.places
        if place.region and place.first not in aside
    ]
    taken = {at for spot in found for at in range(spot.first, spot.last)}
    for mark in line.spans("capital"):
        if mark.first not in aside and not taken & set(range(mark.first, mark.last)):
            found.append(Spot(capital, CAPITALS.get(capital, ""), mark.first, mark.last))
    return tuple(sorted(found, key=lambda spot: spot.first))


def attacker_of(region: str, line: Line) -> str:
    """Return who attacks there: the other side, or Ukraine in the parts of it that Russia holds."""
    if region.startswith("RU") or region in CRIMEA:
        return "UA"
    if region in HELD and line.has("ua_attacker", "occupied") and not line.has("ru_attacker"):
        return "UA"
    return "RU"


def _aside(line: Line) -> Iterator[int]:
    for name in ("speaker", "not_hit"):
        for match in line.match(name):
            yield from (capture.first for capture in match.captures.values())


def _spot(place: Place, *, near: bool) -> Spot:
    region = AROUND.get(place.region, place.region) if near else place.region
    name = place.name if place.kind in NAMED and region == place.region else ""
    return Spot(region, name, place.first, place.last)
