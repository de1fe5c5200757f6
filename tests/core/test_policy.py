"""Who hears of a change: chats that have a post and chats that have none, and the desk of the admins."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.merge import change, fold
from bot.core.model import Change, Decision, FactChange, Planned, Posted, Revision, Subscription
from bot.core.policy import (
    MOST_EDITS,
    RING_FLOOR,
    ask,
    asked,
    desk,
    doubts,
    flood,
    is_fresh,
    is_held,
    is_settled,
    plan,
    unheard,
    wants,
    why,
)
from bot.core.trust import FLOOD
from tests.reports import KINDS, at, event, june, strike, swap

CHANNEL = Subscription(chat_id=-100, language="uk")
HOLDS = replace(CHANNEL, unconfirmed="hold")
HAS = Posted(-100, 0, "readers", 0)
TIRED = replace(HAS, edits=MOST_EDITS)
ADMIN = 77
NOTICE = Posted(ADMIN, 0, "admins", 0)

DONE = swap("Берег", at(9), june(9), facts={"to_ukraine": 25})
AGAIN = swap("Вестник", at(9, 13), june(9), facts={"to_ukraine": 25})
THIRD = swap("Wire", at(9, 14), june(9), facts={"to_ukraine": 25})
NEW = change(KINDS["swap"], None, fold(KINDS["swap"], [DONE]))
SURE = change(KINDS["swap"], event(DONE), fold(KINDS["swap"], [DONE, AGAIN]))
MORE = change(KINDS["swap"], event(DONE, AGAIN), fold(KINDS["swap"], [DONE, AGAIN, THIRD]))


def step(slot: str, before: object, after: object, source: str = "Берег", minute: int = 0) -> FactChange:
    return FactChange(slot, before, after, at(9, 15, minute), source)


def changed(*facts: FactChange, weight: str = "minor", **fields: object) -> Change:
    return Change(replace(event(DONE), **fields), facts, weight)


def ruled(before: str, after: str) -> Change:
    weight = "material" if after == "reject" else "minor"
    return changed(step("verdict", before, after), weight=weight, verdict=after)


def actions(planned: tuple[Planned, ...]) -> list[str]:
    return [each.action for each in planned]


def test_a_new_event_is_posted_where_it_is_wanted():
    assert plan(NEW, [CHANNEL, replace(CHANNEL, chat_id=-2, kinds=("strike",))], (), fresh=True) == (
        Planned(-100, 0, "uk", "post"),
    )


def test_a_new_event_goes_under_the_post_it_hangs_on():
    assert plan(NEW, [CHANNEL], (), fresh=True, under=4) == (Planned(-100, 0, "uk", "post", under=4),)


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


HUSK = changed(step("merged_into", 0, 3), weight="minor", reports=(), merged_into=3)


def test_the_post_of_an_event_that_was_merged_away_becomes_a_pointer():
    assert plan(HUSK, [CHANNEL, replace(CHANNEL, chat_id=-2)], [TIRED], fresh=True) == (Planned(-100, 0, "uk", "edit"),)


def test_a_chat_that_has_only_the_merged_event_gets_the_one_that_stays_under_it():
    absorbed = {5: [HAS], 6: [Posted(-2, 0, "readers", 1), Posted(ADMIN, 0, "admins", 0)]}
    chats = [HOLDS, replace(CHANNEL, chat_id=-2), replace(HOLDS, chat_id=-3)]
    planned = plan(MORE, chats, [Posted(-2, 0, "readers", 0)], fresh=False, absorbed=absorbed)
    assert planned == (Planned(-100, 0, "uk", "post", under=5), Planned(-2, 0, "uk", "edit"))


def test_one_post_is_enough_for_a_chat_that_wants_both():
    planned = plan(MORE, [CHANNEL], (), fresh=True, under=9, absorbed={5: [HAS], 6: [HAS]})
    assert planned == (Planned(-100, 0, "uk", "post", under=6),)


def test_what_an_admin_holds_back_is_not_carried_over():
    held = replace(MORE, event=replace(MORE.event, verdict="hold"))
    assert plan(held, [CHANNEL], (), fresh=True, absorbed={5: [HAS]}) == ()


@pytest.mark.parametrize(
    ("regions", "region", "wanted"),
    [
        ((), "UA-63", True),
        (("UA-63",), "UA-63", True),
        (("UA-59",), "UA-63", False),
        (("UA",), "UA-63", True),
        (("UA-63",), "UA", False),
    ],
)
def test_a_chat_may_want_some_regions_or_a_country(regions, region, wanted):
    hit = event(strike("Слобода", at(9), june(9), facts={"region": region}))
    assert wants(replace(CHANNEL, regions=regions), hit) == wanted


def test_exchanges_have_no_region_and_kinds_are_chosen():
    assert wants(replace(CHANNEL, regions=("UA-59",)), event(DONE))
    assert not wants(replace(CHANNEL, kinds=("strike",)), event(DONE))


@pytest.mark.parametrize(
    ("published", "day", "status", "fresh"),
    [
        (at(9), june(9), "carried_out", True),
        (at(12), june(9), "carried_out", True),
        (at(13), june(9), "carried_out", False),
        (at(9, 22), june(10), "carried_out", True),
        (at(9), june(12), "carried_out", False),
        (at(9), june(30), "announced", True),
        (at(9, month=3), june(9), "announced", False),
    ],
)
def test_news_are_of_a_day_that_is_near(published, day, status, fresh):
    assert is_fresh(event(swap("Берег", published, day, status=status))) == fresh


def test_an_undated_event_is_old_by_its_first_report():
    plans = [swap("Берег", at(day), None, status="announced") for day in (9, 13)]
    assert is_fresh(event(plans[0]))
    assert not is_fresh(event(*plans))


def test_an_event_is_held_where_somebody_would_want_it_if_it_were_sure():
    assert is_held(NEW.event, [CHANNEL, HOLDS], fresh=True)
    assert not is_held(NEW.event, [CHANNEL, replace(HOLDS, kinds=("strike",))], fresh=True)
    assert not is_held(NEW.event, [HOLDS], fresh=False)
    assert not is_held(SURE.event, [HOLDS], fresh=True)
    assert not is_held(replace(NEW.event, verdict="hold"), [HOLDS], fresh=True)


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
    "told (edit 1, reply 1)": why(SURE, plan(SURE, [CHANNEL], [HAS], fresh=True), quiet=False, fresh=True),
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
