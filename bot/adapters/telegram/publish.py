"""The Publish port over python-telegram-bot."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import Any, TypeVar

import structlog
from telegram import InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.adapters.telegram.errors import BAD_MARKUP, NO_THREAD, NOT_MODIFIED, looked_up, outcome, says
from bot.adapters.telegram.limiter import Limiter
from bot.adapters.telegram.lost import Lost
from bot.adapters.telegram.own import OWN_NUMBERING
from bot.adapters.telegram.pacing import Lane
from bot.core.model import Message
from bot.core.render.buttons import keyboard
from bot.core.render.markup import unmarked
from bot.ports import UnknownOutcomeError

log = structlog.get_logger()

T = TypeVar("T")
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class TelegramPublisher:
    """Sends posts through a bot whose limiter paces it. Commands are answered by the handlers, not here."""

    def __init__(self, bot: ExtBot[Any]) -> None:
        self._bot = bot
        self._lost = Lost(bot, self._search, self.post)

    async def post(self, chat_id: int, thread_id: int, message: Message, reply_to: int = 0) -> int:
        """Send a message and return its id."""

        async def send(text: str, parse_mode: str | None) -> int:
            sent = await self._bot.send_message(
                chat_id,
                text,
                parse_mode,
                disable_notification=message.silent,
                message_thread_id=thread_id or None,
                reply_markup=self._keyboard(message),
                reply_parameters=ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None,
                link_preview_options=NO_PREVIEW,
                rate_limit_args="post",
            )
            return sent.message_id

        try:
            return await _as_html_or_plain(message.text, send)
        except TelegramError as error:
            if thread_id and says(error, NO_THREAD):
                return await self.post(chat_id, 0, message, reply_to)
            raise outcome(error, chat_id) from error

    async def edit(self, chat_id: int, message_id: int, message: Message) -> None:
        """Change a message; "not modified" counts as done."""
        try:
            await self._edit(chat_id, message_id, message)
        except TelegramError as error:
            if not says(error, NOT_MODIFIED):
                raise outcome(error, chat_id) from error

    async def anchor(self, chat_id: int, thread_id: int) -> int:
        """Return the newest message id of a chat that numbers its own messages, found out; 0 elsewhere."""
        return 0 if chat_id > OWN_NUMBERING else await self._lost.anchor(chat_id, thread_id)

    async def find(self, chat_id: int, after: int, message: Message, answers: Collection[int] = ()) -> int:
        """Return the id under which a message whose answer was lost stands, 0 where it does not.

        Nothing is posted to a chat that numbers its own messages before an id is known there: without one it did not leave.
        Else that can be known where a chat numbers its own messages, and only where the bot cannot edit what others wrote; else
        nobody can tell, nor where others have written too much since, nor where an answer of ours may stand of which nobody
        knows. A search that has to wait goes on where it stopped.
        """
        if not after and chat_id <= OWN_NUMBERING:
            return 0
        limiter = self._bot.rate_limiter
        unclear = isinstance(limiter, Limiter) and limiter.answers.clear_above(chat_id) > after
        if after <= 0 or unclear or chat_id > OWN_NUMBERING or await self._edits_others(chat_id):
            raise UnknownOutcomeError(f"chat {chat_id}: cannot tell whether a post arrived there")
        return await self._lost.find(chat_id, after, message, answers)

    def _keyboard(self, message: Message) -> InlineKeyboardMarkup | None:
        if not message.buttons:
            return None
        shares = any(button.query for row in message.buttons for button in row)
        bot = self._bot if shares else None
        wired = keyboard(message, bot.username, inline=bot.supports_inline_queries) if bot else keyboard(message)
        return InlineKeyboardMarkup.de_json(wired) if wired["inline_keyboard"] else None

    def resting(self) -> Collection[int]:
        """Return the chats to which nothing may be sent for longer than a moment."""
        limiter = self._bot.rate_limiter
        known = limiter.resting() if isinstance(limiter, Limiter) else ()
        return [chat for chat in known if isinstance(chat, int)]

    async def _search(self, chat_id: int, message_id: int, message: Message) -> None:
        await self._edit(chat_id, message_id, message, "search")

    async def _edit(self, chat_id: int, message_id: int, message: Message, lane: Lane = "edit") -> None:
        async def change(text: str, parse_mode: str | None) -> None:
            await self._bot.edit_message_text(
                text,
                chat_id,
                message_id,
                parse_mode=parse_mode,
                reply_markup=self._keyboard(message),
                link_preview_options=NO_PREVIEW,
                rate_limit_args=lane,
            )

        await _as_html_or_plain(message.text, change)

    async def _edits_others(self, chat_id: int) -> bool:
        try:
            member = await self._bot.get_chat_member(chat_id, self._bot.id)
        except TelegramError as error:
            raise looked_up(error, chat_id) from error
        return bool(getattr(member, "can_edit_messages", False))


async def _as_html_or_plain(text: str, send: Callable[[str, str | None], Awaitable[T]]) -> T:
    """Send it as HTML; should Telegram find our markup wrong, once more without any: better plain than lost."""
    try:
        return await send(text, ParseMode.HTML)
    except TelegramError as error:
        if not says(error, BAD_MARKUP):
            raise
        log.warning("markup refused, sent plain", reason=error.message, text=text)
        return await send(unmarked(text), None)
