"""What the decisions need from the outside, as Protocols, and the two ways in which the outside fails.

Jobs and handlers are given these ports by `bot.app` and never learn which adapter stands behind one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.core.model import (
    Act,
    Change,
    Delivery,
    Event,
    Fact,
    Item,
    Logged,
    Message,
    Placed,
    Planned,
    PollState,
    Posted,
    Report,
    ReportId,
    Request,
    Response,
    Revision,
    Ruling,
    Source,
    Subscription,
)


class VistkaError(Exception):
    """An expected failure; its text is one line for people: what, where, remedy."""

    exit_code = 1


class TemporaryError(VistkaError):
    """It may work later: after `delay` seconds where the other side said so, else when the caller sees fit."""

    def __init__(self, text: str, delay: float | None = None) -> None:
        super().__init__(text)
        self.delay = delay


class PermanentError(VistkaError):
    """It will not work however often it is tried. `gone` says that the chat, feed or page no longer exists for us."""

    def __init__(self, text: str, *, gone: bool = False) -> None:
        super().__init__(text)
        self.gone = gone


class UnknownOutcomeError(VistkaError):
    """The request left and no answer came: it may or may not have taken effect."""


class MigratedError(VistkaError):
    """The group became a supergroup with another id."""

    def __init__(self, text: str, chat_id: int) -> None:
        super().__init__(text)
        self.chat_id = chat_id


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

    async def parse(self, source: Source, response: Response, now: datetime) -> tuple[Item, ...]:
        """Return the feed's items; raise PermanentError for a body that is no feed."""
        ...


class Read(Protocol):
    """Items into reports."""

    async def read(self, item: Item) -> tuple[Report, ...]:
        """Return what the item says, main news and background."""
        ...


@dataclass(frozen=True, slots=True)
class Joined:
    """One event after an item or a ruling, and who is to hear of it. A new event has id 0.

    `keys` are all the blocking keys under which later reports find the event: `Store.candidates` looks for them.
    `placed` are the reports that are new in it, whether they have just been read or stood in another event.
    """

    change: Change
    keys: frozenset[str]
    placed: tuple[Placed, ...] = ()
    planned: tuple[Planned, ...] = ()


class Store(Protocol):
    """Items, reports, rulings and events: what the intake reads and writes."""

    async def poll_states(self) -> Mapping[str, PollState]:
        """Return what is remembered of every source ever polled, by source id."""
        ...

    async def save_poll(self, state: PollState) -> None:
        """Remember a poll."""
        ...

    async def unseen(self, items: Sequence[Item]) -> tuple[Item, ...]:
        """Return the items that are new here, in order: neither id, link nor fingerprint is known for the source."""
        ...

    async def candidates(self, keys: Collection[str]) -> tuple[Event, ...]:
        """Return the events that share one of the blocking keys, with their reports and rulings, oldest first."""
        ...

    async def record(self, item: Item, joined: Sequence[Joined]) -> tuple[Event, ...]:
        """Store an item, its reports, the events after them and the outbox rows in one transaction.

        Returns the events as stored, in the order given. An item without reports is remembered as seen. A report that
        stood in another event leaves it; all events that change are in the list. A changed event has the revision after
        the one it was read with, an unchanged one (weight "none") the same. Raises TemporaryError, leaving nothing behind, where the item or one of the
        events was written by someone else since it was read.
        """
        ...

    async def rule(self, ruling: Ruling, joined: Sequence[Joined]) -> tuple[Event, ...]:
        """Store a ruling (its id is 0 until then) and the events after it, as `record` does for an item."""
        ...

    async def undo(self, ruling: Ruling, by: int, at: datetime, joined: Sequence[Joined]) -> tuple[Event, ...]:
        """Store that an admin took a ruling back, and the events after that; raise PermanentError where it is gone already."""
        ...

    async def event(self, event_id: int) -> Event | None:
        """Return one event with its reports and rulings, also one that was merged into another."""
        ...

    async def complain(self, joined: Joined, user_id: int, what: str, at: datetime) -> bool:
        """Store that a reader called an event "wrong" or "duplicate", the revision that this makes, and who is to hear of it.

        All in one transaction; returns False, and stores nothing, where that reader has said so before.
        """
        ...

    async def holder(self, report: ReportId) -> Event | None:
        """Return the event that a report stands in."""
        ...

    async def subscriptions(self) -> tuple[Subscription, ...]:
        """Return the subscriptions that are not suspended."""
        ...

    async def posted(self, event_id: int) -> tuple[Posted, ...]:
        """Return the chats and desks that have, or are about to get, a post of the event."""
        ...


