"""What a reply tells, and why a change is told or not."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import FactChange, Revision
from bot.core.policy import desk, unheard, why
from tests.changes import ADMIN, CHANNEL, DONE, HAS, HUSK, MORE, NEW, SURE, TIRED, ruled, step, told
from tests.reports import at, event

NEWEST = replace(event(DONE), revision=9)


def log_of(*revisions: tuple[FactChange, ...]) -> list[Revision]:
    return [Revision(number, at(9), "minor", facts) for number, facts in enumerate(revisions, 2)]


def test_a_reply_tells_the_whole_way_at_once():
    log = log_of(
        (step("killed", None, 3), step("confirmed", before=False, after=True)),
        (step("killed", 3, 8, "Вестник"), step("wounded", 9, 12)),
        (step("wounded", 12, 9),),
    )
    assert unheard(NEWEST, log) == (
        step("killed", None, 8, "Вестник"),
        step("confirmed", before=False, after=True),
    )


def test_a_reply_leaves_to_the_next_one_what_came_in_while_it_was_rendered():
    log = log_of((step("killed", None, 3),), (step("killed", 3, 8),))
    assert unheard(replace(NEWEST, revision=2), log) == (step("killed", None, 3),)


def test_a_figure_that_was_wrong_on_the_way_is_told_as_corrected():
    log = log_of((replace(step("killed", 30, 3), corrected=True),), (step("killed", 3, 4),))
    assert unheard(NEWEST, log) == (replace(step("killed", 30, 4), corrected=True),)


@pytest.mark.parametrize(
    "detail",
    [
        step("categories", ("women",), ("under_25", "women")),
        step("mediators", None, "Vatican"),
        step("killed", None, 0),
        step("verdict", "", "post"),
        step("merged_into", 3, 0),
        step("confirmed", before=True, after=False),
    ],
)
def test_a_reply_leaves_out_details(detail):
    assert unheard(NEWEST, log_of((detail,))) == ()


def test_of_what_was_ruled_out_only_that_is_told():
    out = step("verdict", "", "reject")
    assert unheard(replace(NEWEST, verdict="reject"), log_of((step("killed", 3, 8),), (out,))) == (out,)


def test_of_what_was_merged_into_another_nothing_is_told():
    assert unheard(HUSK.event, log_of((step("killed", 3, 8),))) == ()


figures = st.one_of(st.none(), st.integers(0, 9))


@given(st.lists(figures, min_size=2, max_size=9))
def test_a_reply_never_tells_what_came_back_to_where_it_was(values):
    log = log_of(*((step("killed", before, after),) for before, after in pairwise(values)))
    told = unheard(replace(NEWEST, revision=99), log)
    assert all((each.before, each.after) == (values[0], values[-1]) for each in told)
    assert bool(told) <= (values[0] != values[-1])


WHY = {
    "told (edit 1, reply 1)": why(SURE, told(SURE, [CHANNEL], [HAS], fresh=True), quiet=False, fresh=True),
    "not told: published before the horizon": why(NEW, (), quiet=True, fresh=True),
    "not told: it is event 3": why(HUSK, (), quiet=False, fresh=True),
    "not told: nothing new": why(replace(NEW, weight="none"), (), quiet=False, fresh=True),
    "not told: an admin ruled it out": why(ruled("", "reject"), (), quiet=False, fresh=True),
    "not told: an admin holds it": why(ruled("", "hold"), (), quiet=False, fresh=True),
    "not told: its source founds too many events that nobody else tells": why(
        NEW, (), quiet=False, fresh=True, flooding="lasts"
    ),
    "not told: its posts were edited often enough for so small a change": why(
        MORE, (), quiet=False, fresh=True, posted=[TIRED]
    ),
    "not told: its day is long past, or too far ahead": why(NEW, (), quiet=False, fresh=False),
    "not told: held until it is confirmed or an admin posts it; admins are asked": why(
        NEW, desk(NEW, ["held"], [ADMIN], (), "en"), quiet=False, fresh=True, held=True
    ),
    "not told: no chat wants it": why(NEW, (), quiet=False, fresh=True),
}


@pytest.mark.parametrize("words", WHY)
def test_every_outcome_has_its_reason(words):
    assert WHY[words] == words
