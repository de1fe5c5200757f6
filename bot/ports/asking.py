"""What people ask, and what is kept about them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.core.kinds import Kind
from bot.core.model import (
    Alarm,
    Awaited,
    Decision,
    Event,
    Handle,
    Logged,
    Outline,
    Placed,
    PollState,
    Posted,
    Revision,
    Subscription,
)


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts for `/stats`."""

    sources: int
    items: int
    reports: int
    events: Mapping[str, int]
    chats: int
    last_item: datetime | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events are asked for; what is empty asks for all. Both days are included.

    `words` all have to occur, as the beginnings of words, in the headlines of an event's reports or its places; of very
    many only the longest are looked for, and signs alone are said by none.
    A region of two letters is a country: it stands for all of its regions. `updated` are the events that changed since.
    """

    kinds: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    regions: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    updated: datetime | None = None


class Queries(Protocol):
    """What people ask. Reads only."""

    async def event(self, event_id: int) -> Event | None:
        """Return one event with its reports."""
        ...

    async def latest(self, limit: int, kinds: Collection[str] = (), offset: int = 0) -> tuple[Event, ...]:
        """Return the events last updated, newest first."""
        ...

    async def listed(self, wanted: Wanted, limit: int, offset: int = 0) -> tuple[Event, ...]:
        """Return the events that are wanted, newest day first, those without a day last; of equal days the newest number."""
        ...

    async def outlines(self, wanted: Wanted) -> tuple[Outline, ...]:
        """Return all events that are wanted in short, oldest first: for totals, counts, charts and maps."""
        ...

    async def linked(self, url: str) -> tuple[int, ...]:
        """Return the events of which the page at this address tells, where it was one of our items."""
        ...

    async def standing(self, prefix: str) -> frozenset[str]:
        """Return the keys, beginning so, of the alarms that stand."""
        ...

    async def poll_states(self) -> Mapping[str, PollState]:
        """Return what is remembered of every source ever polled, by source id."""
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


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody wants otherwise: `make` returns a subscription as it is to be, or raises where that cannot be.

    By the `kinds` it is told which events a place wants; the next digest is the one after `at`.
    """

    make: Callable[[Subscription], Subscription]
    kinds: Mapping[str, Kind]
    at: datetime


class Subscriptions(Protocol):
    """Who gets what."""

    async def managed(self, user_id: int) -> tuple[Subscription, ...]:
        """Return what a person has set up, suspended ones among them, by chat and thread."""
        ...

    async def get(self, chat_id: int, thread_id: int = 0) -> Subscription | None:
        """Return one subscription."""
        ...

    async def save(self, subscription: Subscription) -> None:
        """Add or replace one."""
        ...

    async def change(self, chat_id: int, thread_id: int, choice: Choice) -> Subscription | None:
        """Change one as it is at that moment, whatever became of it since it was looked at; return it as it is then.

        In the same transaction what waits for its readers takes its language, gives up the events that were wanted and are not now, and leaves
        with the digest that is next now. Returns None where there is none any more; what `make` raises changes nothing.
        """
        ...

    async def remove(self, chat_id: int, thread_id: int = 0) -> bool:
        """End one, with all that waits for its readers; return whether there was one."""
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

    async def receive(self, update_id: int, raw: str, at: datetime) -> bool:
        """Keep an update that was pushed, before it is acknowledged; return False for one that is known already."""
        ...

    async def received(self, limit: int) -> tuple[tuple[int, str, datetime], ...]:
        """Return the updates that were kept and are not done, oldest first, with their numbers and when they came."""
        ...

    async def done(self, update_id: int) -> None:
        """Remember that a kept update has been handled; it stays known for as long as it could be pushed again."""
        ...


class Handles(Protocol):
    """What the buttons mean that were handed out."""

    async def issue(self, handles: Sequence[Handle], now: datetime) -> None:
        """Keep what the buttons of one message mean, before it is sent; what expired more than a day ago is forgotten.

        Of one person in one chat the oldest give way to new ones, so that nobody fills the store.
        """
        ...

    async def bind(self, tokens: Collection[str], message_id: int) -> None:
        """Say under which message the buttons stand; tokens that nobody knows are passed over."""
        ...

    async def handle(self, token: str) -> Handle | None:
        """Return what a button means, for a day longer than it may be pressed."""
        ...


class Dialogues(Protocol):
    """The questions to which a person's next message is the answer. They outlive a restart."""

    async def awaited(self, chat_id: int, user_id: int) -> Awaited | None:
        """Return what the person was asked last in that chat and has not answered."""
        ...

    async def expect(self, awaited: Awaited) -> None:
        """Remember what was asked, in the place of what was asked before."""
        ...

    async def answered(self, chat_id: int, user_id: int) -> None:
        """Forget the question."""
        ...


class Alarms(Protocol):
    """What admins are to hear of once."""

    async def raise_alarm(self, alarm: Alarm) -> bool:
        """Let an alarm stand; return False where one with its key does already: that one has the new values from now on."""
        ...

    async def clear(self, key: str) -> bool:
        """End an alarm; return whether one stood."""
        ...

    async def untold(self) -> tuple[Alarm, ...]:
        """Return the alarms that stand and that nobody was told of, oldest first."""
        ...

    async def told(self, keys: Collection[str]) -> None:
        """Remember that the admins were told."""
        ...


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was read in a text, and the stored event that it belongs to, None where it would be a new one.

    `event` is made of the report alone; `decision` says why it belongs there, None where that is known and not judged: the
    text is that of one of our items, or tells of the event only in passing.
    """

    event: Event
    known: Event | None
    decision: Decision | None = None

    @property
    def in_passing(self) -> bool:
        """Tell whether the text only reminds of the event."""
        return any(report.role == "background" for report in self.event.reports)


class Recognise(Protocol):
    """Text that somebody shows us, read and joined as news are, without storing anything."""

    async def text(self, text: str, now: datetime) -> tuple[Recognised, ...]:
        """Return what a text of that time tells, main news first.

        Raises UnreadLanguageError for one in a language that is not read, TemporaryError where it takes too long.
        """
        ...

    async def page(self, url: str, now: datetime, asker: int) -> tuple[Recognised, ...]:
        """Return what a page tells that somebody shows; raise as `text` does, and PermanentError where it cannot be read."""
        ...
