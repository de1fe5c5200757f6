"""What every part of the store shares: the database it works on."""

from __future__ import annotations

from bot.adapters.store.engine import Database


class Part:
    """One part of the store; all parts of a store share one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
