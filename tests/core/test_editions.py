"""An edit of an item: which of its reports is which, and whom rulings name once some are gone."""

from __future__ import annotations

from dataclasses import replace

from bot.core.editions import Doubts, handed_on, realigned, say_the_same
from bot.core.model import Ruling
from tests.reports import KINDS, at, event, item, june, strike, swap

KHARKIV = strike("A", at(9), june(9), facts={"killed": 5})
SUMY = replace(strike("A", at(9), june(9), facts={"region": "UA-59"}), position=1)
SWAP = replace(swap("A", at(9), june(9)), position=2)


def places(former, fresh):
    return [(each.position, each.kind, each.facts.get("region")) for each in realigned(KINDS, former, fresh)]


def test_reports_keep_their_places_whatever_their_order():
    fresh = (replace(SUMY, position=0), replace(SWAP, position=1), replace(KHARKIV, position=2))
    assert places((KHARKIV, SUMY, SWAP), fresh) == [(0, "strike", "UA-63"), (1, "strike", "UA-59"), (2, "swap", None)]


def test_a_mended_report_has_the_place_of_the_one_it_mends_and_a_new_one_its_own():
    odesa = strike("A", at(9), june(9), facts={"region": "UA-51"})
    assert places((KHARKIV, SUMY), (replace(KHARKIV, position=1), odesa)) == [
        (0, "strike", "UA-63"),
        (1, "strike", "UA-51"),
    ]
    assert places((KHARKIV,), (odesa, replace(KHARKIV, position=1))) == [(0, "strike", "UA-63"), (1, "strike", "UA-51")]
    assert places((KHARKIV,), (replace(SWAP, position=0),)) == [(1, "swap", None)]


def test_other_words_for_the_same_facts_say_the_same():
    assert say_the_same([KHARKIV], [replace(KHARKIV, origin=replace(KHARKIV.origin, title="інакше"), evidence=())])
    assert not say_the_same([KHARKIV], [replace(KHARKIV, facts={**KHARKIV.facts, "killed": 6})])
    assert not say_the_same([KHARKIV], [replace(KHARKIV, origin=replace(KHARKIV.origin, credits=("Reuters",)))])
    assert not say_the_same([KHARKIV], [])


def ruling(act, report, other=None):
    return Ruling(id=1, act=act, report=report.id, by=7, at=at(10), other=other.id if other else None)


def test_rulings_name_the_next_report_of_their_event():
    second, third = (strike(outlet, at(9, 13), june(9)) for outlet in "BC")
    events = [event(KHARKIV, second, third)]
    (handed,) = handed_on([ruling("reject", KHARKIV)], events, {KHARKIV.id})
    assert handed == replace(ruling("reject", KHARKIV), report=second.id)
    (handed,) = handed_on([ruling("merge", KHARKIV, second)], events, {KHARKIV.id})
    assert (handed.report, handed.other) == (third.id, second.id)
    (handed,) = handed_on([ruling("merge", second, KHARKIV)], events, {KHARKIV.id})
    assert (handed.report, handed.other) == (second.id, third.id)


def test_rulings_on_what_is_still_there_or_has_no_heir_stay_as_they_are():
    assert list(handed_on([ruling("hold", KHARKIV)], [event(KHARKIV)], {KHARKIV.id})) == []
    assert list(handed_on([ruling("hold", KHARKIV)], [event(KHARKIV, SUMY)], {SUMY.id})) == []


def test_only_what_another_version_has_replaced_is_old():
    first = item("A", at(9), "207 на 205")
    second = replace(first, title="205 на 205")
    doubts = Doubts()
    doubts.believe(first)
    assert not doubts.is_old(first)
    doubts.believe(second)
    assert [doubts.is_old(each) for each in (first, second)] == [True, False]
