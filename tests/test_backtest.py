"""The backtest leaves out rules that there are, and puts them back."""

from __future__ import annotations

import pytest

from bench.rules import INSTEAD, RULES, without
from tests.reports import KINDS, at, event, june, strike, swap


@pytest.mark.parametrize("name", RULES)
def test_a_rule_that_is_left_out_is_there_before_and_after(name):
    before = [getattr(owner, attribute) for owner, attribute, _ in RULES[name].instead]
    with without(name):
        assert [getattr(owner, attribute) for owner, attribute, _ in RULES[name].instead] != before
    assert [getattr(owner, attribute) for owner, attribute, _ in RULES[name].instead] == before


def test_without_a_rule_joining_is_another():
    founder = event(strike("Берег", at(9), june(9), facts={"killed": 14, "places": ("Kharkiv",)}))
    follow_up = strike("Вестник", at(10), june(10), facts={"killed": 14, "places": ("Kharkiv",)})
    assert not KINDS["strike"].compare(follow_up, founder).veto
    with without("wrong-day", "places"):
        assert KINDS["strike"].compare(follow_up, founder).veto


@pytest.mark.parametrize("name", INSTEAD)
def test_a_simpler_way_of_joining_joins_what_is_the_same(name):
    kind = INSTEAD[name](KINDS["swap"])
    report = swap("Берег", at(9), june(9), voice={"title": "Twenty five came home"})
    founder = event(report)
    again, other = (swap("Вестник", at(9, 14), june(day), voice={"title": title}) for day, title in WORDS)
    assert kind.compare(again, founder).score >= 0.5
    assert kind.compare(other, founder).veto
    assert not kind.lookup(again).isdisjoint(kind.index(report))


WORDS = ((9, "Twenty five came home"), (12, "Budget passed"))
