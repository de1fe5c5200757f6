"""Pictures, inline mode, webhooks and the rest of what people do: the test server and python-telegram-bot agree on it."""

from __future__ import annotations

import os
import struct
from collections.abc import AsyncIterator
from typing import Any

import pytest
import telegram
from aiohttp import web
from telegram.error import BadRequest

from tests.botapi import BotApi, bot_api
from tests.botapi.faults import Weather
from tests.botapi.webhook import HEADER


def png(width: int = 800, height: int = 600) -> bytes:
    """Return as much of a PNG as the server looks at."""
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", width, height) + b"\x08\x02\x00\x00\x00"


@pytest.fixture(autouse=True, scope="module")
def durations() -> None:
    """Let python-telegram-bot give durations as such; it warns of the old way."""
    os.environ["PTB_TIMEDELTA"] = "1"


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as server:
        server.person()
        yield server


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[telegram.Bot]:
    async with telegram.Bot(api.token, base_url=f"{api.url}/bot", base_file_url=f"{api.url}/file/bot") as it:
        yield it


async def updates_of(bot: telegram.Bot) -> tuple[telegram.Update, ...]:
    return await bot.get_updates(allowed_updates=telegram.Update.ALL_TYPES)


async def test_a_photo_is_sent_with_its_caption_and_changed(api: BotApi, bot: telegram.Bot) -> None:
    sent = await bot.send_photo(100, png(), caption="<b>May</b>", parse_mode="HTML")
    assert (sent.caption, sent.photo[0].width, sent.photo[0].height) == ("May", 800, 600)
    media = telegram.InputMediaPhoto(png(400, 300), caption="June")
    changed = await bot.edit_message_media(media, 100, sent.message_id)
    assert isinstance(changed, telegram.Message)
    assert (changed.caption, changed.photo[0].width) == ("June", 400)
    await bot.edit_message_caption(100, sent.message_id, caption="July")
    (shown,) = api.shown(100)
    assert (shown.text, shown.versions) == ("July", ["<b>May</b>", "June", "July"])
    assert shown.photo is not None
    assert shown.photo.data == png(400, 300)


async def test_a_file_that_is_known_is_sent_by_its_id(bot: telegram.Bot) -> None:
    first = await bot.send_photo(100, png())
    second = await bot.send_photo(100, first.photo[0].file_id)
    assert second.photo[0].file_unique_id == first.photo[0].file_unique_id
    same = telegram.InputMediaPhoto(first.photo[0].file_id)
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_media(same, 100, second.message_id)
    with pytest.raises(BadRequest, match="Wrong file identifier"):
        await bot.send_photo(100, "nonsense")


@pytest.mark.parametrize(
    ("data", "caption", "refusal"),
    [
        (b"<svg/>", "", "Image_process_failed"),
        (png(9000, 1001), "", "Photo_invalid_dimensions"),
        (png(2100, 100), "", "Photo_invalid_dimensions"),
        (png(), "x" * 1025, "Message caption is too long"),
    ],
)
async def test_a_bad_picture_is_refused(bot: telegram.Bot, data: bytes, caption: str, refusal: str) -> None:
    with pytest.raises(BadRequest, match=refusal):
        await bot.send_photo(100, data, caption=caption)


async def test_texts_and_captions_are_not_taken_for_each_other(bot: telegram.Bot) -> None:
    photo, text = await bot.send_photo(100, png()), await bot.send_message(100, "x")
    with pytest.raises(BadRequest, match="no text in the message"):
        await bot.edit_message_text("y", 100, photo.message_id)
    with pytest.raises(BadRequest, match="no caption in the message"):
        await bot.edit_message_caption(100, text.message_id, caption="y")


async def test_a_moment_is_shown_in_everybodys_own_time(bot: telegram.Bot) -> None:
    sent = await bot.send_message(100, '<tg-time unix="1700000000" format="wDT">14 Nov</tg-time>', parse_mode="HTML")
    (entity,) = sent.to_dict()["entities"]
    assert (entity["type"], entity["unix_time"], entity["date_time_format"]) == ("date_time", 1700000000, "wDT")


