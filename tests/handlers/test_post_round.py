"""A post and the news that people show, through the Bot API server: what is under a post, and who is bothered by a press."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Message as Told
from telegram import MessageEntity, Update

from bot.adapters.languages import language_of
from bot.adapters.memory import Memory
from bot.adapters.reader import ThreadedRead
from bot.adapters.telegram import TelegramPublisher, build_application
from bot.cli._reading import load_reader
from bot.core.model import Item, Source, Subscription
from bot.core.render.post import render_post
from bot.intake import Intake
from bot.ports import PermanentError
from bot.recognising import Recogniser
from handlers._telegram import AnyApplication, register
from tests.botapi import BotApi, bot_api
from tests.botapi.world import Message
from tests.examples import BOOKS
from tests.handlers.asking import NOW, PLUGS, READER, desk
from tests.handlers.test_round import OPEN, Round
from tests.reports import KINDS

GROUP = -1001000000500
OUTLET = Source("bereg", "Берег", "rss", "https://bereg.example/feed", "uk")
HEADLINE = "Росія та Україна провели обмін полоненими: додому повернулися 307 захисників"
STORY = "12 червня відбувся обмін полоненими у форматі 307 на 307. В Україну повернулися 307 захисників."
TODAY = "Сьогодні відбувся обмін полоненими у форматі 307 на 307. В Україну повернулися 307 захисників."
DAY = datetime(2025, 6, 12, 12, tzinfo=UTC)


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as server:
        server.person(READER, "Reader", language="uk")
        server.supergroup(GROUP)
        server.channel(OPEN)
        yield server


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[Round]:
    told = Round(api, Memory())
    for chat in (READER, OPEN):
        await told.store.save(Subscription(chat_id=chat, language="uk"))
    async with told.application:
        await told.tell("Рада", 0, killed=3, tier="official", side="UA")
        yield told


def button(message: Message, label: str) -> dict[str, Any]:
    rows = message.markup["inline_keyboard"]
    return next(each for row in rows for each in row if label in each["text"])


async def pressed(bot: Round, post: Message, label: str) -> dict[str, Any]:
    query = bot.api.press(post.chat_id, post.message_id, button(post, label)["callback_data"], READER)
    await bot.handle()
    return dict(bot.api.methods.answers[query])


@pytest.mark.parametrize(("label", "story"), [("Джерела", "origins"), ("Хроніка", "timeline")])
async def test_in_a_channel_a_press_opens_the_private_chat_and_bothers_nobody(bot, label, story):
    (post,) = bot.posts(OPEN)
    before = len(bot.api.shown(OPEN))
    assert (await pressed(bot, post, label))["url"] == f"https://t.me/vistka_bot?start={story}_1"
    assert len(bot.api.shown(OPEN)) == before
    told = await bot.say(f"/start {story}_1", READER)
    assert "Рада" in told


@pytest.mark.parametrize(("label", "said"), [("Джерела", "Джерела події 1: 1"), ("Хроніка", "Хроніка події 1")])
async def test_in_a_private_chat_it_answers_beside_the_post(bot, label, said):
    (post,) = bot.posts(READER)
    await pressed(bot, post, label)
    answer = bot.api.shown(READER)[-1]
    assert answer.text.startswith(said)
    assert answer.reply_to == post.message_id


async def test_a_press_for_an_event_that_is_not_under_that_message_is_not_believed(bot):
    (post,) = bot.posts(OPEN)
    query = bot.api.press(OPEN, post.message_id + 5, "say:1:wrong", READER)
    await bot.handle()
    assert "застаріла" in bot.api.methods.answers[query]["text"]
    assert await bot.store.feedback(1) == {}


async def test_share_passes_on_what_can_be_shared(bot):
    assert bot.application.bot.supports_inline_queries
    assert button(bot.posts(OPEN)[0], "Поділитися")["switch_inline_query"] == "1"


async def test_link_previews_are_off_in_posts_replies_and_answers(bot):
    await bot.tell("Рада", 30, killed=30, tier="official", side="UA")
    await bot.say("/origins 1", READER)
    sent = [*bot.api.sent(OPEN), *bot.api.sent(READER)]
    assert len(sent) > 3
    assert all(message.preview == {"is_disabled": True} for message in sent)


async def test_the_library_reads_the_moments_that_telegram_sends_back(bot):
    event = await bot.store.event(1)
    sent = await TelegramPublisher(bot.application.bot).post(GROUP, 0, render_post(event, BOOKS["uk"]))
    kept = bot.api.world.wire(bot.api.world.chats[GROUP].messages[sent])
    read = Told.de_json(kept, bot.application.bot)
    moments = [each for each in read.entities if each.type == MessageEntity.DATE_TIME]
    assert [each.unix_time for each in moments] == [event.reports[0].origin.published]
    assert "<tg-time unix=" in read.text_html


class Offline:
    """There is no network here."""

    async def fetch(self, request: Any) -> Any:
        raise PermanentError(f"{request.url}: not a public address; name its network in VISTKA_FETCH_ALLOW")


@dataclass
class Shown:
    """A bot that has read one piece of news, and what people show it."""

    api: BotApi
    application: AnyApplication
    store: Memory

    async def answer(self, chat: int, text: str, **about: Any) -> str:
        """Show it something, and return what it says."""
        before = len(self.api.sent(chat))
        self.api.say(chat, text, READER, **about)
        for raw in await self.api.updates.poll(self.api.updates.last_id):
            await self.application.process_update(Update.de_json(raw, self.application.bot))
        said = self.api.sent(chat)[before:]
        return "\n".join(message.text for message in said)


@pytest.fixture(scope="module")
def read() -> ThreadedRead:
    return ThreadedRead(load_reader)


@pytest.fixture
async def showing(api: BotApi, read: ThreadedRead) -> AsyncIterator[Shown]:
    store, nothing = Memory(), Offline()
    intake = Intake(read, store, KINDS.values())
    await intake.take([Item("1", OUTLET, "uk", "https://bereg.example/1", DAY, HEADLINE, body=STORY)])
    recognise = Recogniser(
        read=read,
        joiner=intake.joiner,
        fetch=nothing,
        parse=nothing,
        articles=nothing,
        queries=store,
        language_of=language_of(),
    )
    application = build_application(api.token, api.url)
    register(application, PLUGS, desk(store, recognise=recognise))
    async with application:
        yield Shown(api, application, store)


async def test_pasted_news_is_told_to_be_the_event_that_it_is(showing):
    said = await showing.answer(READER, STORY)
    assert "307 на 307" in said
    assert "/event_1" in said
    assert (await showing.store.stats()).reports == 1


async def test_a_forwarded_post_is_read_as_of_its_own_day(showing):
    origin = showing.api.origin_of_channel(OPEN) | {"date": int(DAY.timestamp())}
    assert "/event_1" in await showing.answer(READER, TODAY, origin=origin)
    assert DAY.date() != NOW.date()
    long_ago = origin | {"date": int(datetime(2024, 2, 8, tzinfo=UTC).timestamp())}
    assert "Такої події в мене ще немає" in await showing.answer(READER, TODAY, origin=long_ago)


async def test_a_link_to_a_known_page_is_recognised_and_one_into_our_network_kindly_refused(showing):
    assert "Цю сторінку я вже читав" in await showing.answer(READER, "https://bereg.example/1")
    refused = await showing.answer(READER, "http://169.254.169.254/latest/meta-data")
    assert "Не можу прочитати цю сторінку" in refused
    assert "VISTKA" not in refused


async def test_in_a_group_it_reads_only_what_it_is_shown(showing):
    assert await showing.answer(GROUP, STORY) == ""
    await showing.answer(GROUP, "/about")
    own = showing.api.sent(GROUP)[-1].message_id
    assert "/event_1" in await showing.answer(GROUP, STORY, reply_to=own)


async def test_nothing_that_was_shown_is_logged(showing, capsys, caplog):
    for text in (
        STORY,
        "http://169.254.169.254/secret-path",
        "Погода завтра буде сонячна, без опадів, кажуть синоптики.",
    ):
        await showing.answer(READER, text)
    logged = capsys.readouterr().out + capsys.readouterr().err + caplog.text
    assert all(word not in logged for word in ("307", "secret-path", "синоптики"))
