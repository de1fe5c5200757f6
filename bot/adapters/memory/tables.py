"""What is kept, and the views of it that several parts of the store share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import TypeAlias

from bot.adapters.memory.shelf import Shelf
from bot.core.model import (
    Alarm,
    Audience,
    Awaited,
    Decision,
    Delivery,
    Event,
    Handle,
    Lease,
    Logged,
    PollState,
    ReportId,
    Revision,
    Ruling,
    SourceDay,
    Subscription,
)
from bot.core.websub import HubLease

Place: TypeAlias = tuple[int, int, int, Audience]
WAITING = frozenset({"pending", "retry"})
IN_FLIGHT = frozenset({"sending", "unknown"})


@dataclass(slots=True)
class Row:
    """One delivery of the outbox with its state: pending, sending, sent, retry, unknown or dead.

    `claimed` is when it last left; a reply does not leave before `floor` has passed since the sound before it left, an edit
    since its post was last `edited`. Posts that leave, or have left, as one message share the number of their `digest`.
    """

    delivery: Delivery
    floor: timedelta = timedelta(0)
    lane: int = 0
    state: str = "pending"
    not_before: datetime | None = None
    claimed: datetime | None = None
    reason: str = ""
    digest: int | None = None
    edited: datetime | None = None

    @property
    def place(self) -> Place:
        """Return whose post of what it is about."""
        return self.delivery.event_id, self.delivery.chat_id, self.delivery.thread_id, self.delivery.audience


@dataclass(frozen=True, slots=True)
class Pushed:
    """A Telegram update that was pushed; once done it is known by its number alone."""

    raw: str
    at: datetime
    done: bool = False


@dataclass(slots=True)
class Chat:
    """A chat that deliveries go to: in which round it was served last, the newest message id known there, and our answers."""

    number: int
    served: int = 0
    newest: int = 0
    answers: frozenset[int] = frozenset()


@dataclass(slots=True)
class Tables:
    """What is kept. Events are without rulings: these stand with the reports that they name."""

    polls: dict[str, PollState] = field(default_factory=dict)
    unlisted: set[str] = field(default_factory=set)
    """The sources that are remembered though they are not polled any more."""
    days: dict[tuple[str, date], SourceDay] = field(default_factory=dict)
    """What each source brought on each day."""
    shelf: Shelf = field(default_factory=Shelf)
    """The items."""
    last_item: datetime | None = None
    events: dict[int, Event] = field(default_factory=dict)
    keys: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """The events of each blocking key, and by `keys_of` the keys of each event."""
    keys_of: dict[int, frozenset[str]] = field(default_factory=dict)
    holders: dict[ReportId, int] = field(default_factory=dict)
    """The event of each report, also of those that are `gone`: taken back by an edit of their item."""
    gone: set[ReportId] = field(default_factory=set)
    decisions: dict[ReportId, Decision] = field(default_factory=dict)
    revisions: defaultdict[int, dict[int, Revision]] = field(default_factory=lambda: defaultdict(dict))
    rulings: dict[int, Ruling] = field(default_factory=dict)
    """The rulings in force; `log` has all."""
    log: dict[int, Logged] = field(default_factory=dict)
    feedback: defaultdict[int, dict[tuple[int, str], datetime]] = field(default_factory=lambda: defaultdict(dict))
    open: dict[int, Row] = field(default_factory=dict)
    """Deliveries that wait or are in flight, by number, oldest first."""
    rows: defaultdict[int, list[Row]] = field(default_factory=lambda: defaultdict(list))
    """All deliveries by event."""
    chats: dict[int, Chat] = field(default_factory=dict)
    """The chats that deliveries go to."""
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    subscriptions: dict[tuple[int, int], Subscription] = field(default_factory=dict)
    handles: dict[str, Handle] = field(default_factory=dict)
    awaited: dict[tuple[int, int], Awaited] = field(default_factory=dict)
    alarms: dict[str, Alarm] = field(default_factory=dict)
    """The alarms that stand; of `untold` nobody has heard yet."""
    untold: list[str] = field(default_factory=list)
    inbox: dict[int, Pushed] = field(default_factory=dict)
    offset: int = 0
    quarantine: dict[int, tuple[str, str]] = field(default_factory=dict)
    hub_leases: dict[str, HubLease] = field(default_factory=dict)
    leases: dict[str, Lease] = field(default_factory=dict)


class Part:
    """One part of the store; all parts share the tables."""

    def __init__(self) -> None:
        self._tables = Tables()

    def _event(self, number: int) -> Event:
        """Return an event with the rulings that are in force on it."""
        event = self._tables.events[number]
        rulings = tuple(each for each in self._tables.rulings.values() if self._concerns(each, number))
        return replace(event, rulings=rulings) if rulings else event

    def _concerns(self, ruling: Ruling, event_id: int) -> bool:
        """Tell whether one of the reports that a ruling names stands in the event."""
        holders = self._tables.holders
        return holders.get(ruling.report) == event_id or (
            ruling.other is not None and holders.get(ruling.other) == event_id
        )
