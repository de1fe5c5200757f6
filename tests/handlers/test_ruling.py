"""Admins rule by command: what is done, what is said, and what makes no sense."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.model import Logged, Revision
from bot.ports import PermanentError
from tests.examples import exchange, strike
from tests.handlers.asking import ADMIN, COMMANDS, READER, rule
from tests.handlers.ruling import AT, Judge

RULINGS = tuple(name for name, command in COMMANDS.items() if command.role != "reader")
WORDS = {
    "merge": (13, 14),
    "split": (12, 2),
    "correct": (13, "killed", "3"),
    "undo": (),
    "queue": (),
    "log": (),
}


@pytest.fixture
def judge():
    return Judge.over(exchange(), strike(), strike(id=14))


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
@pytest.mark.parametrize("name", RULINGS)
async def test_others_get_a_kind_refusal_and_nothing_happens(judge, name, language):
    said = await rule(judge, name, *WORDS.get(name, (13,)), user=READER, language=language)
    assert (
        said
        == {
            "en": "Only the bot's editors can do that.",
            "uk": "Це можуть лише редактори бота.",
            "ru": "Это могут только редакторы бота.",
        }[language]
    )
    assert judge.log == []


@pytest.mark.parametrize("nobody", [0, -ADMIN])
async def test_who_writes_without_a_name_is_no_admin(judge, nobody):
    assert "editors" in await rule(judge, "post", 13, user=nobody)


@pytest.mark.parametrize("act", ["post", "hold", "reject"])
async def test_a_verdict_is_given_once_and_can_be_taken_back(judge, act):
    assert "/undo_1" in await rule(judge, act, 13)
    assert judge.events[13].verdict == act
    assert "already" in await rule(judge, act, 13)
    assert [(each.ruling.act, each.ruling.by) for each in judge.log] == [(act, ADMIN)]
    assert "taken back" in await rule(judge, "undo", 1)
    assert judge.events[13].verdict == ""
    assert "already" in await rule(judge, "undo", 1)


async def test_two_events_become_one(judge):
    assert "One event now: event 14" in await rule(judge, "merge", 13, "№14")
    assert judge.events[13].merged_into == 14


async def test_an_event_that_was_merged_away_is_referred_to_what_it_became(judge):
    await rule(judge, "merge", 13, 14)
    for command, words in (("post", (13,)), ("merge", (12, 13)), ("split", (13, 1)), ("correct", (13, "killed", 3))):
        assert "event 14" in await rule(judge, command, *words)
    assert len(judge.log) == 1


async def test_a_report_leaves_its_event_by_its_number(judge):
    report = judge.events[12].reports[1]
    assert "event 15" in await rule(judge, "split", 12, 2)
    assert judge.events[15].reports == (report,)
    assert report not in judge.events[12].reports


@pytest.mark.parametrize(
    ("words", "slot", "value"),
    [
        ((13, "killed", "15"), "killed", 15),
        ((13, "Загинули", "15"), "killed", 15),
        ((13, "погибли", "0"), "killed", 0),
        ((13, "drones", "launched", "1,207"), "drones", 1207),
        ((13, "drones", "1", "207"), "drones", 1207),
        ((13, "drones_downed", "12"), "drones_downed", 12),
        ((12, "to", "Ukraine", "1 207"), "to_ukraine", 1207),
        ((12, "day", "10.06.2025"), "date", "2025-06-10"),
        ((12, "дата", "2025-06-10"), None, None),
        ((12, "date", "2025-06-10"), "date", "2025-06-10"),
        ((12, "status", "put", "off"), "status", "postponed"),
        ((12, "стан", "Відкладено"), "status", "postponed"),
        ((12, "status", "carried_out"), "status", "carried_out"),
        ((12, "to_ukraine", "1.207"), "to_ukraine", 1207),
        ((13, "region", "белгородская"), "region", "RU-BEL"),
        ((13, "регион", "Kharkiv", "Oblast"), "region", "UA-63"),
    ],
)
async def test_a_value_is_corrected_by_any_of_its_names(judge, words, slot, value):
    said = await rule(judge, "correct", *words)
    if slot is None:
        assert "You can correct: to Ukraine" in said
    else:
        assert [(each.ruling.slot, each.ruling.value) for each in judge.log] == [(slot, value)]
        assert "/undo_1" in said


@pytest.mark.parametrize(
    ("command", "words", "hint"),
    [
        ("post", (), "/post 12"),
        ("hold", ("x",), "/hold 12"),
        ("reject", (77,), "no event 77"),
        ("merge", (12,), "/merge 12 5"),
        ("merge", (12, "x"), "/merge 12 5"),
        ("merge", (12, 12), "same as itself"),
        ("merge", (12, 13), "different kinds"),
        ("merge", (12, 77), "no event 77"),
        ("split", (12,), "/split 12 3"),
        ("split", (12, 3), "1 to 2"),
        ("split", (12, 0), "1 to 2"),
        ("split", (13, 1), "one report only"),
        ("correct", (13,), "/correct 12 killed 15"),
        ("correct", (13, "killed"), "/correct 12 killed 15"),
        ("correct", (13, "wounded<b>", "5"), "wounded&lt;b&gt;"),
        ("correct", (13, "killed", "many"), "a whole number, such as 15"),
        ("correct", (13, "killed", "-5"), "a whole number, such as 15"),
        ("correct", (13, "killed", "3.5"), "a whole number, such as 15"),
        ("correct", (13, "killed", "3", "4"), "a whole number, such as 15"),
        ("correct", (13, "killed", "1,2345"), "a whole number, such as 15"),
        ("correct", (13, "killed", "1,207.500"), "a whole number, such as 15"),
        ("correct", (13, "killed", "9" * 30), "a whole number, such as 15"),
        ("correct", (13, "date", "June"), "2025-06-09"),
        ("correct", (13, "date", "2025-06"), "2025-06-09"),
        ("correct", (12, "status", "perhaps"), "carried out"),
        ("correct", (13, "status", "put", "off"), "You can correct"),
        ("correct", (13, "date", "1970-01-01"), "at most a year away"),
        ("correct", (13, "date", "2999-01-01"), "at most a year away"),
        ("correct", (13, "region", "Atlantis"), "a region as in the news"),
        ("correct", (12, "region", "Kharkiv"), "You can correct"),
        ("correct", (13, "places", "Kharkiv"), "You can correct"),
        ("undo", ("x",), "/undo 7"),
        ("undo", (9,), "no ruling 9"),
        ("undo", (), "no ruling in force"),
        ("log", ("x",), "/log 12"),
        ("log", (77,), "no event 77"),
    ],
)
async def test_nonsense_gets_a_sentence_that_helps_and_does_nothing(judge, command, words, hint):
    assert hint in await rule(judge, command, *words)
    assert judge.log == []


async def test_undo_alone_takes_back_the_newest_ruling_in_force(judge):
    await rule(judge, "hold", 12)
    await rule(judge, "hold", 13)
    assert "Ruling 2" in await rule(judge, "undo")
    assert "Ruling 1" in await rule(judge, "undo")
    assert "no ruling in force" in await rule(judge, "undo")


async def test_the_log_says_who_decided_what_and_who_took_it_back(judge):
    await rule(judge, "hold", 12)
    await rule(judge, "reject", 13)
    await rule(judge, "undo", 1)
    everything, one = await rule(judge, "log"), await rule(judge, "log", 13)
    assert everything.index("1 · ") < everything.index("2 · ")
    assert "<s>1 · 10.06 14:05 · 1 · /event_12 · held</s> · taken back 10.06 14:05 · 1" in everything
    assert "/event_12" not in one
    assert "No rulings yet" in await rule(Judge(), "log")


async def test_a_long_log_keeps_the_newest(judge):
    await rule(judge, "hold", 12)
    judge.log = [Logged(replace(judge.log[0].ruling, id=number), 12) for number in range(1, 400)]
    said = await rule(judge, "log")
    assert "\n399 · " in said
    assert "\n1 · " not in said


async def test_the_queue_lists_what_waits_with_what_can_be_done(judge):
    said = await rule(judge, "queue")
    assert "/post_13 /hold_13 /reject_13" in said
    assert "/event_12" not in said
    assert "Nothing waits" in await rule(Judge(), "queue")


async def test_the_queue_has_what_is_confirmed_but_doubtful_until_somebody_rules_on_it(judge):
    judge.changes[12] = (Revision(1, AT, "new", (), ("admins are asked: held, near",)),)
    assert "/event_12" in await rule(judge, "queue")
    judge.changes[12] = (Revision(1, AT, "new", (), ("admins are asked: held",)),)
    assert "/event_12" not in await rule(judge, "queue")
    judge.changes[12] = (Revision(1, AT, "sources", (), ("admins are asked: readers",)),)
    await rule(judge, "correct", 12, "to_ukraine", 1200)
    assert "/event_12" not in await rule(judge, "queue")


async def test_what_an_admin_wrote_comes_back_without_signs_of_direction(judge):
    assert "\u202e" not in await rule(judge, "correct", 13, "\u202ewounded", 5)


class Busy(Judge):
    async def rule(self, *_about, **_more):
        raise PermanentError("event 13: that changes nothing")


async def test_why_a_ruling_is_refused_is_told_to_the_admin():
    assert await rule(Busy.over(strike()), "hold", 13) == "event 13: that changes nothing"
