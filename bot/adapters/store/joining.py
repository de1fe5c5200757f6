"""What an item or a ruling did to events, written in the transaction that the caller began.

Everything goes in an order of its own (`bot.adapters.recording`), so that numbers do not depend on the list's, and two
writers that meet wait for each other instead of standing in each other's way.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Table, select, update

from bot.adapters.recording import expected, in_order, words_of
from bot.adapters.store import folds, loading, rows, tables
from bot.adapters.store.engine import insert
from bot.adapters.store.outbox import plan
from bot.core.model import Change, Event
from bot.ports import Joined, PermanentError, TemporaryError

_EVENT = tables.event.c


def join(connection: Connection, joined: Sequence[Joined], at: datetime) -> tuple[Event, ...]:
    """Store the events with their reports, keys, revisions and deliveries; return them in the order given."""
    order = in_order(joined)
    numbers = {place: _store(connection, joined[place].change) for place in order}
    ordered = [(numbers[place], joined[place]) for place in order]
    _place(connection, ordered)
    _index(connection, ordered)
    _keep(connection, ordered, at)
    for number, each in ordered:
        plan(connection, number, each.change.event.revision, each.planned)
    stored = loading.load(connection, select(tables.event).where(_EVENT.id.in_(numbers.values())))
    by_number = {event.id: event for event in stored}
    return tuple(by_number[numbers[place]] for place in range(len(joined)))


def _store(connection: Connection, change: Change) -> int:
    """Store an event and return its number."""
    event, values = change.event, folds.event_values(change.event)
    if event.id == 0:
        added = connection.execute(insert(connection, tables.event).returning(_EVENT.id), values)
        return int(added.scalar_one())
    unchanged = (_EVENT.id == event.id, _EVENT.revision == expected(change))
    changed = connection.execute(update(tables.event).where(*unchanged).values(values))
    if changed.rowcount != 1:
        raise TemporaryError(f"event {event.id} was changed meanwhile; it is to be read again")
    return event.id


def _place(connection: Connection, ordered: Sequence[tuple[int, Joined]]) -> None:
    """Store the reports that are new in their events; one that stood in another event leaves it."""
    values = [
        folds.placed_values(placed)
        | {"gone": False, "event_id": number, "item_id": rows.guid_digest(*placed.report.id[:2])}
        for number, joined in ordered
        for placed in joined.placed
    ]
    if not values:
        return
    items = _items(connection, [each["item_id"] for each in values])
    statement = insert(connection, tables.report)
    moved = {name: statement.excluded[name] for name in ("event_id", "kind", "report", "decision", "gone")}
    moving = statement.on_conflict_do_update(index_elements=["item_id", "position"], set_=moved)
    connection.execute(moving, [each | {"item_id": items[each["item_id"]]} for each in values])


def _items(connection: Connection, digests: Sequence[str]) -> dict[str, int]:
    """Return the rows of items by the digests of their ids."""
    item = tables.item.c
    found = connection.execute(select(item.identity, item.id).where(item.identity.in_(set(digests))))
    known = {digest: number for digest, number in found}  # noqa: C416  (rows are no pairs to the type checker)
    if len(known) < len(set(digests)):
        raise PermanentError("a report of an item that is not stored cannot be placed")
    return known


def _index(connection: Connection, ordered: Sequence[tuple[int, Joined]]) -> None:
    """Let the events be found by their blocking keys and their words."""
    known = [number for number, joined in ordered if joined.change.event.id]
    keys = {(key, number) for number, joined in ordered for key in joined.keys}
    words = {(word, number) for number, joined in ordered for word in words_of(joined.change.event)}
    _replace(connection, tables.blocking_key, known, keys)
    _replace(connection, tables.word, known, words)


def _replace(connection: Connection, table: Table, known: Sequence[int], wanted: set[tuple[str, int]]) -> None:
    """Replace under what known events are found in one of the two; mostly it stays as it is."""
    found, event = table.primary_key.columns
    present: set[tuple[str, int]] = set()
    if known:
        stored = connection.execute(select(found, event).where(event.in_(known)))
        present = {(each, number) for each, number in stored}
    for each, number in sorted(present - wanted):
        connection.execute(table.delete().where(found == each, event == number))
    if wanted - present:
        values = [{found.name: each, event.name: number} for each, number in sorted(wanted - present)]
        connection.execute(insert(connection, table), values)


def _keep(connection: Connection, ordered: Sequence[tuple[int, Joined]], at: datetime) -> None:
    """Store what changed as revisions."""
    values = [
        folds.revision_values(joined.change) | {"event_id": number, "at": at}
        for number, joined in ordered
        if joined.change.weight != "none"
    ]
    if values:
        connection.execute(insert(connection, tables.revision), values)
