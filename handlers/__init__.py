"""The commands people send and the buttons they press, one module each, and the one place where they meet Telegram.

A command is a value: its name, its place in the menu, and a function from what was asked to a message. Dropping a
module that ends in `COMMAND: Command = ...` into this folder adds it to the bot; `/help` and the menus list it as soon
as the languages have a line for it. A module that ends in `BUTTONS: Buttons = ...` answers the buttons whose data begin
with its prefix; a button is most often a command in another guise, and then asks it. `TEXTS: Texts = ...` says what is
done with messages that are no commands, `INLINE: Inline = ...` answers `@bot words` in any chat. A module may end in
several of these.

What comes in is checked here, whatever it claims: only an admin gets an admin's command or button carried out, wherever
it was sent or pressed, and every press is answered.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias, get_args

import structlog

from bot.core.kinds import Kind
from bot.core.model import Act, Event, Message, Ruling, Sort, Source, Venue
from bot.core.render.buttons import DESK, Pressed, button, read_press
from bot.core.render.markup import authored, quiet, text, unmarked
from bot.core.render.pages import which
from bot.core.render.phrases import Phrasebook
from bot.core.render.pictures.atlas import Atlas
from bot.core.text.arguments import AmbiguousError, NotUnderstoodError, read_number
from bot.core.text.asking import Asked, read_asked, understood
from bot.core.text.clock import on_clock
from bot.core.text.dictionary import Dictionary
from bot.ports import Clock, Dialogues, Draw, Handles, Outbox, Queries, Recognise, Rule, Subscriptions, VistkaError

LOG = structlog.get_logger(__name__)
PLUG_INS = ("COMMAND", "BUTTONS", "TEXTS", "INLINE")
"""The constants in which the modules of this folder end."""
FALLBACK = "en"
KIN = {"be": "ru"}
"""Languages without words of their own that read another one more easily than English."""
TOAST = 200
"""Characters of the answer to a press (core.telegram.org/bots/api, answerCallbackQuery)."""
MERGES = 9
"""How often an event may have been merged into the next one before it is given up."""

MOST_COMPLAINTS, A_WHILE = 5, timedelta(hours=1)
"""How often a reader may make the admins look, and within how long."""


Role: TypeAlias = Literal["reader", "editor", "admin"]
"""A reader asks and sets up own chats, an editor rules on events too, an admin also hears of what ails the bot."""
ROLES: tuple[Role, ...] = get_args(Role)
Place: TypeAlias = Literal["group", "managers", "private"]
"""Where a menu is shown: to everybody in a group, to its admins, in a private chat."""
Heading: TypeAlias = Literal["ask", "get", "more"]


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

    `region_names` maps every casefolded name of a region to its code; `roles` are those of the users who have one; `patience`
    has how often readers complained; `atlas` has the borders of maps; `username` is the bot's, for links to itself;
    `dictionary` has the words of questions; `recognise` reads what people show.
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
    handles: Handles
    dialogues: Dialogues
    outbox: Outbox
    dictionary: Dictionary
    recognise: Recognise
    draw: Draw
    atlas: Atlas
    sources: Collection[Source] = ()
    username: str = ""
    roles: Mapping[int, Role] = field(default_factory=dict)
    patience: Patience = field(default_factory=Patience)


async def nowhere(_: int | str) -> Venue | None:
    """Know no chat."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question: its words after the command, who asks where, in which language, and when.

    `user_id` is 0 where nobody asks in person; `may_manage` tells whether the asker may change what the chat gets. `venue`
    tells of any chat, by id or @name, None where the bot sees none; `sort` is that of the chat where it is asked.
    `under` is the message that is asked with: the one whose button was pressed, or the one that was written.
    `offset` is where in a list the page begins that a button asks for.
    """

    desk: Desk
    words: tuple[str, ...]
    chat_id: int
    thread_id: int
    user_id: int
    language: str
    now: datetime
    may_manage: Callable[[], Awaitable[bool]]
    venue: Callable[[int | str], Awaitable[Venue | None]] = nowhere
    sort: Sort = "private"
    under: int = 0
    offset: int = 0

    @property
    def private(self) -> bool:
        """Tell whether nobody but the asker sees the answer."""
        return self.sort == "private"

    def asked(self, *, guess: bool = True) -> Asked:
        """Return what the words ask for, by the clock of the war; without `guess` no slips are put right."""
        return read_asked(self.words, self.today, self.desk.dictionary, guess=guess)

    def question(self, *kinds: str) -> Asked:
        """Return what the words ask for, of these kinds where they name none; raise NotUnderstoodError for other words."""
        asked = understood(self.asked())
        return replace(asked, kinds=asked.kinds or kinds)

    @property
    def today(self) -> date:
        """The day, by the clock of the war."""
        return on_clock(self.now).date()

    @property
    def book(self) -> Phrasebook:
        """The words of the asker's language."""
        return self.desk.books[self.language]

    @property
    def role(self) -> Role:
        """The role of who asks."""
        return self.desk.roles.get(self.user_id, "reader")

    def may(self, role: Role) -> bool:
        """Tell whether who asks has at least this role."""
        return ROLES.index(self.role) >= ROLES.index(role)

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
    """One command: `/name`, answered by `answer`; `order` is its place in the menu, `role` the least that may use it.

    `offered` are the menus that it stands in; it is answered wherever it is asked. `heading` is the one of `/help` that it stands
    under. `again` says that a button may ask it, `linked` that a link to the bot may, by the name that stands in it
    (`?start=event_12`): neither changes anything.
    """

    name: str
    order: int
    answer: Callable[[Ask], Awaitable[Message]]
    role: Role = "reader"
    offered: tuple[Place, ...] = get_args(Place)
    heading: Heading = "more"
    again: bool = False
    linked: bool = False


