"""The store: SQLite or PostgreSQL behind the ports of the newsroom and of those who ask it."""

from __future__ import annotations

from bot.adapters.store.diary import Diary
from bot.adapters.store.engine import Database, address_of, is_server, parse
from bot.adapters.store.events import Events
from bot.adapters.store.exports import Exports
from bot.adapters.store.hubs import Hubs
from bot.adapters.store.items import Items
from bot.adapters.store.leases import Leases
from bot.adapters.store.lookup import Lookup
from bot.adapters.store.outbox import Outbox
from bot.adapters.store.people import People
from bot.adapters.store.polls import Polls
from bot.adapters.store.pruning import Pruning
from bot.adapters.store.queries import Queries
from bot.adapters.store.schema import refuse_newer
from bot.adapters.store.subscriptions import Subscriptions
from bot.adapters.store.updates import Updates
from bot.adapters.store.upgrading import bring_up_to_date
from bot.adapters.store.watching import Watching

__all__ = ["SqlStore", "address_of", "is_server", "open_store", "parse"]


class SqlStore(
    Polls,
    Items,
    Events,
    Subscriptions,
    Outbox,
    Queries,
    Updates,
    People,
    Diary,
    Hubs,
    Leases,
    Watching,
    Exports,
    Pruning,
):
    """One database behind all ports. Any number of coroutines may use it at once."""

    async def fit(self) -> None:
        """Raise PermanentError where a newer program has changed the schema since it was opened."""
        await self._database.look(refuse_newer, self._database.name)

    async def close(self) -> None:
        """Close every connection; the store is of no use afterwards."""
        if self._lookup:
            self._lookup.close()
        await self._database.close()


async def open_store(url: str) -> SqlStore:
    """Open the database at `sqlite:///path` or `postgresql://...` and bring its schema up to date.

    Raises PermanentError, in one line that shows no password, where the address is wrong, the database cannot be
    reached or read, its schema is newer than the program, or older while another program works with it.
    """
    address = parse(url)
    await bring_up_to_date(address)
    return SqlStore(Database(address), None if is_server(address) else Lookup(address))
