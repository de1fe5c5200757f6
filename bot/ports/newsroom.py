"""What is read, joined, decided and told: items, events, rulings and the outbox."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.model import (
    Act,
    Change,
    Delivery,
    Event,
    Fact,
    Item,
    Placed,
    Planned,
    Posted,
    ReportId,
    Ruling,
    Sifted,
    Subscription,
)


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


@dataclass(frozen=True, slots=True)
class Revised:
    """What an edit of an item leaves behind: the reports that it took back, and the rulings that name others in their place."""

    gone: tuple[ReportId, ...] = ()
    rulings: tuple[Ruling, ...] = ()


class Store(Protocol):
    """Items, reports, rulings and events: what the intake reads and writes."""

    async def sift(self, items: Sequence[Item], now: datetime) -> Sifted:
        """Return which items of one answer of a source are new and which were edited, each in their order.

        Known is what was seen under its id, its address or with its words, however long ago; see `bot.core.identity`. What is
        known under another id or address is remembered under that, too.
        """
        ...

    async def remember(self, new: Sequence[Item], edited: Sequence[Item], at: datetime) -> None:
        """Store items that were first seen at a time and report nothing, in one transaction.

        Of edited ones that report what they did before only what they say now is stored.
        """
        ...

    def prune(self, before: datetime, now: datetime) -> AsyncGenerator[int]:
        """Forget items first seen before a day that report nothing, step by step; yield how many went with each.

        They stay known.
        """
        ...

    def forget_traces(self, now: datetime) -> AsyncGenerator[int]:
        """Forget, step by step, what nobody asks for any more; yield how much went with each.

        That is what pruned items were known by and no feed has shown for a year, and all but the last of the updates that
        could not be handled.
        """
        ...

    def joining(self) -> AbstractAsyncContextManager[None]:
        """Let nobody else join, in any process, from the look-up to the record: two would make two events of one.

        What the task reads in the block is the newest, and what it writes may count at the end of the block only. Within a
        process the blocks are not to overlap.
        """
        ...

    def let_go(self, edits_before: datetime, all_before: datetime) -> AsyncGenerator[int]:
        """Forget ended deliveries of events last heard of before a time, step by step; yield how many went with each.

        Before the first time these are edits and what was given up, before the second all that was sent.
        """
        ...

    async def candidates(self, keys: Collection[str]) -> tuple[Event, ...]:
        """Return the events that share one of the blocking keys, with their reports and rulings, oldest first."""
        ...

    async def holders(self, item: Item) -> tuple[Event, ...]:
        """Return the events in which reports of an item stand, or stood when it took them back."""
        ...

    async def record(self, item: Item, joined: Sequence[Joined], at: datetime | None = None) -> tuple[Event, ...]:
        """Store an item, its reports, the events after them and the outbox rows in one transaction.

        `at` is when it was first seen; without it that was when it was published. Returns the events as stored, in the order
        given. An item without reports is remembered as seen. A report that
        stood in another event leaves it; all events that change are in the list. A changed event has the revision after
        the one it was read with, an unchanged one (weight "none") the same. Raises TemporaryError, leaving nothing behind, where the item or one of the
        events was written by someone else since it was read.
        """
        ...

    async def revise(self, item: Item, revised: Revised, joined: Sequence[Joined], at: datetime) -> tuple[Event, ...]:
        """Store what an edited item says since a time, and the events after that, as `record` does for a new one."""
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

    async def claim(self, now: datetime, limit: int, resting: Collection[int] = ()) -> tuple[Delivery, ...]:
        """Take up to `limit` due deliveries and mark them as being sent: one a chat, none for the chats that rest.

        The lane decides (posts, replies, edits, digests), among chats who was served longest ago, within a chat the age.
        Of several waiting edits of one post only the newest is returned; the others are dropped as superseded. Posts of
        one place that were gathered, or of which too many wait, are returned as one digest.
        """
        ...

    async def sent(self, delivery: Delivery, message_id: int, content: str) -> None:
        """Mark as delivered. `content` is the digest of what the post now shows.

        The delivery's revision is the one that was shown, and may be newer than the one planned: `since` counts from it.
        Of a digest, `events` and `revisions` are those that it shows; a post that it left out is given up.
        """
        ...

    async def seen(self, chat_id: int, message_id: int, *, answer: bool = False) -> None:
        """Remember the newest message id known in a chat, and that it is an answer of ours where it is."""
        ...

    async def answers(self, chat_id: int) -> frozenset[int]:
        """Return which of the newest two hundred message ids of a chat are answers of ours."""
        ...

    async def retry(self, delivery: Delivery, not_before: datetime) -> None:
        """Put back: it surely did not arrive. Until then its chat gets nothing else."""
        ...

    async def bring_forward(self, beyond: datetime) -> int:
        """Let what was put back until later than a time leave now: the clock was set back since; return how much that was."""
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

    async def presumed(self) -> Mapping[int, int]:
        """Return by chat how many deliveries count as delivered though nobody could tell: those sent as message 0."""
        ...

    async def pending(self) -> int:
        """Return how many deliveries wait or are in flight."""
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
