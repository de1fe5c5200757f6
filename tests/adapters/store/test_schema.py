"""Databases of every age and state are opened, brought up to date or refused in one line."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, inspect, select, text

from bot.adapters.store import open_store
from bot.adapters.store.engine import Database, parse, shown
from bot.adapters.store.migrating import configuration
from bot.adapters.store.schema import revisions, upgrade
from bot.adapters.store.tables import metadata
from bot.ports import PermanentError, TemporaryError
from tests.adapters.store.catalog import catalog
from tests.adapters.store.values import record_new

REVISIONS = [script.revision for script in ScriptDirectory.from_config(configuration(None)).walk_revisions()]


async def look(url: str, question):
    database = Database(parse(url))
    async with database.read() as connection:
        answer = await connection.run_sync(question)
    await database.close()
    return answer


async def write(url: str, statement: str) -> None:
    database = Database(parse(url))
    async with database.write() as connection:
        await connection.execute(text(statement))
    await database.close()


def rows(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    found = MetaData()
    found.reflect(connection)
    stored = {name: [tuple(row) for row in connection.execute(select(table))] for name, table in found.tables.items()}
    return {name: kept for name, kept in stored.items() if kept}


def difference(connection: Connection) -> list[object]:
    return compare_metadata(MigrationContext.configure(connection), metadata)


def test_the_files_of_migrations_are_called_by_their_revisions():
    assert revisions() == REVISIONS[::-1]


async def empty(url: str) -> None:
    await write(url, "DROP TABLE alembic_version")
    await look(url, metadata.drop_all)


@pytest.mark.parametrize("revision", REVISIONS)
async def test_every_released_schema_becomes_exactly_what_a_new_database_is_made_as_in_one_step(empty_url, revision):
    await upgrade(parse(empty_url))
    made, held = await look(empty_url, catalog), await look(empty_url, rows)
    await empty(empty_url)
    await upgrade(parse(empty_url), revision)
    await (await open_store(empty_url)).close()
    grown = await look(empty_url, catalog)
    assert {what: grown[what] for what in made} == made
    assert {what for what, found in made.items() if not found} <= {"triggers"}
    assert await look(empty_url, rows) == held == {"alembic_version": [(REVISIONS[0],)]}
    assert await look(empty_url, difference) == []


def test_a_new_database_needs_no_alembic(tmp_path: Path):
    asked = f"""
import asyncio, sys
from bot.adapters.store import open_store
asyncio.run(open_store("sqlite:///{tmp_path / "new.db"}"))
print("alembic" in sys.modules)
"""
    command = [sys.executable, "-c", asked]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "False\n"


async def test_a_newer_schema_is_refused_with_the_remedy_and_left_alone(empty_url):
    await (await open_store(empty_url)).close()
    await write(empty_url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(PermanentError, match=r"^database \S+.* has schema 9999, newer than this program: update"):
        await open_store(empty_url)
    found = await look(empty_url, lambda connection: connection.execute(text("SELECT * FROM alembic_version")).all())
    assert found == [("9999",)]


async def test_two_stores_opened_at_once_make_the_schema_once(empty_url):
    stores = await asyncio.gather(*(open_store(empty_url) for _ in range(4)))
    await record_new(stores[0])
    assert [(await store.stats()).items for store in stores] == [1, 1, 1, 1]
    for store in stores:
        await store.close()


async def test_what_was_stored_is_there_after_opening_again(store_url):
    store = await open_store(store_url)
    stored = await record_new(store)
    await store.close()
    store = await open_store(store_url)
    assert await store.event(stored.id) == stored
    await store.close()


async def test_somebody_elses_tables_are_not_touched(empty_url):
    await write(empty_url, "CREATE TABLE item (name TEXT)")
    with pytest.raises(PermanentError) as refused:
        await open_store(empty_url)
    assert re.fullmatch(r"database .* holds other tables: .*item.* already exists; name an .*", str(refused.value))
    assert await look(empty_url, lambda connection: inspect(connection).get_table_names()) == ["item"]


async def test_a_file_that_is_no_database_is_refused_in_one_line(tmp_path: Path):
    path = tmp_path / "notes.txt"
    path.write_text("Not a database at all. " * 100)
    with pytest.raises(PermanentError, match=r"^database .*notes.txt: file is not a database; restore"):
        await open_store(f"sqlite:///{path}")


async def test_an_option_that_the_server_does_not_know_is_named():
    with pytest.raises(PermanentError, match=r'invalid connection option "pace"; check the options'):
        await open_store("postgresql://me:secret@127.0.0.1/vistka?pace=fast")


async def test_a_missing_folder_is_named(tmp_path: Path):
    with pytest.raises(PermanentError, match=r"there is no folder .*missing; make it"):
        await open_store(f"sqlite:///{tmp_path / 'missing' / 'vistka.db'}")


async def test_a_folder_in_place_of_the_file_is_refused_in_one_line(tmp_path: Path):
    with pytest.raises(PermanentError, match=r"unable to open database file; check"):
        await open_store(f"sqlite:///{tmp_path}")


async def test_a_server_that_does_not_answer_is_named_without_user_and_password(tmp_path: Path):
    with pytest.raises(PermanentError) as refused:
        await open_store(f"postgresql://vistka:hunter2@/news?host={tmp_path}&password=hunter3")
    assert str(refused.value).startswith(f"database news on {tmp_path}: ")
    assert "hunter" not in str(refused.value)
    assert "\n" not in str(refused.value)
    assert refused.value.__suppress_context__


@pytest.mark.parametrize(
    "address",
    ["", "vistka.db", "mysql://u:hunter2@h/d", "postgresql://u:hunter2@h:port/d", "sqlite://", "sqlite:///:memory:"],
)
def test_an_address_we_do_not_know_is_refused_without_quoting_it(address: str):
    with pytest.raises(PermanentError, match="VISTKA_DATABASE_URL") as refused:
        parse(address)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("address", "driver", "name"),
    [
        ("sqlite:///a.db", "sqlite+aiosqlite", "database a.db"),
        ("sqlite+aiosqlite:////data/a.db", "sqlite+aiosqlite", "database /data/a.db"),
        ("postgres://u:p@db.example/news", "postgresql+psycopg", "database news on db.example"),
        ("postgresql+asyncpg://u:p@db.example/news", "postgresql+psycopg", "database news on db.example"),
        ("postgresql:///news?host=/run/pg", "postgresql+psycopg", "database news on /run/pg"),
    ],
)
def test_the_driver_is_ours_and_the_name_is_fit_to_be_shown(address: str, driver: str, name: str):
    url = parse(address)
    assert url.drivername == driver
    assert shown(url) == name


async def test_sqlite_is_set_up_to_survive_a_power_cut(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'vistka.db'}"
    await (await open_store(url)).close()
    pragmas = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
    for pragma, value in pragmas.items():
        found = await look(url, lambda connection, name=pragma: connection.exec_driver_sql(f"PRAGMA {name}").scalar())
        assert (pragma, found) == (pragma, value)


async def test_a_database_held_by_someone_else_is_a_temporary_failure(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("bot.adapters.store.engine._BUSY_SECONDS", 0)
    path = tmp_path / "vistka.db"
    store = await open_store(f"sqlite:///{path}")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(TemporaryError, match=r"vistka.db: database is locked; check"):
        await record_new(store)
    assert await store.latest(1) == ()
    other.execute("ROLLBACK")
    other.close()
    await record_new(store)
    await store.close()