async def test_an_inline_query_is_answered_and_a_result_chosen(api: BotApi, bot: telegram.Bot) -> None:
    query_id = api.ask_inline("swaps may")
    keyboard = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("More", callback_data="m")]])
    results = [
        telegram.InlineQueryResultArticle(
            "1", "May", telegram.InputTextMessageContent("<b>307</b>", parse_mode="HTML"), reply_markup=keyboard
        ),
        telegram.InlineQueryResultArticle("2", "June", telegram.InputTextMessageContent("390")),
    ]
    await bot.answer_inline_query(query_id, results, cache_time=30)
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_inline_query(query_id, results)
    first, second = api.choose(query_id, "1", "swaps may"), api.choose(query_id, "2")
    api.press_inline(first.inline_id, "m")
    asked, *chosen, pressed = await updates_of(bot)
    assert asked.inline_query is not None
    assert (asked.inline_query.query, asked.inline_query.from_user.id) == ("swaps may", 100)
    ids = [it.chosen_inline_result and it.chosen_inline_result.inline_message_id for it in chosen]
    assert ids == [first.inline_id, None]
    assert pressed.callback_query is not None
    assert pressed.callback_query.inline_message_id == first.inline_id
    assert await bot.edit_message_text("308", inline_message_id=first.inline_id) is True
    assert (first.text, second.text) == ("308", "390")


@pytest.mark.parametrize(
    ("results", "refusal"),
    [
        ([("1", "x"), ("1", "y")], "Result_id_duplicate"),
        ([("1", "")], "Message text is empty"),
        ([(str(number), "x") for number in range(51)], "Results_too_much"),
    ],
)
async def test_a_bad_answer_to_an_inline_query_is_refused(
    api: BotApi, bot: telegram.Bot, results: list[tuple[str, str]], refusal: str
) -> None:
    articles = [
        telegram.InlineQueryResultArticle(it, "x", telegram.InputTextMessageContent(text)) for it, text in results
    ]
    with pytest.raises(BadRequest, match=refusal):
        await bot._post(
            "answerInlineQuery",
            {"inline_query_id": api.ask_inline("x"), "results": [article.to_dict() for article in articles]},
        )


async def test_a_press_may_lead_to_the_bot_itself_and_nowhere_else(api: BotApi, bot: telegram.Bot) -> None:
    await bot.answer_callback_query(api.press(100, 1, "x"), url="https://t.me/vistka_bot?start=e7")
    with pytest.raises(BadRequest, match="Url_invalid"):
        await bot.answer_callback_query(api.press(100, 1, "x"), url="https://example.org")


async def test_a_chat_that_was_asked_for_is_shared(api: BotApi, bot: telegram.Bot) -> None:
    api.channel(-1009, "news")
    button = telegram.KeyboardButton(
        "Choose", request_chat=telegram.KeyboardButtonRequestChat(7, chat_is_channel=True, request_title=True)
    )
    keyboard = telegram.ReplyKeyboardMarkup([[button]])
    asked = await bot.send_message(100, "Which?", reply_markup=keyboard)
    api.share(100, -1009, 7)
    (update,) = await updates_of(bot)
    assert update.message is not None
    assert update.message.chat_shared is not None
    shared = update.message.chat_shared
    assert (shared.chat_id, shared.request_id, shared.title, shared.username) == (-1009, 7, "Channel", None)
    with pytest.raises(BadRequest, match="can't be edited"):
        await bot.edit_message_text("x", 100, asked.message_id)
    with pytest.raises(BadRequest, match="private chats only"):
        await bot.send_message(api.group().id, "Which?", reply_markup=keyboard)


async def test_forwards_tell_where_they_come_from(api: BotApi, bot: telegram.Bot) -> None:
    api.channel(-1009, "news")
    origins = (api.origin_of_channel(-1009, 12), api.origin_of_user(100), api.origin_of_hidden("Somebody"))
    for origin in origins:
        api.say(100, 'Read <a href="https://example.org/a">this</a>', html=True, origin=origin)
    told = [update.message for update in await updates_of(bot) if update.message]
    assert [message.forward_origin and message.forward_origin.type for message in told] == [
        "channel",
        "user",
        "hidden_user",
    ]
    assert told[0].entities[0].url == "https://example.org/a"


