"""Which reports of strikes are one event, and which are not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.core.kinds.strike.join import compare, lookup, weigh
from bot.core.model import FactChange, Report
from tests.reports import at, event, finds, fits, june, strike, why

FOUNDER = strike("Слобода", at(9, 6), june(9), facts={"killed": 3, "injured": 17, "places": ("Kharkiv",)})


def told(first: Report, second: Report) -> bool:
    """The two find each other and fit, whichever comes first."""
    assert fits(second, first) == fits(first, second)
    return finds(second, first) and finds(first, second) and fits(second, first)


def test_attacker_day_and_region_are_one_strike():
    assert told(FOUNDER, strike("Wire", at(9, 9), june(9)))


def test_a_toll_that_grows_is_an_update():
    assert told(FOUNDER, strike("Wire", at(9, 15), june(9), facts={"killed": 15}))


def test_even_a_lower_toll_on_the_same_day_is_the_same_strike():
    assert told(FOUNDER, strike("Wire", at(9, 15), june(9), facts={"killed": 1, "injured": 90}))


@pytest.mark.parametrize("facts", [{"region": "UA-59"}, {"attacker": "UA"}, {"region": "UA"}])
def test_another_region_attacker_or_the_whole_country_is_another_event(facts):
    assert not told(FOUNDER, strike("Wire", at(9, 9), june(9), facts=facts))


def test_the_next_night_is_another_strike():
    second = strike("Wire", at(10, 9), june(10), facts={"killed": 3})
    assert not fits(second, FOUNDER)
    assert "different days" in why(second, FOUNDER)


NIGHT = strike("Слобода", at(9, 6), june(9), facts={"region": "UA", "drones": 40, "missiles": 9, "drones_downed": 266})


@pytest.mark.parametrize(
    ("facts", "one"),
    [
        pytest.param({"drones": 40, "missiles": 9}, True, id="two telling figures"),
        pytest.param({"drones": 40}, False, id="one telling figure"),
        pytest.param({"drones_downed": 266}, True, id="one decisive figure"),
        pytest.param({"drones_downed": 266, "missiles": 10}, False, id="a figure differs"),
        pytest.param({}, False, id="no figure"),
    ],
)
def test_a_night_under_two_dates_is_found_by_figures_only_one_night_can_have(facts, one):
    assert told(NIGHT, strike("Wire", at(9, 7), june(8), facts={"region": "UA", **facts})) == one


HEAVY = strike("Слобода", at(10, 6), june(9), facts={"killed": 34, "injured": 117, "places": ("Kharkiv",)})


@pytest.mark.parametrize(
    ("facts", "day", "published", "one"),
    [
        pytest.param({"killed": 35, "places": ("Kharkiv",)}, 11, at(11), True, id="follow-up dated by its publication"),
        pytest.param({"killed": 35, "places": ("Kharkiv",)}, 11, at(12), True, id="a wrong day that it names itself"),
        pytest.param({"killed": 35, "places": ("Izium",)}, 11, at(11), False, id="another place"),
        pytest.param({"killed": 60, "places": ("Kharkiv",)}, 11, at(11), False, id="another toll"),
        pytest.param({"killed": 60, "places": ("Kharkiv",)}, 10, at(10, 15), True, id="a mass toll the next day"),
        pytest.param({"killed": 90, "places": ("Kharkiv",)}, 10, at(10, 15), False, id="too many more"),
        pytest.param({"places": ("Kharkiv",)}, 10, at(10, 15), False, id="no toll"),
        pytest.param({"killed": 35, "places": ("Kharkiv",)}, 13, at(13), False, id="too late"),
    ],
)
def test_a_large_toll_is_recognised_days_later(facts, day, published, one):
    assert told(HEAVY, strike("Wire", published, june(day), facts=facts)) == one


def test_a_late_report_with_other_figures_does_not_touch_an_old_strike():
    night = strike("Слобода", at(1), june(1), facts={"region": "UA", "drones": 472})
    assert fits(strike("Wire", at(9), june(1), facts={"region": "UA", "drones": 472}), night)
    assert not fits(strike("Wire", at(9), june(1), facts={"region": "UA", "drones": 479}), night)
    assert fits(strike("Wire", at(2), june(1), facts={"region": "UA", "drones": 479}), night)


def test_two_days_apart_are_two_strikes_unless_the_whole_toll_is_the_same():
    assert not fits(strike("Wire", at(11), june(11), facts={"killed": 3, "places": ("Kharkiv",)}), FOUNDER)
    assert fits(strike("Wire", at(11), june(11), facts=dict(FOUNDER.facts)), FOUNDER)


def test_a_small_toll_tells_two_days_only_where_nothing_else_is_near():
    first = strike("Слобода", at(9, 6), june(9), facts={"region": "RU-TUL", "injured": 3, "places": ("Tula",)})
    late = strike("Wire", at(10, 6), june(10), facts={"region": "RU-TUL", "injured": 3, "places": ("Tula",)})
    assert fits(late, first, lone=True)
    assert not fits(late, first)


def test_a_toll_between_an_earlier_and_a_later_one_is_a_count_of_the_same():
    grown = (
        strike("Слобода", at(9, 6), june(9), facts={"killed": 11, "places": ("Kharkiv",)}),
        strike("Берег", at(10, 11), june(9), facts={"killed": 31, "places": ("Kharkiv",)}),
    )
    assert fits(strike("Wire", at(10, 7), june(10), facts={"killed": 28, "places": ("Kharkiv",)}), *grown)


def test_a_lower_toll_the_next_day_is_another_strike():
    first = (
        strike("Слобода", at(9, 6), june(9), facts={"killed": 3, "injured": 20, "places": ("Kharkiv",)}),
        strike("Берег", at(9, 16), june(9), facts={"killed": 6, "injured": 37, "places": ("Kharkiv",)}),
    )
    second = strike("Wire", at(10, 14), june(10), facts={"killed": 4, "injured": 30, "places": ("Kharkiv",)})
    assert not fits(second, *first)


@pytest.mark.parametrize("named", [date(2025, 5, 9), date(2024, 6, 9)])
def test_the_right_day_of_a_wrong_month_or_year_finds_the_strike_by_its_figures(named):
    assert told(FOUNDER, strike("Wire", at(11), named, facts=dict(FOUNDER.facts)))
    assert not told(FOUNDER, strike("Wire", at(11), named, facts={"killed": 1, "places": ("Kharkiv",)}))
    assert not told(FOUNDER, strike("Wire", at(27), named, facts=dict(FOUNDER.facts)))


def test_a_village_taken_for_its_namesake_finds_the_strike_by_its_figures():
    named = {"killed": 2, "injured": 9, "places": ("Zolochiv",)}
    first = strike("Слобода", at(9, 6), june(9), facts=named)
    assert told(first, strike("Wire", at(9, 9), june(9), facts={**named, "region": "UA-46"}))
    assert not told(first, strike("Wire", at(9, 9), june(9), facts={"region": "UA-46", "places": ("Zolochiv",)}))


def test_a_report_without_a_day_finds_the_strike_by_its_figures():
    assert told(FOUNDER, strike("Wire", at(10), facts={"injured": 17}))
    assert fits(strike("Wire", at(10), facts={"killed": 5}), FOUNDER, lone=True)


def test_a_toll_that_may_have_grown_finds_the_night_before_only_where_nothing_else_is_near():
    assert not fits(strike("Wire", at(10), facts={"killed": 5}), FOUNDER)
    assert fits(strike("Wire", at(9, 18), facts={"killed": 5}), FOUNDER)


def test_the_figures_of_the_night_before_outweigh_a_day_whose_own_figures_are_others():
    today = strike("Берег", at(10, 6), june(10), facts={"killed": 1, "injured": 4, "places": ("Kharkiv",)})
    late = strike("Wire", at(10, 9), june(10), facts=dict(FOUNDER.facts))
    scores = [compare(late, event(each)).score for each in (FOUNDER, today)]
    assert scores[0] > scores[1]


def test_a_small_toll_that_may_have_grown_is_no_sign_of_the_night_before():
    second = strike("Wire", at(10, 9), june(10), facts={"killed": 4, "injured": 20, "places": ("Kharkiv",)})
    assert not fits(second, FOUNDER)


def test_a_report_without_a_day_and_with_figures_that_do_not_fit_is_new():
    assert not fits(strike("Wire", at(10), facts={"killed": 1, "injured": 2}), FOUNDER)


def test_a_report_without_a_day_does_not_reach_back_a_week():
    assert not fits(strike("Wire", at(16), facts={"injured": 17}), FOUNDER)


def test_two_reports_without_a_day_must_be_close_in_time():
    first = strike("Слобода", at(9))
    assert told(first, strike("Wire", at(10)))
    assert not fits(strike("Wire", at(14)), first)


def test_a_report_without_a_region_needs_a_common_place():
    nowhere = Report(
        kind="strike", origin=FOUNDER.origin, date=june(9), facts={"attacker": "RU", "places": ("Kharkiv",)}
    )
    assert finds(nowhere, FOUNDER)
    assert fits(nowhere, FOUNDER)
    elsewhere = Report(
        kind="strike", origin=FOUNDER.origin, date=june(9), facts={"attacker": "RU", "places": ("Sumy",)}
    )
    assert not fits(elsewhere, FOUNDER)


def test_the_ends_of_the_calendar_are_no_trouble():
    assert lookup(strike("Слобода", at(9), date.max))
    assert lookup(strike("Слобода", at(9), date.min))


@pytest.mark.parametrize(
    ("slot", "before", "after", "weight"),
    [
        ("killed", None, 1, "material"),
        ("killed", 0, 2, "material"),
        ("killed", None, 0, "minor"),
        ("killed", 12, 13, "minor"),
        ("killed", 12, 15, "material"),
        ("injured", 50, 55, "minor"),
        ("injured", 50, 60, "material"),
        ("drones_downed", 100, 300, "minor"),
        ("targets", (), ("school",), "minor"),
    ],
)
def test_the_first_deaths_or_a_jump_matter(slot, before, after, weight):
    assert weigh(event(FOUNDER), event(FOUNDER), [FactChange(slot, before, after, at(9), "Wire")]) == weight


def test_a_toll_that_creeps_matters_once_it_has_crept_far():
    """It is measured against what was shown when the event last rang, or first."""
    steps = tuple(FactChange("killed", toll, toll + 1, at(9, 13, toll), "Wire") for toll in range(10, 14))
    crept = replace(event(FOUNDER), history=steps[:2])
    assert weigh(crept, crept, [steps[2]]) == "material"
    rang = replace(crept, history=steps[:3], news=(steps[2],))
    assert weigh(rang, rang, [steps[3]]) == "minor"


def test_a_new_strike_is_new_and_no_change_is_none():
    assert weigh(None, event(FOUNDER), []) == "new"
    assert weigh(event(FOUNDER), event(FOUNDER), []) == "none"
