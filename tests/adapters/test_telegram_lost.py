"""Posts whose answer was lost: where they are looked for, where nobody can tell, and what a search must not touch."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from telegram.error import BadRequest, NetworkError

from bot.adapters.telegram import Limiter, Pacing, TelegramPublisher, build_application
from bot.core.model import ANCHOR_LOST, Message
from bot.ports import PermanentError, TemporaryError, UnknownOutcomeError
from tests.adapters.posting import CHANNEL, SWAP, publisher_to, telegram
from tests.botapi import BotApi
from tests.botapi.test_edge import png


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with telegram() as server:
        yield server


@pytest.fixture
async def publisher(api: BotApi) -> AsyncIterator[TelegramPublisher]:
    async with publisher_to(api) as publisher:
        yield publisher


async def test_a_lost_post_is_found_among_the_ids_behind_the_last_known_one(
    api: BotApi, publisher: TelegramPublisher
) -> None:
    known = await publisher.post(CHANNEL, 0, Message("known"))
    api.say(CHANNEL, "an admin's own post")
    lost = await publisher.post(CHANNEL, 0, SWAP)
    assert await publisher.find(CHANNEL, known, SWAP) == lost
    assert [it.versions for it in api.shown(CHANNEL)] == [["known"], [SWAP.text]]


async def test_a_post_that_never_arrived_is_not_found(api: BotApi, publisher: TelegramPublisher) -> None:
    known = await publisher.post(CHANNEL, 0, Message("known"))
    api.say(CHANNEL, "an admin's own post")
    assert await publisher.find(CHANNEL, known, SWAP) == 0
    assert len(api.called("editMessageText")) == 1 + 5


async def test_the_search_goes_on_past_other_peoples_posts_but_not_forever(
    api: BotApi, publisher: TelegramPublisher
) -> None:
    for _ in range(19):
        api.say(CHANNEL, "an admin's own post")
    lost = await publisher.post(CHANNEL, 0, SWAP)
    assert await publisher.find(CHANNEL, 1, SWAP) == lost
    assert await publisher.find(CHANNEL, 40, SWAP) == 0


async def test_where_too_much_was_written_meanwhile_nobody_can_tell(api: BotApi, publisher: TelegramPublisher) -> None:
    for _ in range(21):
        api.say(CHANNEL, "an admin's own post")
    await publisher.post(CHANNEL, 0, SWAP)
    with pytest.raises(UnknownOutcomeError):
        await publisher.find(CHANNEL, 1, SWAP)


async def test_a_lost_post_whose_event_has_changed_since_is_brought_up_to_date(
    api: BotApi, publisher: TelegramPublisher
) -> None:
    known = await publisher.post(CHANNEL, 0, Message("known"))
    lost = await publisher.post(CHANNEL, 0, SWAP)
    assert await publisher.find(CHANNEL, known, Message("390")) == lost
    assert api.shown(CHANNEL)[1].text == "390"


async def test_a_chat_that_does_not_say_who_may_edit_is_not_searched(api: BotApi, publisher: TelegramPublisher) -> None:
    api.bad_gateway("getChatMember")
    with pytest.raises(TemporaryError):
        await publisher.find(CHANNEL, 1, SWAP)
    assert api.called("editMessageText") == []


async def test_nobody_can_tell_where_ids_are_shared_or_others_posts_could_be_overwritten(
    api: BotApi, publisher: TelegramPublisher
) -> None:
    api.person()
    api.group(-5)
    api.world.chats[CHANNEL].edits_others = True
    for chat_id, after in ((100, 0), (100, 1), (-5, 0), (CHANNEL, 1), (CHANNEL, ANCHOR_LOST)):
        with pytest.raises(UnknownOutcomeError):
            await publisher.find(chat_id, after, SWAP)
    assert (api.called("editMessageText"), api.called("sendMessage")) == ([], [])


async def test_a_search_that_is_refused_says_so(api: BotApi, publisher: TelegramPublisher) -> None:
    api.flood(60, method="editMessageText")
    with pytest.raises(TemporaryError):
        await publisher.find(CHANNEL, 1, SWAP)


async def test_a_search_that_was_interrupted_goes_on_where_it_stopped(
    api: BotApi, publisher: TelegramPublisher
) -> None:
    for _ in range(9):
        api.say(CHANNEL, "an admin's own post")
    lost = await publisher.post(CHANNEL, 0, SWAP)
    asked = len(api.calls)
    api.bad_gateway("editMessageText")
    api.drop("editMessageText", applied=False)
    for _ in range(2):
        with pytest.raises(TemporaryError):
            await publisher.find(CHANNEL, 1, SWAP)
    assert await publisher.find(CHANNEL, 1, SWAP) == lost
    edits = [call.parameters["message_id"] for call in api.calls[asked:] if call.method == "editMessageText"]
    assert edits == [2, 2, *range(2, lost + 1)]


async def test_a_known_answer_between_the_last_known_id_and_a_lost_post_is_not_written_over(
    api: BotApi, publisher: TelegramPublisher
) -> None:
    api.say(CHANNEL, "an admin's own post")
    known, answer = 1, await publisher.post(CHANNEL, 0, Message("an answer"))
    lost = await publisher.post(CHANNEL, 0, SWAP)
    assert await publisher.find(CHANNEL, known, SWAP, [answer]) == lost
    assert [it.versions for it in api.shown(CHANNEL)] == [["an answer"], [SWAP.text]]


async def test_an_answer_is_not_written_over_before_anybody_has_stored_that_it_is_one(
    api: BotApi, publisher: TelegramPublisher
) -> None:
    api.say(CHANNEL, "an admin's own post")
    await publisher._bot.send_message(CHANNEL, "an answer")
    assert await publisher.find(CHANNEL, 1, SWAP) == 0
    await publisher._bot.send_photo(CHANNEL, png(), "a picture")
    lost = await publisher.post(CHANNEL, 0, SWAP)
    assert await publisher.find(CHANNEL, 1, SWAP) == lost
    assert texts(api) == ["an answer", "a picture", "🔄 Обмін: 307"]


async def test_an_answer_that_arrives_while_a_search_waits_for_its_turn_is_not_written_over(api: BotApi) -> None:
    limiter = Limiter(Pacing(spacing=0.05))
    async with build_application(api.token, api.url, limiter) as application:
        publisher, held = TelegramPublisher(application.bot), api.hold("sendMessage")
        api.say(CHANNEL, "an admin's own post")
        answering = asyncio.create_task(application.bot.send_message(CHANNEL, "an answer"))
        await held.reached.wait()
        searching = asyncio.create_task(publisher.find(CHANNEL, 1, SWAP))
        await api.until(lambda: api.called("getChatMember"))
        held.released.set()
        await answering
        assert await searching == 0
    assert [it.versions for it in api.shown(CHANNEL)] == [["an answer"]]


@pytest.mark.parametrize("applied", [True, False])
async def test_where_an_answer_may_stand_unknown_nothing_is_searched_below_the_next_message_of_ours(
    api: BotApi, publisher: TelegramPublisher, applied: bool
) -> None:
    known = await publisher.post(CHANNEL, 0, Message("known"))
    api.drop("sendMessage", applied=applied)
    with pytest.raises(NetworkError):
        await publisher._bot.send_message(CHANNEL, "an answer")
    with pytest.raises(UnknownOutcomeError):
        await publisher.find(CHANNEL, known, SWAP)
    later = await publisher.post(CHANNEL, 0, Message("later"))
    with pytest.raises(UnknownOutcomeError):
        await publisher.find(CHANNEL, known, SWAP)
    lost = await publisher.post(CHANNEL, 0, SWAP)
    assert await publisher.find(CHANNEL, later, SWAP) == lost
    assert len(api.called("editMessageText")) == 1


async def test_an_answer_that_surely_did_not_arrive_puts_nothing_in_doubt(
    api: BotApi, publisher: TelegramPublisher
) -> None:
    api.say(CHANNEL, "an admin's own post")
    with pytest.raises(BadRequest):
        await publisher._bot.send_message(CHANNEL, "x" * 5000)
    assert await publisher.find(CHANNEL, 1, SWAP) == 0


def texts(api: BotApi, chat_id: int = CHANNEL) -> list[str]:
    return [it.text for it in api.shown(chat_id)]


async def test_where_no_id_is_known_a_silent_mark_finds_one_out_and_is_taken_away(
    api: BotApi, publisher: TelegramPublisher
) -> None:
    for _ in range(3):
        await publisher.post(CHANNEL, 0, Message("of an earlier life"))
    anchor = await publisher.anchor(CHANNEL, 0)
    (mark,) = [call.parameters for call in api.called("sendMessage") if call.parameters["text"] == "·"]
    assert mark["disable_notification"]
    lost = await publisher.post(CHANNEL, 0, SWAP)
    assert await publisher.find(CHANNEL, anchor, SWAP) == lost
    assert texts(api) == ["of an earlier life"] * 3 + ["🔄 Обмін: 307"]


async def test_a_post_that_was_cut_off_before_an_id_was_known_never_left(
    api: BotApi, publisher: TelegramPublisher
) -> None:
    await publisher.post(CHANNEL, 0, Message("of an earlier life"))
    assert await publisher.find(CHANNEL, 0, SWAP) == 0
    assert api.called("editMessageText") == []


async def test_nothing_is_looked_for_above_an_id_of_before_the_chat_became_another(
    api: BotApi, publisher: TelegramPublisher
) -> None:
    with pytest.raises(UnknownOutcomeError):
        await publisher.find(CHANNEL, ANCHOR_LOST, SWAP)
    assert api.called("editMessageText") == []


async def test_a_mark_stands_in_the_topic_of_the_post(api: BotApi, publisher: TelegramPublisher) -> None:
    api.supergroup(-1_001_000_000_005, frozenset({7}))
    assert await publisher.anchor(-1_001_000_000_005, 7) > 0
    assert api.called("sendMessage")[0].parameters["message_thread_id"] == 7


async def test_people_and_basic_groups_get_no_mark(api: BotApi, publisher: TelegramPublisher) -> None:
    assert (await publisher.anchor(7, 0), await publisher.anchor(-5, 0)) == (0, 0)
    assert api.called("sendMessage") == []


async def test_a_mark_whose_answer_was_lost_is_tried_again_later(api: BotApi, publisher: TelegramPublisher) -> None:
    api.drop("sendMessage")
    with pytest.raises(TemporaryError):
        await publisher.anchor(CHANNEL, 0)
    assert await publisher.anchor(CHANNEL, 0) > 0


@pytest.mark.parametrize("applied", [True, False])
async def test_a_mark_goes_though_an_answer_to_its_deletion_was_lost(
    api: BotApi, publisher: TelegramPublisher, applied: bool
) -> None:
    api.drop("deleteMessage", applied=applied)
    assert await publisher.anchor(CHANNEL, 0) > 0
    assert texts(api) == []


async def test_a_search_in_a_chat_that_shut_us_out_ends(api: BotApi, publisher: TelegramPublisher) -> None:
    api.world.chats[CHANNEL].standing = "kicked"
    with pytest.raises(PermanentError):
        await publisher.find(CHANNEL, 1, SWAP)
