"""Posts through python-telegram-bot to the test server: what arrives, and what each failure means."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from telegram.error import BadRequest, NetworkError, TimedOut

from bot.adapters.telegram import Limiter, Pacing, TelegramPublisher, build_application
from bot.adapters.telegram.errors import outcome
from bot.core.model import ANCHOR_LOST, Button, Message
from bot.core.render.markup import unmarked
from bot.ports import MigratedError, PermanentError, TemporaryError, UnknownOutcomeError
from tests.botapi import BotApi, bot_api
from tests.botapi.test_edge import png

CHANNEL = -1001000000900
SWAP = Message("🔄 <b>Обмін: 307</b>", ((Button("Sources", data="s:1"), Button("Map", url="https://example.org/m")),))


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as server:
        server.channel(CHANNEL)
        yield server


@pytest.fixture
async def publisher(api: BotApi) -> AsyncIterator[TelegramPublisher]:
    limiter = Limiter(Pacing(rate=10**6), clock=FourSecondsLater())
    async with build_application(api.token, api.url, limiter) as application:
        yield TelegramPublisher(application.bot)


class FourSecondsLater:
    """A clock that leaves four seconds between any two looks, so that nothing has to wait."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 4.0
        return self.now


async def test_a_post_arrives_as_it_was_meant(api: BotApi, publisher: TelegramPublisher) -> None:
    message_id = await publisher.post(CHANNEL, 0, SWAP)
    (shown,) = api.shown(CHANNEL)
    assert (shown.message_id, shown.text, shown.silent) == (message_id, "🔄 Обмін: 307", False)
    assert [(it.type, it.offset, it.length) for it in shown.entities] == [("bold", 3, 10)]
    assert shown.markup == {
        "inline_keyboard": [
            [{"text": "Sources", "callback_data": "s:1"}, {"text": "Map", "url": "https://example.org/m"}]
        ]
    }
    assert shown.preview == {"is_disabled": True}


async def test_a_reply_rings_under_its_post_even_if_that_is_gone(api: BotApi, publisher: TelegramPublisher) -> None:
    post = await publisher.post(CHANNEL, 0, Message("post", silent=True))
    await publisher.post(CHANNEL, 0, Message("reply"), reply_to=post)
    await publisher.post(CHANNEL, 0, Message("orphan"), reply_to=77)
    assert [(it.text, it.reply_to, it.silent) for it in api.shown(CHANNEL)] == [
        ("post", 0, True),
        ("reply", post, False),
        ("orphan", 0, False),
    ]


async def test_an_edit_changes_the_post_and_twice_is_as_good_as_once(api: BotApi, publisher: TelegramPublisher) -> None:
    message_id = await publisher.post(CHANNEL, 0, SWAP)
    for _ in range(2):
        await publisher.edit(CHANNEL, message_id, Message("<b>390</b>"))
    (shown,) = api.shown(CHANNEL)
    assert (shown.text, shown.buttons, len(shown.versions)) == ("390", [], 2)


async def test_a_topic_that_is_gone_falls_back_to_the_main_chat(api: BotApi, publisher: TelegramPublisher) -> None:
    api.supergroup(-1005, frozenset({7}))
    await publisher.post(-1005, 7, Message("in the topic"))
    await publisher.post(-1005, 8, Message("in none"))
    assert [it.thread_id for it in api.shown(-1005)] == [7, 0]


async def test_refused_markup_is_sent_plain(api: BotApi, publisher: TelegramPublisher) -> None:
    message_id = await publisher.post(CHANNEL, 0, Message("<p>1 &lt; 2</p>"))
    await publisher.edit(CHANNEL, message_id, Message("<b>3 &amp; 4"))
    assert api.shown(CHANNEL)[0].versions == ["1 < 2", "3 & 4"]


def test_plain_text_has_no_markup_left() -> None:
    assert unmarked('<b>Обмін</b> &amp; <a href="https://x.org">обстріл</a>') == "Обмін & обстріл"


@pytest.mark.parametrize("standing", ["kicked", "left", "member", "mute"])
async def test_a_chat_that_shut_us_out_is_gone(api: BotApi, publisher: TelegramPublisher, standing: Any) -> None:
    api.world.chats[CHANNEL].standing = standing
    with pytest.raises(PermanentError) as failure:
        await publisher.post(CHANNEL, 0, SWAP)
    assert failure.value.gone
    assert str(CHANNEL) in str(failure.value)


