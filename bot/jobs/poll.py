"""Puts the sources that are due into the queue, whose lanes poll them: `bot.polling`.

The tick does not wait for them: a slow host holds up its own lane and nothing else.
"""

from __future__ import annotations

from bot.jobs import Job, Ports


async def poll(ports: Ports) -> None:
    """Let every source that is due be polled, unless it is under way already."""
    while not ports.stopping():
        elsewhere = await ports.queue.elsewhere()
        if ports.queue.is_afar:
            ports.tally.note("queue_sources", len(elsewhere))
        due = await ports.polling.due(elsewhere=elsewhere)
        put = await ports.queue.put(due)
        others = [name for (name, _), taken in zip(due, put, strict=True) if not taken or ports.queue.is_afar]
        ports.polling.drop(others)
        if not any(put):
            break


JOB: Job = Job("poll", seconds=2.0, run=poll, early=True)
