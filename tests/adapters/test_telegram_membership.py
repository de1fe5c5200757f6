"""What chats do to the bot reaches the outbox."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram import Update

from bot.adapters.telegram import AnyApplication, build_application, follow_membership
from tests.botapi import BotApi, bot_api


class Outbox:
    """Notes what it is told about chats."""

    def __init__(self) -> None:
        self.told: list[tuple[object, ...]] = []

    async def suspend(self, chat_id: int, reason: str) -> None:
        self.told.append(("suspend", chat_id, reason))

    async def resume(self, chat_id: int) -> None:
        self.told.append(("resume", chat_id))

    async def migrate(self, old: int, new: int) -> None:
        self.told.append(("migrate", old, new))


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as server:
        yield server


@pytest.fixture
def outbox() -> Outbox:
    return Outbox()


@pytest.fixture
async def application(api: BotApi, outbox: Outbox) -> AsyncIterator[AnyApplication]:
    application = build_application(api.token, api.url)
    follow_membership(application, outbox)  # type: ignore[arg-type]
    async with application:
        yield application


async def feed(api: BotApi, application: AnyApplication) -> None:
    for raw in await api.updates.poll():
        await application.process_update(Update.de_json(raw, application.bot))


async def test_a_chat_that_shuts_the_bot_out_is_suspended_and_taken_up_again(
    api: BotApi, application: AnyApplication, outbox: Outbox
) -> None:
    api.person()
    api.channel(-1009)
    for standing in ("blocked", "member"):
        api.stand(100, standing)
    for standing in ("left", "administrator", "mute"):
        api.stand(-1009, standing)
    await feed(api, application)
    assert outbox.told == [
        ("suspend", 100, "the bot's status there is kicked"),
        ("resume", 100),
        ("suspend", -1009, "the bot's status there is left"),
        ("resume", -1009),
    ]


async def test_a_group_that_grows_into_a_supergroup_is_migrated(
    api: BotApi, application: AnyApplication, outbox: Outbox
) -> None:
    api.group(-5)
    api.migrate(-5, -1005)
    await feed(api, application)
    assert outbox.told == [("migrate", -5, -1005)]
