"""Where regions and cities lie: roughly where they are, and none closer than a city."""

from __future__ import annotations

from bot.adapters.borders import load_atlas
from bot.adapters.names import load_place_names
from bot.adapters.points import CITIES, load_points


def test_regions_and_cities_lie_where_they_are():
    points = load_points(load_atlas())
    assert points["UA-63 Kharkiv"] == (36.3, 50.0)
    assert points["RU-BEL Belgorod"] == (36.6, 50.6)
    assert 30 < points["UA-30"][0] < 31
    assert 44 < points["UA-40 Sevastopol"][1] < 45


def test_every_city_is_one_of_the_gazetteer_and_has_one_decimal():
    rows = [line.split("\t") for line in CITIES.read_text(encoding="utf-8").splitlines()]
    assert len(rows) > 1_500
    assert {(region, name) for region, name, *_ in rows} <= set(load_place_names())
    assert all(number[-2] == "." for _, _, *numbers in rows for number in numbers)
    assert not [region for region, *_ in rows if region in ("UA-30", "RU-MOW", "RU-SPE")]


def test_a_city_lies_in_or_near_its_region():
    atlas = load_atlas()
    rows = [line.split("\t") for line in CITIES.read_text(encoding="utf-8").splitlines()][::7]
    inside = [atlas.region_at(float(east), float(north)) == region for region, _, east, north in rows]
    assert sum(inside) > 0.9 * len(inside)
