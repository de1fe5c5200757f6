"""Asks the hubs that feeds name to push what is new, and renews what they granted before it ends."""

from __future__ import annotations

from bot.jobs import Job, Ports


async def tend(ports: Ports) -> None:
    """Ask what is due, where there is an address that hubs can push to."""
    if ports.hubs is not None:
        await ports.hubs.tend()


JOB: Job = Job("websub", seconds=2.0, run=tend)
