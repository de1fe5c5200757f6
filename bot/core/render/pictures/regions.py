"""Strikes by region on a map of Ukraine and Russia: how often each was hit, and how many people were killed there."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from bot.core.model import Outline, Picture
from bot.core.render.pictures.atlas import Atlas, Point, View, drawn
from bot.core.render.pictures.frame import BOTTOM, EDGE, TOP, Look, framed
from bot.core.render.pictures.palette import SMALL
from bot.core.render.pictures.svg import HEIGHT, WIDTH, Value, rect, tag, width, words

LOW = 62
"""Pixels below the map for its legend."""
HIGH = BOTTOM - TOP - LOW
BOTH = View(longitude=37.2, latitude=50.2, degree=50, wide=WIDTH, high=HIGH, parallels=(46, 56))
UKRAINE = View(longitude=31.3, latitude=48.45, degree=70, wide=WIDTH, high=HIGH, parallels=(46, 51))
RUSSIA = View(longitude=44, latitude=52.2, degree=35, wide=WIDTH, high=HIGH, parallels=(46, 60))
WINDOW = View(longitude=94.5, latitude=61.4, degree=4.7, wide=376, high=194, parallels=(50, 70))
"""All of Russia in the upper left corner of the map, for what lies outside of it."""
SPOT, LEAST = 13, 47
"""The radius of the spot that stands for a region narrower than `LEAST`, as cities are."""
PINNED = 30
"""In the corner the count of a narrower region stands in a spot, which shows whose it is."""
COUNT, KILLED, IN_SPOT = 28, 24, 21
LADDERS = (
    (1, 2, 3, 4),
    (1, 2, 4, 8),
    (1, 3, 6, 12),
    (1, 5, 10, 20),
    (1, 5, 20, 50),
    (1, 10, 50, 100),
    (1, 20, 100, 500),
)
"""Where each of the four shades may begin."""
TOLD = 5
"""Regions named in the words beside the picture."""
Box: TypeAlias = tuple[float, float, float, float]
"""The upper left corner of a label, its width and its height."""
Spot: TypeAlias = tuple[Point, float]
"""The middle of a circle and its radius."""
CORNER: Box = (0, 0, WINDOW.wide, WINDOW.high)
AROUND: tuple[Point, ...] = ((0, 0), (0, -30), (0, 30), (-42, 0), (42, 0), (-42, -30), (42, -30), (-42, 30), (42, 30))
"""Where a label may move to when another one is in its place."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A region: how many strikes on it, how many people killed in them."""

    region: str
    strikes: int
    killed: int


def hits(outlines: Iterable[Outline]) -> tuple[Hit, ...]:
    """Count strikes by region, those first that weigh most; what is told of a whole country is no region's."""
    found: dict[str, Hit] = {}
    for each in outlines:
        region, killed = str(each.facts.get("region", "")), each.facts.get("killed")
        if each.kind == "strike" and each.status == "carried_out" and "-" in region:
            before = found.get(region, Hit(region, 0, 0))
            more = killed if isinstance(killed, int) else 0
            found[region] = replace(before, strikes=before.strikes + 1, killed=before.killed + more)
    return tuple(sorted(found.values(), key=lambda hit: (-hit.strikes, -hit.killed, hit.region)))


def strikes_map(outlines: Sequence[Outline], atlas: Atlas, look: Look, country: str = "") -> Picture | None:
    """Return the map, of one country ("UA", "RU") or of both; None where no region was hit."""
    found = [hit for hit in hits(outlines) if hit.region in atlas.regions and hit.region.startswith(country)]
    if not found:
        return None
    days = [each.date for each in outlines if each.date and each.kind == "strike"]
    chart = _Chart(atlas, look, {hit.region: hit for hit in found}, classes([hit.strikes for hit in found]))
    view = {"UA": UKRAINE, "RU": RUSSIA}.get(country, BOTH)
    beyond = {hit.region: hit for hit in found if not view.shows(*atlas.regions[hit.region].at, edge=14)}
    parts = chart.land(view) + chart.labels(view, (CORNER,) if beyond else ())
    inset = _inset(chart, beyond) if beyond else []
    sheet = tag("svg", "\n".join([*parts, *inset]), x=0, y=TOP, width=WIDTH, height=HIGH, overflow="hidden")
    return framed(look, look.say("map.title"), look.days(days), [sheet, *chart.legend()], _told(found, look))


