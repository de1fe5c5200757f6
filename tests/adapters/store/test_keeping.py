"""What is kept of a database can be made a database of again, whole or not at all."""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
from datetime import UTC, date, datetime, timedelta
from zipfile import ZipFile

import pytest
from sqlalchemy import Boolean, Column, Date, DateTime, Float, Integer, Table, insert, text

from bot.adapters.process import own
from bot.adapters.store import open_store, tables
from bot.adapters.store.engine import Database, parse
from bot.adapters.store.keeping import back_up, backup_name, backups_in, findings, restore, thin
from bot.adapters.store.keeping.backup import PASSING
from bot.adapters.store.keeping.manifest import checked
from bot.adapters.store.keeping.restore import WAITED
from bot.adapters.store.running import held, seen, stirred
from bot.adapters.store.schema import changing, revisions, upgrade
from bot.adapters.store.tables import metadata
from bot.core.model import Holder
from bot.ports import LeaseLostError, PermanentError
from tests.adapters.store.test_upgrade import NEXT
from tests.adapters.store.test_upgrade import fill as fill_older
from tests.adapters.store.values import planned, record_new
from tests.reports import KINDS

NOW = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
ROWS = 3
KEPT = [table for table in metadata.sorted_tables if not table.name.startswith(PASSING)]


def nothing(*_: object) -> None:
    pass


def value(column: Column, number: int) -> object:
    """Return a value of the column's type that no other row has, and none in the first row where that may be."""
    if number == 1 and column.nullable:
        return None
    kind = getattr(column.type, "impl", column.type)
    if isinstance(kind, DateTime):
        return NOW - timedelta(days=400, seconds=number, microseconds=17)
    if isinstance(kind, Boolean):
        return bool(number % 2)
    if isinstance(kind, Integer):
        return number
    if isinstance(kind, Date):
        return date(2025, 6, number)
    return number + 0.5 if isinstance(kind, Float) else f'№ {number} "ї"\n\t\u2028'


def rows_of(table: Table) -> list[dict[str, object]]:
    return [{column.name: value(column, number) for column in table.columns} for number in range(1, ROWS + 1)]


async def fill(url: str) -> None:
    """Put rows of all types into every table that is kept."""
    await (await open_store(url)).close()
    database = Database(parse(url))
    async with database.write() as connection:
        for table in KEPT:
            await connection.execute(insert(table), rows_of(table))
    await database.close()


@pytest.fixture
async def filled(store_url: str) -> str:
    await fill(store_url)
    return store_url


@pytest.fixture
def kept(tmp_path):
    return tmp_path / "kept" / backup_name(NOW)


@pytest.fixture
async def small(tmp_path) -> str:
    """A SQLite database with one event, told of in one chat."""
    url = f"sqlite:///{tmp_path / 'small.db'}"
    store = await open_store(url)
    await record_new(store, 1, planned())
    await store.close()
    return url


def same_but(made, again) -> set[str]:
    return {name for name, part in made.tables.items() if again.tables[name] != part}


async def test_a_backup_of_either_becomes_a_database_of_either(filled, tmp_path, kept, empty_url):
    made = back_up(parse(filled), kept, NOW, nothing)
    restore(parse(empty_url), kept, NOW, replace=False, told=nothing)
    again = back_up(parse(empty_url), tmp_path / "again.zip", NOW, nothing)
    assert same_but(made, again) == {
        "inbox",
        "pollstate",
    }  # nothing is answered twice, every source starts with a baseline
    assert made.rows == again.rows == ROWS * len(KEPT)
    assert (kept.stat().st_mode & 0o777, [path.name for path in kept.parent.iterdir()]) == (0o600, [kept.name])


async def test_what_is_restored_goes_on_counting(small, kept, empty_url):
    back_up(parse(small), kept, NOW, nothing)
    restore(parse(empty_url), kept, NOW, replace=False, told=nothing)
    store = await open_store(empty_url)
    assert (await record_new(store, 2)).id == 2
    assert await store.claim(NOW, 10) == ()
    await store.close()


async def test_what_waited_is_not_sent_unless_its_time_comes_after_the_restore(small, kept, tmp_path):
    database = Database(parse(small))
    later = NOW + timedelta(hours=1)
    async with database.write() as connection:
        (row,) = (await connection.execute(tables.delivery.select())).all()
        values = row._asdict() | {"id": 2, "chat_id": -200, "not_before": later}
        await connection.execute(insert(tables.delivery), values)
    await database.close()
    back_up(parse(small), kept, NOW, nothing)
    restored = f"sqlite:///{tmp_path / 'restored.db'}"
    restore(parse(restored), kept, NOW, replace=False, told=nothing)
    database = Database(parse(restored))
    async with database.read() as connection:
        found = (await connection.execute(tables.delivery.select().order_by(tables.delivery.c.id))).all()
    await database.close()
    assert [(row.state, row.reason) for row in found] == [("dead", WAITED), ("pending", "")]


