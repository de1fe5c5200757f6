"""What a handler of the real application raises reaches the dispatcher, and with it the quarantine."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram import Update
from telegram.error import BadRequest
from telegram.ext import MessageHandler, filters

from bot.adapters.memory import Memory
from bot.adapters.telegram import AnyApplication, build_application, follow_membership, handing_to, patient
from bot.adapters.telegram.handing import PAUSES
from bot.ports import PermanentError, TemporaryError
from tests.adapters.updating import Hand, Kept, dispatcher_over
from tests.botapi import BotApi, bot_api


class Locked(Memory):
    """A store that fails for a while when a chat migrates."""

    def __init__(self) -> None:
        super().__init__()
        self.failures: list[Exception] = []
        self.migrated: list[tuple[int, int]] = []

    async def migrate(self, old: int, new: int) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.migrated.append((old, new))


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as server:
        server.person(100)
        server.group(-5)
        yield server


@pytest.fixture
def store() -> Locked:
    return Locked()


@pytest.fixture
async def application(api: BotApi, store: Locked) -> AsyncIterator[AnyApplication]:
    application = build_application(api.token, api.url)
    follow_membership(application, store, store, store, Hand(), writes=lambda *_: True)
    async with application:
        yield application


async def take(api: BotApi, application: AnyApplication, kept: Kept, hand: Hand) -> None:
    """Hand everything that waits to a dispatcher as the daemon builds it, and let it end."""
    dispatcher = dispatcher_over(application.bot, kept, patient(handing_to(application), hand.sleep), hand)
    for raw in await api.updates.poll():
        await dispatcher.take(raw)
    await dispatcher.finish()


async def test_a_chat_that_migrates_while_the_store_fails_is_migrated_a_little_later(
    api: BotApi, application: AnyApplication, store: Locked
) -> None:
    kept, hand = Kept(), Hand()
    store.failures = [TemporaryError("database is locked") for _ in PAUSES]
    api.migrate(-5, -1005)
    await take(api, application, kept, hand)
    assert (set(store.migrated), kept.put_aside, hand.seconds) == ({(-5, -1005)}, [], sum(PAUSES))


@pytest.mark.parametrize(
    ("failure", "waited"), [(TemporaryError("database is locked"), sum(PAUSES)), (PermanentError("no such table"), 0.0)]
)
async def test_a_chat_whose_fate_cannot_be_kept_at_all_is_put_aside(
    api: BotApi, application: AnyApplication, store: Locked, failure: Exception, waited: float
) -> None:
    kept, hand = Kept(), Hand()
    store.failures = [failure] * 100
    api.migrate(-5, -1005)
    await take(api, application, kept, hand)
    assert [error for _, _, error in kept.put_aside] == [f"{type(failure).__name__}: {failure}"] * 2
    assert hand.seconds == waited * 2


async def test_what_a_handler_raises_puts_the_update_aside_and_ends_its_handling(
    api: BotApi, application: AnyApplication
) -> None:
    async def broken(_update: Update, _context: object) -> None:
        raise TemporaryError("database is locked")

    async def behind(update: Update, _context: object) -> None:
        reached.append(update.update_id)

    reached: list[int] = []
    application.add_handler(MessageHandler(filters.ALL, broken))
    application.add_handler(MessageHandler(filters.ALL, behind), group=1)
    kept = Kept()
    api.say(100, "/start")
    await take(api, application, kept, Hand())
    assert [error for _, _, error in kept.put_aside] == ["TemporaryError: database is locked"]
    assert reached == []


async def test_an_answer_that_telegram_does_not_take_is_not_the_updates_fault(
    api: BotApi, application: AnyApplication
) -> None:
    async def refused(_update: Update, _context: object) -> None:
        raise BadRequest("chat not found")

    application.add_handler(MessageHandler(filters.ALL, refused))
    kept = Kept()
    api.say(100, "/start")
    await take(api, application, kept, Hand())
    assert kept.put_aside == []
