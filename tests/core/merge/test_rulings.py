"""What editors ruled: it binds whatever is reported, weighs what it means, and leaves no trace once taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.merge import change, fold
from bot.core.model import FactChange, Ruling
from tests.core.merge.drawn import HOURS, STRIKES
from tests.core.merge.ruled import correct, ruling
from tests.reports import KINDS, at, june, strike, swap

SWAP, STRIKE = KINDS["swap"], KINDS["strike"]
RULINGS = st.lists(
    st.one_of(
        st.builds(ruling, st.sampled_from(["post", "hold", "reject", "merge", "split"]), st.integers(1, 9), HOURS),
        st.builds(
            lambda number, when, pair: ruling("correct", number, when, slot=pair[0], value=pair[1]),
            st.integers(1, 9),
            HOURS,
            st.sampled_from([("killed", 3), ("killed", None), ("date", "2025-06-08"), ("places", ("Izium",))]),
        ),
    ),
    max_size=4,
)


@st.composite
def ruled(draw):
    """Give reports and rulings, and the rulings in another order with some of them repeated."""
    given_ = draw(RULINGS)
    repeats = draw(st.lists(st.sampled_from(given_), max_size=2)) if given_ else []
    return draw(st.lists(STRIKES, min_size=1, max_size=5)), given_, draw(st.permutations(given_ + repeats))


@settings(deadline=None, max_examples=60)
@given(ruled())
def test_the_fold_ignores_the_order_and_repeats_of_rulings(drawn):
    reports, original, shuffled = drawn
    assert fold(STRIKE, reports[::-1], shuffled) == fold(STRIKE, reports, original)


@settings(deadline=None, max_examples=60)
@given(ruled())
def test_a_ruling_that_is_taken_back_leaves_nothing_behind(drawn):
    reports, rulings, _ = drawn
    assert repr(fold(STRIKE, reports, ())) == repr(fold(STRIKE, reports))
    with_them = fold(STRIKE, reports, rulings)
    assert set(with_them.rulings) == set(rulings)
    assert with_them.claims == fold(STRIKE, reports).claims


def test_what_an_editor_set_stays_whatever_is_reported_afterwards():
    reports = [
        strike("A", at(9), june(9), facts={"killed": 3}),
        strike("B", at(9, 13), june(9), facts={"killed": 4}),
        strike("C", at(9, 16), june(9), facts={"killed": 9}, voice={"tier": "official", "side": "UA"}),
    ]
    folded = fold(STRIKE, reports, [correct("killed", 5)])
    assert folded.facts["killed"] == 5
    steps = [(step.before, step.after, step.source, step.corrected) for step in folded.history if step.slot == "killed"]
    assert steps == [(3, 4, "B", False), (4, 5, "", True)]


def test_an_editor_who_sets_what_is_shown_already_only_holds_it():
    reports = [strike("A", at(9), june(9), facts={"killed": 3}), strike("B", at(9, 16), june(9), facts={"killed": 9})]
    held = fold(STRIKE, reports, [correct("killed", 3), correct("injured", None)])
    assert (held.facts["killed"], [step.slot for step in held.history]) == (3, ["confirmed"])


def test_a_correction_of_what_the_kind_does_not_know_is_nothing():
    report = swap("A", at(9), june(9))
    assert fold(SWAP, [report], [correct("killed", 5)]).history == fold(SWAP, [report]).history


def test_of_two_corrections_the_newer_holds():
    report = strike("A", at(9), june(9), facts={"killed": 3})
    newer, older = correct("killed", 7, at(9, 16), 2), correct("killed", 5, at(9, 14), 1)
    assert fold(STRIKE, [report], [newer, older]).facts["killed"] == 7


def test_an_editor_sets_the_day_the_status_a_list_and_takes_a_figure_away():
    report = swap("A", at(9), june(9), facts={"to_ukraine": 9, "mediators": ("UAE",)})
    folded = fold(
        SWAP,
        [report],
        [
            correct("date", "2025-06-07"),
            correct("status", "postponed"),
            correct("mediators", ("US", "ICRC", "US")),
            correct("to_ukraine", None),
        ],
    )
    assert (folded.date, folded.status) == (june(7), "postponed")
    assert folded.facts == {"subtype": "prisoners", "mediators": ("ICRC", "US")}
    assert {step.slot for step in folded.history if step.corrected} == {"date", "status", "mediators", "to_ukraine"}


@pytest.mark.parametrize(
    ("acts", "shown"),
    [((), ""), (("hold", "post"), "post"), (("post", "reject"), "reject"), (("merge", "hold"), "hold")],
)
def test_the_newest_verdict_counts(acts, shown):
    rulings = [ruling(act, number, at(9, 14, number)) for number, act in enumerate(acts)]
    assert fold(STRIKE, [strike("A", at(9), june(9))], rulings).verdict == shown


def after_ruling(*rulings: Ruling, before: tuple[Ruling, ...] = ()):
    reports = [strike("A", at(9), june(9), facts={"killed": 12}), strike("B", at(9, 13), june(9))]
    then = replace(fold(STRIKE, reports, before), id=1)
    return change(STRIKE, then, fold(STRIKE, reports, rulings))


@pytest.mark.parametrize(
    ("act", "weight", "reason"),
    [
        ("reject", "material", "an editor withdrew it"),
        ("hold", "minor", "an editor ruled: hold"),
        ("post", "minor", "an editor ruled: post"),
        ("merge", "sources", "ruled upon"),
    ],
)
def test_verdicts_weigh_what_they_mean_to_a_reader(act, weight, reason):
    found = after_ruling(ruling(act, 1, at(9, 14)))
    assert (found.weight, found.reasons[0], found.event.revision) == (weight, reason, 2)


def test_a_withdrawn_event_that_stands_again_is_news():
    found = after_ruling(before=(ruling("reject", 1, at(9, 14)),))
    assert (found.weight, found.reasons[0]) == ("material", "an editor let it stand again")
    assert [(fact.slot, fact.before, fact.after) for fact in found.facts] == [("verdict", "reject", None)]


def test_a_correction_by_an_editor_is_material_and_so_is_its_end():
    mended = correct("killed", 11)
    found = after_ruling(mended)
    assert (found.weight, found.facts) == (
        "material",
        (FactChange("killed", 12, 11, mended.at, "", corrected=True),),
    )
    undone = after_ruling(before=(mended,))
    assert [(fact.before, fact.after, fact.source, fact.corrected) for fact in undone.facts] == [(11, 12, "", True)]


def test_what_became_of_a_ruling_on_reports_that_left_is_no_correction():
    one, other = strike("A", at(9), june(9), facts={"killed": 3}), strike("B", at(9, 13), june(9), facts={"killed": 4})
    ours = correct("killed", 5)
    theirs = replace(correct("killed", 6, at(9, 15), 2), report=other.id)
    merged = replace(fold(STRIKE, [one, other], [theirs]), id=1)
    (parted,) = (fact for fact in change(STRIKE, merged, fold(STRIKE, [one])).facts if fact.slot == "killed")
    assert (parted.before, parted.after, parted.source, parted.corrected) == (6, 3, "A", False)
    both = replace(fold(STRIKE, [one, other], [ours, theirs]), id=1)
    (back,) = (fact for fact in change(STRIKE, both, fold(STRIKE, [one], [ours])).facts if fact.slot == "killed")
    assert (back.before, back.after, back.source, back.corrected) == (6, 5, "", True)
    undone = change(STRIKE, both, fold(STRIKE, [one, other], [ours])).facts
    assert [(fact.before, fact.after, fact.source, fact.corrected) for fact in undone] == [(6, 5, "", True)]


def test_a_ruling_that_stood_before_changes_nothing():
    same = ruling("post", 1, at(9, 14))
    assert after_ruling(same, before=(same,)).weight == "none"
