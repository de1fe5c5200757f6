"""When admins are asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.merge import change
from bot.core.model import Change, Decision, Planned, Revision
from bot.core.policy import MOST_EDITS, ask, asked, desk, doubts, flood, is_settled
from bot.core.trust import FLOOD
from tests.changes import ADMIN, DONE, HAS, HUSK, MORE, NEW, NOTICE, SURE, actions, changed, ruled, step
from tests.reports import KINDS, at, event, june, swap


@pytest.mark.parametrize(
    ("changes", "codes", "settled"),
    [
        ({}, ("held",), False),
        ({"confirmed": True}, ("held",), True),
        ({"verdict": "post"}, ("held",), True),
        ({"merged_into": 3}, ("held",), True),
        ({"confirmed": True}, ("held", "near"), False),
    ],
)
def test_a_question_may_be_answered_before_it_is_asked(changes, codes, settled):
    assert is_settled(replace(NEW.event, **changes), codes) == settled


SURELY = Decision(1, 0.9, (), 0.2)


@pytest.mark.parametrize(
    ("decision", "near"),
    [
        (SURELY, False),
        (Decision(1, 0.52), True),
        (Decision(1, 0.9, (), 0.88), True),
        (Decision(None, 0.0), False),
        (Decision(None, 0.0, (), 0.48), True),
        (Decision(None, 1.0, ("an admin ruled so",)), False),
        (None, False),
    ],
)
def test_a_decision_that_could_have_gone_the_other_way_is_doubtful(decision, near):
    assert (doubts(SURE, decision) == ("near",)) == near


def test_a_doubtful_report_that_changes_nothing_asks_nobody():
    assert doubts(MORE, Decision(1, 0.51)) == ()


def test_an_old_event_is_no_doubt_for_being_denied_or_near():
    old = change(KINDS["swap"], None, event(replace(DONE, disputed=True), swap("Wire", at(20), june(9))))
    assert doubts(old, Decision(1, 0.5)) == ()


def test_a_denial_is_a_doubt_once():
    denied = replace(NEW.event, disputed=True)
    assert doubts(replace(NEW, event=denied), None) == ("disputed",)
    assert doubts(changed(step("disputed", before=False, after=True), disputed=True), SURELY) == ("disputed",)
    assert doubts(replace(MORE, event=replace(MORE.event, disputed=True)), SURELY) == ()


@pytest.mark.parametrize(
    ("before", "after", "source", "doubtful"),
    [
        (40, 4, "Wire", True),
        (17, 16, "Wire", False),
        (17, 16, "ОВА", True),
        (4, 40, "ОВА", False),
        (40, 4, "", False),
        (True, False, "ОВА", False),
    ],
)
def test_a_figure_that_falls_is_a_doubt_unless_an_editor_lowered_it(before, after, source, doubtful):
    official = swap("ОВА", at(9), june(9), voice={"tier": "official", "side": "UA"})
    fell = Change(event(DONE, official), (step("to_ukraine", before, after, source),), "minor")
    assert (doubts(fell, None) == ("corrected",)) == doubtful


def test_all_doubts_are_named_together():
    all_of_them = doubts(NEW, Decision(1, 0.5), flooding="begins", held=True, readers=True)
    assert all_of_them == ("held", "flood", "near", "readers")


def test_a_flood_is_asked_about_once_and_what_was_decided_not_at_all():
    assert doubts(NEW, None, flooding="lasts", held=True) == ()
    assert doubts(ruled("", "reject"), None, readers=True) == ()
    assert doubts(HUSK, None, readers=True) == ()


def test_a_flood_begins_and_lasts_and_ends():
    times = [at(9) + timedelta(minutes=minute) for minute in range(FLOOD + 2)]
    assert flood(times[: FLOOD - 1], times[FLOOD - 1]) == ""
    assert flood(times[:FLOOD], times[FLOOD]) == "begins"
    assert flood(times[: FLOOD + 1], times[FLOOD + 1]) == "lasts"
    assert flood(times, at(9, 20)) == ""


def test_an_admin_gets_one_notice_and_then_edits_of_it():
    asked_for = desk(NEW, ("held", "near"), [ADMIN, 78], [NOTICE], "ru")
    assert asked_for == (
        Planned(ADMIN, 0, "ru", "edit", audience="admins"),
        Planned(78, 0, "ru", "post", audience="admins"),
    )


def test_an_admin_without_a_doubt_is_left_alone_but_his_notice_is_kept_true():
    assert desk(SURE, (), [ADMIN, 78], [NOTICE], "ru") == (Planned(ADMIN, 0, "ru", "edit", audience="admins"),)
    assert desk(replace(SURE, weight="none"), (), [ADMIN], [NOTICE], "ru") == ()
    assert desk(SURE, (), [ADMIN], [HAS], "ru") == ()


def test_what_readers_say_renews_the_notice_though_the_event_is_as_it_was():
    same = replace(SURE, weight="none")
    assert actions(desk(same, ("readers",), [ADMIN], [NOTICE], "en")) == ["edit"]
    assert actions(desk(same, ("readers",), [ADMIN], [], "en")) == ["post"]


def test_a_notice_is_not_edited_without_end_either():
    tired = replace(NOTICE, edits=MOST_EDITS)
    assert desk(MORE, (), [ADMIN], [tired], "en") == ()
    assert actions(desk(ruled("", "hold"), (), [ADMIN], [tired], "en")) == ["edit"]


def test_doubts_are_found_again_in_the_log():
    first, second = ask(NEW, ("held", "near")), ask(SURE, ("disputed", "held"))
    log = [Revision(n, at(9), each.weight, each.facts, each.reasons) for n, each in enumerate((first, MORE, second))]
    assert asked(log) == ("held", "near", "disputed")
    assert ask(NEW, ()) == NEW
