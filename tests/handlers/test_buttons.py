"""Buttons: who may press them, what follows, and that pressing twice does nothing twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.adapters.memory import Memory
from bot.core.render.buttons import report_key
from bot.core.render.notice import choose_event, choose_report, render_notice
from handlers import A_WHILE, MOST_COMPLAINTS, react
from tests.examples import BOOKS, exchange, strike
from tests.handlers.asking import ADMIN, BUTTONS, READER, asking, desk, press, rule
from tests.handlers.ruling import Judge

EN = BOOKS["en"]


@pytest.fixture
def judge():
    return Judge.over(exchange(), strike(), strike(id=14))


def data_of(message, act):
    """Return the data of the first button that does something."""
    found = [button.data for row in message.buttons for button in row if button.data.split(":")[2] == act]
    return found[0]


@pytest.mark.parametrize(
    "act", ["post", "hold", "reject", "merge", "split", "correct", "why", "undo", "into:14", "take:a"]
)
async def test_only_an_admin_presses_what_stands_under_a_notice(judge, act):
    reaction = await press(judge, f"desk:13:{act}", user=READER, language="uk")
    assert reaction.notice == "Це можуть лише редактори бота."
    assert (reaction.alert, reaction.message, reaction.instead) == (True, None, None)
    assert judge.log == []


@pytest.mark.parametrize("act", ["post", "hold", "reject"])
async def test_a_verdict_pressed_twice_is_given_once(judge, act):
    notice = render_notice(judge.events[13], EN)
    first = await press(judge, data_of(notice, act))
    again = await press(judge, data_of(notice, act))
    assert (first.alert, again.alert) == (False, True)
    assert "already" in again.notice
    assert [(each.ruling.act, each.ruling.by) for each in judge.log] == [(act, ADMIN)]


async def test_the_notice_offers_to_take_the_newest_ruling_back_and_that_is_done_once(judge):
    await press(judge, "desk:13:hold")
    notice = render_notice(judge.events[13], EN)
    assert (await press(judge, data_of(notice, "undo"))).alert is False
    assert (await press(judge, data_of(notice, "undo"))).notice == EN.say("desk.already_undone")
    assert judge.events[13].verdict == ""


async def test_merging_asks_for_the_other_event_and_then_says_what_was_done(judge):
    asked = (await press(judge, "desk:13:merge")).message
    assert "/event_14" in asked.text
    assert "/event_12" not in asked.text
    done = await press(judge, data_of(asked, "into"))
    assert done.instead.text.startswith("⧉ One event now: event 14.")
    assert judge.events[13].merged_into == 14
    back = await press(judge, data_of(done.instead, "revert"))
    assert back.instead.buttons == ()
    assert judge.log[0].undone_by == ADMIN


async def test_the_events_that_are_most_alike_are_offered_first_and_withdrawn_ones_not_at_all(judge):
    night = strike(id=20, facts={"attacker": "RU", "region": "UA"}, claims={})
    next_day = strike(id=21, date=date(2025, 6, 10), claims={})
    withdrawn = strike(id=22, verdict="reject")
    judge.events.update({each.id: each for each in (night, next_day, withdrawn)})
    asked = (await press(judge, "desk:13:merge")).message
    assert [row[0].data for row in asked.buttons] == ["desk:13:into:14", "desk:13:into:21", "desk:13:into:20"]


async def test_merging_twice_merges_once(judge):
    asked = choose_event(judge.events[13], [judge.events[14]], EN)
    await press(judge, data_of(asked, "into"))
    again = await press(judge, data_of(asked, "into"))
    assert "event 14" in again.notice
    assert again.alert
    assert len(judge.log) == 1


async def test_splitting_asks_for_the_report_which_keeps_its_button_when_others_come_in(judge):
    event = judge.events[12]
    asked = (await press(judge, "desk:12:split")).message
    assert "1,207" in asked.text
    late = replace(event.reports[0], position=7)
    judge.events[12] = replace(event, reports=(late, *event.reports))
    await press(judge, f"desk:12:take:{report_key(event.reports[1].id)}")
    assert judge.events[15].reports == (event.reports[1],)
    again = await press(judge, f"desk:12:take:{report_key(event.reports[1].id)}")
    assert again.alert
    assert len(judge.log) == 1


async def test_correcting_explains_how_and_why_answers_beside_the_notice(judge):
    assert "/correct 13 killed 15" in (await press(judge, "desk:13:correct")).message.text
    assert "status" not in (await press(judge, "desk:13:correct")).message.text
    assert "/correct 12 status postponed" in (await press(judge, "desk:12:correct")).message.text
    assert "Why event 13" in (await press(judge, "desk:13:why")).message.text


@pytest.mark.parametrize(
    "data",
    [
        "",
        "desk",
        "desk:13",
        "desk:13:",
        "desk:13:dance",
        "desk:99:merge",
        "desk:99:post",
        "desk:x:post",
        "desk:13:post:1:2",
        "desk:13:undo",
        "desk:13:undo:99",
        "desk:13:into:13",
        "desk:13:into:x",
        "desk:13:take:zzz",
        "say:13:nonsense",
        "say:99:wrong",
        "old:13:post",
        "desk:٣:post",
        "desk:13:post\n",
        "x" * 64,
    ],
)
async def test_a_button_that_is_stale_or_forged_is_answered_kindly(judge, data):
    reaction = await press(judge, data)
    assert reaction.alert
    assert 5 < len(reaction.notice) <= 200
    assert judge.log == []
    assert judge.votes == set()


async def test_a_button_of_an_event_that_was_merged_away_names_what_it_became(judge):
    await rule(judge, "merge", 13, 14)
    assert "event 14" in (await press(judge, "desk:13:post")).notice
    assert (await press(judge, "desk:13:split")).alert


@pytest.mark.parametrize(("language", "thanks"), [("en", "Thank you"), ("uk", "Дякую"), ("ru", "Спасибо")])
async def test_a_reader_votes_once_for_each_word_and_is_thanked(judge, language, thanks):
    said = [
        await press(judge, f"say:12:{what}", user=READER, language=language) for what in ("wrong", "wrong", "duplicate")
    ]
    assert [thanks in each.notice for each in said] == [True, False, True]
    assert not any(each.alert or each.message or each.instead for each in said)
    assert judge.votes == {(12, READER, "wrong"), (12, READER, "duplicate")}


@pytest.mark.parametrize(
    ("language", "enough"), [("en", "a lot in one hour"), ("uk", "за одну годину"), ("ru", "за один час")]
)
async def test_a_reader_complains_so_often_an_hour_and_no_more(language, enough):
    judge = Judge.over(*(strike(id=number) for number in range(20, 30)))
    house = desk(Memory(), judge, judge)
    asked = asking(house, (), language, READER, READER)
    said = [await react(BUTTONS, f"say:{number}:wrong", asked) for number in (20, 20, *range(21, 27))]
    assert [enough in each.notice for each in said] == [False] * 6 + [True] * 2
    assert len(judge.votes) == MOST_COMPLAINTS
    assert enough not in (await react(BUTTONS, "say:26:wrong", asking(house, (), language, ADMIN, ADMIN))).notice
    later = replace(asked, now=asked.now + A_WHILE)
    assert enough not in (await react(BUTTONS, "say:26:wrong", later)).notice


async def test_a_vote_for_a_post_that_was_merged_away_counts_for_what_it_became(judge):
    await rule(judge, "merge", 13, 14)
    await press(judge, "say:13:wrong", user=READER)
    assert judge.votes == {(14, READER, "wrong")}


async def test_a_withdrawn_post_needs_no_vote(judge):
    await rule(judge, "reject", 13)
    assert "withdrawn" in (await press(judge, "say:13:wrong", user=READER)).notice
    assert judge.votes == set()


class Broken(Judge):
    async def rule(self, *_about, **_more):
        raise RuntimeError("postgresql://secret")


async def test_an_error_of_our_own_is_answered_without_its_details():
    reaction = await press(Broken.over(strike()), "desk:13:post")
    assert "my side" in reaction.notice
    assert "secret" not in reaction.notice


def test_every_button_fits_into_what_telegram_takes():
    longest = strike(id=999_999_999)
    messages = [
        render_notice(longest, EN, ("held",), {"wrong": 3}),
        choose_event(longest, [longest], EN),
        choose_report(longest, EN),
    ]
    assert all(len(button.data.encode()) <= 64 for each in messages for row in each.buttons for button in row)
