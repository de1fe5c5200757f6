"""A store without a database: everything in dictionaries, gone with the process.

It answers to the same ports as `bot.adapters.store` and passes the same tests (`tests/adapters/store_contract.py`), so
that `vistka replay` and tests of jobs and handlers run the daemon's own code without a file. Between two awaits nothing
else runs, so each method is one transaction.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from itertools import count
from operator import attrgetter

from bot.core.model import Delivery, Event, Item, PollState, Subscription
from bot.core.sources import identify
from bot.ports import Joined, Planned, Stats, TemporaryError

WAITING = frozenset({"pending", "retry"})
SUPERSEDED = "superseded by a newer one"
IN_FLIGHT = frozenset({"sending", "unknown"})


@dataclass(slots=True)
class Row:
    """One delivery of the outbox with its state: pending, sending, sent, retry, unknown or dead."""

    delivery: Delivery
    state: str = "pending"
    not_before: datetime | None = None
    reason: str = ""

    @property
    def place(self) -> tuple[int, int, int]:
        """Return whose post of what it is about."""
        return self.delivery.event_id, self.delivery.chat_id, self.delivery.thread_id


@dataclass(slots=True)
class _Tables:
    """What is kept."""

    polls: dict[str, PollState] = field(default_factory=dict)
    items: dict[tuple[str, str], Item] = field(default_factory=dict)
    seen: set[tuple[str, ...]] = field(default_factory=set)
    events: dict[int, Event] = field(default_factory=dict)
    keys: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    reports: int = 0
    open: dict[int, Row] = field(default_factory=dict)
    """Deliveries that wait or are in flight, by number, oldest first."""
    rows: defaultdict[int, list[Row]] = field(default_factory=lambda: defaultdict(list))
    """All deliveries by event."""
    newest: dict[int, int] = field(default_factory=dict)
    """The last known message of each chat."""
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    subscriptions: dict[tuple[int, int], Subscription] = field(default_factory=dict)
    offset: int = 0
    quarantine: dict[int, tuple[str, str]] = field(default_factory=dict)


class _Part:
    """One part of the store; all parts share the tables."""

    def __init__(self) -> None:
        self._tables = _Tables()


class _Items(_Part):
    """Items, reports and events."""

    async def poll_states(self) -> Mapping[str, PollState]:
        """Return what is remembered of every source ever polled, by source id."""
        return dict(self._tables.polls)

    async def save_poll(self, state: PollState) -> None:
        """Remember a poll."""
        self._tables.polls[state.source_id] = state

    async def unseen(self, items: Sequence[Item]) -> tuple[Item, ...]:
        """Return the items that are new here, in order; of two alike in one feed only the first is new."""
        seen = set(self._tables.seen)
        new: list[Item] = []
        for item in items:
            if seen.isdisjoint(_identities(item)):
                new.append(item)
                seen |= _identities(item)
        return tuple(new)

    async def candidates(self, keys: Collection[str]) -> tuple[Event, ...]:
        """Return the events that share one of the blocking keys, with their reports, oldest first."""
        found = {number for key in keys for number in self._tables.keys.get(key, ())}
        return tuple(sorted((self._tables.events[number] for number in found), key=lambda each: (each.opened, each.id)))

    async def record(self, item: Item, joined: Sequence[Joined]) -> tuple[Event, ...]:
        """Store an item, its reports, the events after them and the outbox rows.

        Raises TemporaryError, leaving nothing behind, where the item or one of the events was written since it was
        read.
        """
        self._refuse_conflicts(item, joined)
        self._tables.items[item.source.id, item.id] = item
        self._tables.seen |= _identities(item)
        return tuple([self._store(each) for each in joined])

    async def subscriptions(self) -> tuple[Subscription, ...]:
        """Return the subscriptions that are not suspended."""
        return tuple(each for _, each in sorted(self._tables.subscriptions.items()) if not each.suspended)

    async def posted_chats(self, event_id: int) -> frozenset[tuple[int, int]]:
        """Return the (chat, thread) pairs that have, or are about to get, a post of the event."""
        rows = (row.delivery for row in self._tables.rows[event_id] if row.state != "dead")
        return frozenset((each.chat_id, each.thread_id) for each in rows if each.action == "post")

    def _refuse_conflicts(self, item: Item, joined: Sequence[Joined]) -> None:
        if (item.source.id, item.id) in self._tables.items:
            raise TemporaryError(f"item {item.id} of {item.source.id} is recorded already; it is left as it is")
        for event in (each.change.event for each in joined if each.change.event.id):
            if event.revision - self._tables.events[event.id].revision not in (0, 1):
                raise TemporaryError(f"event {event.id} was changed meanwhile; its item is to be read again")

    def _store(self, joined: Joined) -> Event:
        event = joined.change.event
        event = event if event.id else replace(event, id=len(self._tables.events) + 1)
        self._tables.events[event.id] = event
        self._tables.reports += len(joined.placed)
        for key in joined.keys:
            self._tables.keys[key].add(event.id)
        for planned in joined.planned:
            self._plan(event, planned)
        return event

    def _plan(self, event: Event, planned: Planned) -> None:
        if planned.action != "post":
            self._supersede((event.id, planned.chat_id, planned.thread_id), planned.action)
        delivery = Delivery(
            id=next(self._tables.numbers),
            event_id=event.id,
            chat_id=planned.chat_id,
            thread_id=planned.thread_id,
            language=planned.language,
            action=planned.action,
            revision=event.revision,
        )
        self._tables.open[delivery.id] = Row(delivery)
        self._tables.rows[event.id].append(self._tables.open[delivery.id])

    def _supersede(self, place: tuple[int, int, int], action: str) -> None:
        for row in self._tables.rows[place[0]]:
            if row.place == place and row.delivery.action == action and row.state in WAITING:
                row.state, row.reason = "dead", SUPERSEDED
                del self._tables.open[row.delivery.id]


class _Outbox(_Part):
    """Deliveries: one at a time and in order for each chat; an edit or reply stands behind its post."""

    async def recover(self) -> tuple[Delivery, ...]:
        """Turn deliveries left in flight by a crash into unknown ones and return every unknown one."""
        for row in self._rows(lambda row: row.state == "sending"):
            row.state = "unknown"
        return tuple([self._addressed(row) for row in self._rows(lambda row: row.state == "unknown")])

    async def claim(self, now: datetime, limit: int) -> tuple[Delivery, ...]:
        """Take up to `limit` due deliveries, at most one a chat, oldest first, and mark them as being sent."""
        claimed: list[Delivery] = []
        busy = {row.delivery.chat_id for row in self._rows(lambda row: row.state in IN_FLIGHT)}
        for row in self._rows(lambda row: row.state in WAITING):
            if len(claimed) == limit or row.delivery.chat_id in busy or self._is_orphan(row):
                continue
            busy.add(row.delivery.chat_id)
            if row.not_before is None or row.not_before <= now:
                claimed.append(self._claim(row))
        return tuple(claimed)

    async def sent(self, delivery: Delivery, message_id: int, content: str) -> None:
        """Mark as delivered. `content` is the digest of what the post now shows."""
        row = self._mark(delivery, "sent")
        row.delivery = replace(row.delivery, message_id=message_id, content=content)
        newest = self._tables.newest
        newest[delivery.chat_id] = max(newest.get(delivery.chat_id, 0), message_id)
        post = self._post(row)
        if post and delivery.action == "edit":
            post.delivery = replace(post.delivery, content=content)

    async def retry(self, delivery: Delivery, not_before: datetime) -> None:
        """Put back: it surely did not arrive. An edit or reply that a newer one has overtaken is dropped instead."""
        row = self._mark(delivery, "retry")
        row.not_before = not_before
        alike = [each for each in self._of(row) if each.delivery.action == delivery.action and each.state in WAITING]
        if delivery.action != "post" and alike[-1] is not row:
            self._mark(delivery, "dead", SUPERSEDED)

    async def unknown(self, delivery: Delivery) -> None:
        """Mark as possibly delivered; it is never resent without reconciling."""
        self._mark(delivery, "unknown")

    async def dead(self, delivery: Delivery, reason: str) -> None:
        """Give up on this delivery."""
        self._mark(delivery, "dead", reason)

    async def suspend(self, chat_id: int, reason: str) -> None:
        """Stop posting to a chat until it is resumed; its waiting deliveries die with the reason."""
        self._set_suspended(chat_id, reason)
        for row in self._rows(lambda row: row.state in WAITING and row.delivery.chat_id == chat_id):
            self._mark(row.delivery, "dead", reason)

    async def resume(self, chat_id: int) -> None:
        """Take a suspended chat up again."""
        self._set_suspended(chat_id, "")

    async def migrate(self, old: int, new: int) -> None:
        """Give a chat its new id everywhere. What the new id already has of its own stays."""
        tables = self._tables
        for chat_id, thread_id in [place for place in tables.subscriptions if place[0] == old]:
            moved = tables.subscriptions.pop((chat_id, thread_id))
            tables.subscriptions.setdefault((new, thread_id), replace(moved, chat_id=new))
        tables.newest[new] = max(tables.newest.get(new, 0), tables.newest.pop(old, 0))
        for event_id, rows in tables.rows.items():
            tables.rows[event_id] = list(_migrated(rows, old, new))
        kept = {row.delivery.id for rows in tables.rows.values() for row in rows}
        tables.open = {number: row for number, row in tables.open.items() if number in kept}

    async def pending(self) -> int:
        """Return how many deliveries wait or are in flight."""
        return len(self._rows(lambda row: row.state in WAITING | IN_FLIGHT))

    def _rows(self, wanted: Callable[[Row], bool]) -> list[Row]:
        return [row for row in self._tables.open.values() if wanted(row)]

    def _mark(self, delivery: Delivery, state: str, reason: str = "") -> Row:
        row = self._tables.open[delivery.id]
        row.state, row.reason, row.not_before = state, reason, None
        if state not in WAITING | IN_FLIGHT:
            del self._tables.open[delivery.id]
        return row

    def _of(self, row: Row) -> list[Row]:
        """Return all deliveries of the same event to the same place, oldest first."""
        return [each for each in self._tables.rows[row.delivery.event_id] if each.place == row.place]

    def _post(self, row: Row) -> Row | None:
        """Return the newest post of the same event in the same place that was not given up."""
        posts = [each for each in self._of(row) if each.delivery.action == "post" and each.state != "dead"]
        return posts[-1] if posts else None

    def _is_orphan(self, row: Row) -> bool:
        """Give an edit or reply up whose post was given up, and tell whether it was."""
        if row.delivery.action == "post" or self._post(row):
            return False
        self._mark(row.delivery, "dead", "its post was given up")
        return True

    def _claim(self, row: Row) -> Delivery:
        anchor = self._tables.newest.get(row.delivery.chat_id, 0)
        row.delivery = replace(row.delivery, attempt=row.delivery.attempt + 1, anchor=anchor)
        self._mark(row.delivery, "sending")
        return self._addressed(row)

    def _addressed(self, row: Row) -> Delivery:
        """Return the delivery with the post that it edits or answers."""
        post = self._post(row)
        if row.delivery.action == "post" or not post:
            return row.delivery
        return replace(row.delivery, message_id=post.delivery.message_id, content=post.delivery.content)

    def _set_suspended(self, chat_id: int, reason: str) -> None:
        for place, subscription in self._tables.subscriptions.items():
            if place[0] == chat_id:
                self._tables.subscriptions[place] = replace(subscription, suspended=reason)


class _Queries(_Part):
    """What people ask, who gets what, and how far updates have been handled."""

    async def event(self, event_id: int) -> Event | None:
        """Return one event with its reports."""
        return self._tables.events.get(event_id)

    async def latest(self, limit: int, kinds: Collection[str] = ()) -> tuple[Event, ...]:
        """Return the events last updated, newest first."""
        wanted = [event for event in self._tables.events.values() if not kinds or event.kind in kinds]
        return tuple(sorted(wanted, key=lambda event: (event.updated, event.id), reverse=True)[:limit])

    async def between(
        self, kind: str, first: date | None, last: date | None, regions: Collection[str] = ()
    ) -> tuple[Event, ...]:
        """Return the events of a kind by their day, oldest first, both ends included.

        Events without a day come last, and only where neither end is given.
        """
        wanted = (event for event in self._tables.events.values() if event.kind == kind)
        placed = (event for event in wanted if not regions or event.facts.get("region") in regions)
        within = [event for event in placed if _is_between(event.date, first, last)]
        return tuple(sorted(within, key=lambda event: (event.date or date.max, event.id)))

    async def stats(self) -> Stats:
        """Return the counts."""
        tables = self._tables
        return Stats(
            sources=len(tables.polls),
            items=len(tables.items),
            reports=tables.reports,
            events=dict(sorted(Counter(event.kind for event in tables.events.values()).items())),
            chats=len({chat for (chat, _), each in tables.subscriptions.items() if not each.suspended}),
            last_item=max((item.published for item in tables.items.values()), default=None),
        )

    async def get(self, chat_id: int, thread_id: int = 0) -> Subscription | None:
        """Return one subscription."""
        return self._tables.subscriptions.get((chat_id, thread_id))

    async def save(self, subscription: Subscription) -> None:
        """Add or replace one."""
        self._tables.subscriptions[subscription.chat_id, subscription.thread_id] = subscription

    async def remove(self, chat_id: int, thread_id: int = 0) -> bool:
        """End one; return whether there was one."""
        return self._tables.subscriptions.pop((chat_id, thread_id), None) is not None

    async def offset(self) -> int:
        """Return the next update id to ask for, 0 at first."""
        return self._tables.offset

    async def handled(self, update_id: int) -> None:
        """Remember that everything up to this update is done; the offset never goes back."""
        self._tables.offset = max(self._tables.offset, update_id + 1)

    async def quarantine(self, update_id: int, raw: str, error: str) -> None:
        """Keep an update that could not be handled, so that it blocks nothing and can be looked at."""
        self._tables.quarantine[update_id] = (raw, error)


class Memory(_Items, _Outbox, _Queries):
    """The ports Store, Outbox, Queries, Subscriptions and Updates over one set of tables in memory."""


def _identities(item: Item) -> set[tuple[str, str, str]]:
    """Return what an item is known by in its source."""
    known = {name: value for name, value in asdict(identify(item)).items() if value}
    return {(name, item.source.id, value) for name, value in known.items()}


def _migrated(rows: Iterable[Row], old: int, new: int) -> Iterator[Row]:
    """Yield an event's deliveries with the chat's new id, without those that the new id has already."""
    same = attrgetter("thread_id", "action", "revision")
    present = {same(row.delivery) for row in rows if row.delivery.chat_id == new}
    for row in rows:
        if row.delivery.chat_id == old:
            if same(row.delivery) in present:
                continue
            row.delivery = replace(row.delivery, chat_id=new)
        yield row


def _is_between(day: date | None, first: date | None, last: date | None) -> bool:
    if day is None:
        return first is None and last is None
    return (first is None or first <= day) and (last is None or day <= last)
