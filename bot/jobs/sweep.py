"""Gives up the polls of workers that were killed or paused, so that their sources, due still, are put down for others."""

from __future__ import annotations

import structlog

from bot.jobs import Job, Ports

LOG = structlog.get_logger(__name__)

SECONDS = 5.0


async def sweep(ports: Ports) -> None:
    """Give up what nobody works on any more."""
    swept = await ports.queue.sweep()
    if swept:
        LOG.warning("polls given up", sources=sorted(swept), reason="their worker was killed, paused or cut off")


JOB: Job = Job("sweep", SECONDS, sweep)
