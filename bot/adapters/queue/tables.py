"""The tables of the queue: a schema of their own in the database, made by the library's own script.

What waits in the queue is due in the store as well, so that nothing is lost with these tables. They have no migrations: each
version of the library gets a schema of its name, and the schemas of older versions go.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Final

from procrastinate.schema import SchemaManager
from psycopg import AsyncConnection, Error, OperationalError
from psycopg.sql import SQL, Identifier

from bot.ports import PermanentError, TemporaryError

FAMILY: Final = "vistka_queue_"
SCHEMA: Final = FAMILY + version("procrastinate").replace(".", "_")
_LOCK: Final = 0x51554555
INDEX: Final = "vistka_jobs_lock"
"""Before it takes a job the library looks for others with its lock, and has an index that begins with another column."""
CONNECT_SECONDS: Final = 10


async def prepare(address: str, name: str) -> None:
    """Make the tables where they are missing. Of several processes that start at once one does it, and the others wait.

    `name` is what the database is called before people.
    """
    try:
        async with await AsyncConnection.connect(address, connect_timeout=CONNECT_SECONDS) as connection:
            await connection.execute(SQL("SELECT pg_advisory_xact_lock({})").format(_LOCK))
            found = await _schemas(connection)
            if SCHEMA not in found:
                await _make(connection)
            for each in (each for each in found if _age(each) < _age(SCHEMA)):
                await connection.execute(SQL("DROP SCHEMA {} CASCADE").format(Identifier(each)))
    except OperationalError as error:
        raise TemporaryError(f"{name}: {_line(error)}; check that it is reachable") from None
    except Error as error:
        remedy = "grant the user CREATE on the database, for the schema of the queue"
        raise PermanentError(f"{name}: {_line(error)}; {remedy}") from None


async def _schemas(connection: AsyncConnection) -> list[str]:
    found = await connection.execute(
        SQL("SELECT nspname FROM pg_namespace WHERE starts_with(nspname, {})").format(FAMILY)
    )
    return [str(name) for (name,) in await found.fetchall()]


async def _make(connection: AsyncConnection) -> None:
    schema = Identifier(SCHEMA)
    await connection.execute(SQL("CREATE SCHEMA {}").format(schema))
    await connection.execute(SQL("SET LOCAL search_path TO {}").format(schema))
    await connection.execute(SchemaManager.get_schema().encode())
    await connection.execute(SQL("CREATE INDEX {} ON procrastinate_jobs (lock)").format(Identifier(INDEX)))


def _age(schema: str) -> tuple[int, ...]:
    return tuple(int(part) for part in schema.removeprefix(FAMILY).split("_") if part.isdigit())


def _line(error: Error) -> str:
    return next(iter(str(error).strip().splitlines()), "no reason given")
