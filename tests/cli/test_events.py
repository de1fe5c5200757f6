"""`vistka events`: the events listed for people and exported for programs, out of a database."""

from __future__ import annotations

import asyncio
import csv
import json
import stat
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

import pytest
from icalendar import Calendar

from bot.__main__ import main
from bot.adapters.store import open_store
from bot.cli._events import listing, writing
from tests.adapters.asking_contract import told
from tests.adapters.records import kept, opened, verdict
from tests.examples import BOOKS

Call = Callable[..., "Outcome"]


@dataclass(frozen=True)
class Outcome:
    """How a command ended and what it printed."""

    exit_code: int
    stdout: str
    stderr: str


@pytest.fixture
def call(folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Call:
    """Call `vistka events` as a shell does, in a folder of its own, with words that are loaded already."""

    def run_command(*words: str) -> Outcome:
        for module in (listing, writing):
            monkeypatch.setattr(module, "load_books", lambda: BOOKS)
        monkeypatch.setattr("sys.argv", ["vistka", "events", *words])
        with pytest.raises(SystemExit) as end:
            main()
        return Outcome(end.value.code or 0, *capfd.readouterr())

    return run_command


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a database with a strike, an exchange, one that is held back and one that was withdrawn."""
    path = tmp_path_factory.mktemp("events") / "vistka.sqlite3"

    async def fill() -> None:
        store = await open_store(f"sqlite:///{path}")
        await told(store, 1, "strike", 9, region="UA-63", attacker="RU", killed=2)
        await told(store, 2, "swap", 10, subtype="prisoners", to_ukraine=25)
        for number, act in ((3, "hold"), (4, "reject")):
            event = await opened(store, number, to_ukraine=977)
            await store.rule(verdict(event, act), [kept(replace(event, revision=2, verdict=act))])
        await store.close()

    asyncio.run(fill())
    return path.read_bytes()


@pytest.fixture
def full(folder: Path, database: bytes) -> Path:
    """Put the database where the settings have it."""
    (folder / "vistka.sqlite3").write_bytes(database)
    return folder


def test_events_are_listed_in_lines_with_tabs(full, call):
    outcome = call("list")
    assert outcome.exit_code == 0
    assert [line.split("\t") for line in outcome.stdout.splitlines()] == [
        ["1", "2025-06-09", "strike", "carried out", "unconfirmed", "1", "💥 Strike: Kharkiv Oblast · 2 killed"],
        ["2", "2025-06-10", "swap", "carried out", "unconfirmed", "1", "🕊 Prisoner exchange: 25 home to Ukraine"],
        ["4", "", "swap", "", "withdrawn", "", ""],
    ]


def test_a_list_is_in_the_language_of_the_posts_and_as_long_as_asked_for(full, call, monkeypatch):
    monkeypatch.setenv("VISTKA_LANGUAGE", "uk")
    outcome = call("list", "--limit", "2", "--kind", "swap")
    assert [line.split("\t")[0] for line in outcome.stdout.splitlines()] == ["2", "4"]
    assert "Обмін" in outcome.stdout


def test_a_terminal_gets_a_table(full, call, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "160")
    lines = call("list").stdout.splitlines()
    assert [word for word in listing.FIELDS if word not in lines[0]] == []
    assert len(lines) == 4
    assert "\x1b[3" not in "".join(lines)


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ((), [1, 2, 4]),
        (("--kind", "strike"), [1]),
        (("--since", "2025-06-10"), [2]),
        (("--until", "2025-06-09", "--kind", "strike"), [1]),
        (("--region", "Харків"), [1]),
        (("--region", "ua"), [1]),
        (("--region", "RU"), []),
        (("--confirmed",), [4]),
    ],
)
def test_events_are_chosen_by_options(full, call, words, numbers):
    outcome = call("export", "--format", "json", *words)
    assert [event["event"] for event in json.loads(outcome.stdout)["events"]] == numbers


@pytest.mark.parametrize("words", [("--kind", "flood"), ("--region", "Атлантида"), ("--since", "soon")])
def test_a_wish_that_means_nothing_is_refused(full, call, words):
    outcome = call("list", *words)
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert words[0] in outcome.stderr


def test_a_table_goes_into_its_file_with_what_is_told_beside_it(full, call):
    outcome = call("export", "-o", "events.csv")
    assert (outcome.exit_code, outcome.stdout) == (0, "events.csv: 3 events\n")
    text = Path("events.csv").read_bytes().decode()
    rows = list(csv.DictReader(StringIO(text, newline="")))
    assert [row["event"] for row in rows] == ["1", "2", "4"]
    beside = json.loads(Path("events.csv-metadata.json").read_text(encoding="utf-8"))
    assert (beside["url"], beside["dc:extent"]) == ("events.csv", "3 rows")
    assert stat.S_IMODE(Path("events.csv").stat().st_mode) == 0o644
    assert {path.name for path in full.iterdir()} >= {"events.csv", "events.csv-metadata.json"}
    assert not [path for path in full.iterdir() if path.name.startswith(".events")]


def test_the_same_events_make_the_same_file(full, call):
    call("export", "-o", "a.json")
    call("export", "-o", "b.json")
    assert Path("a.json").read_bytes() == Path("b.json").read_bytes()
    assert json.loads(Path("a.json").read_text(encoding="utf-8"))["count"] == 3


def test_a_calendar_has_exchanges_alone_unless_asked_for_more(full, call):
    call("export", "-o", "swaps.ics")
    call("export", "-o", "all.ics", "--kind", "swap", "--kind", "strike")
    kinds = [
        {
            str(day["CATEGORIES"].to_ical().decode())
            for day in Calendar.from_ical(Path(name).read_bytes()).walk("VEVENT")
        }
        for name in ("swaps.ics", "all.ics")
    ]
    assert kinds == [{"swap"}, {"swap", "strike"}]


def test_nothing_that_is_held_back_is_exported(full, call):
    for form in ("csv", "json", "geojson", "ics"):
        assert "977" not in call("export", "--format", form).stdout


def test_a_file_that_cannot_be_written_leaves_nothing_behind(full, call):
    outcome = call("export", "-o", "nowhere/events.csv")
    assert outcome.exit_code == 1
    assert outcome.stderr == (
        "vistka: nowhere/events.csv: cannot be written (No such file or directory); check its folder and permissions\n"
    )


def test_an_export_that_breaks_off_leaves_the_old_file(full, call, monkeypatch):
    Path("events.json").write_text("old", encoding="utf-8")
    monkeypatch.setenv("VISTKA_DATABASE_URL", "sqlite:///nowhere/vistka.sqlite3")
    assert call("export", "-o", "events.json").exit_code == 1
    assert Path("events.json").read_text(encoding="utf-8") == "old"
    assert not [path for path in full.iterdir() if path.name.startswith(".events")]


def test_a_file_keeps_who_may_read_it(full, call):
    Path("events.json").touch(mode=0o600)
    call("export", "-o", "events.json")
    assert stat.S_IMODE(Path("events.json").stat().st_mode) == 0o600


def test_a_form_has_to_be_named(full, call):
    outcome = call("export", "-o", "events.xls")
    assert outcome.exit_code == 2
    assert "csv, geojson, ics, json" in outcome.stderr


def test_no_database_is_made_just_to_find_it_empty(call, folder):
    outcome = call("list")
    assert outcome.exit_code == 1
    assert "there is no database yet" in outcome.stderr
    assert not list(folder.iterdir())
