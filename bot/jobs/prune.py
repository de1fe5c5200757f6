"""Forgets what is of no use any more, so that the database does not grow with every news of the world.

Items that told nothing go after three months; what they were known by stays known, or a feed that still has them would bring them
again. Where there is an archive, their texts are in it first, by months of the calendar, so that a month can be replayed. Items
that told of an event are the truth that the event stands on, and stay; so do events, reports, rulings and what changed when.

Deliveries that ended go when nothing was heard of their event for long: edits, and what was given up, with the items; posts and
replies after a year, in which a late correction still reaches every copy of a post. An archive that cannot be written holds up
neither these nor the traces of what went long ago.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime, timedelta

import structlog

from bot.core.model import Alarm
from bot.jobs import Job, Ports
from bot.ports import Archive, VistkaError

LOG = structlog.get_logger(__name__)

SECONDS = 24 * 60 * 60.0
KEPT = timedelta(days=90)
"""How long an item that tells nothing is kept after it was seen first: better word lists may yet read something in it."""
POSTS_KEPT = timedelta(days=365)
"""How long after an event was last heard of its posts are known, so that they are edited when something is heard again."""
KEY = "archive"


async def prune(ports: Ports) -> None:
    """Forget what is old, some hundreds at a time, so that nothing else waits for long."""
    now = ports.clock.now()
    before = now - KEPT if ports.archive is None else month_of(now - KEPT)
    items = 0
    deliveries = await _all(ports, ports.store.let_go(now - KEPT, now - POSTS_KEPT))
    traces = await _all(ports, ports.store.forget_traces(now))
    if ports.archive is None or await _archived(ports, ports.archive, before):
        items = await _all(ports, ports.store.prune(before, now))
    if items or deliveries or traces:
        LOG.info("forgotten", items=items, deliveries=deliveries, traces=traces)


def month_of(at: datetime) -> datetime:
    """Return the beginning of a time's month."""
    return at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


async def _archived(ports: Ports, archive: Archive, before: datetime) -> bool:
    """Write the month that ends then to the archive; return whether what is older may be forgotten."""
    try:
        path = await archive.write(month_of(before - timedelta(days=1)), before)
    except VistkaError as error:
        if not ports.stopping():
            LOG.warning("old news was not archived, and is kept", reason=str(error))
            await ports.alarms.raise_alarm(Alarm(KEY, "alarm.archive", {"error": str(error)}, ports.clock.now()))
        return False
    await ports.alarms.clear(KEY)
    if path:
        LOG.info("old news archived", path=path)
    return True


async def _all(ports: Ports, steps: AsyncGenerator[int]) -> int:
    """Take one step after the other until all is done, or the daemon is told to stop."""
    total = 0
    async with aclosing(steps) as taken:
        async for gone in taken:
            total += gone
            if ports.stopping():
                break
    return total


JOB: Job = Job("prune", SECONDS, prune)
