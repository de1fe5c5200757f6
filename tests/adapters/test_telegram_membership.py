"""What chats do to the bot reaches the outbox."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from telegram import Update

from bot.adapters.memory import Memory
from bot.adapters.telegram import AnyApplication, build_application, follow_membership
from bot.core.model import Alarm, Subscription
from handlers._telegram.people import writes
from tests.botapi import BotApi, bot_api
from tests.botapi.members import member

GROUP, CHANNEL = -1_001_000_000_500, -1_001_000_000_900


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


class At:
    """A clock that stands."""

    def now(self) -> datetime:
        return datetime(2025, 6, 9, 12, tzinfo=UTC)


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as server:
        yield server


@pytest.fixture
def outbox() -> Outbox:
    return Outbox()


@pytest.fixture
def store() -> Memory:
    return Memory()


@pytest.fixture
async def application(api: BotApi, outbox: Outbox, store: Memory) -> AsyncIterator[AnyApplication]:
    application = build_application(api.token, api.url)
    follow_membership(application, outbox, store, store, At(), writes=writes)  # type: ignore[arg-type]
    async with application:
        yield application


async def feed(api: BotApi, application: AnyApplication) -> None:
    for raw in await api.updates.poll():
        await application.process_update(Update.de_json(raw, application.bot))
        await api.updates.poll(raw["update_id"] + 1)


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


async def test_the_alarm_of_a_chat_is_cleared_when_it_takes_the_bot_back(
    api: BotApi, application: AnyApplication, store: Memory
) -> None:
    api.channel(-1009)
    said = {"chat": "-1009", "reason": "kicked"}
    await store.raise_alarm(Alarm("chat:-1009", "alarm.suspended", said, At().now()))
    for standing in ("left", "administrator"):
        api.stand(-1009, standing)
    await feed(api, application)
    assert await store.untold() == ()


async def test_a_group_that_grows_into_a_supergroup_is_migrated(
    api: BotApi, application: AnyApplication, outbox: Outbox
) -> None:
    api.group(-5)
    api.migrate(-5, -1005)
    await feed(api, application)
    assert outbox.told == [("migrate", -5, -1005)] * 2


@pytest.mark.parametrize("chat_id", [GROUP, CHANNEL])
async def test_a_chat_that_gives_the_right_to_post_back_is_taken_up_again_and_its_alarm_ends(
    api: BotApi, application: AnyApplication, outbox: Outbox, store: Memory, chat_id: int
) -> None:
    api.supergroup(GROUP)
    api.channel(CHANNEL)
    _may_post(api, chat_id, may=False)
    await feed(api, application)
    await store.raise_alarm(Alarm(f"chat:{chat_id}", "alarm.suspended", {}, At().now()))
    assert outbox.told == []
    _may_post(api, chat_id, may=True)
    await feed(api, application)
    assert outbox.told == [("resume", chat_id)]
    assert await store.untold() == ()


def _may_post(api: BotApi, chat_id: int, *, may: bool) -> None:
    """Let a channel's admins, or a group's, give or take the bot's right to post."""
    if chat_id == GROUP:
        api.stand(chat_id, "member" if may else "mute")
        return
    was = member(api.world.chats[chat_id], api.world.bot)
    api.world.chats[chat_id].posts = may
    update_id = api.stand(chat_id, "administrator")
    api.updates.waiting[update_id]["my_chat_member"]["old_chat_member"] = was


async def test_admins_hear_of_a_channel_that_is_lost_and_not_of_a_person_who_leaves(
    api: BotApi, application: AnyApplication, store: Memory
) -> None:
    api.person()
    api.channel(-1009)
    api.group(-5)
    for chat_id in (100, -1009):
        await store.save(Subscription(chat_id=chat_id))
    for chat_id in (100, -5, -1009):
        api.stand(chat_id, "kicked")
    await feed(api, application)
    (alarm,) = await store.untold()
    assert (alarm.key, alarm.phrase) == ("chat:-1009", "alarm.suspended")
    assert alarm.values == {"chat": "Channel (-1009)", "reason": "kicked, by Olena"}
    api.stand(-1009, "administrator")
    await feed(api, application)
    assert await store.untold() == ()
