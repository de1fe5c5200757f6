"""The fold: it ignores order and repeats, loses nothing that was said, and tells how it came about."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.kinds import Slot
from bot.core.merge import change, combine, fold, unique
from bot.core.model import Evidence, Speaker
from tests.core.merge.drawn import STRIKES, SWAPS
from tests.core.merge.said import GOVERNOR, folded
from tests.reports import KINDS, at, june, strike, swap

SWAP, STRIKE = KINDS["swap"], KINDS["strike"]


@st.composite
def rearranged(draw, reports):
    """Give reports, and the same in another order with some of them repeated."""
    original = draw(st.lists(reports, min_size=1, max_size=7))
    repeats = draw(st.lists(st.sampled_from(original), max_size=4))
    return original, draw(st.permutations(original + repeats))


@settings(deadline=None, max_examples=60)
@given(rearranged(STRIKES))
def test_a_strike_ignores_order_and_repeats(pair):
    original, shuffled = pair
    assert fold(STRIKE, shuffled) == fold(STRIKE, original)


@settings(deadline=None, max_examples=60)
@given(rearranged(SWAPS))
def test_an_exchange_ignores_order_and_repeats(pair):
    original, shuffled = pair
    assert fold(SWAP, shuffled) == fold(SWAP, original)


@settings(deadline=None, max_examples=60)
@given(st.lists(SWAPS, min_size=1, max_size=6))
def test_every_figure_said_stays_a_claim_and_every_shown_one_was_said(reports):
    folded = fold(SWAP, reports)
    for slot in ("to_ukraine", "to_russia", "ordinal"):
        said = {report.facts[slot] for report in reports if slot in report.facts}
        assert {claim.value for claim in folded.claims.get(slot, ())} == said
        assert folded.facts.get(slot) in (said or {None})


@settings(deadline=None, max_examples=60)
@given(st.lists(STRIKES, min_size=1, max_size=6))
def test_history_ends_in_what_is_shown_and_runs_forward(reports):
    folded = fold(STRIKE, reports)
    assert list(folded.history) == sorted(folded.history, key=lambda step: (step.at, step.slot))
    last = {step.slot: step.after for step in folded.history}
    shown = {**folded.facts, "status": folded.status, "confirmed": folded.confirmed}
    shown |= {"date": folded.date.isoformat()} if folded.date else {}
    assert {slot: shown[slot] for slot in last} == last


@settings(deadline=None, max_examples=60)
@given(st.lists(SWAPS, min_size=2, max_size=6))
def test_folding_reports_again_changes_nothing(reports):
    folded = replace(fold(SWAP, reports), id=5, revision=3)
    again = change(SWAP, folded, fold(SWAP, [*folded.reports, reports[0]]))
    assert (again.weight, again.facts, again.event) == ("none", (), folded)


def test_no_reports_make_no_event():
    with pytest.raises(ValueError, match="at least one report"):
        fold(SWAP, [])


def test_a_claim_keeps_whom_it_quotes():
    (claim,) = folded("killed", (0, 3, *GOVERNOR)).claims["killed"]
    assert claim.speaker == Speaker("office", "UA")


@pytest.mark.parametrize(("said", "shown"), [((False, True), True), ((True, False), True), ((False, False), False)])
def test_a_flag_holds_once_it_was_raised(said, shown):
    kind = replace(SWAP, slots=(Slot("gesture", "flag"),))
    reports = [swap(f"V{hour}", at(9, hour), june(9), facts={"gesture": raised}) for hour, raised in enumerate(said)]
    assert fold(kind, reports).facts["gesture"] is shown


def test_sets_are_unions():
    first = strike("A", at(9), june(9), facts={"places": ("Kharkiv", "Izium")})
    second = strike("B", at(9, 13), june(9), facts={"places": ("Chuhuiv", "Kharkiv")})
    assert fold(STRIKE, [first, second]).facts["places"] == ("Chuhuiv", "Izium", "Kharkiv")


def test_history_tells_what_became_of_figures_status_and_day():
    reports = [
        swap("A", at(8, 10), june(8), status="announced", facts={"to_ukraine": 100}),
        swap("B", at(9, 11), june(9), facts={"to_ukraine": 120, "to_russia": 50, "mediators": ("UAE",)}),
    ]
    steps = [(step.slot, step.before, step.after, step.source) for step in fold(SWAP, reports).history]
    assert steps == [
        ("date", "2025-06-08", "2025-06-09", "B"),
        ("status", "announced", "carried_out", "B"),
        ("to_russia", None, 50, "B"),
        ("to_ukraine", 100, 120, "B"),
    ]


def test_two_reports_of_one_item_become_one_and_the_first_stands():
    proof = Evidence("to_ukraine", "rule", "25", "title", 0, 2)
    first = swap("A", at(9), None, facts={"to_ukraine": 25}, evidence=(proof,))
    second = swap("A", at(9), june(9), facts={"to_ukraine": 30, "to_russia": 25}, disputed=True)
    both = combine(first, second)
    assert (both.date, both.disputed, both.evidence) == (june(9), True, (proof,))
    assert both.facts == {"subtype": "prisoners", "to_ukraine": 25, "to_russia": 25}


def test_reports_come_in_the_order_they_were_published():
    late, early = swap("A", at(9, 15), june(9)), swap("B", at(9, 12), june(9))
    assert unique([late, early, late]) == (early, late)
