"""Which reports of exchanges are one event, and which are not."""

from __future__ import annotations

from datetime import date

import pytest

from bot.core.kinds.swap.join import index, lookup, weigh
from bot.core.model import FactChange, Report
from tests.reports import at, event, finds, fits, june, swap, why

FOUNDER = swap("Берег", at(9), june(9), facts={"to_ukraine": 390, "to_russia": 390})


def told(first: Report, second: Report) -> bool:
    """The two find each other and fit, whichever comes first."""
    assert fits(second, first) == fits(first, second)
    return finds(second, first) and finds(first, second) and fits(second, first)


def test_one_day_and_subtype_are_one_exchange_whatever_the_language_tells():
    assert told(FOUNDER, swap("Вестник", at(9, 15), june(9), facts={"to_ukraine": 390}))


def test_a_report_without_figures_joins_its_day():
    assert told(FOUNDER, swap("Wire", at(9, 15), june(9)))


def test_bodies_and_prisoners_of_one_day_never_merge():
    bodies = swap("Wire", at(9, 15), june(9), facts={"subtype": "bodies"})
    assert not told(FOUNDER, bodies)
    assert "bodies" in why(bodies, FOUNDER)


def test_stages_on_different_days_never_merge():
    second = swap("Wire", at(10), june(10), facts={"to_ukraine": 307, "to_russia": 307})
    assert not fits(second, FOUNDER)
    assert "different days" in why(second, FOUNDER)


def test_stages_without_figures_on_neighbouring_days_stay_apart():
    assert not fits(swap("Wire", at(10), june(10)), swap("Берег", at(9), june(9)))


def test_equal_loads_of_bodies_on_neighbouring_days_stay_apart():
    first = swap("Берег", at(13), june(13), facts={"subtype": "bodies", "to_ukraine": 1200, "to_russia": 0})
    second = swap("Wire", at(14), june(14), facts={"subtype": "bodies", "to_ukraine": 1200, "to_russia": 0})
    assert not fits(second, first)


def test_one_stage_under_two_dates_is_found_by_both_figures():
    assert told(FOUNDER, swap("Wire", at(10, 7), june(10), facts={"to_ukraine": 390, "to_russia": 390}))


@pytest.mark.parametrize(
    ("facts", "day", "published", "one"),
    [
        pytest.param({"to_ukraine": 390}, 10, at(12), True, id="a day off"),
        pytest.param({"to_ukraine": 390}, 11, at(11), True, id="dated by its publication"),
        pytest.param({"to_ukraine": 390}, 11, at(12), False, id="a day it names itself"),
        pytest.param({"to_ukraine": 390}, 13, at(13), False, id="too late"),
        pytest.param({"to_ukraine": 390, "to_russia": 300}, 10, at(10), False, id="another figure to Russia"),
        pytest.param({"to_ukraine": 389}, 10, at(10), False, id="nearly the same"),
        pytest.param({}, 10, at(10), False, id="no figure"),
    ],
)
def test_a_stage_under_a_wrong_date_is_found_by_its_exact_figure(facts, day, published, one):
    founder = swap("Берег", at(10), june(9), facts=dict(FOUNDER.facts))
    assert told(founder, swap("Wire", published, june(day), facts=facts)) == one


def test_totals_of_several_stages_do_not_join_their_days():
    first = swap("Берег", at(9), june(9), facts={"to_ukraine": 1000})
    assert not fits(swap("Wire", at(10), june(10), facts={"to_ukraine": 1000}), first)


def test_announced_for_friday_and_carried_out_on_friday_are_one():
    plan = swap("Берег", at(12), june(13), status="announced", facts={"to_ukraine": 175})
    done = swap("Wire", at(13), june(13), facts={"to_ukraine": 175})
    assert told(plan, done)


def test_a_plan_that_slipped_by_a_day_is_found_by_its_figure():
    plan = swap("Берег", at(12), june(13), status="announced", facts={"to_ukraine": 175})
    assert told(plan, swap("Wire", at(14), june(14), facts={"to_ukraine": 175}))
    assert not fits(swap("Wire", at(14), june(14), facts={"to_ukraine": 150}), plan)


