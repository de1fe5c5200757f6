"""Reports, rulings and events."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import replace
from datetime import datetime

from bot.adapters.memory.items import Items
from bot.adapters.recording import expected, in_order, numbered
from bot.core.model import Change, Event, Item, Logged, ReportId, Revision, Ruling
from bot.ports import Joined, PermanentError, Revised, TemporaryError


class Events(Items):
    """The Store port."""

    def joining(self) -> AbstractAsyncContextManager[None]:
        """Let the caller join: no other process knows these tables."""
        return nullcontext()

    async def candidates(self, keys: Collection[str]) -> tuple[Event, ...]:
        """Return the events that share one of the blocking keys, with their reports and rulings, oldest first."""
        found = [self._event(number) for number in {each for key in keys for each in self._tables.keys.get(key, ())}]
        return tuple(sorted(found, key=lambda event: (event.opened, event.id)))

    async def holder(self, report: ReportId) -> Event | None:
        """Return the event that a report stands in."""
        number = self._tables.holders.get(report)
        return None if number is None or report in self._tables.gone else self._event(number)

    async def holders(self, item: Item) -> tuple[Event, ...]:
        """Return the events in which reports of an item stand, or stood when it took them back."""
        own = (item.source.id, item.id)
        numbers = {number for report, number in self._tables.holders.items() if report[:2] == own}
        return tuple(self._event(number) for number in sorted(numbers))

    async def record(self, item: Item, joined: Sequence[Joined], at: datetime | None = None) -> tuple[Event, ...]:
        """Store an item that was seen at a time, its reports, the events after them and the outbox rows.

        Raises TemporaryError, leaving nothing behind, where the item or one of the events was written since it was
        read.
        """
        if self._tables.shelf.number_of(item) is not None:
            raise TemporaryError(f"item {item.id} of {item.source.id} is recorded already; it is left as it is")
        self._refuse_stale(joined)
        self._add(item, at or item.published)
        return self._join(joined, item.published)

    async def revise(self, item: Item, revised: Revised, joined: Sequence[Joined], at: datetime) -> tuple[Event, ...]:
        """Store what an item says since a time, the events after that and the outbox rows."""
        tables = self._tables
        self._refuse_stale(joined)
        if not tables.shelf.edit(item):
            raise TemporaryError(f"item {item.id} of {item.source.id} is not stored any more; it is to be read again")
        tables.gone |= set(revised.gone)
        for ruling in revised.rulings:
            tables.rulings[ruling.id] = ruling
            tables.log[ruling.id] = replace(tables.log[ruling.id], ruling=ruling)
        return self._join(joined, at)

    async def rule(self, ruling: Ruling, joined: Sequence[Joined]) -> tuple[Event, ...]:
        """Store a ruling and the events after it."""
        tables = self._tables
        self._refuse_stale(joined)
        if not {ruling.report, ruling.other or ruling.report} <= tables.holders.keys():
            raise PermanentError("the report that the ruling names is not stored")
        stored = replace(ruling, id=len(tables.log) + 1)
        tables.log[stored.id] = Logged(stored, tables.holders[stored.report])
        tables.rulings[stored.id] = stored
        return self._join(joined, ruling.at)

    async def undo(self, ruling: Ruling, by: int, at: datetime, joined: Sequence[Joined]) -> tuple[Event, ...]:
        """Store that an admin took a ruling back, and the events after that."""
        tables = self._tables
        if ruling.id not in tables.rulings:
            raise PermanentError(f"ruling {ruling.id} is not in force")
        self._refuse_stale(joined)
        del tables.rulings[ruling.id]
        tables.log[ruling.id] = replace(tables.log[ruling.id], undone_by=by, undone_at=at)
        return self._join(joined, at)

    async def complain(self, joined: Joined, user_id: int, what: str, at: datetime) -> bool:
        """Store that a reader called an event something, the revision that this makes, and who is to hear of it."""
        kept = self._tables.feedback[joined.change.event.id]
        if (user_id, what) in kept:
            return False
        self._refuse_stale([joined])
        kept[user_id, what] = at
        self._join([joined], at)
        return True

    def _refuse_stale(self, joined: Sequence[Joined]) -> None:
        for change in (each.change for each in joined if each.change.event.id):
            known = self._tables.events.get(change.event.id)
            if known is None or known.revision != expected(change):
                raise TemporaryError(f"event {change.event.id} was changed meanwhile; it is to be read again")

    def _join(self, joined: Sequence[Joined], at: datetime) -> tuple[Event, ...]:
        numbers = {place: self._store(joined[place], at) for place in in_order(joined)}
        return tuple(self._event(numbers[place]) for place in range(len(joined)))

    def _store(self, joined: Joined, at: datetime) -> int:
        number = joined.change.event.id or len(self._tables.events) + 1
        self._place(number, joined)
        event = replace(numbered(joined.change.event, number), rulings=())
        self._tables.events[number] = event
        self._index(number, joined.keys)
        self._keep(number, joined.change, at)
        for planned in joined.planned:
            self._plan(event, planned)
        return number

    def _place(self, number: int, joined: Joined) -> None:
        for placed in joined.placed:
            self._tables.holders[placed.report.id] = number
            self._tables.gone.discard(placed.report.id)
            self._tables.decisions[placed.report.id] = placed.decision

    def _index(self, number: int, keys: frozenset[str]) -> None:
        for key in self._tables.keys_of.get(number, frozenset()) - keys:
            self._tables.keys[key].discard(number)
        for key in keys:
            self._tables.keys[key].add(number)
        self._tables.keys_of[number] = keys

    def _keep(self, number: int, change: Change, at: datetime) -> None:
        if change.weight != "none":
            revision = Revision(change.event.revision, at, change.weight, change.facts, change.reasons)
            self._tables.revisions[number][revision.number] = revision
