"""The scorer of final facts finds what is wrong."""

from __future__ import annotations

from tests.event_facts import judge, summary

GOLD = {
    "event": "swap-a",
    "kind": "swap",
    "date": "2025-06-09",
    "subtype": "prisoners",
    "to_ukraine": 205,
    "to_russia": None,
    "to_ukraine_civilians": None,
    "to_russia_civilians": None,
}
RIGHT = {**GOLD, "event": 1, "to_russia": 205}


def test_facts_that_the_gold_event_leaves_open_may_be_anything():
    (found,) = judge([GOLD], {"1": RIGHT}, {"swap-a": [("1", "uk"), ("1", "en")]})
    assert (found.wrong, found.once) == ((), True)


def test_a_wrong_figure_is_named():
    (found,) = judge([GOLD], {"1": {**RIGHT, "to_ukraine": 195}}, {"swap-a": [("1", "uk")]})
    assert found.wrong == ("to_ukraine: 205, not 195",)


def test_of_a_split_event_the_larger_part_counts_and_the_split_shows():
    told = {"swap-a": [("2", "uk"), ("1", "en"), ("1", "ru"), ("missing:x#0", "ru")]}
    (found,) = judge([GOLD], {"1": RIGHT, "2": {**RIGHT, "date": "2025-06-10"}}, told)
    assert (found.wrong, found.once) == ((), False)
    assert "0 of 1 events told in two or more found once (0.000)" in summary([found])


def test_an_event_that_no_report_was_found_of_is_wrong():
    (found,) = judge([GOLD], {}, {"swap-a": [("missing:x#0", "ru")]})
    assert found.wrong == ("not found",)


def test_an_event_that_only_stands_in_the_background_is_not_asked_for():
    assert judge([GOLD], {}, {}) == ()
