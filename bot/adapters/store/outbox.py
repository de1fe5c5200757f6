"""The outbox: every delivery is claimed, sent and marked, and no crash in between loses or doubles one.

A chat gets its deliveries one at a time: while one is in flight, or may have arrived without our knowing, the chat waits; so
it does while one that was put back waits for its time. Whose turn it is `turns` says. An edit that has not left yet gives way
to a newer one of the same post. The posts of a digest leave, arrive, fail and are looked for together.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store import people, rows, subscriptions, tables
from bot.adapters.store.engine import insert, unbroken
from bot.adapters.store.fencing import Fence
from bot.adapters.store.part import Part
from bot.adapters.store.places import bury
from bot.adapters.store.turns import (
    CHAT,
    PLACE,
    ROW,
    Head,
    heads,
    heard,
    in_flight,
    is_busy,
    living_post,
    message_above,
    moment,
    post_of,
    together,
    waiting,
)
from bot.core.model import ANCHOR_LOST, NEEDLESS, NO_POST, SUPERSEDED, Delivery, Planned, Posted
from bot.core.policy import LANES, MOST_TOGETHER

_POST, _NEWER = (tables.delivery.alias(name) for name in ("its_post", "newer"))
ANSWER = tables.answer.c
REMEMBERED = 200
_CLAIMING = text("SELECT pg_advisory_xact_lock(1447642708)")


class Outbox(Part):
    """The Outbox port, and the Store port's question who has a post. With a `fence` each write is past it, or is none."""

    _fence: Fence | None = None

    def behind(self, fence: Fence) -> Outbox:
        """Return the same outbox behind a fence."""
        outbox = Outbox(self._database)
        outbox._fence = fence
        return outbox

    async def posted(self, event_id: int) -> tuple[Posted, ...]:
        """Return the chats and desks that have, or are about to get, a post of the event."""
        posts, edits = (func.count(case((ROW.action == action, 1))) for action in ("post", "edit"))
        place = [ROW[name] for name in PLACE]
        known = func.max(case(((ROW.action == "post") & (ROW.state == "sent"), ROW.message_id), else_=0))
        living = select(*place, edits.label("edits"), known.label("message_id"))
        living = living.where(ROW.event_id == event_id, ROW.state != "dead")
        found = await self._rows(living.group_by(*place).having(posts > 0).order_by(*place))
        return tuple(Posted(**row._asdict()) for row in found)

    @unbroken
    async def recover(self) -> tuple[Delivery, ...]:
        """Turn deliveries left in flight by a crash into unknown ones and return every unknown one."""
        async with self._write() as connection:
            await connection.execute(update(tables.delivery).where(ROW.state == "sending").values(state="unknown"))
            return await _deliveries(connection, in_flight(tables.delivery))

    @unbroken
    async def claim(self, now: datetime, limit: int, resting: Collection[int] = ()) -> tuple[Delivery, ...]:
        """Take up to `limit` due deliveries, one a chat, and mark them as being sent."""
        if limit < 1:
            return ()
        async with self._write() as connection:
            if self._database.is_postgresql:
                await connection.execute(_CLAIMING)
            turn = await _turn(connection, now, limit, resting)
            taken = await _take(connection, turn, now) if turn else []
            found = await _deliveries(connection, ROW.id.in_(taken)) if taken else ()
            for mended in (each for each in found if each.action == "edit" and each.events):
                await connection.run_sync(bury, _edits_along(mended), SUPERSEDED)
            order = {head.chat_id: place for place, head in enumerate(turn)}
            return tuple(sorted(found, key=lambda each: order[each.chat_id]))

    @unbroken
    async def sent(self, delivery: Delivery, message_id: int, content: str) -> None:
        """Mark as delivered, with the revision that was shown. `content` is the digest of what the post now shows."""
        shown = {
            "revision": delivery.revision,
            "message_id": message_id,
            "content": content,
            "state": "sent",
            "reason": "",
        }
        async with self._write() as connection:
            if delivery.action == "digest":
                await _arrived(connection, delivery, shown)
            else:
                await connection.execute(update(tables.delivery).where(ROW.id == delivery.id).values(shown))
            if delivery.action == "edit":
                await _edited(connection, delivery, content)
            await _saw(connection, delivery.chat_id, message_id)

    @unbroken
    async def seen(self, chat_id: int, message_id: int, *, answer: bool = False) -> None:
        """Remember the newest message id known in a chat, and that it is an answer of ours where it is."""
        async with self._write() as connection:
            await connection.run_sync(_know, [chat_id])
            await _saw(connection, chat_id, message_id)
            if answer:
                added = insert(connection, tables.answer).on_conflict_do_nothing()
                await connection.execute(added, {"chat_id": chat_id, "message_id": message_id})
                old = (ANSWER.chat_id == chat_id) & (ANSWER.message_id <= message_id - REMEMBERED)
                await connection.execute(delete(tables.answer).where(old))

    async def answers(self, chat_id: int) -> frozenset[int]:
        """Return which of the newest two hundred message ids of a chat are answers of ours."""
        return frozenset(
            row.message_id for row in await self._rows(select(ANSWER.message_id).where(ANSWER.chat_id == chat_id))
        )

    @unbroken
    async def retry(self, delivery: Delivery, not_before: datetime) -> None:
        """Put back: it surely did not arrive. An edit or reply that a newer one has overtaken is dropped instead."""
        async with self._write() as connection:
            await _mark(connection, delivery, state="retry", not_before=not_before, digest=None)
            await connection.run_sync(_supersede, delivery.event_id)

    @unbroken
    async def bring_forward(self, beyond: datetime) -> int:
        """Let what was put back until later than a time leave now; return how much that was."""
        late = update(tables.delivery).where(text(tables.WAITING), ROW.state == "retry", ROW.not_before > beyond)
        async with self._write() as connection:
            return (await connection.execute(late.values(not_before=None))).rowcount

    @unbroken
    async def unknown(self, delivery: Delivery) -> None:
        """Mark as possibly delivered; it is never resent without reconciling."""
        async with self._write() as connection:
            await _mark(connection, delivery, state="unknown")

    @unbroken
    async def dead(self, delivery: Delivery, reason: str) -> None:
        """Give up on this delivery."""
        async with self._write() as connection:
            await _mark(connection, delivery, state="dead", reason=reason, digest=None)

    @unbroken
    async def suspend(self, chat_id: int, reason: str) -> None:
        """Stop posting to a chat until it is resumed; its waiting deliveries die with the reason."""
        async with self._write() as connection:
            await subscriptions.set_suspended(connection, chat_id, reason)
            mine = ROW.lane.in_(LANES) & (ROW.chat_id == chat_id)
            await connection.run_sync(bury, mine & waiting(tables.delivery), reason)

    @unbroken
    async def resume(self, chat_id: int) -> None:
        """Take a suspended chat up again."""
        async with self._write() as connection:
            await subscriptions.set_suspended(connection, chat_id, "")

    @unbroken
    async def migrate(self, old: int, new: int) -> None:
        """Give a chat its new id everywhere, in one transaction. What the new id already has of its own stays.

        Messages are numbered anew there, so that nothing is known yet of the newest one.
        """
        other = tables.delivery.alias("other")
        same = (other.c[name] == ROW[name] for name in ("event_id", "thread_id", "audience", "action"))
        alike = or_(other.c.revision == ROW.revision, living_post(other) & living_post(tables.delivery))
        async with self._write() as connection:
            await subscriptions.move(connection, old, new)
            await people.move(connection, old, new)
            doubled = exists().where(other.c.chat_id == new, *same, alike)
            await connection.execute(delete(tables.delivery).where(ROW.chat_id == old, doubled))
            moved = update(tables.delivery).where(ROW.chat_id == old)
            await connection.execute(moved.values(chat_id=new, anchor=ANCHOR_LOST))
            await connection.execute(delete(tables.chat).where(CHAT.chat_id == old))
            await connection.execute(delete(tables.answer).where(ANSWER.chat_id == old))
            await connection.run_sync(_know, [new])

    async def presumed(self) -> dict[int, int]:
        """Return by chat how many deliveries count as delivered though nobody could tell."""
        counted = select(ROW.chat_id, func.count()).where(ROW.state == "sent", ROW.message_id == 0)
        async with self._database.read() as connection:
            found = await connection.execute(counted.group_by(ROW.chat_id))
            return {chat_id: number for chat_id, number in found}  # noqa: C416

    async def pending(self) -> int:
        """Return how many deliveries wait or are in flight."""
        either = (waiting(tables.delivery), in_flight(tables.delivery))
        counts = [select(func.count(ROW.id)).where(condition).scalar_subquery() for condition in either]
        async with self._database.read() as connection:
            return await connection.scalar(select(counts[0] + counts[1])) or 0

    @asynccontextmanager
    async def _write(self) -> AsyncIterator[AsyncConnection]:
        async with self._database.write() as connection:
            if self._fence:
                await self._fence.pass_through(connection)
            yield connection


