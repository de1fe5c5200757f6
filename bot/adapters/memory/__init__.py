"""A store without a database: everything in dictionaries, gone with the process.

It answers to the same ports as `bot.adapters.store` and passes the same tests (`tests/adapters/store_contract.py`), so
that `vistka replay` and tests of jobs and handlers run the daemon's own code without a file. Between two awaits nothing
else runs, so each method is one transaction.
"""

from __future__ import annotations

from bot.adapters.memory.diary import Diary
from bot.adapters.memory.events import Events
from bot.adapters.memory.exports import Exports
from bot.adapters.memory.hubs import Hubs
from bot.adapters.memory.leases import Leases
from bot.adapters.memory.people import People
from bot.adapters.memory.polls import Polls
from bot.adapters.memory.queries import Queries
from bot.adapters.memory.watching import Watching

__all__ = ["Memory"]


class Memory(Polls, Events, Queries, People, Diary, Hubs, Leases, Watching, Exports):
    """All ports of the store over one set of tables in memory."""
