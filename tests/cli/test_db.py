"""`vistka db`: what an operator does with the database, and the drill of docs/howto/restore.md followed to the letter."""

from __future__ import annotations

import asyncio
import re
import shlex
import shutil
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.__main__ import vistka
from bot.adapters.register import RegisterRead, load_register
from bot.adapters.store import open_store
from bot.cli.db import COMMAND
from bot.intake import Intake
from bot.ports import PermanentError
from tests.reports import KINDS

pytestmark = pytest.mark.usefixtures("folder")

EXCHANGES = 5
DRILL = Path(__file__).parents[2] / "docs" / "howto" / "restore.md"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the first exchanges of the register."""
    path = tmp_path_factory.mktemp("register") / "vistka.sqlite3"

    async def make() -> None:
        store = await open_store(f"sqlite:///{path}")
        entries = load_register()[:EXCHANGES]
        await Intake(RegisterRead(entries), store, KINDS.values()).take([entry.item for entry in entries])
        await store.close()

    asyncio.run(make())
    return path


@pytest.fixture
def register(made, folder) -> Path:
    shutil.copy(made, folder)
    return folder / made.name


def db(*words: str):
    return CliRunner().invoke(COMMAND, list(words))


def test_every_step_of_the_drill_works_as_it_is_written(register, folder, monkeypatch):
    monkeypatch.setenv("VISTKA_BACKUPS", "backups")
    drill = DRILL.read_text(encoding="utf-8")
    lines = [line.strip() for line in re.findall(r"^ {4,}(.+)$", drill, re.MULTILINE)]
    made = ""
    for line in lines[1:]:  # the first is the setting
        if line.startswith("export "):
            monkeypatch.setenv(*line.removeprefix("export ").split("=", 1))
            continue
        if line.startswith("vistka db backup") and made:
            continue  # within the second that the first was made in
        words = shlex.split(re.sub(r"backups/vistka-\S+\.zip", made, line))
        assert words[0] == "vistka"
        result = CliRunner().invoke(vistka, words[1:])
        assert result.exit_code == 0, (line, result.output)
        made = made or result.output.partition(":")[0]
    restored = sqlite3.connect(folder / "restored.sqlite3")
    assert restored.execute("SELECT count(*) FROM event").fetchone() == (EXCHANGES,)
    restored.close()


def test_a_backup_goes_where_one_says_and_so_many_are_kept(register, folder):
    (folder / "kept").mkdir()
    (folder / "kept" / "vistka-2020-01-01T000000Z.zip").touch()
    result = db("backup", "kept", "--keep", "1")
    assert re.fullmatch(
        r"kept/vistka-\S+Z\.zip: \d+ rows, \d+ KiB, schema \d+\n1 older ones taken away\n", result.output
    )
    assert len(list((folder / "kept").iterdir())) == 1


def test_without_a_folder_nothing_is_written(register):
    result = db("backup")
    assert result.exit_code == 2
    assert "name a FOLDER, or set VISTKA_BACKUPS" in result.output


def test_what_is_not_there_is_not_made(folder):
    for words in (("backup", "kept"), ("check",)):
        result = db(*words)
        assert isinstance(result.exception, PermanentError)
        assert "vistka.sqlite3: there is none; start Vistka once" in str(result.exception)
    assert list(folder.iterdir()) == []


def test_an_empty_database_is_brought_up_to_date(folder):
    assert re.fullmatch(r"schema \d{4}\n", db("upgrade").output)
    assert (folder / "vistka.sqlite3").exists()


def test_what_is_bad_ends_with_one(register):
    driver = sqlite3.connect(register)
    driver.execute("DELETE FROM event WHERE id = 3")
    driver.commit()
    driver.close()
    result = db("check")
    assert result.exit_code == 1
    assert "✗ references: " in result.output
    assert "✓ pages: sound" in result.output


def test_on_a_server_the_queue_of_the_workers_is_looked_at_too(folder, monkeypatch, postgres):
    with postgres.new_database() as url:
        monkeypatch.setenv("VISTKA_DATABASE_URL", url)
        assert db("upgrade").exit_code == 0
        result = db("check")
    assert (result.exit_code, "✓ queue: none, as no worker was ever started" in result.output) == (0, True)


@pytest.mark.parametrize("words", [["db", "upgrade"], ["items"], ["run"], ["db", "check"]])
def test_an_older_program_refuses_a_newer_schema_in_one_line(register, monkeypatch, words):
    driver = sqlite3.connect(register)
    driver.execute("UPDATE alembic_version SET version_num = '9999'")
    driver.commit()
    driver.close()
    monkeypatch.setenv("VISTKA_TELEGRAM_TOKEN", "123456:canary-canary-canary-canary")
    monkeypatch.setenv("VISTKA_TELEGRAM_API", "http://127.0.0.1:9")
    result = CliRunner().invoke(vistka, words)
    assert result.exit_code == 1
    told = result.output or str(result.exception)
    assert "9999, newer than this program: update Vistka, or restore an older backup" in told
