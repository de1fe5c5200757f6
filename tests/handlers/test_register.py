"""Commands through Telegram: who may ask what where, and what comes back."""

from __future__ import annotations

import pytest
from telegram import Update

from bot.adapters.telegram import build_application
from bot.core.model import Subscription
from handlers._telegram import register
from tests.botapi import bot_api
from tests.examples import exchange, strike
from tests.handlers.asking import PLUGS, desk, store_with

GROUP, CHANNEL = -1001000000500, -1001000000900


@pytest.fixture
async def store():
    return await store_with(exchange(), strike())


@pytest.fixture
async def api():
    async with bot_api() as server:
        server.person(100, language="uk")
        server.supergroup(GROUP)
        server.channel(CHANNEL)
        yield server


@pytest.fixture
async def application(api, store):
    application = build_application(api.token, api.url)
    register(application, PLUGS, desk(store))
    async with application:
        yield application


async def asked(api, application, chat, text):
    """Write into a chat, and return what the bot answers there."""
    api.say(chat, text)
    for raw in await api.updates.poll():
        await application.process_update(Update.de_json(raw, application.bot))
    return [message.text for message in api.shown(chat)]


async def test_a_person_is_answered_in_the_own_language(api, application):
    (answer,) = await asked(api, application, 100, "/swaps 2025-06")
    assert "Разом: 1\u00a0207 додому в Україну" in answer


async def test_a_number_may_stand_behind_the_command(api, application):
    (answer,) = await asked(api, application, 100, "/event_2")
    assert "Харківська область" in answer


async def test_another_bots_command_and_plain_talk_are_left_alone(api, application):
    assert await asked(api, application, GROUP, "/swaps@another_bot") == []
    assert await asked(api, application, GROUP, "/unknown") == []
    assert await asked(api, application, GROUP, "swaps?") == []


async def test_an_admins_command_of_others_is_refused_in_private_and_in_a_group_only_where_it_is_addressed(
    api, application
):
    assert "редактори" in (await asked(api, application, 100, "/queue"))[-1]
    assert await asked(api, application, GROUP, "/queue") == []
    assert "редактори" in (await asked(api, application, GROUP, "/queue@vistka_bot"))[-1]


async def test_a_channel_is_subscribed_by_a_post_in_it(api, application, store):
    assert len(await asked(api, application, CHANNEL, "/subscribe")) == 1
    assert (await store.get(CHANNEL)).kinds == ("strike", "swap")


async def test_a_channel_is_answered_in_the_language_of_its_posts_and_keeps_it(api, application, store):
    await store.save(Subscription(chat_id=CHANNEL, language="uk"))
    (answer,) = await asked(api, application, CHANNEL, "/subscribe swaps")
    assert "Підписано" in answer
    assert (await store.get(CHANNEL)).language == "uk"


async def test_a_group_is_not_subscribed_by_just_anyone(api, application, store):
    (answer,) = await asked(api, application, GROUP, "/subscribe")
    assert "адміністратори" in answer
    assert await store.get(GROUP) is None


async def test_an_admin_subscribes_a_group_to_one_kind(api, application, store):
    api.world.chats[GROUP].admins = frozenset({100})
    (answer,) = await asked(api, application, GROUP, "/subscribe@vistka_bot обміни")
    assert "Підписано" in answer
    assert (await store.get(GROUP)).kinds == ("swap",)


async def test_an_answer_that_telegram_refuses_breaks_nothing(api, application):
    api.stand(100, "blocked")
    assert await asked(api, application, 100, "/help") == []
    api.stand(100, "member")
    assert await asked(api, application, 100, "/help")
