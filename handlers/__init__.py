"""The commands people send and the buttons they press, one module each, and the one place where they meet Telegram.

A command is a value: its name, its place in the menu, and a function from what was asked to a message. Dropping a
module that ends in `COMMAND: Command = ...` into this folder adds it to the bot; `/help` and the menus list it as soon
as the languages have a line for it. A module that ends in `BUTTONS: Buttons = ...` answers the buttons whose data begin
with its prefix; a button is most often a command in another guise, and then asks it.

What comes in is checked here, whatever it claims: only an admin gets an admin's command or button carried out, wherever
it was sent or pressed, and every press is answered.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from telegram import CallbackQuery, Chat, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters, Update, User
from telegram import Message as Incoming
from telegram.constants import ChatMemberStatus, ChatType, ParseMode
from telegram.error import TelegramError
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters

from bot.core.kinds import Kind
from bot.core.model import Act, Event, Message, Ruling
from bot.core.render.buttons import DESK, Pressed, button, keyboard, read_press
from bot.core.render.markup import authored, plain, quiet, text, unmarked
from bot.core.render.phrases import Phrasebook
from bot.core.text.arguments import NotUnderstoodError, read_command, read_number
from bot.ports import Clock, Queries, Rule, Subscriptions, VistkaError

LOG = structlog.get_logger(__name__)
MANAGERS = frozenset({ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR})
FALLBACK = "en"
KIN = {"be": "ru"}
"""Languages without words of their own that read another one more easily than English."""
TOAST = 200
"""Characters of the answer to a press (core.telegram.org/bots/api, answerCallbackQuery)."""
MERGES = 9
"""How often an event may have been merged into the next one before it is given up."""
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


MOST_COMPLAINTS, A_WHILE = 5, timedelta(hours=1)
"""How often a reader may make the admins look, and within how long."""


class RefusedError(Exception):
    """What was asked for makes no sense; the text says why in the asker's language."""


@dataclass(slots=True)
class Patience:
    """How often each reader made the admins look within the last while; a restart forgets it."""

    _taken: dict[int, list[datetime]] = field(default_factory=dict)

    def take(self, user_id: int, now: datetime) -> bool:
        """Count one more complaint of a reader; return False where there have been enough."""
        recent = {user: [at for at in times if now - at < A_WHILE] for user, times in self._taken.items()}
        self._taken = {user: times for user, times in recent.items() if times}
        mine = self._taken.setdefault(user_id, [])
        if len(mine) >= MOST_COMPLAINTS:
            return False
        mine.append(now)
        return True

    def give_back(self, user_id: int) -> None:
        """Count the newest complaint of a reader no more: it was one that he had made before."""
        self._taken[user_id].pop()


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What every command may use: the reading side of the store, the subscriptions, the rulings, the words, the time.

    `region_names` maps every casefolded name of a region to its code; `admins` are the users who may rule; `patience` has how
    often readers complained.
    """

    queries: Queries
    subscriptions: Subscriptions
    rulings: Rule
    books: Mapping[str, Phrasebook]
    region_names: Mapping[str, str]
    kinds: Mapping[str, Kind]
    clock: Clock
    version: str
    commands: Mapping[str, Command]
    admins: frozenset[int] = frozenset()
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question: its words after the command, who asks where, in which language, and when.

    `user_id` is 0 where nobody asks in person; `may_manage` tells whether the asker may change what the chat gets.
    """

    desk: Desk
    words: tuple[str, ...]
    chat_id: int
    thread_id: int
    user_id: int
    language: str
    now: datetime
    may_manage: Callable[[], Awaitable[bool]]

    @property
    def book(self) -> Phrasebook:
        """The words of the asker's language."""
        return self.desk.books[self.language]

    @property
    def is_admin(self) -> bool:
        """Tell whether an admin of the bot asks."""
        return self.user_id in self.desk.admins

    async def command(self, name: str, *words: object) -> Message:
        """Return what the same person gets for a command."""
        return await carry_out(self.desk.commands[name], replace(self, words=tuple(map(str, words))))

    def refusal(self, phrase: str, **values: object) -> RefusedError:
        """Return the error that says in the asker's language why it cannot be done."""
        return RefusedError(self.book.say(phrase, **values))

    async def event(self, usage: str, place: int = 0) -> Event:
        """Return the event whose number stands among the words; `usage` is the phrase that says how to write it."""
        event_id = read_number(self.words[place:], usage)
        event = await self.desk.queries.event(event_id)
        if event is None:
            raise NotUnderstoodError("command.event_missing", str(event_id))
        return event

    async def subject(self, usage: str, place: int = 0) -> Event:
        """Return the event that an admin wants to rule upon; one that was merged away is referred to what it became."""
        event = await self.event(usage, place)
        if event.merged_into:
            raise self.refusal("desk.merged_away", id=event.id, into=(await self.became(event)).id)
        return event

    def done(self, ruling: Ruling, phrase: str, event_id: int, **values: object) -> Message:
        """Return what an admin is told of a ruling that was made, and the button that takes it back."""
        lines = self.book.say(phrase, id=event_id, **values), self.book.say("desk.undo_how", ruling=ruling.id)
        label = self.book.say("desk.button.undo", act=self.book.say(f"desk.act.{ruling.act}"))
        back = button(label, DESK, event_id, "revert", ruling.id)
        return Message(authored("\n".join(lines)), ((back,),))

    async def became(self, event: Event) -> Event:
        """Return what an event became: the one that it was merged into, or itself."""
        for _ in range(MERGES):
            into = await self.desk.queries.event(event.merged_into) if event.merged_into else None
            if into is None:
                break
            event = into
        return event