async def test_an_unknown_chat_is_gone(publisher: TelegramPublisher) -> None:
    with pytest.raises(PermanentError, match=r"(?i)chat not found") as failure:
        await publisher.post(42, 0, SWAP)
    assert failure.value.gone


async def test_a_deleted_post_cannot_be_edited_but_its_chat_is_fine(publisher: TelegramPublisher) -> None:
    with pytest.raises(PermanentError, match=r"(?i)message to edit not found") as failure:
        await publisher.edit(CHANNEL, 5, SWAP)
    assert not failure.value.gone


async def test_a_text_that_is_too_long_is_our_mistake(publisher: TelegramPublisher) -> None:
    with pytest.raises(PermanentError, match=r"(?i)too long") as failure:
        await publisher.post(CHANNEL, 0, Message("x" * 5000))
    assert not failure.value.gone


async def test_a_migrated_group_gives_its_new_id(api: BotApi, publisher: TelegramPublisher) -> None:
    api.group(-5)
    api.migrate(-5, -1005)
    with pytest.raises(MigratedError) as failure:
        await publisher.post(-5, 0, SWAP)
    assert failure.value.chat_id == -1005


async def test_a_flood_says_how_long_to_wait(api: BotApi, publisher: TelegramPublisher) -> None:
    api.flood(120)
    with pytest.raises(TemporaryError) as failure:
        await publisher.post(CHANNEL, 0, SWAP)
    assert failure.value.delay == pytest.approx(120, abs=20)
    assert api.shown(CHANNEL) == []


@pytest.mark.parametrize("applied", [True, False])
async def test_a_cut_connection_leaves_the_outcome_unknown(
    api: BotApi, publisher: TelegramPublisher, applied: bool
) -> None:
    api.drop("sendMessage", applied=applied)
    with pytest.raises(UnknownOutcomeError):
        await publisher.post(CHANNEL, 0, SWAP)
    assert len(api.shown(CHANNEL)) == applied


async def test_a_gateway_or_nonsense_leaves_the_outcome_unknown(api: BotApi, publisher: TelegramPublisher) -> None:
    api.bad_gateway("sendMessage")
    api.nonsense("sendMessage")
    for _ in range(2):
        with pytest.raises(UnknownOutcomeError):
            await publisher.post(CHANNEL, 0, SWAP)


async def test_a_server_that_is_not_there_has_surely_got_nothing(api: BotApi, publisher: TelegramPublisher) -> None:
    await api.stop()
    with pytest.raises(TemporaryError):
        await publisher.post(CHANNEL, 0, SWAP)


async def test_a_refused_token_is_kept_out_of_the_error(api: BotApi) -> None:
    application = build_application("7654321:BBwrongBBwrongBBwrongBBwrongBBwrong", api.url)
    publisher = TelegramPublisher(application.bot)
    await application.bot.request.initialize()
    with pytest.raises(TemporaryError, match="VISTKA_TELEGRAM_TOKEN") as failure:
        await publisher.post(CHANNEL, 0, SWAP)
    assert "BBwrong" not in str(failure.value)
    await application.bot.request.shutdown()


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        (httpx.ConnectTimeout("x"), TemporaryError),
        (httpx.PoolTimeout("x"), TemporaryError),
        (httpx.ConnectError("x"), TemporaryError),
        (httpx.ReadTimeout("x"), UnknownOutcomeError),
        (httpx.WriteTimeout("x"), UnknownOutcomeError),
        (httpx.RemoteProtocolError("x"), UnknownOutcomeError),
        (None, UnknownOutcomeError),
    ],
)
def test_only_the_cause_tells_whether_a_request_left(cause: Exception | None, expected: type[Exception]) -> None:
    for error in (TimedOut(), NetworkError("x")):
        error.__cause__ = cause
        assert type(outcome(error, 1)) is expected


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


async def test_a_send_may_take_longer_than_the_librarys_default_patience(
    api: BotApi, publisher: TelegramPublisher
) -> None:
    held = api.hold("sendMessage")
    sending = asyncio.create_task(publisher.post(CHANNEL, 0, SWAP))
    await held.reached.wait()
    assert publisher._bot.request.read_timeout == 25.0
    held.released.set()
    assert await sending == api.shown(CHANNEL)[0].message_id
