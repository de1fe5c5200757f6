"""What every store has to do with buttons, questions, alarms and pushed updates: imported as `store_contract` is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.recording import MOST_HANDLES
from bot.core.model import Alarm, Awaited, Handle
from tests.adapters.records import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BUTTON = Handle(token="Zq3", data="panel:-100:kinds", user_id=7, chat_id=-100, expires=NOON + HOUR)
QUESTION = Awaited(chat_id=-100, user_id=7, about="panel:-100:least:strike", message_id=41, expires=NOON + HOUR)
ALARM = Alarm("suspended:-100", "alarm.suspended", {"chat": "Новини", "reason": "bot was kicked"}, NOON)


async def test_a_button_means_what_it_was_handed_out_with(store):
    other = replace(BUTTON, token="b7", data="panel:-100:done", user_id=0, message_id=0)
    await store.issue([BUTTON, other], NOON)
    assert await store.handle("Zq3") == BUTTON
    assert await store.handle("b7") == other
    assert await store.handle("zq3") is None


async def test_buttons_are_bound_to_their_message_and_no_others(store):
    other = replace(BUTTON, token="b7")
    await store.issue([BUTTON, other], NOON)
    await store.bind(["Zq3", "unheard-of"], 501)
    assert await store.handle("Zq3") == replace(BUTTON, message_id=501)
    assert await store.handle("b7") == other
    await store.bind([], 502)
    await store.issue([], NOON)
    assert await store.handle("b7") == other


async def test_an_expired_button_is_known_for_a_day_and_then_forgotten(store):
    await store.issue([BUTTON], NOON)
    await store.issue([replace(BUTTON, token="later", expires=NOON + 3 * DAY)], BUTTON.expires + DAY)
    assert await store.handle("Zq3") == BUTTON
    await store.issue([replace(BUTTON, token="last")], BUTTON.expires + DAY + timedelta(seconds=1))
    assert await store.handle("Zq3") is None
    assert await store.handle("later") is not None
    assert await store.handle("last") is not None


async def test_of_one_person_in_one_chat_the_oldest_buttons_give_way(store):
    somebody = replace(BUTTON, token="somebody", user_id=8, expires=NOON + 9 * DAY)
    await store.issue([somebody, replace(BUTTON, token="first", expires=NOON + 9 * DAY)], NOON)
    many = [replace(BUTTON, token=f"{number}", expires=NOON + 9 * DAY) for number in range(MOST_HANDLES - 1)]
    await store.issue(many, NOON + HOUR)
    assert await store.handle("first") is not None
    await store.issue([replace(BUTTON, token="short-lived")], NOON + 2 * HOUR)
    assert await store.handle("first") is None
    known = [await store.handle(token) for token in ("short-lived", "somebody", "0", f"{MOST_HANDLES - 2}")]
    assert None not in known


async def test_a_person_is_asked_one_thing_at_a_time_in_each_chat(store):
    again = replace(QUESTION, about="panel:-100:zone", message_id=42)
    elsewhere, somebody = replace(QUESTION, chat_id=7), replace(QUESTION, user_id=8)
    for asked in (QUESTION, elsewhere, somebody, again):
        await store.expect(asked)
    assert await store.awaited(-100, 7) == again
    assert await store.awaited(7, 7) == elsewhere
    await store.answered(-100, 7)
    await store.answered(-100, 7)
    assert await store.awaited(-100, 7) is None
    assert await store.awaited(-100, 8) == somebody


async def test_an_alarm_is_raised_once_until_it_is_cleared(store):
    assert await store.raise_alarm(ALARM)
    assert not await store.raise_alarm(replace(ALARM, at=NOON + HOUR))
    assert await store.untold() == (ALARM,)
    await store.told([ALARM.key])
    assert not await store.raise_alarm(ALARM)
    assert await store.untold() == ()
    assert await store.clear(ALARM.key)
    assert not await store.clear(ALARM.key)
    again = replace(ALARM, at=NOON + HOUR)
    assert await store.raise_alarm(again)
    assert await store.untold() == (again,)


async def test_an_alarm_that_stands_says_what_it_was_raised_with_last_and_is_not_told_again(store):
    await store.raise_alarm(ALARM)
    renewed = replace(ALARM, values={"count": "2"})
    assert not await store.raise_alarm(replace(renewed, at=NOON + HOUR))
    assert await store.untold() == (renewed,)
    await store.told([ALARM.key])
    assert not await store.raise_alarm(renewed)
    assert await store.untold() == ()


async def test_an_alarm_that_ended_before_anybody_was_told_is_not_told(store):
    await store.raise_alarm(ALARM)
    await store.clear(ALARM.key)
    assert await store.untold() == ()


async def test_untold_alarms_come_oldest_first_and_are_told_by_key(store):
    later, older = replace(ALARM, key="b", at=NOON + HOUR), replace(ALARM, key="c", at=NOON - HOUR)
    for alarm in (later, ALARM, older):
        await store.raise_alarm(alarm)
    assert await store.untold() == (older, ALARM, later)
    await store.told([older.key, later.key, "unheard-of"])
    assert await store.untold() == (ALARM,)


async def test_a_pushed_update_is_kept_once_and_in_the_order_of_numbers(store):
    assert await store.receive(12, '{"update_id": 12}', NOON)
    assert await store.receive(11, '{"update_id": 11}', NOON)
    assert not await store.receive(12, "{}", NOON)
    assert await store.received(10) == ((11, '{"update_id": 11}', NOON), (12, '{"update_id": 12}', NOON))
    assert await store.received(1) == ((11, '{"update_id": 11}', NOON),)


async def test_an_update_that_is_done_is_dropped_when_it_is_pushed_again(store):
    await store.receive(11, "{}", NOON)
    await store.done(11)
    await store.done(99)
    assert await store.received(10) == ()
    assert not await store.receive(11, "{}", NOON + 2 * DAY)
    assert await store.received(10) == ()


async def test_an_update_that_was_done_two_days_ago_is_forgotten_and_one_that_waits_is_not(store):
    for number in (11, 12):
        await store.receive(number, "{}", NOON)
    await store.done(11)
    assert await store.receive(13, "{}", NOON + 2 * DAY + timedelta(seconds=1))
    assert await store.received(10) == ((12, "{}", NOON), (13, "{}", NOON + 2 * DAY + timedelta(seconds=1)))
    assert await store.receive(11, "{}", NOON + 2 * DAY + HOUR)
    assert not await store.receive(12, "{}", NOON + 2 * DAY + HOUR)


@pytest.mark.parametrize("chat_id", [-100, -300])
async def test_a_migrated_chat_keeps_its_buttons_and_questions(store, chat_id):
    button, question = replace(BUTTON, chat_id=chat_id), replace(QUESTION, chat_id=chat_id)
    await store.issue([button], NOON)
    await store.expect(question)
    await store.migrate(-100, -1009)
    there = -1009 if chat_id == -100 else chat_id
    assert await store.handle("Zq3") == replace(button, chat_id=there)
    assert await store.awaited(there, 7) == replace(question, chat_id=there)
    assert await store.awaited(-100, 7) is None


async def test_what_was_asked_under_the_new_id_stays_when_a_chat_migrates(store):
    newer = replace(QUESTION, chat_id=-1009, about="panel:-1009:zone")
    await store.expect(QUESTION)
    await store.expect(newer)
    await store.migrate(-100, -1009)
    assert await store.awaited(-1009, 7) == newer
    assert await store.awaited(-100, 7) is None
