"""Looks after the sources: what ails one is told to the admins once, and is told again only after it was well meanwhile."""

from __future__ import annotations

import asyncio

import structlog

from bot.core.health import LATELY, PREFIX, REMEMBERED, alarms, lasting
from bot.jobs import Job, Ports

LOG = structlog.get_logger(__name__)

SECONDS = 600.0


async def look(ports: Ports) -> None:
    """Raise the alarms of the sources that ail, and end those of which it is certain that they are over."""
    now = ports.clock.now()
    await ports.diary.forget(now.date() - REMEMBERED)
    pasts = await ports.diary.pasts(now.date() - REMEMBERED, now.date() - LATELY)
    states = await ports.queries.poll_states()
    sources = tuple(ports.sources)
    found = await asyncio.to_thread(alarms, sources, states, pasts, now)
    standing = await ports.queries.standing(PREFIX)
    for alarm in found:
        await ports.alarms.raise_alarm(alarm)
    last = await asyncio.to_thread(lasting, standing, sources, states, pasts, now)
    for key in standing - {alarm.key for alarm in found} - last:
        LOG.info("source is well again", key=key)
        await ports.alarms.clear(key)


JOB: Job = Job("health", SECONDS, look, after=5.0)
