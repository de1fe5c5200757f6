"""Posts through python-telegram-bot to the test server: what arrives, and what each failure means."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from telegram.error import NetworkError, TimedOut

from bot.adapters.telegram import TelegramPublisher, build_application
from bot.adapters.telegram.errors import outcome
from bot.core.model import Message
from bot.core.render.markup import unmarked
from bot.ports import MigratedError, PermanentError, TemporaryError, UnknownOutcomeError
from tests.adapters.posting import CHANNEL, SWAP, publisher_to, telegram
from tests.botapi import BotApi


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with telegram() as server:
        yield server


@pytest.fixture
async def publisher(api: BotApi) -> AsyncIterator[TelegramPublisher]:
    async with publisher_to(api) as publisher:
        yield publisher


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


async def test_a_send_may_take_longer_than_the_librarys_default_patience(
    api: BotApi, publisher: TelegramPublisher
) -> None:
    held = api.hold("sendMessage")
    sending = asyncio.create_task(publisher.post(CHANNEL, 0, SWAP))
    await held.reached.wait()
    assert publisher._bot.request.read_timeout == 25.0
    held.released.set()
    assert await sending == api.shown(CHANNEL)[0].message_id
