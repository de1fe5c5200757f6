"""GeoJSON (RFC 7946): events as features, each at its cities or else at the middle of its region, for maps.

No place is finer than a city, and every point is rounded to a tenth of a degree, some ten kilometres: a map is to show where
something happened, and to nobody where exactly. What has no region of its own, an exchange or a night over a whole country,
has no geometry.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bot.core.export import Edition, Entry, Format, Point
from bot.core.export._fields import brief_fields, head_fields, told_fields
from bot.core.model import Event
from bot.core.render.phrases import place_of

TENTH = 1


def _head(edition: Edition) -> str:
    said = {"type": "FeatureCollection", **head_fields(edition)}
    return json.dumps(said, ensure_ascii=False)[:-1] + ', "features": [\n'


def _row(entry: Entry, edition: Edition) -> str:
    event, properties = entry.event, brief_fields(entry)
    points: list[Point] = []
    if entry.state == "told":
        told = told_fields(event, edition.kinds[event.kind])
        properties |= {name: value for name, value in told.items() if name not in ("facts", "ranges")}
        properties |= {**told["facts"], **{slot: _spread(ends) for slot, ends in told["ranges"].items()}}
        points, properties["precision"] = _placed(event, edition)
    feature = {"type": "Feature", "id": event.id, "geometry": _geometry(points), "properties": properties}
    return json.dumps(feature, ensure_ascii=False)


def _placed(event: Event, edition: Edition) -> tuple[list[Point], str | None]:
    """Return where an event is shown, and how exactly."""
    region, places = str(event.facts.get("region", "")), event.facts.get("places")
    names = places if isinstance(places, tuple) else ()
    cities = [edition.points[key] for name in names if (key := place_of(region, name)) in edition.points]
    if cities:
        return cities, "city"
    return ([edition.points[region]], "region") if region in edition.points else ([], None)


def _geometry(points: Sequence[Point]) -> dict[str, Any] | None:
    spots = [list(spot) for spot in dict.fromkeys((round(x, TENTH), round(y, TENTH)) for x, y in points)]
    if not spots:
        return None
    return {"type": "MultiPoint", "coordinates": spots} if spots[1:] else {"type": "Point", "coordinates": spots[0]}


def _spread(ends: list[int]) -> str:
    return f"{ends[0]}..{ends[1]}"


def _foot(_: Edition) -> str:
    return "\n]}\n"


FORMAT: Format = Format("geojson", "application/geo+json", _head, _row, _foot, between=",\n")
