"""Which of the candidates a report joins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.kinds import Kind
from bot.core.match import anchored, footings
from bot.core.match import match as matched
from bot.core.model import Decision, Event, Report
from tests.reports import KINDS, at, event, june, strike, swap

MAY = event(swap("Берег", at(8), june(8), facts={"to_ukraine": 390}), number=1)
JUNE = event(swap("Берег", at(9), june(9), facts={"to_ukraine": 307}), number=2)
BODIES = event(swap("Берег", at(9), june(9), facts={"subtype": "bodies"}), number=3)


def match(kind: Kind, report: Report, candidates: Iterable[Event]) -> Decision:
    event, decision = matched(kind, report, candidates)
    assert decision.event_id == (event.id if event else None)
    return decision


def test_the_best_candidate_is_joined_with_its_reasons():
    decision = match(KINDS["swap"], swap("Wire", at(9, 15), june(9), facts={"to_ukraine": 307}), [MAY, JUNE, BODIES])
    assert decision.event_id == 2
    assert decision.score > 0.8
    assert "the same to_ukraine: 307" in decision.reasons


def test_two_rows_of_the_register_are_two_events():
    register = {"voice": {"tier": "register"}}
    known = event(swap("Register", at(9), june(9), facts={"to_ukraine": 30}, **register), number=5)
    assert (
        match(KINDS["swap"], swap("Register", at(9), june(9), facts={"to_ukraine": 5}, **register), [known]).event_id
        is None
    )
    assert match(KINDS["swap"], swap("Wire", at(9), june(9), facts={"to_ukraine": 30}), [known]).event_id == 5


def test_without_candidates_the_event_is_new():
    decision = match(KINDS["swap"], swap("Wire", at(9), june(9)), [])
    assert decision.event_id is None
    assert decision.reasons == ("no event is stored under its keys",)


def test_a_new_event_says_why_it_is_none_of_the_candidates():
    decision = match(KINDS["swap"], swap("Wire", at(10), june(10)), [JUNE, BODIES])
    assert decision.event_id is None
    assert any(reason.startswith("not event 2: different days") for reason in decision.reasons)


def test_an_event_of_another_kind_is_no_candidate():
    decision = match(KINDS["swap"], swap("Wire", at(9), june(9)), [event(strike("Слобода", at(9), june(9)))])
    assert decision.event_id is None


@settings(deadline=None, max_examples=60)
@given(st.permutations([MAY, JUNE, BODIES]))
def test_the_order_of_candidates_does_not_matter(candidates):
    report = swap("Wire", at(9, 15), june(9))
    assert match(KINDS["swap"], report, candidates) == match(KINDS["swap"], report, [MAY, JUNE, BODIES])


def test_of_equals_the_older_event_is_taken():
    twins = [event(swap(outlet, at(9, hour), june(9)), number=hour) for outlet, hour in (("B", 9), ("A", 7), ("C", 8))]
    assert match(KINDS["swap"], swap("Wire", at(9, 15), june(9)), twins).event_id == 7


def test_a_loose_member_does_not_draw_in_the_next():
    """A report without a day joined the ninth; its figure must not open the event to others."""
    loose = swap("Wire", at(10), None, facts={"to_ukraine": 80})
    grown = event(swap("Берег", at(9), june(9)), loose, number=4)
    assert [report.origin.name for report in anchored(grown).reports] == ["Берег"]
    assert not anchored(grown).claims["to_ukraine"]


@pytest.mark.parametrize("day", [june(9), None])
def test_an_event_keeps_its_founder_as_anchor(day):
    alone = event(swap("Берег", at(9), day))
    assert anchored(alone) == alone


def test_an_event_stands_on_the_founder_of_every_event_that_was_merged_into_it():
    first = swap("Берег", at(9), june(9), facts={"to_ukraine": 25})
    second = swap("Вестник", at(9, 13), june(8), facts={"to_ukraine": 25})
    beside = swap("Wire", at(9, 14), june(9), facts={"to_russia": 30})
    whole = replace(event(first, second, beside), founders=(first.id, second.id))
    assert [[each.origin.name for each in footing.reports] for footing in footings(whole)] == [
        ["Берег", "Wire"],
        ["Вестник"],
    ]
    assert match(KINDS["swap"], swap("Хвиля", at(9, 16), june(8)), [whole]).event_id == whole.id


def test_the_next_best_event_is_remembered_as_a_rival():
    twins = [event(swap(outlet, at(9, hour), june(9)), number=hour) for outlet, hour in (("B", 9), ("A", 7))]
    assert match(KINDS["swap"], swap("Wire", at(9, 15), june(9)), twins).rival == 0.75
    assert match(KINDS["swap"], swap("Wire", at(9, 15), june(9)), twins[:1]).rival == 0.0
