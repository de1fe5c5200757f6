"""What waits for the readers of one place, and becomes of it when the place's subscription changes or ends."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store import tables
from bot.adapters.store.loading import load
from bot.adapters.store.turns import ROW, waiting
from bot.core.model import Subscription
from bot.core.policy import LANES, POST, drops, next_digest
from bot.ports import Choice


def bury(connection: Connection, condition: ColumnElement[bool], reason: str) -> None:
    """Give up deliveries."""
    buried = update(tables.delivery).where(condition)
    connection.execute(buried.values(state="dead", reason=reason, digest=None))


async def leave(connection: AsyncConnection, chat_id: int, thread_id: int) -> None:
    """Give up all that waits for a place that wants no more."""
    await connection.run_sync(bury, _here(chat_id, thread_id), "unsubscribed")


async def follow(connection: AsyncConnection, before: Subscription, after: Subscription, choice: Choice) -> None:
    """Let what waits be what the place wants now: the events, their language, and when the next digest comes."""
    here = _here(after.chat_id, after.thread_id)
    posts = select(ROW.event_id).where(here, ROW.action == "post")
    events = await connection.run_sync(load, select(tables.event).where(tables.event.c.id.in_(posts)))
    dropped = [event.id for event in events if drops(before, after, event, choice.kinds[event.kind])]
    if dropped:
        await connection.run_sync(
            bury, here & ROW.event_id.in_(dropped) & (ROW.action == "post"), "not wanted any more"
        )
    await connection.execute(update(tables.delivery).where(here).values(language=after.language))
    await _put_off(connection, here, next_digest(after, choice.at), choice.at)


async def _put_off(connection: AsyncConnection, here: ColumnElement[bool], due: datetime | None, now: datetime) -> None:
    """Let the posts of a digest to come leave with the next one, or, without one, at once."""
    later = update(tables.delivery).where(here, ROW.gathered, ROW.state == "pending", ROW.not_before > now)
    then = {"not_before": due} if due else {"not_before": None, "gathered": False, "lane": POST}
    await connection.execute(later.values(then))


def _here(chat_id: int, thread_id: int) -> ColumnElement[bool]:
    """Return the condition of a delivery that waits for the readers of a place, as the index of the queue has it."""
    place = (ROW.chat_id == chat_id) & (ROW.thread_id == thread_id) & (ROW.audience == "readers")
    return ROW.lane.in_(LANES) & place & waiting(tables.delivery)
