"""Rulings: kept for good, in force until they are taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from bot.adapters.store import folds, rows, tables
from bot.adapters.store.engine import insert
from bot.core.model import ReportId, Ruling
from bot.ports import PermanentError

_TABLE, _REPORT = tables.ruling.c, tables.report.c


def add(connection: Connection, ruling: Ruling) -> None:
    """Store a ruling on the event that its report stands in now."""
    report = _row_of(connection, ruling.report)
    other = _row_of(connection, ruling.other) if ruling.other else None
    values = {"event_id": report.event_id, "report_id": report.id, "other_id": other.id if other else None}
    connection.execute(insert(connection, tables.ruling), values | folds.ruling_values(ruling))


def hand_on(connection: Connection, ruling: Ruling) -> None:
    """Let a ruling name other reports than it did."""
    report = _row_of(connection, ruling.report)
    other = _row_of(connection, ruling.other) if ruling.other else None
    values = {
        "report_id": report.id,
        "other_id": other.id if other else None,
        "ruling": folds.ruling_values(ruling)["ruling"],
    }
    connection.execute(update(tables.ruling).where(_TABLE.id == ruling.id).values(values))


def take_back(connection: Connection, number: int, by: int, at: datetime) -> None:
    """Mark a ruling as no longer in force; raise PermanentError where it is not."""
    in_force = update(tables.ruling).where(_TABLE.id == number, _TABLE.undone_at.is_(None))
    ended = connection.execute(in_force.values(undone_by=by, undone_at=at))
    if ended.rowcount != 1:
        raise PermanentError(f"ruling {number} is not in force")


def _row_of(connection: Connection, report: ReportId) -> Row[Any, Any]:
    source_id, item_id, position = report
    found = select(_REPORT.id, _REPORT.event_id).join(tables.item, tables.item.c.id == _REPORT.item_id)
    item = tables.item.c.identity == rows.guid_digest(source_id, item_id)
    row = connection.execute(found.where(item, _REPORT.position == position)).one_or_none()
    if row is None:
        raise PermanentError("the report that the ruling names is not stored")
    return row
