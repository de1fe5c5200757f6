"""What a database says of its own tables, in full: each has another way to be asked, and what reflects both leaves something out.

What a column is where an INSERT leaves it out is left out here: steps have to fill the rows that there are, and nothing else relies on it.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, text

_POSTGRESQL = {
    "tables": "SELECT relname, relkind, relpersistence, relreplident FROM pg_class WHERE relnamespace = {here}",
    "columns": (
        "SELECT attrelid::regclass, attnum, attname, format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated,"
        " collname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
        " LEFT JOIN pg_collation ON pg_collation.oid = attcollation"
        " WHERE relnamespace = {here} AND relkind = 'r' AND attnum > 0 AND NOT attisdropped"
    ),
    "constraints": (
        "SELECT conrelid::regclass, conname, contype, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = {here} AND contype <> 'n'"
    ),
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()",
    "sequences": (
        "SELECT sequencename, data_type, start_value, increment_by, cycle, refobjid::regclass, refobjsubid FROM pg_sequences"
        " LEFT JOIN pg_depend ON objid = sequencename::regclass AND deptype = 'a' WHERE schemaname = current_schema()"
    ),
    "triggers": "SELECT tgrelid::regclass, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
}
_SQLITE = {
    "tables": "SELECT name, type, ncol, wr, strict FROM pragma_table_list WHERE schema = 'main'",
    "columns": 'SELECT t.name, c.cid, c.name, c.type, c."notnull", c.pk, c.hidden FROM {tables}, pragma_table_xinfo(t.name) c',
    "references": 'SELECT t.name, f.seq, f."table", f."from", f."to", f.on_update, f.on_delete FROM {tables}, pragma_foreign_key_list(t.name) f',
    "indexes": 'SELECT t.name, i.name, i."unique", i.origin, i.partial FROM {tables}, pragma_index_list(t.name) i',
    "indexed": (
        'SELECT t.name, i.name, x.seqno, x.cid, x.name, x."desc", x.coll, x."key"'
        " FROM {tables}, pragma_index_list(t.name) i, pragma_index_xinfo(i.name) x"
    ),
    "written": "SELECT type, name, sql FROM sqlite_master WHERE type <> 'table' AND sql IS NOT NULL",
}
_SQLITE_TABLES = "(SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table') t"


def catalog(connection: Connection) -> dict[str, list[tuple[str, ...]]]:
    """Return tables, columns, types, collations, constraints, indexes, sequences and triggers, each as the database has it."""
    server = connection.dialect.name == "postgresql"
    asked = _POSTGRESQL if server else _SQLITE
    filled = {"here": "current_schema()::regnamespace", "tables": _SQLITE_TABLES}
    found = {
        what: sorted(tuple(map(str, row)) for row in connection.execute(text(question.format(**filled))))
        for what, question in asked.items()
    }
    return found if server else found | {"constraints": sorted(_constraints(connection))}


def _constraints(connection: Connection) -> Iterator[tuple[str, ...]]:
    """Give what SQLite keeps of constraints and their names in the text of a table alone."""
    for name, written in connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'table'")):
        lines = (line.strip(" \t,)") for line in written.splitlines())
        yield from ((name, line) for line in lines if line.startswith("CONSTRAINT"))
