"""A language is a folder: Polish is added to a copy of `bot/data`, and nothing else is touched."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path

import pytest

import bot.core.kinds
from bot.adapters.languages import DATA, read_languages
from bot.adapters.lexicons import reader_over
from bot.adapters.places import load_regions
from bot.core.extract import Reader
from bot.core.model import Item, Report, Source
from bot.plugins import discover

POLISH = Path(__file__).parents[1] / "languages" / "pl"


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("words") / "data"
    shutil.copytree(DATA, folder)
    shutil.copytree(POLISH, folder / "pl")
    return folder


@pytest.fixture(scope="module")
def reader(data: Path) -> Reader:
    return reader_over(discover(bot.core.kinds, "KIND"), data)


def read(
    reader: Reader, title: str, summary: str = "", published: str = "2025-06-09T12:00+02:00"
) -> tuple[Report, ...]:
    source = Source("wiadomosci", "Wiadomości", "rss", "", "pl")
    return reader.read(Item("1", source, "pl", "", datetime.fromisoformat(published), title, summary, None))


def test_the_folder_is_all_that_names_the_language(data: Path):
    assert read_languages(data) == ("en", "pl", "ru", "uk")
    assert load_regions(data)["UA-63"].names["pl"] == "obwód charkowski"


def test_a_swap_is_read_in_the_added_language(reader: Reader):
    (report,) = read(reader, "Ukraina i Rosja wymieniły 9 czerwca po 205 jeńców wojennych")
    assert (report.kind, report.role, report.date) == ("swap", "main", date(2025, 6, 9))
    assert {slot: report.facts[slot] for slot in ("subtype", "to_ukraine", "to_russia")} == {
        "subtype": "prisoners",
        "to_ukraine": 205,
        "to_russia": 205,
    }


def test_a_strike_is_read_in_the_added_language(reader: Reader):
    (report,) = read(
        reader, "W nocy na 9 czerwca Rosja zaatakowała Charków dronami", "Trzy osoby zginęły, 21 osób rannych."
    )
    assert (report.kind, report.date) == ("strike", date(2025, 6, 9))
    facts = {slot: report.facts.get(slot) for slot in ("attacker", "region", "places", "killed", "injured")}
    assert facts == {"attacker": "RU", "region": "UA-63", "places": ("Kharkiv",), "killed": 3, "injured": 21}


def test_other_senses_stay_silent_in_the_added_language(reader: Reader):
    assert read(reader, "Wymiana poglądów w Warszawie", "Ministrowie mówili o handlu.") == ()


def test_the_other_languages_are_read_as_before(reader: Reader):
    (report,) = read(reader, "Ukraine and Russia swap 205 prisoners each")
    assert report.facts["to_russia"] == 205
