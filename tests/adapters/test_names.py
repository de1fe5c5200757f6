"""Names are shown and understood in three languages."""

from __future__ import annotations

import pytest

from bot.adapters.names import load_asked_names, load_place_names, load_region_names


def test_every_region_has_a_name_in_every_language():
    names = load_region_names()
    assert len(names) == 27 + 83
    assert all(set(row) == {"en", "uk", "ru"} and all(row.values()) for row in names.values())


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("Kharkiv", "UA-63"),
        ("Kharkiv Oblast", "UA-63"),
        ("Харківська область", "UA-63"),
        ("Харківщина", "UA-63"),
        ("Белгородская", "RU-BEL"),
        ("Crimea", "UA-43"),
        ("Крим", "UA-43"),
    ],
)
def test_a_region_is_known_by_all_its_names(asked, code):
    assert load_asked_names()[asked.casefold()] == code


def test_a_town_is_called_as_its_people_and_its_neighbours_do():
    assert load_place_names()["UA-63", "Kharkiv"] == {"uk": "Харків", "ru": "Харьков"}
