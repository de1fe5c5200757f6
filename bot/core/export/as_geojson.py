"""GeoJSON (RFC 7946): events as features, each at the middle of its region, for maps.

No place is finer than a region and every point is rounded to a tenth of a degree, some ten kilometres: a map is to show
where something happened, and to nobody where exactly. What has no region of its own, an exchange or a night over a whole
country, has no geometry.
"""

from __future__ import annotations

import json
from typing import Any

from bot.core.export import Edition, Entry, Format
from bot.core.export._fields import brief_fields, head_fields, told_fields

TENTH = 1


def _head(edition: Edition) -> str:
    said = {"type": "FeatureCollection", **head_fields(edition)}
    return json.dumps(said, ensure_ascii=False)[:-1] + ', "features": [\n'


def _row(entry: Entry, edition: Edition) -> str:
    event, properties = entry.event, brief_fields(entry)
    point = None
    if entry.state == "told":
        told = told_fields(event, edition.kinds[event.kind])
        properties |= {name: value for name, value in told.items() if name not in ("facts", "ranges")}
        properties |= {**told["facts"], **{slot: _spread(ends) for slot, ends in told["ranges"].items()}}
        point = edition.points.get(str(event.facts.get("region", "")))
        properties["precision"] = "region" if point else None
    feature = {"type": "Feature", "id": event.id, "geometry": _geometry(point), "properties": properties}
    return json.dumps(feature, ensure_ascii=False)


def _geometry(point: tuple[float, float] | None) -> dict[str, Any] | None:
    if point is None:
        return None
    return {"type": "Point", "coordinates": [round(point[0], TENTH), round(point[1], TENTH)]}


def _spread(ends: list[int]) -> str:
    return f"{ends[0]}..{ends[1]}"


def _foot(_: Edition) -> str:
    return "\n]}\n"


FORMAT: Format = Format("geojson", "application/geo+json", _head, _row, _foot, between=",\n")
