"""The clock, the network and Telegram."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from bot.core.model import Feed, Item, Message, Report, Request, Response, Source


class Clock(Protocol):
    """The only way to learn the time."""

    def now(self) -> datetime:
        """Return the time, aware, in UTC."""
        ...


class Fetch(Protocol):
    """The network, guarded."""

    async def fetch(self, request: Request) -> Response:
        """Return the answer; raise TemporaryError or PermanentError."""
        ...


class Parse(Protocol):
    """Feed bodies into items, away from the event loop and within limits."""

    async def parse(self, source: Source, response: Response, now: datetime) -> Feed:
        """Return the feed; raise PermanentError for a body that is no feed."""
        ...


class Read(Protocol):
    """Items into reports."""

    async def read(self, item: Item) -> tuple[Report, ...]:
        """Return what the item says, main news and background."""
        ...


@runtime_checkable
class ReadAll(Protocol):
    """Many items into reports, at less cost than one after the other."""

    async def read_all(self, items: Sequence[Item]) -> tuple[tuple[Report, ...] | Exception, ...]:
        """Return what each of the items says; one that cannot be read has the reason in its place."""
        ...


class Gate(Protocol):
    """The first look at an item."""

    async def promising(self, items: Sequence[Item]) -> tuple[bool, ...]:
        """Tell of each of the items whether it may be about an event."""
        ...


class Complete(Protocol):
    """The text behind the teasers that some feeds have."""

    async def complete(self, items: Sequence[Item]) -> tuple[Item, ...]:
        """Return the same items in the same order, some of them with their `page`.

        Takes seconds at most, however the pages behave, and never raises: what cannot be had is left out.
        """
        ...


class Publish(Protocol):
    """Telegram, or the terminal in its place."""

    async def post(self, chat_id: int, thread_id: int, message: Message, reply_to: int = 0) -> int:
        """Send a message and return its id.

        Raises TemporaryError (surely not sent), UnknownOutcomeError, PermanentError or MigratedError.
        """
        ...

    async def edit(self, chat_id: int, message_id: int, message: Message) -> None:
        """Change a message; "not modified" counts as done. Raises as `post` does."""
        ...

    async def anchor(self, chat_id: int, thread_id: int) -> int:
        """Find out the newest message id of a chat of which none is known, so that a lost post can be looked for above it.

        Returns 0 where such an id tells nothing. Raises as `post` does, but for UnknownOutcomeError.
        """
        ...

    async def find(self, chat_id: int, after: int, message: Message, answers: Collection[int] = ()) -> int:
        """Return the id under which a message whose answer was lost stands in its chat, 0 where it surely does not.

        `after` is the newest message id known there before it, 0 where none is, below 0 where that was one of before the
        chat became another; `answers` are ids of messages that
        surely are another's. Raises UnknownOutcomeError where nobody can tell, and as `post` does.
        """
        ...

    def resting(self) -> Collection[int]:
        """Return the chats to which nothing may be sent for longer than a moment."""
        ...


class Draw(Protocol):
    """Pictures out of their SVG, away from the event loop."""

    async def draw(self, svg: str) -> bytes:
        """Return the picture as PNG; raise PermanentError for what cannot be drawn."""
        ...


@dataclass(frozen=True, slots=True)
class Page:
    """What a web page tells, without what stands around it; `day` is when it says that it was published."""

    title: str
    text: str
    day: date | None = None


class Article(Protocol):
    """The text of a web page, away from the event loop and within limits."""

    async def article(self, response: Response) -> Page:
        """Return the page's headline, text and day; raise PermanentError for what is no article."""
        ...
