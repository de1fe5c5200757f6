"""Borders: as the United Nations recognises them, and where they are on a map."""

from __future__ import annotations

import json
import math
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.borders import BORDERS, load_atlas
from bot.adapters.places import load_regions
from bot.core.render.pictures.atlas import MARGIN, Atlas, drawn
from bot.core.render.pictures.regions import BOTH, RUSSIA, UKRAINE, WINDOW

ATLAS = load_atlas()
VIEWS = (BOTH, UKRAINE, RUSSIA, WINDOW)
PLACES = {
    "Simferopol": (34.10, 44.95, "UA-43"),
    "Kerch": (36.47, 45.36, "UA-43"),
    "Yalta": (34.17, 44.50, "UA-43"),
    "Sevastopol": (33.53, 44.60, "UA-40"),
    "Donetsk": (37.80, 48.00, "UA-14"),
    "Mariupol": (37.55, 47.10, "UA-14"),
    "Luhansk": (39.31, 48.57, "UA-09"),
    "Melitopol": (35.37, 46.85, "UA-23"),
    "Kherson": (32.62, 46.64, "UA-65"),
    "Kharkiv": (36.23, 49.99, "UA-63"),
    "Kyiv": (30.52, 50.45, "UA-30"),
    "Odesa": (30.72, 46.48, "UA-51"),
    "Uzhhorod": (22.29, 48.62, "UA-21"),
    "Belgorod": (36.59, 50.60, "RU-BEL"),
    "Kursk": (36.19, 51.73, "RU-KRS"),
    "Kaliningrad": (20.51, 54.71, "RU-KGD"),
    "Moscow": (37.62, 55.75, "RU-MOW"),
    "Krasnodar": (38.98, 45.04, "RU-KDA"),
    "Murmansk": (33.08, 68.97, "RU-MUR"),
    "Blagoveshchensk": (127.54, 50.29, "RU-AMU"),
    "Chukotka": (174.0, 67.0, "RU-CHU"),
    "the far side of the date line": (187.5, 65.5, "RU-CHU"),
    "Minsk": (27.56, 53.90, ""),
    "Chisinau": (28.86, 47.01, ""),
    "the open sea": (33.0, 43.5, ""),
}


@pytest.mark.parametrize("name", PLACES)
def test_a_place_is_in_the_region_that_the_united_nations_recognise(name):
    longitude, latitude, region = PLACES[name]
    assert ATLAS.region_at(longitude, latitude) == region


@pytest.mark.parametrize("name", ["Simferopol", "Sevastopol", "Donetsk", "Kherson"])
def test_nothing_that_is_ukraine_is_in_a_region_of_russia_too(name):
    longitude, latitude, _ = PLACES[name]
    holding = [code for code, region in ATLAS.regions.items() if region.holds(longitude, latitude)]
    assert all(code.startswith("UA-") for code in holding)


def test_every_region_that_reports_name_is_on_the_map_and_no_other():
    assert set(ATLAS.regions) == set(load_regions())


def test_a_label_stands_in_its_own_region():
    assert all(region.holds(*region.at) for region in ATLAS.regions.values())


@pytest.mark.parametrize("view", VIEWS)
def test_north_is_up_and_east_is_right_in_the_middle_of_a_view(view):
    middle = view.place(view.longitude, view.latitude)
    assert middle == pytest.approx((view.wide / 2, view.high / 2))
    assert (
        view.place(view.longitude, view.latitude + 1)[1] < middle[1] < view.place(view.longitude, view.latitude - 1)[1]
    )
    assert view.place(view.longitude + 1, view.latitude)[0] > middle[0]


@given(st.floats(24, 60), st.floats(44, 60))
def test_areas_are_true_wherever_they_lie(longitude, latitude):
    def area(view):
        corners = [
            (longitude, latitude),
            (longitude + 0.1, latitude),
            (longitude + 0.1, latitude + 0.1),
            (longitude, latitude + 0.1),
        ]
        points = [view.place(*corner) for corner in corners]
        return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*points, points[0]]))) / 2

    degree = (
        BOTH.degree**2 * 0.1 * math.degrees(math.sin(math.radians(latitude + 0.1)) - math.sin(math.radians(latitude)))
    )
    assert area(BOTH) == pytest.approx(degree, rel=0.002)


@pytest.mark.parametrize("view", VIEWS)
def test_what_is_drawn_stays_within_the_window(view):
    flat = drawn(ATLAS, view)
    numbers = [float(each) for path in (flat.land, *flat.regions.values()) for each in re.findall(r"-?[\d.]+", path)]
    assert len(numbers) > 2000
    assert all(-MARGIN - 0.1 <= x <= view.wide + MARGIN + 0.1 for x in numbers[::2])
    assert all(-MARGIN - 0.1 <= y <= view.high + MARGIN + 0.1 for y in numbers[1::2])


def test_the_whole_of_ukraine_is_in_the_view_of_it_and_in_that_of_both():
    ukraine = [region for code, region in ATLAS.regions.items() if code.startswith("UA")]
    for view in (UKRAINE, BOTH):
        assert all(view.shows(*point, edge=20) for region in ukraine for ring in region.rings for point in ring)


def test_the_file_of_borders_is_small_and_says_who_made_it():
    assert BORDERS.stat().st_size < 200_000
    assert "Mark DiMarco" in (BORDERS.parent / "NOTICES.txt").read_text()
    assert "Michael Bostock" in (BORDERS.parent / "NOTICES.txt").read_text()


def test_a_shape_is_read_from_its_steps():
    square = Atlas.parse({"land": [], "UA-1": {"at": [50, 50], "rings": [[0, 0, 100, 0, 0, 100, -100, 0]]}})
    assert square.regions["UA-1"].rings == (((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)),)
    assert square.region_at(0.5, 0.5) == "UA-1"
    assert square.region_at(1.5, 0.5) == ""


def test_the_file_has_a_line_for_every_region():
    lines = BORDERS.read_text().splitlines()
    assert len(lines) == len(json.loads(BORDERS.read_text()))
