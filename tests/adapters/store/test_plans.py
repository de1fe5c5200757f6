"""The questions asked for every item and every delivery are answered by indexes, however much is stored."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import sqlite

from bot.adapters.store import items, loading, open_store, outbox, rows, tables
from tests.adapters.store.values import KEY, NOW, entry

QUESTIONS = {
    "candidates": (loading.sharing([KEY]), []),
    "reports": (loading.reports_in([1, 2]), ["ix_report_event_id"]),
    "rulings": (loading.rulings_on([1, 2]), ["ix_report_event_id", "ix_ruling_report", "ix_ruling_other"]),
    "keys": (select(tables.blocking_key).where(tables.blocking_key.c.event_id.in_([1])), ["ix_blockingkey_event_id"]),
    "unseen": (items.lookup([rows.identify(entry())]), ["ix_item_link", "ix_item_fingerprint"]),
    "claim": (
        outbox.heads(NOW, 10),
        ["ix_delivery_queue", "ix_delivery_waiting", "ix_delivery_in_flight"],
    ),
    "unknown": (select(tables.delivery.c.id).where(outbox.in_flight(tables.delivery)), ["ix_delivery_in_flight"]),
}


async def plan_of(path, asked: str, given=()) -> list[str]:
    store = await open_store(f"sqlite:///{path / 'vistka.db'}")
    async with store._database.read() as connection:
        plan = (await connection.exec_driver_sql("EXPLAIN QUERY PLAN " + asked, given)).all()
    await store.close()
    return [row[3] for row in plan]


@pytest.mark.parametrize("question", QUESTIONS)
async def test_sqlite_answers_by_index_alone(tmp_path, question):
    statement, indexes = QUESTIONS[question]
    asked = str(statement.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
    plan = await plan_of(tmp_path, asked)
    assert all("INDEX" in step or "KEY" in step for step in plan if step.startswith(("SCAN", "SEARCH")))
    assert [index for index in indexes if index not in " ".join(plan)] == []


@pytest.mark.parametrize("written", [loading._SHARING, loading._REPORTS, loading._RULINGS])
async def test_what_is_asked_the_short_way_is_answered_by_index_too(tmp_path, written):
    plan = await plan_of(tmp_path, written.text, {**written._constants, "listed": "[1, 2]"})
    assert all("INDEX" in step or "KEY" in step for step in plan if step.startswith(("SCAN", "SEARCH")))
