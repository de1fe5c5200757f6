"""What every part of the store shares: the database that it works on, and the short way to it."""

from __future__ import annotations

from bot.adapters.store.engine import Database
from bot.adapters.store.gathering import Gathering
from bot.adapters.store.lookup import Lookup


class Part:
    """One part of the store; all parts of a store share one database. A server is asked no quicker by a short way."""

    def __init__(self, database: Database, lookup: Lookup | None = None) -> None:
        self._database = database
        self._lookup = lookup
        self._gathering = Gathering(database)
