"""The commands people send, one module each, and the one place where they meet Telegram.

A command is a value: its name, its place in the menu, and a function from what was asked to a message. Dropping a
module that ends in `COMMAND: Command = ...` into this folder adds it to the bot; `/help` and the menus list it as soon
as the languages have a line for it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from telegram import LinkPreviewOptions, ReplyParameters, Update
from telegram import Message as Incoming
from telegram.constants import ChatMemberStatus, ChatType, ParseMode
from telegram.error import TelegramError
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from bot.core.model import Message
from bot.core.render.markup import authored, quiet
from bot.core.render.phrases import Phrasebook
from bot.core.text.arguments import NotUnderstoodError, read_command
from bot.ports import Clock, Queries, Subscriptions

LOG = structlog.get_logger(__name__)
MANAGERS = frozenset({ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR})
FALLBACK = "en"
KIN = {"be": "ru"}
"""Languages without words of their own that read another one more easily than English."""

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Desk:
    """What every command may use: the reading side of the store, the subscriptions, the words, the time.

    `region_names` maps every casefolded name of a region to its code.
    """

    queries: Queries
    subscriptions: Subscriptions
    books: Mapping[str, Phrasebook]
    region_names: Mapping[str, str]
    clock: Clock
    version: str


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: its words after the command, who asks where, in which language, and when.

    `may_manage` tells whether the asker may change what the chat gets.
    """

    desk: Desk
    words: tuple[str, ...]
    chat_id: int
    thread_id: int
    language: str
    now: datetime
    may_manage: Callable[[], Awaitable[bool]]

    @property
    def book(self) -> Phrasebook:
        """The words of the asker's language."""
        return self.desk.books[self.language]


@dataclass(frozen=True, slots=True)
class Command:
    """One command: `/name`, answered by `answer`; `order` is its place in the menu."""

    name: str
    order: int
    answer: Callable[[Ask], Awaitable[Message]]


def register(application: AnyApplication, commands: Sequence[Command], desk: Desk) -> None:
    """Let the application answer the commands, in chats and in channels."""
    known = {command.name: command for command in commands}

    async def handle(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        incoming = update.effective_message
        asked = read_command(incoming.text or "", context.bot.username) if incoming else None
        if incoming is None or asked is None or asked.name not in known:
            return
        ask = await _ask(incoming, asked.words, desk, context)
        await _send(incoming, await answer(known[asked.name], ask))

    fresh = filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST
    application.add_handler(MessageHandler(filters.COMMAND & fresh, handle))
    application.add_error_handler(_note)


async def _note(_update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Log an answer that Telegram did not take: answers are never repeated."""
    LOG.warning("answer not delivered", error=type(context.error).__name__, reason=str(context.error))


async def answer(command: Command, ask: Ask) -> Message:
    """Return the command's answer; a mistake in its words, or of our own, becomes a friendly sentence."""
    try:
        return await command.answer(ask)
    except NotUnderstoodError as mistake:
        return Message(authored(ask.book.say(mistake.phrase, text=quiet(mistake.word, 40))))
    except Exception:
        LOG.exception("command failed", command=command.name)
        return Message(authored(ask.book.say("command.failed")))


def menu(commands: Sequence[Command], book: Phrasebook) -> tuple[tuple[str, str], ...]:
    """Return the menu of one language, in order: each command's name and line."""
    lines = book.texts["menu"]
    ordered = sorted(commands, key=lambda command: command.order)
    return tuple((command.name, lines[command.name]) for command in ordered if command.name in lines)


def spoken(code: str | None, books: Mapping[str, Phrasebook]) -> str:
    """Return the language to answer in, from a client's language code such as "uk" or "pt-br"."""
    language = (code or FALLBACK).split("-")[0].lower()
    language = KIN.get(language, language)
    return language if language in books else FALLBACK


async def _language(incoming: Incoming, thread_id: int, desk: Desk) -> str:
    """Return the person's language; where nobody writes in person, as in a channel, that of the chat's posts."""
    if incoming.from_user and incoming.from_user.language_code:
        return spoken(incoming.from_user.language_code, desk.books)
    subscription = await desk.subscriptions.get(incoming.chat.id, thread_id)
    return spoken(subscription.language if subscription else None, desk.books)


async def _ask(incoming: Incoming, words: tuple[str, ...], desk: Desk, context: ContextTypes.DEFAULT_TYPE) -> Ask:
    user = incoming.from_user
    thread_id = incoming.message_thread_id or 0 if incoming.is_topic_message else 0

    async def may_manage() -> bool:
        chat = incoming.chat
        if chat.type in {ChatType.PRIVATE, ChatType.CHANNEL} or incoming.sender_chat == chat:
            return True
        if user is None:
            return False
        try:
            member = await context.bot.get_chat_member(chat.id, user.id)
        except TelegramError:
            return False
        return member.status in MANAGERS

    return Ask(
        desk=desk,
        words=words,
        chat_id=incoming.chat.id,
        thread_id=thread_id,
        language=await _language(incoming, thread_id, desk),
        now=desk.clock.now(),
        may_manage=may_manage,
    )


async def _send(incoming: Incoming, message: Message) -> None:
    await incoming.chat.send_message(
        message.text,
        parse_mode=ParseMode.HTML,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        message_thread_id=incoming.message_thread_id if incoming.is_topic_message else None,
        reply_parameters=ReplyParameters(incoming.message_id, allow_sending_without_reply=True),
    )
