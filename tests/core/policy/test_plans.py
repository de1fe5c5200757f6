"""Who hears of a change: chats that have a post and chats that have none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.merge import change, fold
from bot.core.model import Planned, Posted, Timetable
from bot.core.policy import EDIT_FLOOR, OLD_EDIT_FLOOR, RING_FLOOR
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
    told,
)
from tests.reports import KINDS, at, event, june, strike, swap


def test_a_new_event_is_posted_where_it_is_wanted():
    assert told(NEW, [CHANNEL, replace(CHANNEL, chat_id=-2, kinds=("strike",))], (), fresh=True) == (
        Planned(-100, 0, "uk", "post"),
    )


def test_a_chat_that_holds_back_waits_for_confirmation():
    assert told(NEW, [HOLDS], (), fresh=True) == ()
    assert told(SURE, [HOLDS], (), fresh=True) == (Planned(-100, 0, "uk", "post"),)


def test_what_matters_rings_after_a_while_and_edits_at_once():
    assert told(SURE, [CHANNEL], [HAS], fresh=True) == (
        Planned(-100, 0, "uk", "reply", floor=RING_FLOOR),
        Planned(-100, 0, "uk", "edit", floor=EDIT_FLOOR),
    )


def test_one_more_source_edits_silently():
    assert actions(told(MORE, [CHANNEL], [HAS], fresh=True)) == ["edit"]


def test_a_post_is_not_edited_without_end_for_what_is_small():
    assert told(MORE, [CHANNEL], [TIRED], fresh=True) == ()
    assert actions(told(SURE, [CHANNEL], [TIRED], fresh=True)) == ["reply", "edit"]


def test_a_figure_edits_a_post_however_often_it_was_edited():
    for fact in (
        step("to_russia", 24, 25),
        step("disputed", before=False, after=True),
        step("status", "announced", "x"),
    ):
        assert actions(told(changed(fact), [CHANNEL], [TIRED], fresh=True)) == ["edit"]
    assert told(changed(step("mediators", (), ("UAE",))), [CHANNEL], [TIRED], fresh=True) == ()
    assert actions(told(changed(), [CHANNEL], [TIRED], fresh=True)) == ["edit"]


def test_topics_of_one_chat_are_places_of_their_own():
    topic = replace(CHANNEL, thread_id=7, language="ru")
    assert told(SURE, [CHANNEL, topic], [replace(HAS, thread_id=7)], fresh=True) == (
        Planned(-100, 0, "uk", "post"),
        Planned(-100, 7, "ru", "reply", floor=RING_FLOOR),
        Planned(-100, 7, "ru", "edit", floor=EDIT_FLOOR),
    )


def test_the_notice_of_an_admin_is_no_post_of_his_chat():
    assert actions(told(MORE, [CHANNEL], [replace(HAS, audience="admins")], fresh=True)) == ["post"]


def test_background_alone_and_no_change_are_never_told():
    background = change(KINDS["swap"], None, fold(KINDS["swap"], [replace(DONE, role="background")]))
    assert told(background, [CHANNEL], (), fresh=True) == ()
    assert told(replace(NEW, weight="none"), [CHANNEL], [HAS], fresh=True) == ()


def test_a_chat_that_does_not_want_the_kind_any_more_hears_no_sound():
    assert actions(told(SURE, [replace(CHANNEL, kinds=("strike",))], [HAS], fresh=True)) == ["edit"]


def test_what_is_long_past_makes_no_post_but_is_mended_where_it_stands():
    assert told(SURE, [CHANNEL], (), fresh=False) == ()
    assert actions(told(SURE, [CHANNEL], [HAS], fresh=False)) == ["reply", "edit"]


def test_a_source_that_repeats_itself_makes_no_post_but_another_one_does():
    repeated = change(KINDS["swap"], event(DONE), fold(KINDS["swap"], [DONE, swap("Берег", at(9, 15), june(9))]))
    assert told(repeated, [CHANNEL], (), fresh=True) == ()
    assert actions(told(repeated, [CHANNEL], [HAS], fresh=True)) == ["edit"]
    assert actions(told(MORE, [CHANNEL], (), fresh=True)) == ["post"]


def test_what_an_admin_posts_goes_to_those_who_hold_back_however_old_it_is():
    assert actions(told(ruled("", "post"), [HOLDS], (), fresh=False)) == ["post"]
    assert told(replace(ruled("", "post"), facts=()), [HOLDS], (), fresh=False) == ()
    assert told(ruled("", "post"), [replace(HOLDS, kinds=("strike",))], (), fresh=True) == ()


def test_what_an_admin_holds_is_posted_nowhere_else():
    held = replace(SURE, event=replace(SURE.event, verdict="hold"))
    assert told(held, [CHANNEL], (), fresh=True) == ()
    assert actions(told(held, [CHANNEL], [HAS], fresh=True)) == ["reply", "edit"]


def test_what_is_ruled_out_is_withdrawn_at_once_where_it_stands():
    assert told(ruled("", "reject"), [CHANNEL, replace(CHANNEL, chat_id=-2)], [TIRED], fresh=True) == (
        Planned(-100, 0, "uk", "reply"),
        Planned(-100, 0, "uk", "edit", floor=EDIT_FLOOR),
    )


def test_what_was_ruled_out_stays_silent_whatever_else_is_said_of_it():
    later = replace(SURE, event=replace(SURE.event, verdict="reject"))
    assert told(later, [CHANNEL, replace(CHANNEL, chat_id=-2)], [HAS], fresh=True) == ()


def test_a_withdrawal_that_is_taken_back_rings_too():
    assert actions(told(ruled("reject", ""), [CHANNEL], [TIRED], fresh=True)) == ["reply", "edit"]
    assert actions(told(ruled("reject", ""), [CHANNEL], (), fresh=True)) == ["post"]


def test_what_was_called_off_does_not_wait():
    off = changed(step("status", "announced", "postponed"), weight="material", status="postponed")
    assert told(off, [CHANNEL], [HAS], fresh=True)[0].floor == timedelta(0)


def test_the_post_of_an_event_that_was_merged_away_becomes_a_pointer():
    assert told(HUSK, [CHANNEL, replace(CHANNEL, chat_id=-2)], [TIRED], fresh=True) == (
        Planned(-100, 0, "uk", "edit", floor=EDIT_FLOOR),
    )


def test_a_chat_that_has_only_the_merged_event_gets_the_one_that_stays_under_it():
    absorbed = {5: [HAS], 6: [Posted(-2, 0, "readers", 1), Posted(ADMIN, 0, "admins", 0)]}
    chats = [HOLDS, replace(CHANNEL, chat_id=-2), replace(HOLDS, chat_id=-3)]
    planned = told(MORE, chats, [Posted(-2, 0, "readers", 0)], fresh=False, absorbed=absorbed)
    assert planned == (Planned(-100, 0, "uk", "post", under=5), Planned(-2, 0, "uk", "edit", floor=EDIT_FLOOR))


def test_one_post_is_enough_for_a_chat_that_wants_both():
    planned = told(MORE, [CHANNEL], (), fresh=True, absorbed={5: [HAS], 6: [HAS]})
    assert planned == (Planned(-100, 0, "uk", "post", under=6),)


def test_what_an_admin_holds_back_is_not_carried_over():
    held = replace(MORE, event=replace(MORE.event, verdict="hold"))
    assert told(held, [CHANNEL], (), fresh=True, absorbed={5: [HAS]}) == ()


CHATTY = replace(CHANNEL, updates="none")
EVENING = replace(CHANNEL, digest=Timetable(19 * 60))
SEVEN = at(9, 16)
"""Seven in the evening in Kyiv."""


def test_a_chat_without_updates_gets_the_edit_only_and_what_is_taken_back():
    assert actions(told(SURE, [CHATTY], [HAS], fresh=True)) == ["edit"]
    assert actions(told(ruled("", "reject"), [CHATTY], [HAS], fresh=True)) == ["reply", "edit"]
    off = changed(step("status", "announced", "postponed"), weight="material", status="postponed")
    assert actions(told(off, [CHATTY], [HAS], fresh=True)) == ["reply", "edit"]


def test_updates_without_a_sound_are_told_all_the_same():
    assert actions(told(SURE, [replace(CHANNEL, updates="silent")], [HAS], fresh=True)) == ["reply", "edit"]


def test_a_post_that_is_a_day_old_is_edited_more_seldom():
    (edit,) = told(MORE, [CHANNEL], [HAS], fresh=True, at=at(10, 12))
    assert edit.floor == OLD_EDIT_FLOOR


def test_a_chat_with_a_digest_waits_for_it():
    waits = Planned(-100, 0, "uk", "post", not_before=SEVEN, gathered=True)
    assert told(NEW, [EVENING], (), fresh=True, at=SEVEN - timedelta(minutes=1)) == (waits,)
    assert told(NEW, [EVENING], (), fresh=True, at=SEVEN) == (replace(waits, not_before=SEVEN + timedelta(days=1)),)


def mass(killed):
    return change(
        KINDS["strike"], None, fold(KINDS["strike"], [strike("Слобода", at(9), june(9), facts={"killed": killed})])
    )


def test_a_grave_event_waits_for_no_digest():
    assert [each.gathered for killed in (9, 10) for each in told(mass(killed), [EVENING], (), fresh=True)] == [
        True,
        False,
    ]
    assert told(mass(10), [EVENING], (), fresh=True)[0].not_before is None


def test_an_event_that_becomes_grave_waits_no_longer():
    before = event(strike("Слобода", at(9), june(9), facts={"killed": 3}))
    more = strike("ДСНС", at(9, 13), june(9), facts={"killed": 12})
    grew = change(KINDS["strike"], before, fold(KINDS["strike"], [*before.reports, more]))
    assert actions(told(grew, [EVENING], [HAS], fresh=True)) == ["post", "reply", "edit"]
    assert actions(told(grew, [EVENING], [replace(HAS, message_id=501)], fresh=True)) == ["reply", "edit"]
    assert actions(told(grew, [CHANNEL], [HAS], fresh=True)) == ["reply", "edit"]
    held = replace(grew, event=replace(grew.event, verdict="hold"))
    assert "post" not in actions(told(held, [EVENING], [HAS], fresh=True))


@given(
    st.sampled_from([NEW, SURE, MORE, HUSK, *(ruled(*each) for each in [("", "post"), ("", "hold"), ("", "reject")])]),
    st.booleans(),
    st.sampled_from([(), (HAS,), (TIRED,), (NOTICE,)]),
    st.booleans(),
)
def test_no_place_gets_two_of_a_kind_and_a_post_only_where_there_is_none(change, fresh, posted, over):
    """Whatever happens, a chat gets at most one post, one reply and one edit, and never a second post."""
    planned = told(change, [CHANNEL, HOLDS][:1], posted, fresh=fresh, absorbed={5: [HAS]} if over else None)
    assert len({(each.chat_id, each.action) for each in planned}) == len(planned)
    assert ("post" in actions(planned)) <= (not any(each.audience == "readers" for each in posted))
    assert ("edit" in actions(planned)) <= any(each.audience == "readers" for each in posted)
