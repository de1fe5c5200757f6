"""Forgets items that told nothing, so that the database does not grow with every news of the world.

What they were known by stays known, or a feed that still has them would bring them again. Items that told of an event are the
truth that the event stands on, and stay.
"""

from __future__ import annotations

from datetime import timedelta

import structlog

from bot.jobs import Job, Ports

LOG = structlog.get_logger(__name__)

SECONDS = 24 * 60 * 60.0
KEPT = timedelta(days=90)
"""How long an item that tells nothing is kept after it was seen first: better word lists may yet read something in it."""


async def prune(ports: Ports) -> None:
    """Forget what is old, some hundreds at a time, so that nothing else waits for long."""
    now, forgotten = ports.clock.now(), 0
    while not ports.stopping() and (some := await ports.store.prune(now - KEPT, now)):
        forgotten += some
    if forgotten:
        LOG.info("items forgotten", items=forgotten)


JOB: Job = Job("prune", SECONDS, prune)
