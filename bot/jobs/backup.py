"""Backs the store up once a day, where the operator named a folder, and takes old backups away.

When the last one was made says the folder, so that a restart neither skips one nor makes one too many. Where it cannot be made,
the admins hear of it once, and it is tried again with every tick.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from bot.core.model import Alarm
from bot.core.retention import kept
from bot.jobs import Job, Ports
from bot.ports import Backups, VistkaError

LOG = structlog.get_logger(__name__)

SECONDS = 60 * 60.0
EVERY = timedelta(days=1)
KEY = "backup"


async def back_up(ports: Ports) -> None:
    """Make a backup where the newest is a day old."""
    if ports.backups is None:
        return
    now = ports.clock.now()
    try:
        await _make(ports.backups, now)
        await _note(ports, ports.backups)
    except VistkaError as error:
        if not ports.stopping():
            LOG.warning("no backup was made", reason=str(error))
            await ports.alarms.raise_alarm(Alarm(KEY, "alarm.backup", {"error": str(error)}, now))
    else:
        await ports.alarms.clear(KEY)


async def _note(ports: Ports, backups: Backups) -> None:
    """Say when the newest one was made."""
    newest = max(await backups.made(), default=None)
    ports.tally.note("backup_newest_timestamp_seconds", newest.timestamp() if newest else 0.0)


async def _make(backups: Backups, now: datetime) -> None:
    made = await backups.made()
    if any(abs(now - at) < EVERY for at in made):
        return
    path = await backups.make(now)
    try:
        gone = await backups.thin(kept(await backups.made()))
    except VistkaError as error:
        LOG.warning("old backups stay", reason=str(error))
        gone = 0
    LOG.info("backup made", path=path, older_taken_away=gone)


JOB: Job = Job("backup", SECONDS, back_up)
