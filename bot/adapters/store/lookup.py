"""Questions that are asked for every report, past the SQL toolkit and past the driver's thread.

On SQLite both take longer than the database itself: a tenth of a millisecond for rows found by index is spent more quickly
in the event loop than handed to a thread and back, with every step of every statement a trip of its own. The statements
are the toolkit's; they are written out once.
"""

from __future__ import annotations

import json
import sqlite3
from collections import namedtuple
from collections.abc import Callable, Collection, Iterable
from typing import Any, TypeVar

from sqlalchemy import (
    URL,
    CompoundSelect,
    NullPool,
    PoolProxiedConnection,
    Select,
    bindparam,
    create_engine,
    exc,
    func,
    select,
)
from sqlalchemy.dialects import sqlite

from bot.adapters.store.engine import explain, options, prepare_sqlite, shown

T = TypeVar("T")

_PATIENCE = 0.25
"""Seconds that everybody waits for a database that cannot be read, which hardly happens: writers stop no readers."""
_DIALECT = sqlite.dialect(paramstyle="named")


class Written:
    """A statement about the members of some lists, written out for SQLite. A list goes in as JSON, whatever its length."""

    def __init__(self, build: Callable[..., Select[Any] | CompoundSelect[Any]], lists: int = 1) -> None:
        self.build = build
        self.lists = tuple(f"listed_{place}" for place in range(lists))
        statement = build(*map(_members, self.lists))
        compiled = statement.compile(dialect=_DIALECT)
        columns = list(statement.selected_columns)
        self.text = str(compiled)
        self._constants = {name: value for name, value in compiled.params.items() if name not in self.lists}
        self._row: Any = namedtuple("Row", [column.key for column in columns])  # type: ignore[misc]  # noqa: PYI024
        readers = (column.type.dialect_impl(_DIALECT).result_processor(_DIALECT, None) for column in columns)
        self._readers = [(place, reader) for place, reader in enumerate(readers) if reader]

    def ask(self, driver: sqlite3.Connection, *lists: Collection[object]) -> list[Any]:
        """Return the rows, with their columns as attributes."""
        found = driver.execute(self.text, self.parameters(*lists))
        return [self._row._make(self._read(row) if self._readers else row) for row in found]

    def parameters(self, *lists: Collection[object]) -> dict[str, Any]:
        """Return what the text is executed with."""
        listed = {name: json.dumps(list(each)) for name, each in zip(self.lists, lists, strict=True)}
        return self._constants | listed

    def _read(self, row: Iterable[Any]) -> list[Any]:
        """Return what the row holds; what no type of ours reads is as the driver has it."""
        values = list(row)
        for place, reader in self._readers:
            values[place] = reader(values[place])
        return values


def _members(name: str) -> Select[Any]:
    return select(func.json_each(bindparam(name)).table_valued("value").c.value)


class Lookup:
    """A plain connection to a SQLite file, opened with the first question. It only reads, so writers do not hold it up."""

    def __init__(self, url: URL) -> None:
        self._name = shown(url)
        given = options(url)
        given["connect_args"]["timeout"] = _PATIENCE
        self._engine = create_engine(url.set(drivername="sqlite"), poolclass=NullPool, **given)
        prepare_sqlite(self._engine)
        self._connection: PoolProxiedConnection | None = None

    def ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        """Return the answer to a question that sees one state of the database throughout."""
        try:
            return self._answer(question)
        except sqlite3.Error as error:
            self.close()
            raise self._failure(exc.DBAPIError.instance("", {}, error, sqlite3.Error)) from None
        except exc.DBAPIError as error:
            raise self._failure(error) from None

    def close(self) -> None:
        """Close the connection; the next question opens another."""
        if self._connection:
            self._connection.close()
        self._connection = None

    def _answer(self, question: Callable[[sqlite3.Connection], T]) -> T:
        self._connection = self._connection or self._engine.raw_connection()
        driver = self._connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.execute("BEGIN")
        try:
            return question(driver)
        finally:
            driver.execute("ROLLBACK")

    def _failure(self, error: BaseException) -> BaseException:
        assert isinstance(error, exc.DBAPIError)
        return explain(error, self._name) or error
