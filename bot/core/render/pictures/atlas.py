"""Borders as values, and the two views of them that maps show: a flat picture of a round earth, true in its areas.

Which borders these are is decided by the data (`scripts/borders.py`): those that the United Nations recognise.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

from bot.core.render.pictures.svg import outline

Point: TypeAlias = tuple[float, float]
Ring: TypeAlias = Sequence[Point]
HUNDREDTHS = 100
FINEST = 1.2
"""Pixels that a step of a border has to make to be drawn."""
MARGIN = 8.0


@dataclass(frozen=True, slots=True)
class Region:
    """A region's outline, holes among its rings, and where its label goes: longitude and latitude in degrees."""

    at: Point
    rings: tuple[Ring, ...]

    def holds(self, longitude: float, latitude: float) -> bool:
        """Tell whether a place is in the region."""
        crossings = 0
        for ring in self.rings:
            for (ax, ay), (bx, by) in zip(ring, (*ring[1:], ring[0]), strict=True):
                if (ay > latitude) != (by > latitude):
                    crossings += longitude < (bx - ax) * (latitude - ay) / (by - ay) + ax
        return crossings % 2 == 1


@dataclass(frozen=True, slots=True, eq=False)
class Atlas:
    """The land, seas within it among its rings, and the regions of Ukraine and Russia by their codes."""

    land: tuple[Ring, ...] = field(repr=False)
    regions: Mapping[str, Region] = field(repr=False)

    @classmethod
    def parse(cls, table: Mapping[str, Any]) -> Atlas:
        """Read what `scripts/borders.py` wrote; raise KeyError, TypeError or ValueError where it is something else."""
        rows = {code: row for code, row in table.items() if code != "land"}
        return cls(
            tuple(map(_unpacked, table["land"])),
            {
                code: Region(
                    (row["at"][0] / HUNDREDTHS, row["at"][1] / HUNDREDTHS), tuple(map(_unpacked, row["rings"]))
                )
                for code, row in rows.items()
            },
        )

    def region_at(self, longitude: float, latitude: float) -> str:
        """Return the code of the region that a place is in, "" where it is in neither country."""
        found = (code for code in sorted(self.regions, reverse=True) if self.regions[code].holds(longitude, latitude))
        return next(found, "")


def _unpacked(numbers: Sequence[int]) -> Ring:
    x = y = 0
    ring = []
    for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + dx, y + dy
        ring.append((x / HUNDREDTHS, y / HUNDREDTHS))
    return tuple(ring)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A window on the earth (Albers' projection): what lies in its middle, how many pixels a degree takes, its size.

    `parallels` are the latitudes along which lengths are true.
    """

    longitude: float
    latitude: float
    degree: float
    wide: float
    high: float
    parallels: tuple[float, float]

    def place(self, longitude: float, latitude: float) -> Point:
        """Return where a place is in the window, in pixels from its upper left corner."""
        first, second = (math.sin(math.radians(each)) for each in self.parallels)
        cone = (first + second) / 2
        base = 1 - first**2 + 2 * cone * first
        scale = math.degrees(self.degree)

        def out(at: float) -> float:
            return scale * math.sqrt(base - 2 * cone * math.sin(math.radians(at))) / cone

        turn = cone * math.radians(longitude - self.longitude)
        away = out(latitude)
        return self.wide / 2 + away * math.sin(turn), self.high / 2 + away * math.cos(turn) - out(self.latitude)

    def shows(self, longitude: float, latitude: float, edge: float = 0.0) -> bool:
        """Tell whether a place is in the window, at least so far from its edge."""
        x, y = self.place(longitude, latitude)
        return edge <= x <= self.wide - edge and edge <= y <= self.high - edge


@dataclass(frozen=True, slots=True)
class Drawn:
    """The atlas as one view shows it: the path data of the land and of the regions, and how wide each region is there."""

    land: str
    regions: Mapping[str, str]
    across: Mapping[str, float]


@lru_cache(maxsize=8)
def drawn(atlas: Atlas, view: View) -> Drawn:
    """Return the atlas as a view shows it, worked out once."""
    every = {code: _rings(region.rings, view) for code, region in sorted(atlas.regions.items())}
    seen = {code: rings for code, rings in every.items() if rings}
    return Drawn(
        outline(_rings(atlas.land, view)),
        {code: outline(rings) for code, rings in seen.items()},
        {code: _across(rings) for code, rings in seen.items()},
    )


def _across(rings: Iterable[Ring]) -> float:
    easting = [x for ring in rings for x, _ in ring]
    return max(easting) - min(easting)


def _rings(rings: Iterable[Ring], view: View) -> tuple[Ring, ...]:
    shown = (_thinned(_clipped([view.place(*point) for point in ring], view)) for ring in rings)
    return tuple(ring for ring in shown if len(ring) > 2)  # noqa: PLR2004


def _thinned(ring: Ring) -> Ring:
    kept: list[Point] = []
    for x, y in ring:
        if not kept or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= FINEST:
            kept.append((x, y))
    return kept


def _clipped(ring: Ring, view: View) -> Ring:
    """Return what of a ring is in the window, cut along one edge after the other (Sutherland and Hodgman)."""
    edges: tuple[tuple[int, float, Callable[[float, float], bool]], ...] = (
        (0, -MARGIN, float.__ge__),
        (0, view.wide + MARGIN, float.__le__),
        (1, -MARGIN, float.__ge__),
        (1, view.high + MARGIN, float.__le__),
    )
    for axis, edge, is_in in edges:
        cut: list[Point] = []
        for before, point in zip((*ring[-1:], *ring[:-1]), ring, strict=True):
            if is_in(before[axis], edge) != is_in(point[axis], edge):
                cut.append(_crossing(before, point, axis, edge))
            if is_in(point[axis], edge):
                cut.append(point)
        ring = cut
    return ring


def _crossing(first: Point, last: Point, axis: int, edge: float) -> Point:
    share = (edge - first[axis]) / (last[axis] - first[axis])
    return first[0] + share * (last[0] - first[0]), first[1] + share * (last[1] - first[1])