def test_a_plan_without_figures_may_slip_to_the_next_day_but_not_back():
    plan = swap("Берег", at(12), june(13), status="announced")
    assert told(plan, swap("Wire", at(14), june(14), facts={"to_ukraine": 175}))
    assert not fits(swap("Wire", at(12), june(12), facts={"to_ukraine": 175}), plan)
    assert not fits(swap("Wire", at(15), june(15), facts={"to_ukraine": 175}), plan)


def test_one_plan_may_be_told_for_two_days():
    plan = swap("Берег", at(4), june(5), status="announced", facts={"to_ukraine": 200})
    assert told(plan, swap("Wire", at(4, 15), june(6), status="announced", facts={"to_ukraine": 200}))
    assert not told(plan, swap("Wire", at(4, 15), june(6), status="announced", facts={"to_ukraine": 180}))
    assert not told(plan, swap("Wire", at(4, 15), june(6), status="announced"))
    assert not told(plan, swap("Wire", at(4, 15), june(8), status="announced", facts={"to_ukraine": 200}))


@pytest.mark.parametrize("named", [date(2025, 5, 9), date(2024, 6, 9)])
def test_the_right_day_of_a_wrong_month_or_year_finds_the_exchange_by_its_figure(named):
    assert told(FOUNDER, swap("Wire", at(11), named, facts={"to_ukraine": 390}))
    assert not told(FOUNDER, swap("Wire", at(11), named, facts={"to_ukraine": 350}))
    assert not told(FOUNDER, swap("Wire", at(11), named))
    assert not told(FOUNDER, swap("Wire", at(27), named, facts={"to_ukraine": 390}))


def test_put_off_is_a_new_state_of_the_same_plan():
    plan = swap("Берег", at(6), june(7), status="announced", facts={"to_ukraine": 640})
    assert told(plan, swap("Wire", at(7), june(7), status="postponed"))


def test_a_plan_made_after_one_was_put_off_is_another():
    put_off = swap("Берег", at(7), june(7), status="postponed")
    assert not fits(swap("Wire", at(8), None, status="announced"), put_off)


def test_figures_far_apart_at_one_time_rule_out_one_event():
    other = swap("Wire", at(9, 13), june(9), facts={"to_ukraine": 150})
    assert not told(FOUNDER, other)
    assert "150" in why(other, FOUNDER)
    assert "390" in why(other, FOUNDER)


def test_a_source_may_correct_itself():
    assert fits(swap("Берег", at(9, 14), june(9), facts={"to_ukraine": 150}), FOUNDER)


def test_the_two_sides_may_count_differently():
    kyiv = swap("Київ", at(9), june(9), facts={"to_ukraine": 207})
    moscow = swap("Москва", at(9, 13), june(9), facts={"to_ukraine": 195})
    assert told(kyiv, moscow)
    assert "second claim" in why(moscow, kyiv)


def test_a_late_report_with_other_figures_does_not_touch_an_old_exchange():
    assert fits(swap("Wire", at(19), june(9), facts={"to_ukraine": 390}), FOUNDER)
    assert not fits(swap("Wire", at(19), june(9), facts={"to_ukraine": 350}), FOUNDER)


def test_soldiers_with_and_without_the_civilians_are_the_same_figure():
    soldiers = swap("Wire", at(9, 13), june(9), facts={"to_ukraine": 270, "to_ukraine_civilians": 120})
    assert "the same to_ukraine: 270" in why(soldiers, FOUNDER)


def test_another_number_in_the_count_and_other_figures_are_two_events():
    first = swap("Берег", at(9), june(9), facts={"ordinal": 65, "to_ukraine": 50})
    assert not fits(swap("Wire", at(9, 13), june(9), facts={"ordinal": 66, "to_ukraine": 60}), first)
    assert fits(swap("Wire", at(9, 13), june(9), facts={"ordinal": 65, "to_ukraine": 60}), first)


@pytest.mark.parametrize(("published", "expected"), [(at(9, 20), True), (at(10), True), (at(14), False)])
def test_a_report_without_a_day_means_an_exchange_of_the_last_days(published, expected):
    assert told(FOUNDER, swap("Wire", published, facts={"to_ukraine": 390})) == expected


