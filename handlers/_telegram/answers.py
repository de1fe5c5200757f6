"""Messages become calls: text and pictures with their buttons, sent or changed in place.

An answer is sent once. What Telegram cannot parse goes out as plain text, what it cannot change any more is sent anew, and
a picture that cannot be drawn is told in words.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import structlog
from telegram import (
    Bot,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    KeyboardButton,
    KeyboardButtonRequestChat,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyParameters,
)
from telegram import Message as Incoming
from telegram.constants import ChatAction, ChatType, ParseMode
from telegram.error import BadRequest, TelegramError

from bot.core.model import Handle, Message
from bot.core.render.buttons import keyboard
from bot.core.render.markup import CAPTION, authored, fit, units, unmarked
from bot.ports import VistkaError
from handlers import Ask
from handlers._telegram.handles import Token, handled

LOG = structlog.get_logger(__name__)
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
UNPARSED, UNCHANGED = "can't parse entities", "message is not modified"
PICK = 1
"""The number of the one request that a button for picking a channel makes."""
Mode: TypeAlias = ParseMode | None
Called = TypeVar("Called")


@dataclass(frozen=True, slots=True)
class Answers:
    """Sends answers through a bot and changes them; `token` makes the handles of their buttons."""

    bot: Bot
    token: Token

    async def send(self, ask: Ask, message: Message, reply_to: int = 0) -> None:
        """Send an answer into the chat and topic where it was asked for."""
        dressed, handles = handled(message, ask, self.token)
        await _issue(ask, handles)
        sent = await self._sent(ask, dressed, await self._drawn(ask, dressed), reply_to)
        if handles:
            await ask.desk.handles.bind([each.token for each in handles], sent.message_id)
        if sent.chat.type != ChatType.PRIVATE:
            await ask.desk.outbox.seen(sent.chat.id, sent.message_id, answer=True)

    async def change(self, ask: Ask, message: Message, message_id: int, *, pictured: bool = False) -> None:
        """Change a message of the bot; `pictured` says that it is a picture, which no text can take the place of."""
        drawn = await self._drawn(ask, message)
        if pictured and drawn is None:
            await self.send(ask, message, message_id)
            return
        dressed, handles = handled(message, ask, self.token, message_id)
        await _issue(ask, handles)
        try:
            await self._changed(ask, dressed, drawn, message_id)
        except BadRequest as refusal:
            if not refusal.message.casefold().startswith(UNCHANGED):
                LOG.info("not changed, but sent anew", reason=refusal.message)
                await self.send(ask, message)

    async def typing(self, ask: Ask) -> None:
        """Show that an answer is being written, where that can be shown."""
        with contextlib.suppress(TelegramError):
            await self.bot.send_chat_action(ask.chat_id, ChatAction.TYPING, message_thread_id=ask.thread_id or None)

    async def _drawn(self, ask: Ask, message: Message) -> bytes | None:
        """Return the message's picture; None where it has none, or none that can be drawn."""
        if message.picture is None:
            return None
        try:
            return await ask.desk.draw.draw(message.picture.svg)
        except VistkaError as error:
            LOG.warning("picture not drawn", reason=str(error))
            return None

    async def _sent(self, ask: Ask, message: Message, drawn: bytes | None, reply_to: int) -> Incoming:
        about: dict[str, Any] = {
            "chat_id": ask.chat_id,
            "message_thread_id": ask.thread_id or None,
            "reply_markup": self._markup(message),
            "reply_parameters": ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None,
            "disable_notification": message.silent or None,
        }

        def send(text: str, mode: Mode) -> Awaitable[Incoming]:
            if drawn is not None:
                return self.bot.send_photo(photo=drawn, caption=_caption(text, mode), parse_mode=mode, **about)
            return self.bot.send_message(text=text, parse_mode=mode, link_preview_options=NO_PREVIEW, **about)

        return await _parsed(message.text, send)

    async def _changed(self, ask: Ask, message: Message, drawn: bytes | None, message_id: int) -> None:
        about: dict[str, Any] = {
            "chat_id": ask.chat_id,
            "message_id": message_id,
            "reply_markup": self._markup(message),
        }

        def change(text: str, mode: Mode) -> Awaitable[object]:
            if drawn is not None:
                media = InputMediaPhoto(drawn, caption=_caption(text, mode), parse_mode=mode)
                return self.bot.edit_message_media(media=media, **about)
            return self.bot.edit_message_text(text=text, parse_mode=mode, link_preview_options=NO_PREVIEW, **about)

        await _parsed(message.text, change)

    def _markup(self, message: Message) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | None:
        if message.pick:
            return _picking(message.pick)
        if not message.buttons:
            return None
        inline = bool(self.bot.supports_inline_queries)
        return InlineKeyboardMarkup.de_json(keyboard(message, self.bot.username, inline=inline))


async def _parsed(text: str, call: Callable[[str, Mode], Awaitable[Called]]) -> Called:
    """Make a call with HTML, or with what is left of it where Telegram cannot parse that: an answer matters more than bold."""
    try:
        return await call(text, ParseMode.HTML)
    except BadRequest as refusal:
        if not refusal.message.casefold().startswith(UNPARSED):
            raise
        LOG.warning("Telegram cannot parse an answer", reason=refusal.message)
        return await call(unmarked(text), None)


def _caption(text: str, mode: Mode) -> str:
    """Return the text, cut to whole lines without markup where it is too long to stand under a picture."""
    shown = unmarked(text) if mode else text
    if units(shown) <= CAPTION:
        return text
    cut = "\n".join(fit(shown.splitlines(), CAPTION - 2)[0]) + "\n…"
    return authored(cut) if mode else cut


async def _issue(ask: Ask, handles: Sequence[Handle]) -> None:
    if handles:
        await ask.desk.handles.issue(handles, ask.now)


def _picking(label: str) -> ReplyKeyboardMarkup:
    """Return the one keyboard by which a person can pick a channel; it goes once it was used.

    What the bot and the person may do there is asked of Telegram afterwards: rights that newer versions of the Bot API add
    would have to be named here.
    """
    button = KeyboardButton(label, request_chat=KeyboardButtonRequestChat(PICK, chat_is_channel=True))
    return ReplyKeyboardMarkup([[button]], resize_keyboard=True, one_time_keyboard=True)
