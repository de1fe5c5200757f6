"""The dispatcher: what it keeps, in which order it hands on, and what it drops or puts aside."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from telegram import Bot, Update

from bot.adapters.telegram import build_application
from bot.adapters.telegram.dispatcher import MOST_IN_FLIGHT
from bot.adapters.telegram.guard import READER, SHARED
from tests.adapters.records import NOON, opened, planned
from tests.adapters.updating import NOTICE, Hand, Handler, Kept, dispatcher_over, group, message
from tests.botapi import BotApi, bot_api


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as server:
        for user_id in (100, 200):
            server.person(user_id)
        server.supergroup(-500)
        yield server


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[Bot]:
    async with build_application(api.token, api.url).bot as bot:
        yield bot


@pytest.fixture
async def kept() -> Kept:
    return Kept()


@pytest.fixture
def handler() -> Handler:
    return Handler()


async def take_all(dispatcher: Any, *updates: dict[str, Any]) -> None:
    for update in updates:
        await dispatcher.take(update)
    await dispatcher.finish()


async def test_an_update_is_kept_before_it_is_handled_and_known_as_done_after(
    bot: Bot, kept: Kept, handler: Handler
) -> None:
    gate = handler.gates["/slow"] = asyncio.Event()
    dispatcher = dispatcher_over(bot, kept, handler)
    await dispatcher.take(message(1, "/slow"))
    assert [number for number, *_ in await kept.received(9)] == [1]
    await handler.until(lambda: handler.begun)
    assert kept.finished == []
    gate.set()
    await dispatcher.finish()
    assert (kept.finished, await kept.received(9)) == ([1], ())


async def test_one_chat_keeps_its_order_and_blocks_no_other(bot: Bot, kept: Kept, handler: Handler) -> None:
    gate = handler.gates["/slow"] = asyncio.Event()
    dispatcher = dispatcher_over(bot, kept, handler)
    for update in (message(1, "/slow"), message(2, "/behind"), message(3, "/other", sender=200)):
        await dispatcher.take(update)
    await handler.until(lambda: handler.texts == ["/other"])
    gate.set()
    await dispatcher.finish()
    assert handler.texts == ["/other", "/slow", "/behind"]


async def test_the_inline_mode_waits_for_no_command_of_the_same_person(bot: Bot, kept: Kept) -> None:
    gate, asked = asyncio.Event(), asyncio.Event()

    async def handle(update: Update) -> None:
        if update.inline_query:
            asked.set()
        else:
            await gate.wait()

    dispatcher = dispatcher_over(bot, kept, handle)
    person = {"id": 100, "is_bot": False, "first_name": "Olena"}
    await dispatcher.take(message(1, "/slow"))
    await dispatcher.take({"update_id": 2, "inline_query": {"id": "7", "from": person, "query": "swaps", "offset": ""}})
    await asyncio.wait_for(asked.wait(), 10)
    gate.set()
    await dispatcher.finish()


async def test_a_repeat_is_dropped_whether_its_first_is_done_or_not(bot: Bot, kept: Kept, handler: Handler) -> None:
    gate = handler.gates["/slow"] = asyncio.Event()
    dispatcher = dispatcher_over(bot, kept, handler)
    await dispatcher.take(message(1, "/slow"))
    await dispatcher.take(message(1, "/slow"))
    gate.set()
    await kept.until_done(1)
    await take_all(dispatcher, message(1, "/slow"))
    assert handler.texts == ["/slow"]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"update_id": 1, "message": {"message_id": 1, "date": "yesterday", "chat": {"id": 100}}}, "TypeError"),
        (message(1, "/broken"), "RuntimeError: the handler is broken"),
        (message(1, "\ud800 /broken") | {"message": {"chat": {"id": 100}, "text": "\ud800\x00"}}, "KeyError"),
    ],
)
async def test_an_update_that_cannot_be_handled_is_put_aside_and_the_next_one_handled(
    bot: Bot, kept: Kept, handler: Handler, broken: dict[str, Any], reason: str
) -> None:
    await take_all(dispatcher_over(bot, kept, handler), broken, message(2, "/fine"))
    assert handler.texts == ["/fine"]
    assert kept.finished == [1, 2]
    ((update_id, raw, error),) = kept.put_aside
    assert (update_id, json.loads(raw)) == (1, broken)
    assert error.startswith(reason)


async def test_a_handler_that_never_ends_is_cut_off_and_its_update_put_aside(
    bot: Bot, kept: Kept, handler: Handler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.telegram.dispatcher.LONGEST", 0.01)
    handler.gates["/endless"] = asyncio.Event()
    await take_all(dispatcher_over(bot, kept, handler), message(1, "/endless"), message(2, "/fine"))
    assert handler.texts == ["/fine"]
    assert [error for _, _, error in kept.put_aside] == ["TimeoutError: "]


async def test_what_was_kept_and_not_done_is_handled_after_a_restart_in_order(
    bot: Bot, kept: Kept, handler: Handler
) -> None:
    hand = Hand()
    for update in (message(2, "/second"), message(1, "/first")):
        await kept.receive(update["update_id"], json.dumps(update), hand.now())
    dispatcher = dispatcher_over(bot, kept, handler, hand)
    await dispatcher.resume()
    await take_all(dispatcher, message(2, "/second"), message(3, "/third"))
    assert handler.texts == ["/first", "/second", "/third"]


async def test_messages_from_before_a_long_outage_are_not_answered_but_what_became_of_a_chat_counts(
    bot: Bot, kept: Kept
) -> None:
    hand, handled = Hand(), []

    async def handle(update: Update) -> None:
        handled.append(update.update_id)

    early = int(hand.now().timestamp()) - 3601
    old = message(1, "/old", date=early)
    migration = message(2, "", chat=group(), date=early, migrate_to_chat_id=-1005)
    standing = {"user": bot.bot.to_dict(), "status": "member"}
    membership = {
        "chat": group(),
        "from": old["message"]["from"],
        "date": early,
        "old_chat_member": {**standing, "status": "left"},
        "new_chat_member": standing,
    }
    await kept.receive(9, json.dumps(old | {"update_id": 9}), hand.now())
    dispatcher = dispatcher_over(bot, kept, handle, hand)
    await dispatcher.resume()
    young = message(4, "/young", date=early + 2)
    await take_all(dispatcher, old, migration, {"update_id": 3, "my_chat_member": membership}, young)
    assert sorted(handled) == [2, 3, 4]
    assert await kept.received(9) == ()


async def test_a_press_that_ends_the_process_each_time_is_given_up_after_an_hour(
    api: BotApi, bot: Bot, kept: Kept
) -> None:
    hand, handled = Hand(), []

    async def handle(update: Update) -> None:
        handled.append(update.update_id)

    for _ in range(2):
        api.press(100, 1, "x:1:y")
    late, soon = api.updates.waiting.values()
    await kept.receive(late["update_id"], json.dumps(late), hand.now() - timedelta(hours=1, seconds=1))
    await kept.receive(soon["update_id"], json.dumps(soon), hand.now() - timedelta(minutes=59))
    dispatcher = dispatcher_over(bot, kept, handle, hand)
    await dispatcher.resume()
    await dispatcher.finish()
    assert handled == [soon["update_id"]]
    assert await kept.received(9) == ()


async def test_what_people_in_a_group_say_to_each_other_is_neither_kept_nor_handled(
    bot: Bot, kept: Kept, handler: Handler
) -> None:
    ours = {"message_id": 1, "date": 1, "chat": group(), "from": bot.bot.to_dict()}
    others = ours | {"from": {"id": 5, "is_bot": False, "first_name": "Other"}}
    texts = ["good morning", "/latest", "what does @Vistka_bot say?", "an answer to the bot", "an answer to others"]
    updates = [message(number, text, chat=group()) for number, text in enumerate(texts, 1)]
    updates[3]["message"]["reply_to_message"] = ours
    updates[4]["message"]["reply_to_message"] = others
    await take_all(dispatcher_over(bot, kept, handler), *updates)
    assert handler.texts == texts[1:4]
    assert kept.kept == [2, 3, 4]


async def test_what_is_said_among_people_and_posted_by_others_tells_where_to_look_for_a_lost_post(
    api: BotApi, bot: Bot, kept: Kept, handler: Handler
) -> None:
    """None of it is said to the bot: the numbers are learnt from what is dropped."""
    chats = (-1_001_000_000_700, -1_001_000_000_900)
    api.supergroup(chats[0])
    api.channel(chats[1])
    for chat_id in chats:
        for text in ("good morning", "any news?"):
            api.say(chat_id, text)
    await take_all(dispatcher_over(bot, kept, handler), *await api.updates.poll())
    assert handler.texts == []
    await opened(kept.memory, 1, [*planned("post", chat_id=chats[0]), *planned("post", chat_id=chats[1])])
    claimed = await kept.memory.claim(NOON, 10)
    assert [(each.chat_id, each.anchor) for each in claimed] == [(chat_id, 2) for chat_id in chats]


async def test_too_many_at_once_wait_until_there_is_room(bot: Bot, kept: Kept, handler: Handler) -> None:
    gate = handler.gates["/slow"] = asyncio.Event()
    dispatcher = dispatcher_over(bot, kept, handler)
    for number in range(1, MOST_IN_FLIGHT + 1):
        await dispatcher.take(message(number, "/slow", sender=1000 + number))
    with pytest.raises(TimeoutError):
        await dispatcher.take(message(999, "/behind"), patience=0.01)
    assert 999 not in kept.kept
    gate.set()
    await take_all(dispatcher, message(999, "/behind"))
    assert handler.texts[-1] == "/behind"


async def test_what_waits_behind_its_own_chat_takes_no_room_from_others(bot: Bot, kept: Kept, handler: Handler) -> None:
    gate = handler.gates["/slow"] = asyncio.Event()
    dispatcher = dispatcher_over(bot, kept, handler)
    people, apiece = 20, 15
    assert people * apiece > MOST_IN_FLIGHT
    for number in range(people * apiece):
        await dispatcher.take(message(number + 1, "/slow", sender=1000 + number % people), patience=0.01)
    await dispatcher.take(message(999, "/other", sender=200), patience=0.01)
    await handler.until(lambda: "/other" in handler.texts)
    gate.set()
    await dispatcher.finish()
    assert len(kept.finished) == people * apiece + 1


async def test_a_flood_costs_a_look_up_and_leaves_the_answers_of_others_untouched(
    api: BotApi, bot: Bot, kept: Kept
) -> None:
    """A thousand updates a second for ten seconds from one person, while fifty others and an admin ask now and then."""
    hand, answered = Hand(), dict[int, int]()

    async def handle(update: Update) -> None:
        assert update.effective_user is not None
        answered[update.effective_user.id] = answered.get(update.effective_user.id, 0) + 1

    dispatcher, number = dispatcher_over(bot, kept, handle, hand), 0
    for tick in range(10_000):
        hand.wait(0.001)
        number += 1
        await dispatcher.take(message(number, f"/latest {tick}"))
        if tick % 10 == 0:
            number += 1
            await dispatcher.take(message(number, "/swaps", sender=1000 + tick // 10 % 50))
            await asyncio.sleep(0)
    await api.until(lambda: api.shown(100))
    await dispatcher.finish()
    flooder = answered.pop(100)
    assert flooder <= READER.burst + 10 * READER.a_second
    assert set(answered.values()) == {20}
    assert len(kept.kept) == flooder + 1000
    assert [shown.text for shown in api.shown(100)] == [NOTICE.format(code="uk")]
    (alarm,) = await kept.untold()
    assert (alarm.phrase, alarm.values["sender"]) == ("flood.alarm", "100")


async def test_a_flood_in_a_group_is_answered_with_one_notice_whoever_takes_part(
    api: BotApi, bot: Bot, kept: Kept, handler: Handler
) -> None:
    dispatcher = dispatcher_over(bot, kept, handler)
    for number in range(1, 400):
        await dispatcher.take(message(number, f"/{number}", sender=1000 + number % 80, chat=group()))
        await asyncio.sleep(0)
    await api.until(lambda: api.shown(-500))
    await dispatcher.finish()
    assert len(handler.texts) == SHARED.burst
    assert len(api.shown(-500)) == 1


async def test_a_chat_whose_commands_hang_fills_only_its_own_place(bot: Bot, kept: Kept, handler: Handler) -> None:
    hand, gate = Hand(), asyncio.Event()
    dispatcher = dispatcher_over(bot, kept, handler, hand)
    for number in range(1, 200):
        hand.wait(1)
        handler.gates[f"/{number}"] = gate
        await dispatcher.take(message(number, f"/{number}"))
    assert len(kept.kept) == 30
    gate.set()
    await dispatcher.finish()


async def test_too_quick_presses_are_answered_once_with_a_word(api: BotApi, bot: Bot, kept: Kept) -> None:
    async def handle(_: Update) -> None:
        """Answer nothing."""

    dispatcher = dispatcher_over(bot, kept, handle)
    queries = [api.press(100, 1, "x:1:y") for _ in range(40)]
    for raw in list(api.updates.waiting.values()):
        await dispatcher.take(raw)
    await api.until(lambda: api.called("answerCallbackQuery"))
    await dispatcher.finish()
    (answered,) = api.called("answerCallbackQuery")
    assert answered.parameters["callback_query_id"] == queries[int(READER.burst)]
    assert answered.parameters["text"] == NOTICE.format(code="uk")
