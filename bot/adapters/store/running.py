"""Whether a daemon works on a database, told from outside it: by its leases, and by the workers of its queue."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection

from sqlalchemy import URL, Connection, column, func, inspect, select, table, text

from bot.adapters.process import is_gone
from bot.adapters.store import tables
from bot.adapters.store.fencing import lease_of
from bot.adapters.store.schema import is_there, looking
from bot.core.model import Lease

BEAT = 8.0
"""Seconds in which a lease that somebody holds is renewed, at the latest."""
_QUEUES = text("SELECT table_schema FROM information_schema.tables WHERE table_name = 'procrastinate_workers'")
"""Each version of the queue has a schema of its own."""
_LIVES = text("last_heartbeat > now() - interval '30 seconds'")


def running(url: URL, pause: Callable[[float], object] = time.sleep) -> str:
    """Return in words who works on a database, "" for nobody.

    A process of this machine that ended is known at once; of others it takes a pause to see whether they renew their lease.
    """
    if not is_there(url):
        return ""
    before = seen(url)
    with looking(url) as connection:
        if someone := stirred(connection, before):
            return someone
    if not before:
        return ""
    pause(BEAT)
    with looking(url) as connection:
        return stirred(connection, before)


def seen(url: URL) -> list[Lease]:
    """Return the leases as they are."""
    if not is_there(url):
        return []
    with looking(url) as connection:
        return held(connection)


def stirred(connection: Connection, before: Collection[Lease]) -> str:
    """Return in words who has begun to work on a database, or has renewed a lease, since its leases were as before."""
    if workers := _workers(connection):
        return "a worker" if workers == 1 else f"{workers} workers"
    return ", ".join(sorted({str(lease.holder) for lease in held(connection) if lease not in before}))


def held(connection: Connection) -> list[Lease]:
    """Return the leases whose holder has not surely ended."""
    if not inspect(connection).has_table(tables.lease.name):
        return []
    found = [lease_of(row) for row in connection.execute(select(tables.lease))]
    return [lease for lease in found if lease.holder and not is_gone(lease.holder)]


def _workers(connection: Connection) -> int:
    """Return how many workers take sources out of the queue, of whatever version."""
    if connection.dialect.name != "postgresql":
        return 0
    queues = [
        table("procrastinate_workers", column("last_heartbeat"), schema=schema)
        for schema in connection.scalars(_QUEUES)
    ]
    return sum(connection.scalar(select(func.count()).select_from(queue).where(_LIVES)) or 0 for queue in queues)
