"""Where regions and cities lie, for who puts events on a map of his own: middles of regions, and cities by GeoNames."""

from __future__ import annotations

from collections.abc import Mapping

from bot.adapters.languages import DATA
from bot.core.render.phrases import place_of
from bot.core.render.pictures.atlas import Atlas, Point

CITIES = DATA / "places" / "points.tsv"


def load_points(atlas: Atlas) -> Mapping[str, Point]:
    """Return longitude and latitude in degrees, of regions by their codes and of cities by `place_of`."""
    rows = (line.split("\t") for line in CITIES.read_text(encoding="utf-8").splitlines())
    cities = {place_of(region, name): (float(east), float(north)) for region, name, east, north in rows}
    return {**cities, **{code: region.at for code, region in atlas.regions.items()}}
