"""What Telegram shows of the bot before anybody writes to it: menus, description, name; written only where they differ.

Menus are kept by scope and language. None of this is needed to answer anybody, so it is written beside everything else,
and what Telegram does not take is logged and tried again at the next start.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias, TypeVar

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
    Update,
)
from telegram.error import TelegramError
from telegram.ext import MessageHandler, filters

from bot.adapters.secrecy import redacted
from bot.adapters.telegram.application import AnyApplication

log = structlog.get_logger()

T = TypeVar("T")
FALLBACK = "en"
OWN_GROUP = -2
"""python-telegram-bot runs handlers by group: this one runs beside the others, not instead of them."""

Menus: TypeAlias = Mapping[str, Sequence[tuple[str, str]]]
"""By language, the commands with their lines."""


@dataclass(frozen=True, slots=True)
class About:
    """What an empty chat with the bot says (512 characters), and what its page and shared links say (120)."""

    description: str
    short: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """All that is shown: the menus of a private chat, of a group and of a group's admins, and the longer ones of some people.

    English is also what every language without words of its own gets. An empty `name` is left as it is.
    """

    private: Menus
    group: Menus
    managers: Menus
    people: Mapping[int, Menus] = field(default_factory=dict)
    about: Mapping[str, About] = field(default_factory=dict)
    name: str = ""


async def publish_profile(application: AnyApplication, profile: Profile) -> None:
    """Write what differs; into the chat of somebody who never wrote to the bot, at that person's first message."""
    bot = application.bot
    for scope, menus in (
        (BotCommandScopeDefault(), profile.group),
        (BotCommandScopeAllPrivateChats(), profile.private),
        (BotCommandScopeAllGroupChats(), profile.group),
        (BotCommandScopeAllChatAdministrators(), profile.managers),
    ):
        await _publish_menus(bot, scope, menus)
    await _publish_own_menus(application, profile.people)
    for language, about in _with_fallback(profile.about).items():
        await _publish_about(bot, language, about)
    if profile.name:
        await _publish_name(bot, profile.name)


async def _publish_own_menus(application: AnyApplication, people: Mapping[int, Menus]) -> None:
    async def publish(person: int) -> bool:
        return await _publish_menus(application.bot, BotCommandScopeChat(person), people[person])

    async def publish_at_last(update: Update, _: Any) -> None:
        person = update.effective_user.id if update.effective_user else 0
        if person in waiting and await publish(person):
            waiting.discard(person)

    waiting = {person for person in people if not await publish(person)}
    if waiting:
        application.add_handler(MessageHandler(filters.ChatType.PRIVATE, publish_at_last), group=OWN_GROUP)


async def _publish_menus(bot: Bot, scope: BotCommandScope, menus: Menus) -> bool:
    """Write the menus of one scope; return whether all of them stand."""
    written = []
    for language, lines in _with_fallback(menus).items():
        wanted = tuple(BotCommand(*line) for line in lines)
        place: dict[str, Any] = {"scope": scope, "language_code": language or None}
        read = partial(bot.get_my_commands, **place)
        written.append(
            await _settle(
                f"menu of {scope.type}", language, wanted, read, partial(bot.set_my_commands, wanted, **place)
            )
        )
    return all(written)


async def _publish_about(bot: Bot, language: str, about: About) -> None:
    code = language or None

    async def description() -> str:
        return (await bot.get_my_description(code)).description

    async def short() -> str:
        return (await bot.get_my_short_description(code)).short_description

    write = partial(bot.set_my_description, about.description, code)
    await _settle("description", language, about.description, description, write)
    await _settle(
        "short description", language, about.short, short, partial(bot.set_my_short_description, about.short, code)
    )


async def _publish_name(bot: Bot, wanted: str) -> None:
    async def name() -> str:
        return (await bot.get_my_name()).name

    await _settle("name", "", wanted, name, partial(bot.set_my_name, wanted))


async def _settle(
    what: str,
    language: str,
    wanted: object,
    read: Callable[[], Awaitable[object]],
    write: Callable[[], Awaitable[object]],
) -> bool:
    """Write what Telegram does not have yet; return whether it stands there now."""
    try:
        if await read() != wanted:
            await write()
    except TelegramError as error:
        log.warning("profile not written", what=what, language=language, reason=redacted(error.message))
        return False
    return True


def _with_fallback(by_language: Mapping[str, T]) -> dict[str, T]:
    """Return what is said in each language, and under "" to everybody else."""
    return {"": by_language[FALLBACK], **by_language} if by_language else {}