def test_a_report_without_a_day_and_with_other_figures_is_new():
    assert not fits(swap("Wire", at(10), facts={"to_ukraine": 307}), FOUNDER)


def test_a_plan_without_a_day_becomes_the_exchange_that_follows():
    plan = swap("Берег", at(8), None, status="announced", facts={"subtype": "bodies"})
    done = swap("Wire", at(11), june(11), facts={"subtype": "bodies", "to_ukraine": 1212})
    assert told(plan, done)


def test_a_plan_without_a_day_reaches_further_where_it_names_the_people():
    plan, counted = (swap("Берег", at(2), None, status="announced", facts=facts) for facts in ({}, {"to_ukraine": 170}))
    done = {day: swap("Wire", at(day), june(day), facts={"to_ukraine": 175}) for day in (8, 9, 10)}
    assert [told(plan, each) for each in done.values()] == [True, False, False]
    assert [told(counted, each) for each in done.values()] == [True, True, True]


def test_a_plan_names_a_round_figure():
    plan = swap("Берег", at(8), None, status="announced", facts={"subtype": "bodies", "to_ukraine": 1000})
    assert told(plan, swap("Wire", at(11), june(11), facts={"subtype": "bodies", "to_ukraine": 1003}))
    assert not told(plan, swap("Wire", at(11), june(11), facts={"subtype": "bodies", "to_ukraine": 1212}))


def test_a_plan_does_not_become_an_exchange_with_other_figures_or_long_after():
    plan = swap("Берег", at(8), None, status="announced", facts={"to_ukraine": 1000})
    assert not fits(swap("Wire", at(11), june(11), facts={"to_ukraine": 390}), plan)
    assert not fits(swap("Wire", at(25), june(25), facts={"to_ukraine": 1000}), plan)


def test_a_plan_published_after_an_exchange_is_not_that_exchange():
    assert not fits(swap("Wire", at(9, 18), None, status="announced"), FOUNDER)


def test_a_plan_without_a_day_is_told_by_many():
    plan = swap("Берег", at(8), None, status="announced", facts={"to_ukraine": 1200})
    assert told(plan, swap("Wire", at(8, 20), None, status="announced", facts={"to_ukraine": 1200}))
    assert fits(swap("Wire", at(20), None, status="postponed"), plan)
    assert not fits(swap("Wire", at(14), None, status="announced"), plan)


def test_two_finished_exchanges_without_a_day_must_be_close_in_time():
    first = swap("Берег", at(8), None)
    assert told(first, swap("Wire", at(9), None))
    assert not fits(swap("Wire", at(13), None), first)
    assert not fits(swap("Wire", at(9), None, status="announced"), first)


def test_keys_name_subtype_day_and_number():
    assert index(swap("Берег", at(9), june(9), facts={"ordinal": 66})) == {
        "swap:prisoners:2025-06-09",
        "swap:prisoners:ordinal:66",
    }
    assert index(swap("Берег", at(9))) == {"swap:prisoners:undated:2025-24"}


def test_the_ends_of_the_calendar_are_no_trouble():
    assert lookup(swap("Берег", at(9), date.max))
    assert lookup(swap("Берег", at(9), date.min))


@pytest.mark.parametrize(
    ("before", "after", "weight"),
    [(None, 390, "material"), (100, 120, "material"), (100, 119, "minor"), (4, 6, "minor"), (390, 307, "material")],
)
def test_a_first_figure_or_a_jump_matters(before, after, weight):
    step = FactChange("to_ukraine", before, after, at(9), "Wire")
    assert weigh(event(FOUNDER), event(FOUNDER), [step]) == weight


def test_details_matter_little_and_nothing_not_at_all():
    step = FactChange("mediators", (), ("UAE",), at(9), "Wire")
    assert weigh(event(FOUNDER), event(FOUNDER), [step]) == "minor"
    assert weigh(event(FOUNDER), event(FOUNDER), []) == "none"
    assert weigh(None, event(FOUNDER), []) == "new"