@dataclass(frozen=True, slots=True)
class Command:
    """One command: `/name`, answered by `answer`; `order` is its place in the menu. `admins` are the only ones who may."""

    name: str
    order: int
    answer: Callable[[Ask], Awaitable[Message]]
    admins: bool = False


def verdict(act: Act, order: int) -> Command:
    """Return the admins' command that gives an event a verdict: `/hold 12`, worded by `desk.<act>_usage` and its like."""

    async def give(ask: Ask) -> Message:
        event = await ask.subject(f"desk.{act}_usage")
        if event.verdict == act:
            raise ask.refusal(f"desk.already_{act}", id=event.id)
        ruled = await ask.desk.rulings.rule(act, event.id, ask.user_id)
        return ask.done(ruled.ruling, f"desk.done_{act}", event.id)

    return Command(act, order, give, admins=True)


@dataclass(frozen=True, slots=True)
class Reaction:
    """What follows a press: a short `notice` to who pressed, in a window of its own where it is an `alert`.

    `instead` is what the message with the button becomes, `message` is sent beside it.
    """

    notice: str
    alert: bool = False
    instead: Message | None = None
    message: Message | None = None


@dataclass(frozen=True, slots=True)
class Buttons:
    """A family of buttons: those whose data begin with `prefix`. `admins` are the only ones who may press them."""

    prefix: str
    press: Callable[[Ask, Pressed], Awaitable[Reaction]]
    admins: bool = False


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


async def carry_out(command: Command, ask: Ask) -> Message:
    """Return the command's answer, if the asker may have it; raise RefusedError, NotUnderstoodError or VistkaError."""
    if command.admins and not ask.is_admin:
        raise RefusedError(ask.book.say("press.not_admin"))
    return await command.answer(ask)


async def answer(command: Command, ask: Ask) -> Message:
    """Return the command's answer; a mistake in its words, or of our own, becomes a friendly sentence."""
    try:
        return await carry_out(command, ask)
    except Exception as error:  # noqa: BLE001  (nothing may leave a person without an answer)
        return Message(_sorry(error, ask, command.name))


async def react(families: Mapping[str, Buttons], data: str, ask: Ask) -> Reaction:
    """Return what follows a press, whatever its data; a mistake becomes a friendly sentence here too."""
    pressed = read_press(data)
    family = families.get(pressed.prefix) if pressed else None
    if pressed is None or family is None:
        return Reaction(ask.book.say("press.stale"), alert=True)
    if family.admins and not ask.is_admin:
        return Reaction(ask.book.say("press.not_admin"), alert=True)
    try:
        return await family.press(ask, pressed)
    except Exception as error:  # noqa: BLE001  (an unanswered press spins in the chat for minutes)
        return Reaction(unmarked(_sorry(error, ask, data)), alert=True)


def _sorry(error: Exception, ask: Ask, about: str) -> str:
    """Return in words, as HTML, what went wrong: where the asker can mend it, how, else only that it is noted."""
    match error:
        case NotUnderstoodError():
            return authored(ask.book.say(error.phrase, text=quiet(error.word, 40)))
        case RefusedError():
            return authored(str(error))
        case VistkaError() if ask.is_admin:
            LOG.info("refused", about=about, reason=str(error))
            return text(str(error), TOAST)
    LOG.error("command failed", about=about, exc_info=error)
    return authored(ask.book.say("command.failed"))


def menu(commands: Sequence[Command], book: Phrasebook, *, admins: bool = False) -> tuple[tuple[str, str], ...]:
    """Return the menu of one language, in order: each command's name and line; those of admins only for them."""
    lines = {**book.texts["menu"], **(book.texts["desk_menu"] if admins else {})}
    ordered = sorted(commands, key=lambda command: command.order)
    return tuple((command.name, lines[command.name]) for command in ordered if command.name in lines)


def spoken(code: str | None, books: Mapping[str, Phrasebook]) -> str:
    """Return the language to answer in, from a client's language code such as "uk" or "pt-br"."""
    language = (code or FALLBACK).split("-")[0].lower()
    language = KIN.get(language, language)
    return language if language in books else FALLBACK


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
    if not command.admins or ask.is_admin or incoming.chat.type == ChatType.PRIVATE:
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
