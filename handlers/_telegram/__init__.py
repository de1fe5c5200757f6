"""Where commands and buttons meet Telegram: updates become questions, messages become calls.

people   who asks, where, and what they may do there
shown    what a message without a command shows
handles  what the buttons of an answer mean
answers  messages into calls

Every press and every question in a private chat is answered. In groups only what is addressed to the bot is: commands by its
name or by nobody's, replies to it, messages that name it.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, TypeVar

import structlog
from telegram import Bot, Chat, ChatMember, ChatMemberUpdated, Update
from telegram import Message as Incoming
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.core.model import Message
from bot.core.render.markup import authored, plain
from bot.core.text.arguments import MOST_WORDS, read_command
from bot.ports import VistkaError
from handlers import (
    TOAST,
    Ask,
    Buttons,
    Command,
    Desk,
    Inline,
    Reaction,
    RefusedError,
    Texts,
    answer,
    plain_sorry,
    react,
    read,
    spoken,
)
from handlers._telegram.answers import Answers
from handlers._telegram.cards import deal
from handlers._telegram.handles import Token, redeemed
from handlers._telegram.people import asked, inquiring, pressing, writes
from handlers._telegram.shown import is_addressed, names, shown

LOG = structlog.get_logger(__name__)
SLOW = 1.0
"""Seconds after which who waits for an answer sees that one is being written."""
CHANNEL = "channel"
"""The command that sets a channel up."""
SPOKEN = filters.UpdateType.MESSAGE & (~filters.StatusUpdate.ALL | filters.StatusUpdate.CHAT_SHARED)

AnyApplication: TypeAlias = Application[Any, Any, Any, Any, Any, Any]
Context: TypeAlias = ContextTypes.DEFAULT_TYPE
Handler: TypeAlias = Callable[[Update, Context], Coroutine[Any, Any, None]]
Awaited = TypeVar("Awaited")


def _random() -> str:
    """Return a handle that nobody guesses: 72 bits in 12 characters."""
    return secrets.token_urlsafe(9)


def register(
    application: AnyApplication,
    plugs: Sequence[object],
    desk: Desk,
    *,
    token: Token = _random,
    slow: float = SLOW,
) -> None:
    """Let the application answer the commands of the desk, in chats and in channels, and the other plug-ins."""
    edge = Edge(
        desk=desk,
        answers=Answers(application.bot, token),
        families={plug.prefix: plug for plug in plugs if isinstance(plug, Buttons)},
        texts=tuple(sorted((plug for plug in plugs if isinstance(plug, Texts)), key=lambda each: each.order)),
        inline=next((plug for plug in plugs if isinstance(plug, Inline)), None),
        slow=slow,
    )
    fresh = filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST
    application.add_handler(MessageHandler(filters.COMMAND & fresh, edge.sorry(edge.commanded)))
    application.add_handler(MessageHandler(SPOKEN, edge.sorry(edge.written)))
    application.add_handler(CallbackQueryHandler(edge.sorry(edge.pressed)))
    application.add_handler(InlineQueryHandler(edge.inquired))
    application.add_handler(ChatMemberHandler(edge.invited, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_error_handler(_note)


async def _note(_update: object, context: Context) -> None:
    """Log an answer that Telegram did not take: answers are never repeated. What else fails the dispatcher logs."""
    if isinstance(context.error, TelegramError):
        LOG.warning("answer not delivered", error=type(context.error).__name__, reason=str(context.error))


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """The handlers of one application."""

    desk: Desk
    answers: Answers
    families: Mapping[str, Buttons]
    texts: Sequence[Texts]
    inline: Inline | None
    slow: float

    def sorry(self, handler: Handler) -> Handler:
        """Return the handler so that a person hears of what fails around an answer too, as where the store does."""

        async def handle(update: Update, context: Context) -> None:
            try:
                await handler(update, context)
            except TelegramError:
                raise
            except Exception:
                await self._apologise(update, context.bot)
                raise

        return handle

    async def commanded(self, update: Update, context: Context) -> None:
        """Answer a command, unless it is another bot's or only the copy of a channel's post."""
        incoming = update.effective_message
        called = read_command(incoming.text or "", context.bot.username) if incoming else None
        if incoming is None or called is None or incoming.is_automatic_forward:
            return
        ask = replace(await asked(context.bot, self.desk, incoming), words=called.words)
        command = self.desk.commands.get(called.name)
        if _is_for_another(command, ask, incoming):
            return
        await self._forget_question(ask)
        if command is None:
            message = Message(authored(ask.book.say("edge.unknown")))
        else:
            message = await self._patiently(ask, answer(command, ask))
        await self.answers.send(ask, message, incoming.message_id)

    async def written(self, update: Update, context: Context) -> None:
        """Answer a message that is no command, where it is for the bot."""
        incoming, bot = update.message, context.bot
        if incoming is None or incoming.is_automatic_forward or _is_own(incoming, bot.id):
            return
        private = incoming.chat.type == ChatType.PRIVATE
        if not private and not is_addressed(incoming, bot.id, bot.username):
            return
        what = shown(incoming, bot.username)
        ask = replace(await asked(bot, self.desk, incoming), words=tuple(what.text.split()[:MOST_WORDS]))
        said = await self._patiently(ask, read(self.texts, what, ask))
        if said is None and (private or names(incoming, bot.username)):
            said = Message(authored(ask.book.say("edge.lost")))
        if isinstance(said, Message):
            said = Reaction("", message=said)
        await self._say(ask, said)

    async def pressed(self, update: Update, context: Context) -> None:
        """Answer a press, whatever its data, then change or send what follows from it."""
        query = update.callback_query
        assert query is not None
        under = query.message if isinstance(query.message, Incoming) else None
        chat = query.message.chat if query.message else Chat(query.from_user.id, ChatType.PRIVATE)
        ask = await pressing(context.bot, self.desk, query.from_user, under, chat)
        ask = replace(ask, under=query.message.message_id if query.message else 0)
        reaction = await self._react(ask, query.data or "")
        try:
            await query.answer(_toast(reaction), show_alert=reaction.alert, url=reaction.url or None)
        except TelegramError as error:
            LOG.warning("press not answered", reason=error.message)
        if query.message is not None:
            await self._follow(ask, reaction, pictured=bool(under and under.photo and not reaction.at))

    async def inquired(self, update: Update, context: Context) -> None:
        """Answer what is written after the bot's name in any chat."""
        query = update.inline_query
        assert query is not None
        if self.inline is not None:
            ask = await inquiring(context.bot, self.desk, query.from_user)
            await deal(query, self.inline, replace(ask, words=tuple(query.query.split()[:MOST_WORDS])))

    async def invited(self, update: Update, context: Context) -> None:
        """Ask who let the bot post in a channel whether it shall; once, as long as nothing was set up there."""
        change = update.my_chat_member
        if change is None or not _lets_post(change) or CHANNEL not in self.desk.commands:
            return
        if await self.desk.subscriptions.get(change.chat.id) is None:
            ask = await inquiring(context.bot, self.desk, change.from_user)
            message = await answer(self.desk.commands[CHANNEL], replace(ask, words=(str(change.chat.id),)))
            try:
                await self.answers.send(ask, message)
            except TelegramError as error:
                LOG.info("nobody invited", chat=change.chat.id, reason=error.message)

    async def _apologise(self, update: Update, bot: Bot) -> None:
        """Say that it is noted to who wrote to the bot or pressed a button; nothing is looked up for that."""
        user, query, incoming = update.effective_user, update.callback_query, update.message
        under = query.message if query else None
        if isinstance(under, Incoming) and under.chat.type == ChatType.PRIVATE:
            incoming = under
        code = user.language_code if user else None
        said = self.desk.books[spoken(code, self.desk.books)].say("command.failed")
        with contextlib.suppress(TelegramError, VistkaError):
            if query is not None and incoming is None:
                await query.answer(plain(said, TOAST), show_alert=True)
            elif incoming is not None and _is_to_us(incoming, bot):
                sent = await incoming.reply_text(said, do_quote=False)
                if sent.chat.type != ChatType.PRIVATE:
                    await self.desk.outbox.seen(sent.chat.id, sent.message_id, answer=True)

    async def _react(self, ask: Ask, carried: str) -> Reaction:
        try:
            return await react(self.families, await redeemed(ask, carried), ask)
        except RefusedError as refusal:
            return Reaction(str(refusal), alert=True)
        except Exception as error:  # noqa: BLE001  (an unanswered press spins in the chat for minutes)
            return Reaction(plain_sorry(error, ask, carried), alert=True)

    async def _say(self, ask: Ask, said: Reaction | None) -> None:
        """Send what is said to a message: the notice, as there is no press to answer, and what follows."""
        if said is None:
            return
        if said.notice:
            await self.answers.send(ask, Message(authored(said.notice)), ask.under)
        await self._follow(ask, said)

    async def _follow(self, ask: Ask, reaction: Reaction, *, pictured: bool = False) -> None:
        if reaction.instead:
            await self.answers.change(ask, reaction.instead, reaction.at or ask.under, pictured=pictured)
        if reaction.message:
            await self.answers.send(ask, reaction.message, ask.under)

    async def _forget_question(self, ask: Ask) -> None:
        """Take a command as a change of mind: what comes after it is no answer to what was asked before."""
        if ask.user_id and await self.desk.dialogues.awaited(ask.chat_id, ask.user_id):
            await self.desk.dialogues.answered(ask.chat_id, ask.user_id)

    async def _patiently(self, ask: Ask, work: Awaitable[Awaited]) -> Awaited:
        """Await an answer, and let who waits for long see that it is being written."""
        task = asyncio.ensure_future(work)
        try:
            done, _ = await asyncio.wait({task}, timeout=self.slow)
            if not done:
                await self.answers.typing(ask)
            return await task
        finally:
            task.cancel()


def _toast(reaction: Reaction) -> str | None:
    return None if reaction.url else plain(reaction.notice, TOAST)


def _is_for_another(command: Command | None, ask: Ask, incoming: Incoming) -> bool:
    """Tell whether a command in a group is most likely for another bot there: not by one of ours, and to nobody."""
    if ask.private or "@" in (incoming.text or "").split()[0]:
        return False
    return command is None or not ask.may(command.role)


def _is_to_us(incoming: Incoming, bot: Bot) -> bool:
    private = incoming.chat.type == ChatType.PRIVATE
    return private or f"@{bot.username}" in (incoming.text or "") or is_addressed(incoming, bot.id, bot.username)


def _is_own(incoming: Incoming, own_id: int) -> bool:
    """Tell whether a message is one of the bot's cards, which somebody sent into the chat with the bot."""
    return incoming.via_bot is not None and incoming.via_bot.id == own_id


def _lets_post(change: ChatMemberUpdated) -> bool:
    """Tell whether the bot may post in a channel from now on, and might not before."""
    before, after = change.old_chat_member, change.new_chat_member
    return change.chat.type == ChatType.CHANNEL and _posts(after) and not _posts(before)


def _posts(member: ChatMember) -> bool:
    return writes(member, "channel")
