"""Puts the sources that are due into the queue, whose lanes poll them: `bot.polling`.

The tick does not wait for them: a slow host holds up its own lane and nothing else.
"""

from __future__ import annotations

from bot.jobs import Job, Ports


async def poll(ports: Ports) -> None:
    """Let every source that is due be polled, unless it is under way already."""
    while not ports.stopping():
        due = await ports.polling.due()
        put = [await ports.queue.put(source_id, lane) for source_id, lane in due]
        ports.polling.drop([source_id for (source_id, _), taken in zip(due, put, strict=True) if not taken])
        if not any(put):
            break


JOB: Job = Job("poll", seconds=2.0, run=poll)
