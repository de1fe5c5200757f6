"""What every part of the store shares: the database that it works on, and the short way to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select

from bot.adapters.store.engine import Database
from bot.adapters.store.gathering import Gathering
from bot.adapters.store.lookup import Lookup


class Part:
    """One part of the store; all parts of a store share one database. A server is asked no quicker by a short way."""

    def __init__(self, database: Database, lookup: Lookup | None = None) -> None:
        self._database = database
        self._lookup = lookup
        self._gathering = Gathering(database)

    async def _rows(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        """Return what a statement finds."""
        return await self._database.look(_all, statement)


def _all(connection: Connection, statement: Select[Any]) -> Sequence[Row[Any]]:
    return connection.execute(statement).all()