def verdict(act: Act, order: int) -> Command:
    """Return the admins' command that gives an event a verdict: `/hold 12`, worded by `desk.<act>_usage` and its like."""

    async def give(ask: Ask) -> Message:
        event = await ask.subject(f"desk.{act}_usage")
        if event.verdict == act:
            raise ask.refusal(f"desk.already_{act}", id=event.id)
        ruled = await ask.desk.rulings.rule(act, event.id, ask.user_id)
        return ask.done(ruled.ruling, f"desk.done_{act}", event.id)

    return Command(act, order, give, "editor")


@dataclass(frozen=True, slots=True)
class Reaction:
    """What follows a press: a short `notice` to who pressed, in a window of its own where it is an `alert`.

    `instead` is what the message with the button becomes, or another one of the bot's, whose id is `at`; `message` is sent
    beside it. `url` opens the bot's own chat with who pressed, in the place of a notice.
    """

    notice: str
    alert: bool = False
    instead: Message | None = None
    message: Message | None = None
    url: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class Buttons:
    """A family of buttons: those whose data begin with `prefix`. `role` is the least that may press them."""

    prefix: str
    press: Callable[[Ask, Pressed], Awaitable[Reaction]]
    role: Role = "reader"


@dataclass(frozen=True, slots=True)
class Shown:
    """A message that is no command: its text or caption, the addresses that stand in it or behind its words.

    `forwarded` is the chat that it was forwarded from, 0 where it was written; `shared` a chat picked by a button; `at` is
    when it was first written, where that is known.
    """

    text: str
    links: tuple[str, ...] = ()
    forwarded: int = 0
    shared: int = 0
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Texts:
    """What is done with messages that are no commands, in private chats and where the bot is spoken to.

    They are asked by `order`; `answer` returns None for a message that is not its business. The notice of a reaction is then
    a message as well.
    """

    name: str
    order: int
    answer: Callable[[Ask, Shown], Awaitable[Message | Reaction | None]]


@dataclass(frozen=True, slots=True)
class Card:
    """One result of the inline mode: what the list shows, and the message that is sent when it is chosen."""

    id: str
    title: str
    line: str
    message: Message