async def test_a_backup_of_an_older_schema_is_brought_up_to_date(kept, tmp_path):
    older = f"sqlite:///{tmp_path / 'older.db'}"
    await upgrade(parse(older), "0002")
    await fill_older(older, NEXT)
    assert back_up(parse(older), kept, NOW, nothing).schema == "0002"
    restored = f"sqlite:///{tmp_path / 'restored.db'}"
    restore(parse(restored), kept, NOW, replace=False, told=nothing)
    store = await open_store(restored)
    assert {event.id for event in await store.latest(5)} == {1, 2}
    await store.close()


@pytest.fixture
async def full(tmp_path) -> str:
    url = f"sqlite:///{tmp_path / 'full.db'}"
    await fill(url)
    return url


async def test_what_a_database_holds_is_replaced_only_where_that_is_asked_for(small, full, kept):
    back_up(parse(small), kept, NOW, nothing)
    with pytest.raises(PermanentError, match=r"is not empty: it has rows in alarm, .*--replace"):
        restore(parse(full), kept, NOW, replace=False, told=nothing)
    restore(parse(full), kept, NOW, replace=True, told=nothing)
    store = await open_store(full)
    assert [event.id for event in await store.latest(5)] == [1]
    await store.close()


async def test_a_restore_that_fails_leaves_what_was_there(small, full, kept, tmp_path):
    back_up(parse(small), kept, NOW, nothing)
    before = back_up(parse(full), tmp_path / "before.zip", NOW, nothing)

    def no_room(done: int, total: int) -> None:
        if done > total / 2:
            raise PermanentError("no room")

    with pytest.raises(PermanentError, match="no room"):
        restore(parse(full), kept, NOW, replace=True, told=no_room)
    assert back_up(parse(full), tmp_path / "after.zip", NOW, nothing) == before


SENDER = "sender:1"
ELSEWHERE = Holder("kyiv", 7, "other-boot/pid:[1]/5", 1)


async def test_a_database_is_not_taken_from_a_daemon_that_runs(small, full, kept):
    back_up(parse(small), kept, NOW, nothing)
    store = await open_store(full)
    lease = await store.take(SENDER, own(), NOW)
    loop = asyncio.get_running_loop()

    def renew(_: float) -> None:
        asyncio.run_coroutine_threadsafe(store.renew(lease), loop).result(10)

    def attempt(pause) -> None:
        restore(parse(full), kept, NOW, replace=True, told=nothing, pause=pause)

    with pytest.raises(PermanentError, match=r"full.db is in use by process \d+ on .*: stop it first"):
        await asyncio.to_thread(attempt, renew)
    assert (
        "held by process" in {each.about: each.line for each in findings(parse(full), NOW, {}, None, nothing)}["daemon"]
    )
    await store.close()


async def test_a_daemon_that_begins_after_the_last_look_is_seen_under_the_lock(full):
    store, before = await open_store(full), seen(parse(full))
    await store.take(SENDER, own(), NOW)
    await store.close()
    with changing(parse(full)) as connection:
        assert re.fullmatch(r"process \d+ on .*", stirred(connection, before))
        assert stirred(connection, held(connection)) == ""


async def test_what_people_had_asked_when_the_backup_was_made_is_not_answered_again(small, kept, tmp_path):
    store, asked = await open_store(small), 7
    assert await store.receive(asked, '{"update_id": 7}', NOW)
    await store.close()
    back_up(parse(small), kept, NOW, nothing)
    restored = f"sqlite:///{tmp_path / 'new.db'}"
    restore(parse(restored), kept, NOW, replace=False, told=nothing)
    store = await open_store(restored)
    assert await store.received(10) == ()
    assert not await store.receive(asked, '{"update_id": 7}', NOW)
    await store.close()


async def test_who_was_only_paused_is_kept_out_of_what_was_restored(small, full, kept):
    back_up(parse(small), kept, NOW, nothing)
    store = await open_store(full)
    lease = await store.take(SENDER, ELSEWHERE, NOW)
    await store.close()
    restore(parse(full), kept, NOW, replace=True, told=nothing, pause=nothing)
    store = await open_store(full)
    with pytest.raises(LeaseLostError):
        await store.renew(lease)
    assert (await store.take(SENDER, own(), NOW)).number == lease.number + 2
    await store.close()


@pytest.mark.parametrize("name", ["item.jsonl", "manifest.json"])
async def test_a_damaged_backup_is_refused_before_anything_is_touched(small, kept, tmp_path, name):
    back_up(parse(small), kept, NOW, nothing)
    with ZipFile(kept) as backup:
        entry = backup.getinfo(name)
    content = bytearray(kept.read_bytes())
    content[entry.header_offset + 60 + entry.compress_size // 2] ^= 0xFF
    kept.write_bytes(content)
    with pytest.raises(PermanentError, match=r"no backup of Vistka, or damaged; take another one"):
        restore(parse(f"sqlite:///{tmp_path / 'new.db'}"), kept, NOW, replace=False, told=nothing)
    assert not (tmp_path / "new.db").exists()


def test_what_is_no_backup_is_refused_in_one_line(tmp_path):
    path = tmp_path / "notes.zip"
    with pytest.raises(PermanentError, match=r"cannot be read \(No such file"):
        checked(path)
    path.write_bytes(b"a shopping list")
    with pytest.raises(PermanentError, match="no backup of Vistka"):
        checked(path)


async def test_a_backup_is_never_overwritten_and_leaves_nothing_behind_when_it_fails(small, kept):
    back_up(parse(small), kept, NOW, nothing)
    with pytest.raises(PermanentError, match="is there already"):
        back_up(parse(small), kept, NOW, nothing)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(PermanentError, match=r"cannot be written \(No space left on device\); make room"):
        back_up(parse(small), kept.with_name(backup_name(NOW + timedelta(days=1))), NOW, full)
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]