async def test_topics_and_anonymous_admins_are_told_apart(api: BotApi, bot: telegram.Bot) -> None:
    api.supergroup(-1005)
    api.topic(-1005, 7, "News")
    api.say(-1005, "/swaps", thread_id=7)
    api.say(-1005, "/swaps", anonymous=True)
    in_topic, as_group = (update.message for update in await updates_of(bot))
    assert in_topic is not None
    assert as_group is not None
    assert (in_topic.message_thread_id, in_topic.is_topic_message) == (7, True)
    assert in_topic.reply_to_message is not None
    assert in_topic.reply_to_message.forum_topic_created is not None
    assert in_topic.reply_to_message.forum_topic_created.name == "News"
    assert as_group.sender_chat == as_group.chat


class Hook:
    """Takes what is pushed, and answers with the statuses that it was given, then with 200."""

    def __init__(self) -> None:
        self.got: list[tuple[int, str]] = []
        self.statuses: list[int] = []

    async def take(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.got.append((update["update_id"], request.headers.get(HEADER, "")))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)


@pytest.fixture
async def hook(api: BotApi) -> AsyncIterator[Hook]:
    hook, app = Hook(), web.Application()
    app.router.add_post("/telegram", hook.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    api.webhook_at = f"http://127.0.0.1:{runner.addresses[0][1]}"
    api.pusher.pause = 0.0
    yield hook
    await runner.cleanup()


async def test_updates_are_pushed_in_order_until_they_are_taken(api: BotApi, bot: telegram.Bot, hook: Hook) -> None:
    hook.statuses = [500, 503]
    first = api.say(100, "/one")
    await bot.set_webhook("https://example.org/telegram", secret_token="s3cret", allowed_updates=["message"])
    second = api.say(100, "/two")
    while api.updates.waiting:
        await api.updates.changed.wait()
        await bot.get_me()
    assert hook.got == [(it, "s3cret") for it in (first, first, first, second)]
    told = await bot.get_webhook_info()
    assert (told.url, told.pending_update_count, told.last_error_message) == (
        "https://example.org/telegram",
        0,
        "Wrong response from the webhook: 503",
    )
    assert told.allowed_updates == ("message",)
    assert (api.stand(100, "blocked"), api.updates.waiting) == (0, {})


async def test_an_update_is_pushed_by_hand_twice_or_with_another_secret(
    api: BotApi, bot: telegram.Bot, hook: Hook
) -> None:
    await bot.set_webhook("https://example.org/telegram", secret_token="s3cret")
    raw: dict[str, Any] = {"update_id": 5}
    assert [await api.deliver(raw), await api.deliver(raw), await api.deliver(raw, secret="wrong")] == [200] * 3
    assert hook.got == [(5, "s3cret"), (5, "s3cret"), (5, "wrong")]


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"url": "http://example.org/x"}, "(?i)an HTTPS URL must be provided"),
        ({"url": "https://example.org:9000/x"}, "only on ports 80, 88, 443 or 8443"),
        ({"url": "https://example.org/x", "secret_token": "a b"}, "unallowed characters"),
        ({"url": "https://example.org/x", "max_connections": 101}, "between 1 and 100"),
    ],
)
async def test_a_webhook_that_telegram_would_not_take_is_refused(
    bot: telegram.Bot, asked: dict[str, Any], refusal: str
) -> None:
    with pytest.raises(BadRequest, match=refusal):
        await bot.set_webhook(**asked)


async def test_calls_that_come_too_early_are_refused_with_the_wait(api: BotApi, bot: telegram.Bot) -> None:
    api.limits.on = True
    await bot.send_message(100, "x")
    with pytest.raises(telegram.error.RetryAfter):
        await bot.send_message(100, "y")
    assert [(it.chat_id, it.limit) for it in api.limits.refused] == [(100, "chat")]
    assert len(api.shown(100)) == 1


def test_the_weather_is_the_same_for_the_same_seed() -> None:
    def a_day(seed: int) -> list[str]:
        weather = Weather(seed)
        faults = [weather.meet("sendMessage") for _ in range(500)]
        return [f"{fault.kind} {fault.applied}" if fault else "" for fault in faults]

    assert a_day(1) == a_day(1) != a_day(2)
    kinds = {"flood True", "drop True", "drop False", "bad_gateway True", "bad_gateway False", "hold True", ""}
    assert set(a_day(1)) == kinds
    assert Weather().meet("getMe") is None