@dataclass(frozen=True, slots=True)
class Cards:
    """An answer to an inline query: the results from an offset on, and where the next ones begin ("" at the end)."""

    cards: tuple[Card, ...]
    after: str = ""


@dataclass(frozen=True, slots=True)
class Inline:
    """What answers `@bot words` in any chat."""

    name: str
    answer: Callable[[Ask, str], Awaitable[Cards]]
    """The words are those of the ask; the text is the offset, "" at first."""


async def carry_out(command: Command, ask: Ask) -> Message:
    """Return the command's answer, if the asker may have it; raise RefusedError, NotUnderstoodError or VistkaError."""
    if not ask.may(command.role):
        raise RefusedError(ask.book.say("press.not_admin"))
    return await command.answer(ask)


async def answer(command: Command, ask: Ask) -> Message:
    """Return the command's answer; a mistake in its words, or of our own, becomes a friendly sentence."""
    try:
        return await carry_out(command, ask)
    except AmbiguousError as error:
        return which(error.word, error.choices, command.name, ask.book)
    except Exception as error:  # noqa: BLE001  (nothing may leave a person without an answer)
        return Message(_sorry(error, ask, command.name))


async def read(texts: Sequence[Texts], shown: Shown, ask: Ask) -> Message | Reaction | None:
    """Return what is said to a message that is no command, None where it is nobody's business."""
    for each in texts:
        try:
            said = await each.answer(ask, shown)
        except Exception as error:  # noqa: BLE001  (as for a command)
            return Message(_sorry(error, ask, each.name))
        if said is not None:
            return said
    return None


async def react(families: Mapping[str, Buttons], data: str, ask: Ask) -> Reaction:
    """Return what follows a press, whatever its data; a mistake becomes a friendly sentence here too."""
    pressed = read_press(data)
    family = families.get(pressed.prefix) if pressed else None
    if pressed is None or family is None:
        return Reaction(ask.book.say("press.stale"), alert=True)
    if not ask.may(family.role):
        return Reaction(ask.book.say("press.not_admin"), alert=True)
    try:
        return await family.press(ask, pressed)
    except Exception as error:  # noqa: BLE001  (an unanswered press spins in the chat for minutes)
        return Reaction(plain_sorry(error, ask, data), alert=True)


def plain_sorry(error: Exception, ask: Ask, about: str) -> str:
    """Return in words, without markup, what went wrong, as far as it is the asker's business."""
    return unmarked(_sorry(error, ask, about))


def _sorry(error: Exception, ask: Ask, about: str) -> str:
    """Return in words, as HTML, what went wrong: where the asker can mend it, how, else only that it is noted."""
    match error:
        case NotUnderstoodError():
            return authored(ask.book.say(error.phrase, text=quiet(error.word, 40)))
        case RefusedError():
            return authored(str(error))
        case VistkaError() if ask.may("editor"):
            LOG.info("refused", about=about, reason=str(error))
            return text(str(error), TOAST)
    LOG.error("command failed", about=about, exc_info=error)
    return authored(ask.book.say("command.failed"))


def menu(
    commands: Sequence[Command], book: Phrasebook, role: Role = "reader", place: Place = "private"
) -> tuple[tuple[str, str], ...]:
    """Return the menu of one language, in order: name and line of each command that the role may use and the place offers."""
    lines = {**book.texts["menu"], **book.texts["desk_menu"]}
    level = ROLES.index(role)
    shown = [each for each in commands if ROLES.index(each.role) <= level and place in each.offered]
    ordered = sorted(shown, key=lambda command: command.order)
    return tuple((command.name, lines[command.name]) for command in ordered if command.name in lines)


def spoken(code: str | None, books: Mapping[str, Phrasebook]) -> str:
    """Return the language to answer in, from a client's language code such as "uk" or "pt-br"."""
    language = (code or FALLBACK).split("-")[0].lower()
    language = KIN.get(language, language)
    return language if language in books else FALLBACK
