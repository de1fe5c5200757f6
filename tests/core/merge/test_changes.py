"""What a further report did to an event, or one that left, and how much that matters to a reader."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.merge import absorbed, change, fold, withdrawn
from bot.core.model import FactChange, Report
from tests.core.merge.said import OUTLET, folded
from tests.reports import KINDS, at, event, june, strike, swap

SWAP, STRIKE = KINDS["swap"], KINDS["strike"]


def weight(kind, *reports: Report) -> tuple[str, str]:
    """Return weight and first reason of what the last report did to the event of the others."""
    found = change(kind, event(*reports[:-1]), fold(kind, reports))
    return found.weight, found.reasons[0]


def test_the_first_report_makes_a_new_event():
    found = change(SWAP, None, fold(SWAP, [swap("A", at(9), june(9))]))
    assert (found.weight, found.event.id, found.event.revision) == ("new", 0, 1)


def test_a_change_keeps_the_id_and_counts_the_revision():
    before = replace(event(swap("A", at(9), june(9)), number=7), revision=3)
    found = change(SWAP, before, fold(SWAP, [*before.reports, swap("B", at(9, 13), june(9), facts={"to_ukraine": 5})]))
    assert (found.event.id, found.event.revision) == (7, 4)
    assert FactChange("to_ukraine", None, 5, at(9, 13), "B") in found.facts


def test_news_are_what_the_last_report_that_mattered_changed_though_it_was_published_earlier():
    def then(before, report):
        return change(STRIKE, before, fold(STRIKE, [*before.reports, report])).event

    first = event(strike("A", at(9, 8), june(9), facts={"killed": 3, "injured": 10}))
    assert first.news == ()
    second = then(first, strike("B", at(9, 14), june(9), facts={"injured": 30}))
    third = then(second, strike("C", at(9, 13), june(9), facts={"killed": 9}))
    assert [(news.slot, news.before, news.after) for news in third.news] == [("killed", 3, 9)]
    assert then(third, strike("D", at(9, 15), june(9))).news == third.news


SAME = {"voice": {"owner": "group"}}


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        pytest.param(strike("B", at(9, 13), june(9), facts={"killed": 15}, **SAME), "material", id="toll jumps"),
        pytest.param(strike("B", at(9, 13), june(9), facts={"killed": 13}, **SAME), "minor", id="toll grows a little"),
        pytest.param(strike("B", at(9, 13), june(9), **SAME), "sources", id="one more source"),
        pytest.param(strike("B", at(9, 13), june(9), disputed=True, **SAME), "minor", id="the other side denies"),
        pytest.param(strike("B", at(9, 13), june(9)), "material", id="a second owner confirms"),
        pytest.param(
            strike("B", at(9, 13), june(8), voice={"owner": "group", "tier": "agency"}), "material", id="day moved"
        ),
    ],
)
def test_changes_weigh_what_they_mean_to_a_reader(second, expected):
    assert weight(STRIKE, strike("A", at(9), june(9), facts={"killed": 12}, **SAME), second)[0] == expected


def test_carried_out_and_called_off_are_material():
    plan = swap("A", at(8), june(9), status="announced", **SAME)
    assert weight(SWAP, plan, swap("B", at(9), june(9), **SAME)) == ("material", "the status is now carried_out")
    assert weight(SWAP, plan, swap("B", at(9), june(9), status="postponed", **SAME))[0] == "material"


def test_a_range_that_opens_is_an_edit():
    reports = folded("drones", (0, 480, *OUTLET), (1, 500, *OUTLET)).reports
    found = change(STRIKE, event(reports[0]), fold(STRIKE, reports))
    assert change(STRIKE, replace(found.event, ranges={}), found.event).weight == "minor"


def test_a_figure_whose_report_left_is_corrected():
    stays = strike("A", at(9), june(9), facts={"killed": 3})
    moved = strike("B", at(9, 13), june(9), facts={"killed": 12})
    found = change(STRIKE, event(stays, moved), fold(STRIKE, [stays]))
    assert FactChange("killed", 12, 3, at(9), "A", corrected=True) in found.facts
    assert (found.weight, found.event.revision) == ("material", 2)
    assert "one report less" in found.reasons


def test_an_event_that_turned_out_to_be_another_becomes_a_pointer_and_comes_back():
    stored = event(strike("A", at(9), june(9), facts={"killed": 3}), number=7)
    gone = change(STRIKE, stored, absorbed(stored, 5))
    assert (gone.weight, gone.event.merged_into, gone.event.reports, gone.event.id) == ("minor", 5, (), 7)
    assert [(fact.slot, fact.before, fact.after) for fact in gone.facts] == [("merged_into", None, 5)]
    back = change(STRIKE, gone.event, fold(STRIKE, stored.reports))
    assert [(fact.slot, fact.before, fact.after) for fact in back.facts] == [("merged_into", 5, None)]
    assert (back.weight, back.event.id, back.event.revision) == ("minor", 7, 3)


def test_what_was_taken_back_may_turn_out_to_be_another_event_as_well():
    stored = event(strike("A", at(9), june(9), facts={"killed": 3}), number=7)
    gone = change(STRIKE, stored, withdrawn(stored)).event
    found = change(STRIKE, gone, absorbed(gone, 5))
    assert [(fact.slot, fact.after, fact.source) for fact in found.facts] == [
        ("merged_into", 5, ""),
        ("verdict", None, ""),
    ]
    assert (found.weight, found.reasons[0]) == ("minor", "it is the same as event 5")


def test_numbers_founded_stay_with_their_reports():
    one, other = strike("A", at(9), june(9)), strike("B", at(9, 13), june(9))
    stored = replace(event(one, other), founded={one.id: 1, other.id: 4})
    assert change(STRIKE, stored, fold(STRIKE, [one])).event.founded == {one.id: 1}
