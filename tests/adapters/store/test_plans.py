"""The questions asked for every item and every delivery are answered by indexes, however much is stored."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.dialects import sqlite

from bot.adapters.store import items, open_store, outbox, rows, tables
from tests.adapters.store.values import KEY, NOW, entry

FOUND = select(tables.blocking_key.c.event_id).where(tables.blocking_key.c.key.in_([KEY]))
QUESTIONS = {
    "candidates": (select(tables.event).where(tables.event.c.id.in_(FOUND)), []),
    "reports": (select(tables.report).where(tables.report.c.event_id.in_([1, 2])), ["ix_report_event_id"]),
    "unseen": (items.lookup([rows.identify(entry())]), ["ix_item_link", "ix_item_fingerprint"]),
    "claim": (
        outbox.heads(NOW, 10),
        ["ix_delivery_queue", "ix_delivery_waiting", "ix_delivery_in_flight"],
    ),
    "unknown": (select(tables.delivery.c.id).where(outbox.in_flight(tables.delivery)), ["ix_delivery_in_flight"]),
}


@pytest.mark.parametrize("question", QUESTIONS)
async def test_sqlite_answers_by_index_alone(tmp_path, question):
    statement, indexes = QUESTIONS[question]
    asked = str(statement.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
    store = await open_store(f"sqlite:///{tmp_path / 'vistka.db'}")
    async with store._database.read() as connection:
        plan = [row[3] for row in await connection.execute(text("EXPLAIN QUERY PLAN " + asked.replace(":", r"\:")))]
    await store.close()
    assert all("INDEX" in step or "KEY" in step for step in plan if step.startswith(("SCAN", "SEARCH")))
    assert [index for index in indexes if index not in " ".join(plan)] == []