def plan(connection: Connection, event_id: int, revision: int, planned: Sequence[Planned]) -> None:
    """Add deliveries, in the transaction that stores what calls for them; a chat gets no second post of an event.

    A post that waits for the chat's digest leaves now where the new one is to leave now, unless it was put back: then as soon as it may.
    """
    if not planned:
        return
    added = insert(connection, tables.delivery)
    sooner = {name: added.excluded[name] for name in ("gathered", "lane")}
    when = case((ROW.state == "retry", ROW.not_before), else_=added.excluded.not_before)
    statement = added.on_conflict_do_update(
        index_elements=[ROW[name] for name in ("event_id", *PLACE)],
        index_where=text(tables.LIVING_POST),
        set_=sooner | {"not_before": when},
        where=and_(ROW.gathered, ~added.excluded.gathered, waiting(tables.delivery)),
    )
    connection.execute(statement, [rows.planned_values(event_id, revision, each) for each in planned])
    _know(connection, {each.chat_id: None for each in planned})
    if any(each.action != "post" for each in planned):
        _supersede(connection, event_id)


async def _turn(connection: AsyncConnection, now: datetime, limit: int, resting: Collection[int]) -> list[Head]:
    """Return the deliveries whose turn it is, after giving up the edits and replies among them that have no post."""
    while True:
        found = await connection.execute(heads(), {**moment(now), "limit": limit, "resting": list(resting)})
        first = sorted((Head(**row._asdict()) for row in found), key=lambda head: (head.lane, head.served, head.number))
        orphans = [head.id for head in first if head.orphan]
        if not orphans:
            chosen: dict[int, Head] = {}
            for head in first:
                chosen.setdefault(head.chat_id, head)
            return [*chosen.values()][:limit]
        await connection.run_sync(bury, ROW.id.in_(orphans), NO_POST)


