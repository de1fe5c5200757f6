"""The outbox: every delivery is claimed, sent and marked, and no crash in between loses or doubles one.

A chat gets its deliveries one at a time and in the order they were planned: while one is in flight, or may have
arrived without our knowing, the chat waits. An edit that has not left yet gives way to a newer one of the same post.
An edit or reply therefore stands behind its post in the queue; when its turn comes and the post was given up, it is
given up too, and the event's next change makes a new post (`posted` no longer counts the chat). A reply that would ring
too soon after the sound before it waits, and lets others of its chat pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Alias,
    ColumnElement,
    FromClause,
    ScalarSelect,
    Select,
    Table,
    and_,
    case,
    delete,
    exists,
    extract,
    func,
    literal,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store import people, rows, subscriptions, tables
from bot.adapters.store.engine import insert, unbroken
from bot.adapters.store.part import Part
from bot.core.model import Delivery, Planned, Posted

_ROW = tables.delivery.c
_OLDER, _BUSY, _NEWER = (tables.delivery.alias(name) for name in ("older", "busy", "newer"))
_POST, _OWN_POST, _LAST = (tables.delivery.alias(name) for name in ("post", "own_post", "last"))
_ABOVE, _SOUND = (tables.delivery.alias(name) for name in ("above", "sound"))
_PLACE = ("chat_id", "thread_id", "audience")
_SUPERSEDED = "superseded by a newer one"
_NO_POST = "its post was given up"


class Outbox(Part):
    """The Outbox port, and the Store port's question who has a post."""

    async def posted(self, event_id: int) -> tuple[Posted, ...]:
        """Return the chats and desks that have, or are about to get, a post of the event."""
        posts, edits = (func.count(case((_ROW.action == action, 1))) for action in ("post", "edit"))
        place = [_ROW[name] for name in _PLACE]
        known = func.max(case(((_ROW.action == "post") & (_ROW.state == "sent"), _ROW.message_id), else_=0))
        living = select(*place, edits.label("edits"), known.label("message_id"))
        living = living.where(_ROW.event_id == event_id, _ROW.state != "dead")
        async with self._database.read() as connection:
            found = await connection.execute(living.group_by(*place).having(posts > 0).order_by(*place))
            return tuple(Posted(**row._asdict()) for row in found)

    @unbroken
    async def recover(self) -> tuple[Delivery, ...]:
        """Turn deliveries left in flight by a crash into unknown ones and return every unknown one."""
        async with self._database.write() as connection:
            await connection.execute(update(tables.delivery).where(_ROW.state == "sending").values(state="unknown"))
            return await _deliveries(connection, in_flight(tables.delivery))

    @unbroken
    async def claim(self, now: datetime, limit: int) -> tuple[Delivery, ...]:
        """Take up to `limit` due deliveries, at most one a chat, oldest first, and mark them as being sent."""
        async with self._database.write() as connection:
            turn = await _claimable(connection, now, limit)
            claim = update(tables.delivery).where(_ROW.id.in_(turn), waiting(tables.delivery))
            left: dict[str, Any] = {"state": "sending", "not_before": None, "claimed": now}
            left |= {"attempt": _ROW.attempt + 1, "anchor": _last_message()}
            claimed = (await connection.scalars(claim.values(left).returning(_ROW.id))).all()
            return await _deliveries(connection, _ROW.id.in_(claimed))

    @unbroken
    async def sent(self, delivery: Delivery, message_id: int, content: str) -> None:
        """Mark as delivered, with the revision that was shown. `content` is the digest of what the post now shows."""
        shown = {"revision": delivery.revision, "message_id": message_id, "content": content}
        async with self._database.write() as connection:
            await connection.execute(
                update(tables.delivery).where(_ROW.id == delivery.id).values(shown | {"state": "sent", "reason": ""})
            )
            if delivery.action == "edit":
                post = await connection.scalar(select(_post_id()).where(_ROW.id == delivery.id))
                await connection.execute(update(tables.delivery).where(_ROW.id == post).values(content=content))

    @unbroken
    async def retry(self, delivery: Delivery, not_before: datetime) -> None:
        """Put back: it surely did not arrive. An edit or reply that a newer one has overtaken is dropped instead."""
        async with self._database.write() as connection:
            await _mark(connection, delivery, state="retry", not_before=not_before)
            await _supersede(connection, delivery.event_id)

    @unbroken
    async def unknown(self, delivery: Delivery) -> None:
        """Mark as possibly delivered; it is never resent without reconciling."""
        async with self._database.write() as connection:
            await _mark(connection, delivery, state="unknown")

    @unbroken
    async def dead(self, delivery: Delivery, reason: str) -> None:
        """Give up on this delivery."""
        async with self._database.write() as connection:
            await _mark(connection, delivery, state="dead", reason=reason)

    @unbroken
    async def suspend(self, chat_id: int, reason: str) -> None:
        """Stop posting to a chat until it is resumed; its waiting deliveries die with the reason."""
        async with self._database.write() as connection:
            await subscriptions.set_suspended(connection, chat_id, reason)
            await _bury(connection, (_ROW.chat_id == chat_id) & waiting(tables.delivery), reason)

    @unbroken
    async def resume(self, chat_id: int) -> None:
        """Take a suspended chat up again."""
        async with self._database.write() as connection:
            await subscriptions.set_suspended(connection, chat_id, "")

    @unbroken
    async def migrate(self, old: int, new: int) -> None:
        """Give a chat its new id everywhere, in one transaction. What the new id already has of its own stays."""
        other = tables.delivery.alias("other")
        same = (other.c[name] == _ROW[name] for name in ("event_id", "thread_id", "audience", "action"))
        alike = or_(other.c.revision == _ROW.revision, living_post(other) & living_post(tables.delivery))
        async with self._database.write() as connection:
            await subscriptions.move(connection, old, new)
            await people.move(connection, old, new)
            doubled = exists().where(other.c.chat_id == new, *same, alike)
            await connection.execute(delete(tables.delivery).where(_ROW.chat_id == old, doubled))
            await connection.execute(update(tables.delivery).where(_ROW.chat_id == old).values(chat_id=new))

    async def pending(self) -> int:
        """Return how many deliveries wait or are in flight."""
        either = (waiting(tables.delivery), in_flight(tables.delivery))
        counts = [select(func.count(_ROW.id)).where(condition).scalar_subquery() for condition in either]
        async with self._database.read() as connection:
            return await connection.scalar(select(counts[0] + counts[1])) or 0


