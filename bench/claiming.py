"""What it costs to choose what leaves next, in processor time: on SQLite, in the event loop's thread and the driver's.

(many) 10,000 posts wait for 550 chats; (few) one edit waits among 100,000 chats, and is not due. `python bench/claiming.py`.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlalchemy import text

from bot.adapters.store import SqlStore, open_store
from bot.core.model import Planned
from tests.adapters.records import opened

ROUNDS = 200
AT_ONCE = 24


async def many(store: SqlStore) -> None:
    """Measure a claim and a mark, as the job makes them: one at a time, beside chats that rest."""
    chats = range(1, 551)
    for number in range(10):
        await opened(store, number, tuple(Planned(chat, 0, "uk", "post") for chat in chats))
    for number in range(10, 20):
        await opened(store, number, tuple(Planned(chat + 1000, 0, "uk", "post") for chat in range(450)))
    claims: list[float] = []
    marks: list[float] = []
    resting: list[int] = []
    for _ in range(ROUNDS):
        start = time.process_time()
        claimed = await store.claim(datetime.fromtimestamp(time.time(), UTC), 1, resting[-30:])
        claims.append(time.process_time() - start)
        start = time.process_time()
        await store.sent(claimed[0], 7, "shown")
        marks.append(time.process_time() - start)
        resting.append(claimed[0].chat_id)
    print(f"10,000 waiting: a claim {_told(claims)}, a mark {_told(marks)}")


async def few(store: SqlStore, chats: int) -> None:
    """Measure a claim that finds nothing due."""
    plan = tuple(Planned(chat, 0, "uk", "post") for chat in range(1, chats + 1))
    await opened(store, 1, plan)
    later = datetime.fromtimestamp(time.time(), UTC) + timedelta(hours=1)
    async with store._database.write() as connection:  # noqa: SLF001
        await connection.execute(text("UPDATE delivery SET state = 'sent', message_id = 7"))
        await connection.execute(
            text("UPDATE delivery SET state = 'pending', action = 'edit', lane = 2, not_before = :later WHERE id = 5"),
            {"later": later.replace(tzinfo=None).isoformat(" ")},
        )
    claims: list[float] = []
    for _ in range(ROUNDS // 4):
        start = time.process_time()
        assert await store.claim(datetime.fromtimestamp(time.time(), UTC), AT_ONCE) == ()
        claims.append(time.process_time() - start)
    print(f"one not due among {chats:,} chats: a claim {_told(claims)}")


def _told(costs: list[float]) -> str:
    return f"{statistics.median(costs) * 1000:.2f} ms"


async def main() -> None:
    """Measure both."""
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(f"sqlite:///{folder}/many.sqlite3")
        await many(store)
        await store.close()
        store = await open_store(f"sqlite:///{folder}/few.sqlite3")
        await few(store, 100_000)
        await store.close()


if __name__ == "__main__":
    asyncio.run(main())
