"""Tells the admins what ails the bot: each alarm once, all that is new in one message to each of them.

An alarm counts as told once one admin was reached. Where there is nobody to tell, it is left to the log.
"""

from __future__ import annotations

import asyncio

import structlog

from bot.core.model import Message
from bot.jobs import Job, Ports
from bot.ports import TemporaryError, VistkaError

log = structlog.get_logger()

SECONDS = 15.0


async def tell(ports: Ports) -> None:
    """Tell every admin, all at once, what nobody was told of yet; where Telegram asks to wait, the next round does."""
    untold = await ports.alarms.untold()
    if not untold:
        return
    for alarm in untold:
        log.warning("alarm", key=alarm.key, phrase=alarm.phrase, **alarm.values)
    message = ports.render.alarms(untold, ports.language)
    reached = await asyncio.gather(*(_reach(ports, admin, message) for admin in ports.admins))
    if any(reached) or None not in reached:
        await ports.alarms.told([alarm.key for alarm in untold])


async def _reach(ports: Ports, admin: int, message: Message) -> bool | None:
    """Tell one admin; return whether that worked, None where it may work later. What may have arrived is not said twice."""
    try:
        await ports.publish.post(admin, 0, message)
    except TemporaryError as error:
        log.warning("an admin is to be told later", admin=admin, reason=str(error))
        return None
    except VistkaError as error:
        log.warning("an admin cannot be told", admin=admin, reason=str(error))
        return False
    return True


JOB: Job = Job("alarms", SECONDS, tell, role="sender")
