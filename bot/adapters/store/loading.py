"""Events out of their rows: three questions however many events, one for them, one for their reports, one for rulings."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, TypeAlias

from sqlalchemy import CompoundSelect, Connection, Row, Select, select, union

from bot.adapters.store import folds, tables
from bot.adapters.store.lookup import Written
from bot.core.model import Event

Listed: TypeAlias = Collection[Any] | Select[Any]
_EVENT, _REPORT, _RULING = tables.event.c, tables.report.c, tables.ruling.c


def load(connection: Connection, statement: Select[Any]) -> tuple[Event, ...]:
    """Return the events that the statement selects, in its order, with their reports and rulings."""
    found = connection.execute(statement).all()
    if not found:
        return ()
    numbers = [row.id for row in found]
    reports = connection.execute(reports_in(numbers)).all()
    rulings = connection.execute(rulings_on(numbers)).all()
    return assembled(found, reports, rulings)


def looked_up(driver: sqlite3.Connection, keys: Collection[str]) -> tuple[Event, ...]:
    """Return the events that share one of the blocking keys, the short way."""
    found = _SHARING.ask(driver, keys)
    if not found:
        return ()
    numbers = [row.id for row in found]
    return assembled(found, _REPORTS.ask(driver, numbers), _RULINGS.ask(driver, numbers))


def sharing(keys: Listed) -> Select[Any]:
    """Return the query for the events that share one of the blocking keys, oldest first."""
    found = select(tables.blocking_key.c.event_id).where(tables.blocking_key.c.key.in_(keys))
    wanted = select(tables.event).where(_EVENT.id.in_(found), _EVENT.merged_into == 0)
    return wanted.order_by(_EVENT.opened, _EVENT.id)


def reports_in(events: Listed) -> Select[Any]:
    """Return the query for the reports of events."""
    wanted = (_REPORT.id, _REPORT.event_id, _REPORT.position, _REPORT.report)
    return select(*wanted).where(_REPORT.event_id.in_(events), ~_REPORT.gone)


def rulings_on(events: Listed) -> CompoundSelect[Any]:
    """Return the query for the rulings in force that name a report of one of the events."""
    halves = [
        select(_RULING.id, _RULING.ruling, _REPORT.event_id)
        .join_from(tables.report, tables.ruling, named == _REPORT.id)
        .where(_REPORT.event_id.in_(events), _RULING.undone_at.is_(None))
        for named in (_RULING.report_id, _RULING.other_id)
    ]
    return union(*halves)


def assembled(found: Iterable[Row[Any]], reports: Iterable[Row[Any]], rulings: Iterable[Row[Any]]) -> tuple[Event, ...]:
    """Return the events of the rows, in their order."""
    said, ruled = _by_event(reports), _by_event(sorted(rulings, key=lambda row: row.id))
    return tuple(folds.event_of(row, said.get(row.id, ()), ruled.get(row.id, ())) for row in found)


def _by_event(found: Iterable[Row[Any]]) -> defaultdict[int, list[Row[Any]]]:
    grouped: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in found:
        grouped[row.event_id].append(row)
    return grouped


_SHARING, _REPORTS, _RULINGS = Written(sharing), Written(reports_in), Written(rulings_on)
