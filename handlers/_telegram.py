"""Where commands and buttons meet Telegram: updates become questions, messages become calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import structlog
from telegram import CallbackQuery, Chat, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters, Update, User
from telegram import Message as Incoming
from telegram.constants import ChatMemberStatus, ChatType, ParseMode
from telegram.error import TelegramError
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters

from bot.core.model import Message
from bot.core.render.buttons import keyboard
from bot.core.render.markup import plain
from bot.core.text.arguments import read_command
from handlers import TOAST, Ask, Buttons, Command, Desk, Reaction, answer, react, spoken

LOG = structlog.get_logger(__name__)
MANAGERS = frozenset({ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR})
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


def register(application: AnyApplication, buttons: Sequence[Buttons], desk: Desk) -> None:
    """Let the application answer the commands of the desk, in chats and in channels, and the buttons."""
    families = {family.prefix: family for family in buttons}

    async def handle(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        incoming = update.effective_message
        asked = read_command(incoming.text or "", context.bot.username) if incoming else None
        if incoming is None or asked is None or asked.name not in desk.commands:
            return
        thread_id = incoming.message_thread_id or 0 if incoming.is_topic_message else 0
        ask = await _ask(desk, incoming.chat, thread_id, incoming.from_user, context)
        if _is_for_another(desk.commands[asked.name], ask, incoming):
            return
        if incoming.sender_chat == incoming.chat:
            ask = replace(ask, may_manage=_always)
        message = await answer(desk.commands[asked.name], replace(ask, words=asked.words))
        await _send(incoming.chat, thread_id, incoming.message_id, message)

    async def pressed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        assert query is not None
        under = query.message
        chat = under.chat if under else Chat(query.from_user.id, ChatType.PRIVATE)
        thread_id = (under.message_thread_id or 0) if isinstance(under, Incoming) and under.is_topic_message else 0
        ask = await _ask(desk, chat, thread_id, query.from_user, context)
        await _show(query, ask, await react(families, query.data or "", ask))

    fresh = filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST
    application.add_handler(MessageHandler(filters.COMMAND & fresh, handle))
    application.add_handler(CallbackQueryHandler(pressed))
    application.add_error_handler(_note)


async def _note(_update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Log an answer that Telegram did not take: answers are never repeated."""
    LOG.warning("answer not delivered", error=type(context.error).__name__, reason=str(context.error))


async def _language(user: User | None, chat_id: int, thread_id: int, desk: Desk) -> str:
    """Return the person's language; where nobody writes in person, as in a channel, that of the chat's posts."""
    if user and user.language_code:
        return spoken(user.language_code, desk.books)
    subscription = await desk.subscriptions.get(chat_id, thread_id)
    return spoken(subscription.language if subscription else None, desk.books)


async def _ask(desk: Desk, chat: Chat, thread_id: int, user: User | None, context: ContextTypes.DEFAULT_TYPE) -> Ask:
    async def may_manage() -> bool:
        if chat.type == ChatType.PRIVATE or user is None:
            return chat.type in {ChatType.PRIVATE, ChatType.CHANNEL}
        try:
            member = await context.bot.get_chat_member(chat.id, user.id)
        except TelegramError:
            return False
        return member.status in MANAGERS

    return Ask(
        desk=desk,
        words=(),
        chat_id=chat.id,
        thread_id=thread_id,
        user_id=user.id if user else 0,
        language=await _language(user, chat.id, thread_id, desk),
        now=desk.clock.now(),
        may_manage=may_manage,
    )


def _is_for_another(command: Command, ask: Ask, incoming: Incoming) -> bool:
    """Tell whether an admin's command in a group is most likely for another bot there: not by one of ours, and to nobody."""
    if ask.may(command.role) or incoming.chat.type == ChatType.PRIVATE:
        return False
    return "@" not in (incoming.text or "").split()[0]


async def _always() -> bool:
    """Say that who writes as the group itself is one of its admins."""
    return True


async def _send(chat: Chat, thread_id: int, reply_to: int, message: Message) -> None:
    await chat.send_message(
        message.text,
        parse_mode=ParseMode.HTML,
        link_preview_options=NO_PREVIEW,
        message_thread_id=thread_id or None,
        reply_markup=_markup(message),
        reply_parameters=ReplyParameters(reply_to, allow_sending_without_reply=True),
    )


async def _show(query: CallbackQuery, ask: Ask, reaction: Reaction) -> None:
    """Answer the press, then change or send what follows; a press that is too old to be answered is acted on all the same."""
    try:
        await query.answer(plain(reaction.notice, TOAST), show_alert=reaction.alert)
    except TelegramError as error:
        LOG.warning("press not answered", reason=error.message)
    under = query.message
    if reaction.instead and under is not None and under.is_accessible:
        await query.edit_message_text(
            reaction.instead.text,
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
            reply_markup=_markup(reaction.instead),
        )
    if reaction.message and under is not None:
        await _send(under.chat, ask.thread_id, under.message_id, reaction.message)


def _markup(message: Message) -> InlineKeyboardMarkup | None:
    return InlineKeyboardMarkup.de_json(keyboard(message)) if message.buttons else None