def classes(counts: Sequence[int]) -> tuple[int, ...]:
    """Return where each shade begins: few round steps, the last so that the largest count is in it."""
    most = max(counts)
    fits = next((ladder for ladder in LADDERS if most < 2 * ladder[-1] + ladder[-2]), LADDERS[-1])
    return tuple(step for step in fits if step <= most)


def _told(found: Sequence[Hit], look: Look) -> list[str]:
    """Return the map in words: everything in all, then the regions hit most."""
    book = look.book
    strikes = book.counted(book.kinds["strike"].name, sum(hit.strikes for hit in found))
    total = look.say("map.alt", strikes=strikes, killed=book.number(sum(hit.killed for hit in found)))
    named = [f"{book.regions.get(hit.region, hit.region)} {book.number(hit.strikes)}" for hit in found[:TOLD]]
    return [total, look.say("map.most", regions=", ".join(named))]


@dataclass(frozen=True, slots=True)
class _Chart:
    """What the parts of one map share."""

    atlas: Atlas
    look: Look
    found: Mapping[str, Hit]
    steps: tuple[int, ...]

    def shade(self, region: str) -> str:
        palette = self.look.palette
        if region not in self.found:
            return palette.empty
        level = sum(self.found[region].strikes >= step for step in self.steps)
        return palette.shades(region[:2])[_spread(level - 1, len(self.steps))]

    def land(self, view: View, stroke: float = 1.2) -> list[str]:
        """Return the sea, the land, round each country its frontier, and in it the regions."""
        palette, flat = self.look.palette, drawn(self.atlas, view)
        parts = [
            rect(0, 0, view.wide, view.high, fill=palette.sea),
            tag("path", d=flat.land, fill=palette.land),
        ]
        for country in ("RU", "UA"):
            own = {code: path for code, path in flat.regions.items() if code.startswith(country)}
            name = f"{country}{view.degree:.0f}"
            shapes = [tag("path", d=path, fill=self.shade(code)) for code, path in own.items()]
            parts += [
                tag("defs", tag("g", "\n".join(shapes), id=name, fill_rule="evenodd")),
                tag("use", href=f"#{name}", stroke=palette.frontier, stroke_width=stroke * 3),
                tag("use", href=f"#{name}", stroke=palette.border, stroke_width=stroke),
            ]
        return parts

    def labels(self, view: View, taken: Sequence[Box] = ()) -> list[str]:
        """Return the counts, those first that weigh most; one that finds no room is left to its region's shade."""
        shown = self._in(view)
        spots = {hit.region: at for hit in shown if (at := self._middle(hit.region, view))}
        boxes = [*taken, *((x - SPOT, y - SPOT, 2 * SPOT, 2 * SPOT) for x, y in spots.values())]
        parts = [self._dot(region, at, SPOT) for region, at in spots.items()]
        for hit in shown:
            at = spots.get(hit.region) or view.place(*self.atlas.regions[hit.region].at)
            box = next((each for each in _places(at, hit, self.look) if _is_free(each, boxes, view)), None)
            if box:
                boxes.append(box)
                parts.append(_label(box, hit, self.look))
        return parts

    def pins(self) -> list[str]:
        """Return the counts in the corner, where none may stray: on the region, or in a spot where that is small or close."""
        boxes, spots, parts = list[Box](), list[Spot](), list[str]()
        for hit in self._in(WINDOW):
            at = WINDOW.place(*self.atlas.regions[hit.region].at)
            is_small = drawn(self.atlas, WINDOW).across.get(hit.region, 0.0) < PINNED
            radius = max(SPOT, width(_texts(hit, self.look)[0], IN_SPOT) / 2 + 5)
            spot = at, radius
            box = _places(at, hit, self.look)[0]
            if not is_small and _is_free(box, [*boxes, *map(_around, spots)], WINDOW):
                boxes.append(box)
                parts.append(_label(box, hit, self.look))
            elif _is_free(_around(spot), boxes, WINDOW) and _is_apart(spot, spots):
                spots.append(spot)
                parts.append(self._pin(hit, *spot))
        return parts

    def _in(self, view: View) -> list[Hit]:
        return [hit for hit in self.found.values() if view.shows(*self.atlas.regions[hit.region].at, edge=14)]

    def _middle(self, region: str, view: View) -> Point | None:
        """Return the middle of a region that is too small to be seen otherwise, None for any other."""
        across = drawn(self.atlas, view).across.get(region, 0.0)
        return view.place(*self.atlas.regions[region].at) if across < LEAST else None

    def _dot(self, region: str, at: Point, radius: float) -> str:
        ring: dict[str, Value] = {"stroke": self.look.palette.frontier, "stroke_width": 2}
        return tag("circle", cx=at[0], cy=at[1], r=radius, fill=self.shade(region), **ring)

    def _pin(self, hit: Hit, at: Point, radius: float) -> str:
        count, halo = _texts(hit, self.look)[0], _halo(self.look, 3)
        return self._dot(hit.region, at, radius) + words(count, at[0], at[1] + IN_SPOT * 0.36, IN_SPOT, **halo)

    def legend(self) -> list[str]:
        """Return what the shades and signs mean, in one line below the map."""
        look, x, y, parts = self.look, float(EDGE), BOTTOM - 34, list[str]()
        for country in ("UA", "RU"):
            if not any(code.startswith(country) for code in self.found):
                continue
            parts.append(words(look.say(f"country.{country}"), x, y + 9))
            x += width(look.say(f"country.{country}"), SMALL) + 12
            for level, said in enumerate(_ranges(self.steps)):
                shade = look.palette.shades(country)[_spread(level, len(self.steps))]
                parts.append(rect(x, y - 14, 28, 28, fill=shade, stroke=look.palette.frontier, stroke_width=1, rx=4))
                parts.append(words(said, x + 36, y + 9))
                x += 50 + width(said, SMALL)
            x += 22
        killed = look.say("map.killed", sign="†")
        return [*parts, words(killed, WIDTH - EDGE, HEIGHT - 22, text_anchor="end")]