async def test_what_a_killed_run_left_goes_and_nothing_of_others(small, tmp_path):
    folder, old = tmp_path / "shared", (NOW - timedelta(days=2)).timestamp()
    begun = f".{backup_name(NOW)}.part"
    folder.mkdir()
    for name in (begun, ".items-2026-07.jsonl.gz.part", ".film.mkv.part"):
        (folder / name).touch()
        os.utime(folder / name, (old, old))
    back_up(parse(small), folder / backup_name(NOW), NOW, nothing)
    assert {each.name for each in folder.iterdir()} == {backup_name(NOW), ".film.mkv.part"}


async def test_a_backup_is_of_one_moment_while_others_write(small, kept):
    store = await open_store(small)
    numbers = iter(range(2, 100))

    async def write() -> None:
        await record_new(store, next(numbers))

    def meanwhile(*_: object) -> None:
        asyncio.run_coroutine_threadsafe(write(), loop).result(10)

    loop = asyncio.get_running_loop()
    made = await asyncio.to_thread(back_up, parse(small), kept, NOW, meanwhile)
    assert {made.tables[name].rows for name in ("item", "event", "report")} == {1}
    assert (await store.stats()).items > 1
    await store.close()


def test_old_backups_are_taken_away_and_no_other_files(tmp_path):
    days = [NOW - timedelta(days=day) for day in range(4)]
    for at in days:
        (tmp_path / backup_name(at)).touch()
    (tmp_path / "vistka-notes.zip").touch()
    assert thin(tmp_path, days[:2]) == 2
    assert list(backups_in(tmp_path)) == days[1::-1]
    assert (tmp_path / "vistka-notes.zip").exists()
    assert backups_in(tmp_path / "missing") == {}
    (tmp_path / backup_name(NOW + timedelta(days=9))).mkdir()
    with pytest.raises(PermanentError, match=r"zip: cannot be taken away .*; remove it by hand"):
        thin(tmp_path, ())


def found_in(url: str, backups=None) -> dict[str, str]:
    """Return what is bad by what it is about."""
    return {each.about: each.line for each in findings(parse(url), NOW, KINDS, backups, nothing) if each.bad}


async def write(url: str, statement: str) -> None:
    database = Database(parse(url))
    async with database.write() as connection:
        await connection.execute(text(statement))
    await database.close()


async def test_a_sound_database_has_a_line_for_each_thing(sql_store, store_url, kept):
    await record_new(sql_store, 1, planned())
    back_up(parse(store_url), kept, NOW, nothing)
    lines = list(findings(parse(store_url), NOW, {}, kept.parent, nothing))
    assert [each.about for each in lines] == [
        "schema",
        "pages",
        "references",
        "rows",
        "events",
        "outbox",
        "daemon",
        "backup",
    ]
    assert not any(each.bad for each in lines)


async def test_an_event_that_is_not_what_its_reports_make_is_found(small):
    assert "events" in found_in(small)  # what the tests record was made by hand


async def test_a_delivery_that_never_ends_is_found(sql_store, store_url):
    await record_new(sql_store, 1, planned())
    assert await sql_store.claim(NOW - timedelta(hours=2), 1)
    assert found_in(store_url)["outbox"].startswith("1 deliveries have been on their way for more than an hour")


async def test_rows_that_lead_nowhere_are_found(small, tmp_path):
    driver = sqlite3.connect(tmp_path / "small.db")
    driver.execute("DELETE FROM event")
    driver.commit()
    driver.close()
    found = found_in(small)
    assert found["references"].startswith("7 rows refer to what is not there (blockingkey refer to event")
    assert found["outbox"] == "1 deliveries are of no event; restore a backup"


async def test_a_backup_that_is_old_or_missing_is_found(small, tmp_path):
    assert found_in(small, tmp_path)["backup"].startswith(f"none in {tmp_path}; run vistka db backup")
    (tmp_path / backup_name(NOW - timedelta(days=3))).touch()
    assert found_in(small, tmp_path)["backup"].startswith("the newest is 72 hours old; run")


async def test_a_schema_that_is_not_ours_is_told_and_nothing_else_looked_at(tmp_path):
    empty_url = f"sqlite:///{tmp_path / 'empty.db'}"
    await upgrade(parse(empty_url), "0009")
    assert found_in(empty_url) == {
        "schema": f"0009, older than this program's {revisions()[-1]}; run vistka db upgrade"
    }
    await write(empty_url, "UPDATE alembic_version SET version_num = '9999'")
    assert "newer than this program: update Vistka" in found_in(empty_url)["schema"]