async def _take(connection: AsyncConnection, turn: Sequence[Head], now: datetime) -> list[int]:
    """Mark these deliveries, and the posts that leave with them, as being sent; return the numbers of those that were."""
    digests: dict[int, Sequence[int]] = {}
    for head in turn:
        if head.is_digest:
            found = await connection.scalars(together(head).limit(MOST_TOGETHER), moment(now))
            digests[head.id] = found.all()
    chosen = {head.id for head in turn if head.id not in digests}.union(*digests.values())
    left: dict[str, Any] = {"state": "sending", "not_before": None, "claimed": now, "attempt": ROW.attempt + 1}
    newest = select(CHAT.newest).where(CHAT.chat_id == ROW.chat_id).correlate(tables.delivery).scalar_subquery()
    claim = update(tables.delivery).where(ROW.id.in_(chosen), waiting(tables.delivery), ~is_busy(ROW.chat_id))
    taken = (await connection.scalars(claim.values(left | {"anchor": newest}).returning(ROW.id))).all()
    for posts in digests.values():
        mine = [number for number in posts if number in taken]
        if mine:
            await connection.execute(update(tables.delivery).where(ROW.id.in_(mine)).values(digest=min(mine)))
    served = update(tables.chat).where(CHAT.number.in_([head.number for head in turn]))
    await connection.execute(served.values(served=select(func.max(_ROUND.c.served) + 1).scalar_subquery()))
    return list(taken)


_ROUND = tables.chat.alias("round")


async def _deliveries(connection: AsyncConnection, condition: ColumnElement[bool]) -> tuple[Delivery, ...]:
    """Return deliveries as the sender needs them: with the post that they edit, answer or go under, and what was heard."""
    found = (await connection.execute(_whole().where(condition))).all()
    digests = {row.digest or row.stands_in for row in found} - {None}
    return _together(found, await _events_of(connection, digests) if digests else {})


@cache
def _whole() -> Select[Any]:
    """Return the query for rows with all that the sender needs, built once."""
    own = func.coalesce(_POST.c.message_id, ROW.message_id)
    return (
        select(
            *(ROW[name] for name in ("id", "event_id", "chat_id", "thread_id", "language", "action", "revision")),
            *(ROW[name] for name in ("attempt", "anchor", "audience", "under", "digest")),
            _POST.c.digest.label("stands_in"),
            case((ROW.action == "post", func.coalesce(message_above(tables.delivery), 0)), else_=own).label(
                "message_id"
            ),
            func.coalesce(_POST.c.content, ROW.content).label("content"),
            func.coalesce(heard(tables.delivery), 0).label("since"),
        )
        .select_from(tables.delivery.outerjoin(_POST, _POST.c.id == post_of(tables.delivery)))
        .order_by(ROW.id)
    )


