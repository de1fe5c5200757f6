"""Whose turn it is: the questions by which the outbox chooses what leaves next, each answered out of indexes.

Lane by lane the chats are walked, those first that were served longest ago, and of each its oldest delivery that may leave is
taken; with enough of them the walk ends. What waits behind a post for a digest is passed over one by one at each walk. An edit
or reply stands behind its post: it waits while that has not left, and is an orphan where that was given up. Neither a reply
nor an edit leaves before its floor has passed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Alias,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Float,
    FromClause,
    Integer,
    ScalarSelect,
    Select,
    Table,
    and_,
    bindparam,
    case,
    exists,
    extract,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)

from bot.adapters.store import tables
from bot.adapters.store.types import UtcDateTime
from bot.core.policy import DIGEST, LANES, MANY, POST, REPLY, SKEW, Lane

PLACE = ("chat_id", "thread_id", "audience")
ROW = tables.delivery.c
CHAT = tables.chat.c
_HEAD, _FIRST, _BUSY, _HELD, _ANY = (tables.delivery.alias(name) for name in ("head", "first", "busy", "held", "other"))
_POST, _STANDS, _ABOVE, _SOUND, _CROWD = (
    tables.delivery.alias(name) for name in ("post", "stands", "above", "sound", "crowd")
)
_NOW = bindparam("now", type_=UtcDateTime())
_STAMP = bindparam("stamp", type_=Float())


@dataclass(frozen=True, slots=True)
class Head:
    """The first delivery of a chat in a lane: `orphan` without a post, `crowd` as many posts as may leave along with it."""

    id: int
    lane: Lane
    served: int
    number: int
    chat_id: int
    thread_id: int
    orphan: bool
    crowd: int

    @property
    def is_digest(self) -> bool:
        """Tell whether it leaves as one message with others."""
        return self.crowd > (1 if self.lane == DIGEST else MANY)


def waiting(table: FromClause) -> ColumnElement[bool]:
    """Return the condition of a row that has not left, spelled as the partial indexes spell it."""
    return literal_column(f"{_name(table)}.{tables.WAITING}")


def in_flight(table: FromClause) -> ColumnElement[bool]:
    """Return the condition of a row that left and has no known end, spelled as its partial index spells it."""
    return literal_column(f"{_name(table)}.{tables.IN_FLIGHT}")


def living_post(table: FromClause) -> ColumnElement[bool]:
    """Return the condition of a post that was not given up."""
    return and_(table.c.action == "post", table.c.state != "dead")


def is_busy(chat_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition of a chat that something is on its way to, or may have arrived in."""
    return exists().where(_BUSY.c.chat_id == chat_id, in_flight(_BUSY))


def due(table: FromClause) -> ColumnElement[bool]:
    """Return the condition of a row whose time has come."""
    return or_(table.c.not_before.is_(None), table.c.not_before <= _NOW)


def moment(now: datetime) -> dict[str, Any]:
    """Return the time as the questions take it."""
    return {"now": now, "stamp": now.timestamp()}


def post_of(row: FromClause) -> ScalarSelect[int]:
    """Return the subquery for the row of the delivered post that an edit or reply belongs to."""
    sent = select(_STANDS.c.id).where(*_same(_STANDS, row), _STANDS.c.action == "post", _STANDS.c.state == "sent")
    return sent.order_by(_STANDS.c.revision.desc()).limit(1).correlate(row).scalar_subquery()


def message_above(row: FromClause) -> ScalarSelect[int]:
    """Return the subquery for the message of the chat's delivered post of the event that a post goes under."""
    same = (_ABOVE.c[name] == row.c[name] for name in PLACE)
    posts = select(_ABOVE.c.message_id).where(_ABOVE.c.event_id == row.c.under, *same, _ABOVE.c.action == "post")
    sent = posts.where(_ABOVE.c.state == "sent").order_by(_ABOVE.c.revision.desc()).limit(1)
    return sent.correlate(row).scalar_subquery()


def heard(row: FromClause) -> ScalarSelect[int]:
    """Return the subquery for the newest revision that the chat was told of by a post or reply."""
    return select(func.max(_SOUND.c.revision)).where(*_sounds(row)).correlate(row).scalar_subquery()


@cache
def heads() -> CompoundSelect[Any]:
    """Return the query for the first delivery of each chat that is not `resting`, by lane: at most `limit` of each lane.

    To build it takes longer than to ask it, so that it is built once.
    """
    return union_all(*(select(_heads_of(lane).subquery(f"lane_{lane}")) for lane in LANES))


def together(head: Head) -> Select[Any]:
    """Return the query for the posts that leave in one message with this one, oldest first."""
    posts = select(ROW.id).where(*_posts_in(tables.delivery, head.lane), ROW.chat_id == head.chat_id)
    return posts.where(ROW.thread_id == head.thread_id).order_by(ROW.id)


