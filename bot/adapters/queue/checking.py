"""Whether the queue in PostgreSQL is fit for workers: its tables are those of the library that this program has, and nothing hangs in it.

Looked at from outside, by who need not be a worker: nothing is made or mended here. A daemon that does all alone needs none of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from procrastinate.schema import SchemaManager
from psycopg import Connection, Error, connect
from psycopg.sql import SQL, Composed, Identifier

from bot.adapters.queue.heart import HEART
from bot.adapters.queue.shared import ENDLESS, LONGEST_POLL
from bot.adapters.queue.tables import CONNECT_SECONDS, FAMILY, INDEX, SCHEMA
from bot.adapters.store import address_of
from bot.adapters.store.keeping import Finding

_MADE: Final = re.compile(r"CREATE (?:UNIQUE )?(?:TABLE|INDEX|FUNCTION|TRIGGER|TYPE) (\w+)")
_FOUND: Final = SQL("""
    SELECT relname FROM pg_class WHERE relnamespace = {0}::regnamespace
    UNION SELECT proname FROM pg_proc WHERE pronamespace = {0}::regnamespace
    UNION SELECT typname FROM pg_type WHERE typnamespace = {0}::regnamespace
    UNION SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE relnamespace = {0}::regnamespace
""")
_SILENT: Final = SQL("last_heartbeat < now() - make_interval(secs => {})").format(HEART.silent)
_ALIVE: Final = SQL("SELECT count(*) FROM procrastinate_workers WHERE NOT {}").format(_SILENT)
_LEFT: Final = SQL(
    "SELECT queueing_lock FROM procrastinate_jobs LEFT JOIN procrastinate_workers AS worker ON worker.id = worker_id "
    "WHERE status = 'doing' AND (worker.id IS NULL OR {})"
).format(_SILENT)
_WAITING: Final = SQL("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")
_SHOWN: Final = 3


def queue_findings(url: str) -> Iterator[Finding]:
    """Yield what is found out about the queue in the database at an address, which is one of a server."""
    address, name = address_of(url)
    try:
        with connect(address, connect_timeout=CONNECT_SECONDS) as connection:
            schema = _schema(connection)
            yield schema
            if not schema.bad and _schemas(connection):
                connection.execute(SQL("SET LOCAL search_path TO {}").format(Identifier(SCHEMA)))
                yield _polls(connection)
    except Error as error:
        said = str(error).strip().partition("\n")[0]
        yield Finding("queue", f"{name}: {said}; check that it is reachable, and the rights of its user", bad=True)


def _schemas(connection: Connection[Any]) -> list[str]:
    return _column(connection, SQL("SELECT nspname FROM pg_namespace WHERE starts_with(nspname, {})").format(FAMILY))


def _schema(connection: Connection[Any]) -> Finding:
    """Compare what there is with what the library's own script would make."""
    found = _schemas(connection)
    if not found:
        return Finding("queue", "none, as no worker was ever started")
    if SCHEMA not in found:
        others = ", ".join(sorted(found))
        line = f"{others}, of another version than this program's {SCHEMA}; have all processes of one version, and start them anew"
        return Finding("queue", line, bad=True)
    wanted = {*_MADE.findall(SchemaManager.get_schema()), INDEX}
    missing = sorted(wanted.difference(_column(connection, _FOUND.format(SCHEMA))))
    if missing:
        named = ", ".join(missing[:_SHOWN]) + (", …" if missing[_SHOWN:] else "")
        line = f"{SCHEMA} lacks {named}; stop all processes, drop that schema, and start them: nothing is lost with it"
        return Finding("queue", line, bad=True)
    return Finding("queue", f"{SCHEMA}, which is that of this program")


def _polls(connection: Connection[Any]) -> Finding:
    """Look for polls that hang: of workers that are silent, or for longer than any poll takes; and for those that nobody takes."""
    (alive,), (waiting,) = (_column(connection, question) for question in (_ALIVE, _WAITING))
    endless = (name for _, name in connection.execute(ENDLESS, {"seconds": LONGEST_POLL}))
    hanging = sorted({*_column(connection, _LEFT), *endless})
    workers = f"workers that live: {alive}, polls that wait: {waiting}"
    if hanging:
        named = ", ".join(hanging[:_SHOWN])
        line = f"{workers}, that hang: {len(hanging)} ({named}); see that vistka run --role scheduler runs, which gives them up"
        return Finding("polls", line, bad=True)
    if waiting and not alive:
        return Finding("polls", f"{workers}; start vistka run --role worker", bad=True)
    return Finding("polls", workers)


def _column(connection: Connection[Any], question: SQL | Composed) -> list[Any]:
    return [value for (value,) in connection.execute(question)]