async def plan(connection: AsyncConnection, event_id: int, revision: int, planned: Sequence[Planned]) -> None:
    """Add deliveries, in the transaction that stores what calls for them; a chat gets no second post of an event."""
    if not planned:
        return
    statement = insert(connection, tables.delivery).on_conflict_do_nothing()
    await connection.execute(statement, [rows.planned_values(event_id, revision, each) for each in planned])
    if any(each.action != "post" for each in planned):
        await _supersede(connection, event_id)


def waiting(table: FromClause) -> ColumnElement[bool]:
    """Return the condition of a row that has not left, spelled as the partial indexes spell it."""
    return literal_column(f"{_name(table)}.{tables.WAITING}")


def in_flight(table: FromClause) -> ColumnElement[bool]:
    """Return the condition of a row that left and has no known end, spelled as its partial index spells it."""
    return literal_column(f"{_name(table)}.{tables.IN_FLIGHT}")


def living_post(table: FromClause) -> ColumnElement[bool]:
    """Return the condition of a post that was not given up."""
    return and_(table.c.action == "post", table.c.state != "dead")


def heads(now: datetime, limit: int) -> Select[Any]:
    """Return the query for the rows whose turn it is: due, first in their chat, the chat not busy; oldest first.

    `post_id` is the row of the chat's delivered post, None where there is none.
    """
    older = (_OLDER.c.chat_id == _ROW.chat_id, _OLDER.c.id < _ROW.id, waiting(_OLDER))
    first = ~exists().where(*older, ~_early(_OLDER, now))
    free = ~exists().where(_BUSY.c.chat_id == _ROW.chat_id, in_flight(_BUSY))
    due = or_(_ROW.not_before.is_(None), _ROW.not_before <= now)
    ready = (waiting(tables.delivery), due, first, free, ~_early(tables.delivery, now))
    turn = select(_ROW.id, _ROW.action, _post_id().label("post_id")).where(*ready)
    return turn.order_by(_ROW.id).limit(limit).with_for_update(of=tables.delivery, skip_locked=True)


async def _claimable(connection: AsyncConnection, now: datetime, limit: int) -> Sequence[int]:
    """Return the ids whose turn it is, after giving up the edits and replies among them that have no post."""
    while True:
        found = (await connection.execute(heads(now, limit))).all()
        orphans = [row.id for row in found if row.action != "post" and row.post_id is None]
        if not orphans:
            return [row.id for row in found]
        await _bury(connection, _ROW.id.in_(orphans), _NO_POST)