def _spread(level: int, levels: int) -> int:
    """Return which of the shades a level has, so that few levels are far apart."""
    return {1: (2,), 2: (0, 2), 3: (0, 1, 3)}.get(levels, (0, 1, 2, 3))[level]


def _ranges(steps: Sequence[int]) -> list[str]:
    ends = [*(step - 1 for step in steps[1:]), 0]
    return [
        f"{first}+" if not last else str(first) if first == last else f"{first}–{last}"
        for first, last in zip(steps, ends, strict=True)
    ]


def _texts(hit: Hit, look: Look) -> tuple[str, str]:
    return look.book.number(hit.strikes), f"†{look.book.number(hit.killed)}" if hit.killed else ""


def _places(at: Point, hit: Hit, look: Look) -> list[Box]:
    """Return the boxes that a label may take, the best first."""
    count, killed = _texts(hit, look)
    wide = max(width(count, COUNT), width(killed, KILLED)) + 6
    high = COUNT + (KILLED + 2 if killed else 0)
    return [(at[0] + dx - wide / 2, at[1] + dy - high / 2, wide, high) for dx, dy in AROUND]


def _is_free(box: Box, boxes: Sequence[Box], view: View) -> bool:
    x, y, wide, high = box
    if x < 0 or y < 0 or x + wide > view.wide or y + high > view.high:
        return False
    return not any(x < bx + bw and bx < x + wide and y < by + bh and by < y + high for bx, by, bw, bh in boxes)


def _around(spot: Spot) -> Box:
    (x, y), radius = spot
    return (x - radius, y - radius, 2 * radius, 2 * radius)


def _is_apart(spot: Spot, spots: Sequence[Spot]) -> bool:
    at, radius = spot
    return all(math.dist(at, other) >= radius + wide for other, wide in spots)


def _label(box: Box, hit: Hit, look: Look) -> str:
    x, y, wide, _ = box
    halo = _halo(look, 6)
    count, killed = _texts(hit, look)
    lines = [words(count, x + wide / 2, y + COUNT - 4, COUNT, **halo)]
    if killed:
        lines.append(words(killed, x + wide / 2, y + COUNT + KILLED - 4, KILLED, **halo))
    return "".join(lines)


def _halo(look: Look, wide: float) -> dict[str, Value]:
    return {
        "text_anchor": "middle",
        "stroke": look.palette.halo,
        "stroke_width": wide,
        "stroke_linejoin": "round",
        "paint_order": "stroke",
        "font_weight": 600,
    }


def _inset(chart: _Chart, beyond: Mapping[str, Hit]) -> list[str]:
    """Return all of Russia in the corner, with the counts of what is not on the map itself."""
    parts = [*chart.land(WINDOW, 0.5), *replace(chart, found=beyond).pins()]
    frame = rect(
        -4, -4, WINDOW.wide + 4, WINDOW.high + 4, fill="none", stroke=chart.look.palette.frontier, stroke_width=3
    )
    return [tag("svg", "\n".join(parts), width=WINDOW.wide, height=WINDOW.high, overflow="hidden"), frame]