class Outbox(Protocol):
    """Deliveries: claimed before they are sent, marked after."""

    async def recover(self) -> tuple[Delivery, ...]:
        """Turn deliveries left in flight by a crash into unknown ones and return every unknown one."""
        ...

    async def claim(self, now: datetime, limit: int) -> tuple[Delivery, ...]:
        """Take up to `limit` due deliveries, at most one a chat and thread, oldest first, and mark them as being sent.

        Of several waiting edits of one post only the newest is returned; the others are dropped as superseded.
        """
        ...

    async def sent(self, delivery: Delivery, message_id: int, content: str) -> None:
        """Mark as delivered. `content` is the digest of what the post now shows.

        The delivery's revision is the one that was shown, and may be newer than the one planned: `since` counts from it.
        """
        ...

    async def retry(self, delivery: Delivery, not_before: datetime) -> None:
        """Put back: it surely did not arrive."""
        ...

    async def unknown(self, delivery: Delivery) -> None:
        """Mark as possibly delivered; it is never resent without reconciling."""
        ...

    async def dead(self, delivery: Delivery, reason: str) -> None:
        """Give up on this delivery."""
        ...

    async def suspend(self, chat_id: int, reason: str) -> None:
        """Stop posting to a chat until it is resumed; its waiting deliveries die with the reason."""
        ...

    async def resume(self, chat_id: int) -> None:
        """Take a suspended chat up again."""
        ...

    async def migrate(self, old: int, new: int) -> None:
        """Give a chat its new id everywhere, in one transaction."""
        ...

    async def pending(self) -> int:
        """Return how many deliveries wait or are in flight."""
        ...


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts for `/stats`."""

    sources: int
    items: int
    reports: int
    events: Mapping[str, int]
    chats: int
    last_item: datetime | None


class Queries(Protocol):
    """What people ask. Reads only."""

    async def event(self, event_id: int) -> Event | None:
        """Return one event with its reports."""
        ...

    async def latest(self, limit: int, kinds: Collection[str] = ()) -> tuple[Event, ...]:
        """Return the events last updated, newest first."""
        ...

    async def between(
        self, kind: str, first: date | None, last: date | None, regions: Collection[str] = ()
    ) -> tuple[Event, ...]:
        """Return the events of a kind by their day, oldest first, both ends included."""
        ...

    async def stats(self) -> Stats:
        """Return the counts."""
        ...

    async def candidates(self, keys: Collection[str]) -> tuple[Event, ...]:
        """Return the events that share one of the blocking keys, oldest first."""
        ...

    async def revisions(self, event_id: int, after: int = 0) -> tuple[Revision, ...]:
        """Return what was changed in an event since a revision, oldest first."""
        ...

    async def placed(self, event_id: int) -> tuple[Placed, ...]:
        """Return the reports of an event with why they stand in it, in the order in which they were published."""
        ...

    async def rulings(self, event_id: int = 0, limit: int = 20) -> tuple[Logged, ...]:
        """Return the newest rulings, on one event or (0) on any, those that were taken back among them."""
        ...

    async def waiting(self, limit: int = 20) -> tuple[Event, ...]:
        """Return the events that admins were asked about and that are neither confirmed nor ruled upon, newest first."""
        ...

    async def feedback(self, event_id: int) -> Mapping[str, int]:
        """Return how many readers called the event what: "wrong", "duplicate"."""
        ...

    async def posted(self, event_id: int) -> tuple[Posted, ...]:
        """Return the chats and desks that have, or are about to get, a post of the event."""
        ...


class Subscriptions(Protocol):
    """Who gets what."""

    async def get(self, chat_id: int, thread_id: int = 0) -> Subscription | None:
        """Return one subscription."""
        ...

    async def save(self, subscription: Subscription) -> None:
        """Add or replace one."""
        ...

    async def remove(self, chat_id: int, thread_id: int = 0) -> bool:
        """End one; return whether there was one."""
        ...


@dataclass(frozen=True, slots=True)
class Ruled:
    """What an admin decided, as stored, and the events that it is about as they are now."""

    ruling: Ruling
    events: tuple[Event, ...]


class Rule(Protocol):
    """What admins decide and readers report: stored, joined and told in one go.

    All of them raise VistkaError, with a line for people, where what is asked for makes no sense.
    """

    async def rule(  # noqa: PLR0913  (each act has its own of these)
        self,
        act: Act,
        event_id: int,
        by: int,
        *,
        other: int = 0,
        report: ReportId | None = None,
        slot: str = "",
        value: Fact | None = None,
    ) -> Ruled:
        """Decide on an event: `other` is the event to merge it into, `report` the one to split off, `slot` what to correct."""
        ...

    async def undo(self, by: int, ruling_id: int = 0) -> Ruled:
        """Take a ruling back: the one of that number, or (0) the newest that is in force."""
        ...

    async def feedback(self, event_id: int, user_id: int, what: str) -> bool:
        """Keep that a reader called an event "wrong" or "duplicate", and tell the admins; return whether that is new."""
        ...


class Updates(Protocol):
    """How far Telegram's updates have been handled."""

    async def offset(self) -> int:
        """Return the next update id to ask for, 0 at first."""
        ...

    async def handled(self, update_id: int) -> None:
        """Remember that everything up to this update is done."""
        ...

    async def quarantine(self, update_id: int, raw: str, error: str) -> None:
        """Keep an update that could not be handled, so that it blocks nothing and can be looked at."""
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

    async def find(self, chat_id: int, after: int, message: Message) -> int:
        """Return the id under which a message whose answer was lost stands in its chat, 0 where it surely does not.

        `after` is the newest message id known there before it. Raises UnknownOutcomeError where nobody can tell, and as
        `post` does.
        """
        ...
