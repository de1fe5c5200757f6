"""Statements that are executed with many rows, past what the SQL toolkit does for each of them.

A poll that brings fifty items writes a thousand values, and the toolkit takes longer over them than the database. The
statements are the toolkit's; how each value is written is worked out once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection, Delete, Dialect, Insert, Update

Row: TypeAlias = Mapping[str, Any]


class Repeated:
    """An INSERT, UPDATE or DELETE, made by `build` for the dialect of that name. All rows that it is given have the same names."""

    def __init__(self, build: Callable[[str], Insert | Update | Delete]) -> None:
        self._build = build
        self._known: dict[str, tuple[str, Callable[[Row], Any]]] = {}

    def execute(self, connection: Connection, given: Sequence[Row]) -> None:
        """Execute it with each of the rows."""
        if given:
            dialect = connection.dialect
            if dialect.name not in self._known:
                self._known[dialect.name] = self._written(dialect, given[0])
            text, write = self._known[dialect.name]
            connection.exec_driver_sql(text, [write(row) for row in given])

    def _written(self, dialect: Dialect, first: Row) -> tuple[str, Callable[[Row], Any]]:
        """Return the text of the statement, and what makes of a row what the driver takes."""
        compiled = self._build(dialect.name).compile(dialect=dialect, column_keys=list(first))
        types = {name: bind.type.dialect_impl(dialect) for bind, name in compiled.bind_names.items()}
        constant = {name: value for name, value in compiled.params.items() if name not in first}
        order = [(name, types[name].bind_processor(dialect)) for name in compiled.positiontup or types]

        def named(row: Row) -> dict[str, Any]:
            whole = {**constant, **row}
            return {name: write(whole[name]) if write else whole[name] for name, write in order}

        def in_order(row: Row) -> tuple[Any, ...]:
            whole = {**constant, **row} if constant else row
            return tuple([write(whole[name]) if write else whole[name] for name, write in order])

        return str(compiled), in_order if dialect.positional else named
