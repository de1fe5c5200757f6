"""The schema brought up to date when the database is opened, but never under a program that works with the older one.

Who works on it is seen by its leases and by the workers of its queue. A process of this machine lives or has ended; of another one's
it takes a moment to see whether it renews its lease. Nobody can take one while the schema is changed.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence

from sqlalchemy import URL, Connection

from bot.adapters.process import is_alive
from bot.adapters.store.engine import shown
from bot.adapters.store.fencing import ALONE
from bot.adapters.store.running import BEAT, held, stirred
from bot.adapters.store.schema import bring, changing, current_revision, revisions
from bot.core.model import Lease
from bot.ports import PermanentError


async def bring_up_to_date(url: URL) -> None:
    """Bring the schema to that of this program.

    Raises PermanentError where the database or its schema is not fit for us, or another program works with an older one.
    """
    await asyncio.to_thread(upgrade_alone, url)


def upgrade_alone(url: URL, pause: Callable[[float], object] = time.sleep) -> None:
    """Do so in this thread, with a `pause` of so many seconds where it takes one to see whether somebody works on the database."""
    with changing(url) as connection:
        doubtful = _users(connection, shown(url))
        if not doubtful:
            bring(connection, shown(url))
            return
    pause(BEAT)
    with changing(url) as connection:
        _users(connection, shown(url), doubtful)
        bring(connection, shown(url))


def _users(connection: Connection, name: str, before: Sequence[Lease] | None = None) -> Sequence[Lease]:
    """Return the leases of an older schema of whose holders nobody knows; raise PermanentError where one surely works with it.

    Those that are as they were `before` are renewed no more.
    """
    current = current_revision(connection)
    if current is None or current == revisions()[-1]:
        return ()
    if connection.dialect.name == "postgresql":
        connection.execute(ALONE)
    leases = held(connection)
    living = [str(lease.holder) for lease in leases if lease.holder and is_alive(lease.holder)]
    if someone := stirred(connection, leases if before is None else before) or ", ".join(sorted(set(living))):
        raise PermanentError(
            f"{name} has schema {current}, older than this program, and {someone} works with it: stop that first; nothing is changed"
        )
    return leases if before is None else ()
