"""Pictures: right figures, in the reader's words, legible, the same each time, whatever the data."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import date
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.render.markup import CAPTION
from bot.core.render.pictures import drawn
from bot.core.render.pictures.album import Wish
from bot.core.render.pictures.course import returned, strikes
from bot.core.render.pictures.frame import Look
from bot.core.render.pictures.nights import NIGHTS as MOST
from bot.core.render.pictures.nights import nights, nights_chart
from bot.core.render.pictures.palette import PALETTES, SMALL
from bot.core.render.pictures.regions import WINDOW, classes, hits, strikes_map
from bot.core.render.pictures.svg import HEIGHT, WIDTH
from bot.core.text.asking import Asked
from tests.core.render.pictures.drawings import (
    ATLAS,
    BOOKS,
    FIRST,
    LANGUAGES,
    NIGHTS,
    SPRING,
    STRIKES,
    SVG,
    after,
    outline,
    read_off,
    sizes,
    strike,
    swap,
    texts,
)
from tests.golden_files import assert_golden

SHOWN = {"map": STRIKES, "swaps": SPRING, "strikes": STRIKES, "nights": NIGHTS}
NO_BREAK = "\u00a0"


def draw(what, outlines, language="en", theme="light", country=""):
    asked = Asked(regions=(country,) if country else ())
    return drawn(Wish(what, theme, asked), outlines, BOOKS[language], ATLAS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("what", SHOWN)
def test_a_picture_reads_as_its_golden_file(what, language):
    assert_golden(f"{language}/picture-{what}.txt", read_off(draw(what, SHOWN[what], language)))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("what", SHOWN)
def test_a_picture_is_legible_on_a_phone_and_says_what_it_shows_of_which_days_from_where(what, language, theme):
    picture = draw(what, SHOWN[what], language, theme)
    root = ET.fromstring(picture.svg)
    assert (root.get("width"), root.get("height")) == (str(WIDTH), str(HEIGHT))
    assert min(sizes(picture)) >= SMALL == 24
    said = BOOKS[language].texts["picture"]
    assert {said["source"], said["map" if what == "map" else {"swaps": "returned"}.get(what, what)]["title"]} <= {
        *texts(picture)
    }
    assert any("2025" in line and "–" in line for line in texts(picture))
    assert 40 < len(picture.alt) < CAPTION
    assert picture.svg.count(PALETTES[theme].paper) >= 1


@pytest.mark.parametrize("what", SHOWN)
def test_the_same_events_make_the_same_picture(what):
    assert draw(what, SHOWN[what]) == draw(what, SHOWN[what])


@pytest.mark.parametrize("what", SHOWN)
def test_where_there_is_nothing_to_be_seen_there_is_no_picture(what):
    others = (*(SPRING if what != "swaps" else STRIKES), swap(None, 5, 5), strike(None, "UA"))
    announced = [replace(each, status="announced") for each in SHOWN[what]]
    assert draw(what, ()) is None
    assert draw(what, announced) is None
    assert draw(what, others) is None


def test_the_map_counts_strikes_and_killed_by_region_and_leaves_whole_countries_out():
    found = {hit.region: (hit.strikes, hit.killed) for hit in hits((*STRIKES, *NIGHTS))}
    assert found["UA-63"] == (15, sum(days % 5 for days in range(0, 60, 4)))
    assert found["UA-30"] == (5, 45)
    assert found["RU-IRK"] == (1, 0)
    assert set(found) == {"UA-63", "UA-30", "RU-BEL", "RU-IRK", "UA-43"}


def test_the_map_writes_the_counts_on_the_regions_and_names_those_hit_most():
    picture = draw("map", STRIKES)
    assert {"15", "5", "7", "1", "†45"} <= set(texts(picture))
    assert "Most often hit: Kharkiv Oblast 15, Belgorod Oblast 7, Kyiv 5" in picture.alt


def test_crimea_has_the_colour_of_ukraine():
    only = strikes_map([strike(FIRST, "UA-43")], ATLAS, Look(BOOKS["en"]))
    assert any(shade in only.svg for shade in PALETTES["light"].ukraine)
    assert not any(shade in only.svg for shade in PALETTES["light"].russia)


def test_far_regions_are_in_a_corner_of_the_map_and_only_then_is_there_one():
    near = [each for each in STRIKES if each.facts["region"] != "RU-IRK"]
    inner = f"{SVG}svg/{SVG}svg"
    assert ET.fromstring(draw("map", near).svg).find(inner) is None
    assert ET.fromstring(draw("map", STRIKES).svg).find(inner) is not None


@pytest.mark.parametrize("killed", [0, 7])
def test_every_count_in_the_corner_stands_on_its_region_or_in_a_spot(killed):
    far = [code for code in sorted(ATLAS.regions) if code.startswith("RU")]
    root = ET.fromstring(draw("map", [strike(FIRST, code, killed=killed) for code in far]).svg)
    corner = root.find(f".//{SVG}svg/{SVG}svg")
    spots = [(float(each.get("cx")), float(each.get("cy"))) for each in corner.iter(f"{SVG}circle")]
    middles = [WINDOW.place(*ATLAS.regions[code].at) for code in far]
    counts = [each for each in corner.iter(f"{SVG}text") if not each.text.startswith("†")]
    assert len(counts) > 9
    assert all(min(math.dist(spot, middle) for middle in middles) < 1 for spot in spots)
    for each in counts:
        at = float(each.get("x")), float(each.get("y"))
        assert min(math.dist(at, middle) for middle in middles) < 20


def test_in_the_corner_neighbours_have_their_counts_both():
    told = {"UA-63": 1, "RU-IVA": 2, "RU-UD": 3}
    root = ET.fromstring(draw("map", [strike(FIRST, code, killed=3) for code in told for _ in range(told[code])]).svg)
    corner = root.find(f".//{SVG}svg/{SVG}svg")
    assert {each.text for each in corner.iter(f"{SVG}text")} >= {"2", "3"}


def test_a_night_of_which_nobody_says_how_much_was_shot_down_has_a_sign_however_little_flew():
    known = [strike(after(day), "UA", drones=300, drones_downed=250) for day in range(3)]
    svg = draw("nights", [*known, strike(after(4), "UA", drones=7)]).svg
    assert ">?<" in svg
    assert ">?<" not in draw("nights", known).svg


@pytest.mark.parametrize("country", ["UA", "RU"])
def test_a_map_of_one_country_leaves_the_other_blank(country):
    picture = draw("map", STRIKES, country=country)
    other = PALETTES["light"].shades("RU" if country == "UA" else "UA")
    assert not any(shade in picture.svg for shade in other)


def test_no_two_labels_lie_on_each_other_though_every_region_was_hit():
    every = [strike(FIRST, region, killed=120) for region in ATLAS.regions for _ in range(12)]
    for country in ("", "UA", "RU"):
        root = ET.fromstring(draw("map", every, country=country).svg)
        boxes = [box(each) for each in root.find(f"{SVG}svg").findall(f"{SVG}text")]
        assert len(boxes) > 30
        assert not [pair for pair in combinations(boxes, 2) if overlap(*pair)]


def box(text):
    """Return a little less than the letters take: left, top, right, bottom."""
    size, x, y = (float(text.get(name)) for name in ("font-size", "x", "y"))
    half = len(text.text) * size * 0.23
    return x - half, y - size * 0.7, x + half, y


def overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@given(st.lists(st.integers(1, 5000), min_size=1))
def test_the_shades_go_from_one_up_and_the_last_has_someone_in_it(counts):
    steps = classes(counts)
    assert steps[0] == 1
    assert list(steps) == sorted(set(steps))
    assert steps[-1] <= max(counts)


def test_the_living_are_counted_apart_from_the_fallen_and_what_was_only_announced():
    picture = returned((*SPRING, swap(after(30), 9000, 9000, status="announced")), Look(BOOKS["en"]))
    assert "People: 1,648 home to Ukraine, 1,573 to Russia." in picture.alt
    assert "Bodies of the fallen: 2,121 to Ukraine, 61 to Russia." in picture.alt
    assert "9,000" not in picture.svg


def test_exchanges_of_which_nobody_gave_a_number_are_said_to_be_left_out():
    picture = returned((*SPRING, swap(after(30)), swap(after(31), 0, 0)), Look(BOOKS["en"]))
    assert f"and 2{NO_BREAK}exchanges without a number" in picture.alt.splitlines()[0]
    assert "without" not in returned(SPRING, Look(BOOKS["en"])).alt


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_numbers_and_months_are_written_as_the_language_does(language):
    picture = returned(SPRING, Look(BOOKS[language]))
    assert f"1{NO_BREAK}648" in picture.alt
    assert "черв" in texts(picture) or "июнь" in texts(picture)


def test_short_times_are_told_by_day_and_long_ones_by_month():
    assert "People per day" in texts(returned(SPRING[:2], Look(BOOKS["en"])))
    assert "People per month" in texts(returned(SPRING, Look(BOOKS["en"])))


def test_strikes_over_time_add_up_to_those_of_the_map():
    picture = strikes(STRIKES, Look(BOOKS["en"]))
    assert "Strikes on regions: 21 in Ukraine, 8 in Russia." in picture.alt


def test_a_night_has_what_was_launched_and_what_was_shot_down():
    both = [strike(FIRST, "UA", drones=100, drones_downed=80), strike(FIRST, "UA", drones=50, drones_downed=45)]
    (night,) = nights(both)
    assert (night.drones.launched, night.drones.downed) == (150, 125)
    assert not night.missiles


def test_more_shot_down_than_launched_means_that_not_every_launch_was_told():
    (night,) = nights([strike(FIRST, "UA", drones=100, drones_downed=80), strike(FIRST, "UA", drones_downed=60)])
    assert (night.drones.launched, night.drones.downed) == (None, 140)


def test_only_nights_with_both_figures_are_compared_in_words():
    picture = nights_chart([*NIGHTS[:2], strike(after(1), "UA", drones=900)], Look(BOOKS["en"]))
    assert "200 launched, 180 of them shot down or suppressed (both are told for 1 night)" in picture.alt
    assert "?" in texts(picture)


def test_a_strike_on_one_region_is_no_night_of_a_country():
    assert nights([strike(FIRST, "UA-63", drones=10)]) == ()


def test_of_three_hundred_nights_the_last_are_shown_and_said_to_be():
    many = [strike(after(days), "UA", drones=500 + days, drones_downed=400) for days in range(300)]
    picture = nights_chart(many, Look(BOOKS["en"], first=FIRST, last=after(400)))
    assert f"the last {MOST} of 300 nights" in " ".join(texts(picture))
    assert BOOKS["en"].day(after(299)) in " ".join(texts(picture))
    assert "799" in texts(picture)


EXTREME = {
    "one huge month": [
        *(swap(date(2025, month, 3), 20, 20) for month in range(1, 13)),
        swap(date(2025, 6, 9), 99999, 3),
    ],
    "ten years": [swap(date(year, month, 3), 20 + month, 15) for year in range(2016, 2027) for month in range(1, 13)],
    "one event": [swap(FIRST, 1, 0)],
    "only Russia": [swap(FIRST, 0, 300), swap(after(60), None, 1)],
    "only the fallen": [swap(FIRST, 1212, 27, subtype="bodies")],
    "no figure": [swap(FIRST, 0, 0), swap(FIRST)],
}


@pytest.mark.parametrize("name", EXTREME)
def test_whatever_the_figures_the_picture_stays_within_its_edges(name):
    picture = returned(EXTREME[name], Look(BOOKS["uk"]))
    assert (picture is None) == (name == "no figure")
    if picture:
        assert_within(picture)


def assert_within(picture):
    root = ET.fromstring(picture.svg)
    for each in root.iter(f"{SVG}rect"):
        x, y, wide, high = (float(each.get(name)) for name in ("x", "y", "width", "height"))
        assert -20 <= y <= y + high <= HEIGHT, each.attrib
        assert -5 <= x <= x + wide <= WIDTH + 5, each.attrib
    assert not re.search(r"nan|inf|None", re.sub(r"<text.*?</text>|<title>.*?</title>", "", picture.svg))


DAYS = st.one_of(st.none(), st.dates(date(2014, 1, 1), date(2027, 12, 31)))
COUNTS = st.one_of(st.none(), st.integers(0, 10**6))
REGIONS = st.sampled_from(["UA", "RU", "UA-63", "RU-IRK", "UA-43", "RU-KGD", "XX-1", ""])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            lambda kind, day, figures, region, slot: outline(
                kind,
                day,
                region=region,
                subtype=slot,
                **{name: value for name, value in figures.items() if value is not None},
            ),
            st.sampled_from(["swap", "strike"]),
            DAYS,
            st.fixed_dictionaries(
                dict.fromkeys(("to_ukraine", "to_russia", "killed", "drones", "drones_downed", "missiles"), COUNTS)
            ),
            REGIONS,
            st.sampled_from(["prisoners", "bodies"]),
        ),
        max_size=12,
    ),
    st.sampled_from(["map", "swaps", "strikes", "nights"]),
    st.sampled_from(LANGUAGES),
)
def test_any_events_make_a_picture_within_its_edges_or_none(outlines, what, language):
    picture = draw(what, outlines, language)
    if picture:
        assert_within(picture)
        assert min(sizes(picture)) >= SMALL


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_letters_stand_out_from_what_is_behind_them(theme):
    colours = PALETTES[theme]
    for ink, ground in ((colours.ink, colours.paper), (colours.quiet, colours.paper), (colours.ink, colours.halo)):
        assert contrast(ink, ground) >= 4.5
    for country in ("UA", "RU"):
        assert contrast(colours.main(country), colours.paper) >= 3
        lights = [light(shade) for shade in colours.shades(country)]
        assert lights == sorted(lights, reverse=theme == "light")
        assert all(abs(one - other) > 0.03 for one, other in combinations(lights, 2))


def light(colour):
    shares = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