def _together(found: Iterable[Row[Any]], events: Mapping[int, tuple[int, ...]]) -> tuple[Delivery, ...]:
    """Return a delivery for each row, but one for all rows of a digest."""
    deliveries: dict[int, Delivery] = {}
    for row in found:
        values = row._asdict()
        digest, stands_in = values.pop("digest"), values.pop("stands_in")
        delivery = replace(Delivery(**values), events=events.get(stands_in, ()))
        if digest is not None and delivery.action == "post":
            delivery = replace(delivery, id=digest, action="digest", under=0, message_id=0, events=events[digest])
        deliveries.setdefault(delivery.id, delivery)
    return tuple(deliveries.values())


async def _events_of(connection: AsyncConnection, digests: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Return the events of digests, in their order."""
    events: dict[int, tuple[int, ...]] = {}
    members = select(ROW.digest, ROW.event_id).where(ROW.digest.in_(digests)).order_by(ROW.id)
    for digest, event_id in await connection.execute(members):
        events[digest] = (*events.get(digest, ()), event_id)
    return events


async def _arrived(connection: AsyncConnection, delivery: Delivery, shown: Mapping[str, Any]) -> None:
    """Mark the posts that a digest shows as delivered with it, and give up those that it left out."""
    mine = ROW.digest == delivery.id
    await connection.run_sync(bury, mine & ROW.event_id.not_in(delivery.events), NEEDLESS)
    alone = {"digest": None} if len(delivery.events) == 1 else {}
    revisions = dict(zip(delivery.events, delivery.revisions, strict=False))
    revision = case(revisions, value=ROW.event_id, else_=ROW.revision) if revisions else ROW.revision
    await connection.execute(update(tables.delivery).where(mine).values({**shown, **alone, "revision": revision}))


async def _edited(connection: AsyncConnection, delivery: Delivery, content: str) -> None:
    """Remember what the post of an edit shows now, and since when; of a digest, all its posts do."""
    its_post = tables.delivery.join(_POST, _POST.c.id == post_of(tables.delivery))
    post = select(_POST.c.id, _POST.c.digest, ROW.claimed).select_from(its_post).where(ROW.id == delivery.id)
    found = (await connection.execute(post)).one_or_none()
    if found is not None:
        mine = ROW.id == found.id if found.digest is None else ROW.digest == found.digest
        await connection.execute(update(tables.delivery).where(mine).values(content=content, edited=found.claimed))


def _edits_along(mended: Delivery) -> ColumnElement[bool]:
    """Return the condition of the waiting edits that the mending of a digest makes needless: it shows all events anew."""
    here = and_(*(ROW[name] == getattr(mended, name) for name in PLACE))
    return and_(here, ROW.event_id.in_(mended.events), ROW.action == "edit", waiting(tables.delivery))


async def _mark(connection: AsyncConnection, delivery: Delivery, **values: Any) -> None:
    """Change a row that is in flight, or all of a digest; one that has its end already keeps it."""
    mine = ROW.digest == delivery.id if delivery.action == "digest" else ROW.id == delivery.id
    await connection.execute(update(tables.delivery).where(mine, in_flight(tables.delivery)).values(values))


def _supersede(connection: Connection, event_id: int) -> None:
    """Drop the waiting edits and replies of an event's posts behind which a newer one waits."""
    same = (_NEWER.c[name] == ROW[name] for name in ("event_id", *PLACE, "action"))
    overtaken = exists().where(*same, _NEWER.c.id > ROW.id, waiting(_NEWER))
    behind_the_post = (ROW.event_id == event_id) & (ROW.action != "post") & waiting(tables.delivery)
    bury(connection, behind_the_post & overtaken, SUPERSEDED)


def _know(connection: Connection, chats: Iterable[int]) -> None:
    """Let each chat have its row, from which its turn is told."""
    new = [{"chat_id": chat_id, "served": 0, "newest": 0} for chat_id in chats]
    connection.execute(insert(connection, tables.chat).on_conflict_do_nothing(), new)


async def _saw(connection: AsyncConnection, chat_id: int, message_id: int) -> None:
    newer = update(tables.chat).where(CHAT.chat_id == chat_id, CHAT.newest < message_id)
    await connection.execute(newer.values(newest=message_id))