def _heads_of(lane: Lane) -> Select[Any]:
    first = select(_FIRST.c.id).where(
        _FIRST.c.lane == lane, _FIRST.c.chat_id == CHAT.chat_id, *_may_leave(_FIRST, lane)
    )
    chosen = first.order_by(_FIRST.c.id).limit(1).correlate(tables.chat).scalar_subquery()
    is_post = lane in (POST, DIGEST)
    turn = select(
        _HEAD.c.id,
        literal_column(str(lane)).label("lane"),
        *(CHAT[name] for name in ("served", "number", "chat_id")),
        _HEAD.c.thread_id,
        (literal(value=False) if is_post else post_of(_HEAD).is_(None)).label("orphan"),
        (_crowd(lane) if is_post else literal_column("0")).label("crowd"),
    ).select_from(tables.chat.join(_HEAD, _HEAD.c.id == chosen))
    held = exists().where(
        _HELD.c.chat_id == CHAT.chat_id, _HELD.c.not_before > _NOW, literal_column("held." + tables.HELD)
    )
    rests = CHAT.chat_id.in_(bindparam("resting", expanding=True, type_=BigInteger()))
    turn = turn.where(_is_any(lane), ~rests, ~is_busy(CHAT.chat_id), ~held)
    return turn.order_by(CHAT.served, CHAT.number).limit(bindparam("limit", type_=Integer()))


def _may_leave(row: FromClause, lane: Lane) -> tuple[ColumnElement[bool], ...]:
    if lane in (POST, DIGEST):
        return waiting(row), due(row)
    unsent = exists().where(*_same(_POST, row), _POST.c.action == "post", waiting(_POST))
    early = _is_loud(row) if lane == REPLY else _is_fresh(row)
    return waiting(row), due(row), ~unsent, ~and_(row.c.floor > 0, early)


def _is_loud(row: FromClause) -> ColumnElement[bool]:
    """Return the condition of a reply that would ring too soon after the sound before it."""
    return exists().where(*_sounds(row), _is_lately(_SOUND.c.claimed, row))


def _is_fresh(row: FromClause) -> ColumnElement[bool]:
    """Return the condition of an edit that would come too soon after the one before it."""
    stands = (*_same(_STANDS, row), _STANDS.c.action == "post", _STANDS.c.state == "sent")
    return exists().where(*stands, _is_lately(_STANDS.c.edited, row))


def _is_lately(at: ColumnElement[Any], row: FromClause) -> ColumnElement[bool]:
    """Return the condition that a row's floor is not over since a time; one ahead of us is of a clock that was set back."""
    stamp = extract("epoch", at)
    return and_(stamp + row.c.floor > _STAMP, stamp <= _STAMP + SKEW.total_seconds())


def _is_any(lane: Lane) -> ColumnElement[bool]:
    """Return the condition that anything waits in the lane at all, which spares the walk."""
    if lane == DIGEST:
        return exists().where(literal_column("other.gathered"), waiting(_ANY), _ANY.c.not_before <= _NOW)
    return exists().where(_ANY.c.lane == lane, waiting(_ANY))


def _crowd(lane: Lane) -> ScalarSelect[int]:
    """Return the subquery for the number of posts that could leave together, counted no further than it matters."""
    posts = select(_CROWD.c.id).where(*_posts_in(_CROWD, lane), _CROWD.c.chat_id == _HEAD.c.chat_id)
    posts = posts.where(_CROWD.c.thread_id == _HEAD.c.thread_id).limit(MANY + 1).correlate(_HEAD)
    counted = select(func.count()).select_from(posts.subquery("counted")).correlate(_HEAD).scalar_subquery()
    return case((_HEAD.c.audience == "readers", counted), else_=0)  # type: ignore[return-value]


def _posts_in(row: FromClause, lane: Lane) -> tuple[ColumnElement[bool], ...]:
    """Return the condition of a post that may leave together with others: gathered ones alone, or all of a backlog."""
    lanes = (DIGEST,) if lane == DIGEST else (POST, DIGEST)
    return row.c.lane.in_(lanes), row.c.audience == "readers", waiting(row), due(row)


def _sounds(row: FromClause) -> tuple[ColumnElement[bool], ...]:
    """Return the condition of a post or reply that the row's chat got of the same event."""
    return (*_same(_SOUND, row), _SOUND.c.action.in_(("post", "reply")), _SOUND.c.state == "sent")


def _same(table: FromClause, row: FromClause) -> tuple[ColumnElement[bool], ...]:
    return tuple(table.c[name] == row.c[name] for name in ("event_id", *PLACE))


def _name(table: FromClause) -> str:
    assert isinstance(table, Table | Alias)
    return table.name
