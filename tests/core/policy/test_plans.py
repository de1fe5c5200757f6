"""Who hears of a change: chats that have a post and chats that have none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.merge import change, fold
from bot.core.model import Planned, Posted
from bot.core.policy import RING_FLOOR, plan
from tests.changes import (
    ADMIN,
    CHANNEL,
    DONE,
    HAS,
    HOLDS,
    HUSK,
    MORE,
    NEW,
    NOTICE,
    SURE,
    TIRED,
    actions,
    changed,
    ruled,
    step,
)
from tests.reports import KINDS, at, event, june, swap


def test_a_new_event_is_posted_where_it_is_wanted():
    assert plan(NEW, [CHANNEL, replace(CHANNEL, chat_id=-2, kinds=("strike",))], (), fresh=True) == (
        Planned(-100, 0, "uk", "post"),
    )


def test_a_chat_that_holds_back_waits_for_confirmation():
    assert plan(NEW, [HOLDS], (), fresh=True) == ()
    assert plan(SURE, [HOLDS], (), fresh=True) == (Planned(-100, 0, "uk", "post"),)


def test_what_matters_rings_after_a_while_and_edits_at_once():
    assert plan(SURE, [CHANNEL], [HAS], fresh=True) == (
        Planned(-100, 0, "uk", "reply", floor=RING_FLOOR),
        Planned(-100, 0, "uk", "edit"),
    )


def test_one_more_source_edits_silently():
    assert actions(plan(MORE, [CHANNEL], [HAS], fresh=True)) == ["edit"]


def test_a_post_is_not_edited_without_end_for_what_is_small():
    assert plan(MORE, [CHANNEL], [TIRED], fresh=True) == ()
    assert actions(plan(SURE, [CHANNEL], [TIRED], fresh=True)) == ["reply", "edit"]


def test_a_figure_edits_a_post_however_often_it_was_edited():
    for fact in (
        step("to_russia", 24, 25),
        step("disputed", before=False, after=True),
        step("status", "announced", "x"),
    ):
        assert actions(plan(changed(fact), [CHANNEL], [TIRED], fresh=True)) == ["edit"]
    assert plan(changed(step("mediators", (), ("UAE",))), [CHANNEL], [TIRED], fresh=True) == ()
    assert actions(plan(changed(), [CHANNEL], [TIRED], fresh=True)) == ["edit"]


def test_topics_of_one_chat_are_places_of_their_own():
    topic = replace(CHANNEL, thread_id=7, language="ru")
    assert plan(SURE, [CHANNEL, topic], [replace(HAS, thread_id=7)], fresh=True) == (
        Planned(-100, 0, "uk", "post"),
        Planned(-100, 7, "ru", "reply", floor=RING_FLOOR),
        Planned(-100, 7, "ru", "edit"),
    )


def test_the_notice_of_an_admin_is_no_post_of_his_chat():
    assert actions(plan(MORE, [CHANNEL], [replace(HAS, audience="admins")], fresh=True)) == ["post"]


def test_background_alone_and_no_change_are_never_told():
    background = change(KINDS["swap"], None, fold(KINDS["swap"], [replace(DONE, role="background")]))
    assert plan(background, [CHANNEL], (), fresh=True) == ()
    assert plan(replace(NEW, weight="none"), [CHANNEL], [HAS], fresh=True) == ()


def test_a_chat_that_does_not_want_the_kind_any_more_hears_no_sound():
    assert actions(plan(SURE, [replace(CHANNEL, kinds=("strike",))], [HAS], fresh=True)) == ["edit"]


def test_what_is_long_past_makes_no_post_but_is_mended_where_it_stands():
    assert plan(SURE, [CHANNEL], (), fresh=False) == ()
    assert actions(plan(SURE, [CHANNEL], [HAS], fresh=False)) == ["reply", "edit"]


def test_a_source_that_repeats_itself_makes_no_post_but_another_one_does():
    repeated = change(KINDS["swap"], event(DONE), fold(KINDS["swap"], [DONE, swap("Берег", at(9, 15), june(9))]))
    assert plan(repeated, [CHANNEL], (), fresh=True) == ()
    assert actions(plan(repeated, [CHANNEL], [HAS], fresh=True)) == ["edit"]
    assert actions(plan(MORE, [CHANNEL], (), fresh=True)) == ["post"]


def test_what_an_admin_posts_goes_to_those_who_hold_back_however_old_it_is():
    assert actions(plan(ruled("", "post"), [HOLDS], (), fresh=False)) == ["post"]
    assert plan(replace(ruled("", "post"), facts=()), [HOLDS], (), fresh=False) == ()
    assert plan(ruled("", "post"), [replace(HOLDS, kinds=("strike",))], (), fresh=True) == ()


def test_what_an_admin_holds_is_posted_nowhere_else():
    held = replace(SURE, event=replace(SURE.event, verdict="hold"))
    assert plan(held, [CHANNEL], (), fresh=True) == ()
    assert actions(plan(held, [CHANNEL], [HAS], fresh=True)) == ["reply", "edit"]


def test_what_is_ruled_out_is_withdrawn_at_once_where_it_stands():
    assert plan(ruled("", "reject"), [CHANNEL, replace(CHANNEL, chat_id=-2)], [TIRED], fresh=True) == (
        Planned(-100, 0, "uk", "reply"),
        Planned(-100, 0, "uk", "edit"),
    )


def test_what_was_ruled_out_stays_silent_whatever_else_is_said_of_it():
    later = replace(SURE, event=replace(SURE.event, verdict="reject"))
    assert plan(later, [CHANNEL, replace(CHANNEL, chat_id=-2)], [HAS], fresh=True) == ()


def test_a_withdrawal_that_is_taken_back_rings_too():
    assert actions(plan(ruled("reject", ""), [CHANNEL], [TIRED], fresh=True)) == ["reply", "edit"]
    assert actions(plan(ruled("reject", ""), [CHANNEL], (), fresh=True)) == ["post"]


def test_what_was_called_off_does_not_wait():
    off = changed(step("status", "announced", "postponed"), weight="material", status="postponed")
    assert plan(off, [CHANNEL], [HAS], fresh=True)[0].floor == timedelta(0)


def test_the_post_of_an_event_that_was_merged_away_becomes_a_pointer():
    assert plan(HUSK, [CHANNEL, replace(CHANNEL, chat_id=-2)], [TIRED], fresh=True) == (Planned(-100, 0, "uk", "edit"),)


def test_a_chat_that_has_only_the_merged_event_gets_the_one_that_stays_under_it():
    absorbed = {5: [HAS], 6: [Posted(-2, 0, "readers", 1), Posted(ADMIN, 0, "admins", 0)]}
    chats = [HOLDS, replace(CHANNEL, chat_id=-2), replace(HOLDS, chat_id=-3)]
    planned = plan(MORE, chats, [Posted(-2, 0, "readers", 0)], fresh=False, absorbed=absorbed)
    assert planned == (Planned(-100, 0, "uk", "post", under=5), Planned(-2, 0, "uk", "edit"))


def test_one_post_is_enough_for_a_chat_that_wants_both():
    planned = plan(MORE, [CHANNEL], (), fresh=True, absorbed={5: [HAS], 6: [HAS]})
    assert planned == (Planned(-100, 0, "uk", "post", under=6),)


def test_what_an_admin_holds_back_is_not_carried_over():
    held = replace(MORE, event=replace(MORE.event, verdict="hold"))
    assert plan(held, [CHANNEL], (), fresh=True, absorbed={5: [HAS]}) == ()


@given(
    st.sampled_from([NEW, SURE, MORE, HUSK, *(ruled(*each) for each in [("", "post"), ("", "hold"), ("", "reject")])]),
    st.booleans(),
    st.sampled_from([(), (HAS,), (TIRED,), (NOTICE,)]),
    st.booleans(),
)
def test_no_place_gets_two_of_a_kind_and_a_post_only_where_there_is_none(change, fresh, posted, over):
    """Whatever happens, a chat gets at most one post, one reply and one edit, and never a second post."""
    planned = plan(change, [CHANNEL, HOLDS][:1], posted, fresh=fresh, absorbed={5: [HAS]} if over else None)
    assert len({(each.chat_id, each.action) for each in planned}) == len(planned)
    assert ("post" in actions(planned)) <= (not any(each.audience == "readers" for each in posted))
    assert ("edit" in actions(planned)) <= any(each.audience == "readers" for each in posted)