async def _deliveries(connection: AsyncConnection, condition: ColumnElement[bool]) -> tuple[Delivery, ...]:
    """Return deliveries as the sender needs them: with the post that they edit, answer or go under, and what was heard."""
    own = func.coalesce(_POST.c.message_id, _ROW.message_id)
    chosen: Select[Any] = (
        select(
            *(_ROW[name] for name in ("id", "event_id", "chat_id", "thread_id", "language", "action", "revision")),
            *(_ROW[name] for name in ("attempt", "anchor", "audience", "under")),
            case((_ROW.action == "post", func.coalesce(_message_above(), 0)), else_=own).label("message_id"),
            func.coalesce(_POST.c.content, _ROW.content).label("content"),
            func.coalesce(_heard(), 0).label("since"),
        )
        .select_from(tables.delivery.outerjoin(_POST, _POST.c.id == _post_id()))
        .where(condition)
        .order_by(_ROW.id)
    )
    return tuple(rows.delivery_of(row) for row in await connection.execute(chosen))


async def _mark(connection: AsyncConnection, delivery: Delivery, **values: Any) -> None:
    """Change a row that is in flight; one that has its end already keeps it."""
    condition = (_ROW.id == delivery.id, in_flight(tables.delivery))
    await connection.execute(update(tables.delivery).where(*condition).values(values))


async def _bury(connection: AsyncConnection, condition: ColumnElement[bool], reason: str) -> None:
    await connection.execute(update(tables.delivery).where(condition).values(state="dead", reason=reason))


async def _supersede(connection: AsyncConnection, event_id: int) -> None:
    """Drop the waiting edits and replies of an event's posts behind which a newer one waits."""
    same = (_NEWER.c[name] == _ROW[name] for name in ("event_id", *_PLACE, "action"))
    overtaken = exists().where(*same, _NEWER.c.id > _ROW.id, waiting(_NEWER))
    behind_the_post = (_ROW.event_id == event_id) & (_ROW.action != "post") & waiting(tables.delivery)
    await _bury(connection, behind_the_post & overtaken, _SUPERSEDED)


def _post_id() -> ScalarSelect[int]:
    """Return the subquery for the row of the delivered post that an edit or reply belongs to."""
    same = (_OWN_POST.c[name] == _ROW[name] for name in ("event_id", *_PLACE))
    sent = select(_OWN_POST.c.id).where(*same, _OWN_POST.c.action == "post", _OWN_POST.c.state == "sent")
    return sent.order_by(_OWN_POST.c.revision.desc()).limit(1).correlate(tables.delivery).scalar_subquery()


def _message_above() -> ScalarSelect[int]:
    """Return the subquery for the message of the chat's delivered post of the event that a post goes under."""
    same = (_ABOVE.c[name] == _ROW[name] for name in _PLACE)
    posts = select(_ABOVE.c.message_id).where(_ABOVE.c.event_id == _ROW.under, *same, _ABOVE.c.action == "post")
    sent = posts.where(_ABOVE.c.state == "sent").order_by(_ABOVE.c.revision.desc()).limit(1)
    return sent.correlate(tables.delivery).scalar_subquery()


def _heard() -> ScalarSelect[int]:
    """Return the subquery for the newest revision that the chat was told of with sound."""
    newest = select(func.max(_SOUND.c.revision)).where(*_sounds(tables.delivery))
    return newest.correlate(tables.delivery).scalar_subquery()


def _early(table: FromClause, now: datetime) -> ColumnElement[bool]:
    """Return the condition of a reply that would ring too soon after the sound before it."""
    until = extract("epoch", _SOUND.c.claimed) + table.c.floor
    recent = exists().where(*_sounds(table), until > literal(now.timestamp()))
    return and_(table.c.action == "reply", table.c.floor > 0, recent)


def _sounds(table: FromClause) -> tuple[ColumnElement[bool], ...]:
    """Return the condition of a post or reply that the row's chat got of the same event."""
    same = (_SOUND.c[name] == table.c[name] for name in ("event_id", *_PLACE))
    return (*same, _SOUND.c.action.in_(("post", "reply")), _SOUND.c.state == "sent")


def _last_message() -> ColumnElement[int]:
    """Return the subquery for the newest message id known in the chat, 0 where there is none."""
    known = select(_LAST.c.message_id).where(_LAST.c.chat_id == _ROW.chat_id, _LAST.c.message_id > 0)
    newest = known.where(_LAST.c.action != "edit").order_by(_LAST.c.id.desc()).limit(1)
    return func.coalesce(newest.correlate(tables.delivery).scalar_subquery(), 0)


def _name(table: FromClause) -> str:
    assert isinstance(table, Table | Alias)
    return table.name
