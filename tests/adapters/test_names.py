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
        ("ua-63", "UA-63"),
        ("Крим", "UA-43"),
    ],
)
def test_a_region_is_known_by_all_its_names(asked, code):
    assert load_asked_names()[asked.casefold()] == code


@pytest.mark.parametrize(
    ("region", "english", "uk", "ru"),
    [
        ("UA-63", "Kharkiv", "Харків", "Харьков"),
        ("UA-12", "Kryvyi Rih", "Кривий Ріг", "Кривой Рог"),
        ("RU-RYA", "Dyagilevo", "Дягілєво", "Дягилево"),
        ("UA-30", "Podil", "Поділ", "Подол"),
        ("RU-KDA", "Tuapse", "Туапсе", "Туапсе"),
    ],
)
def test_a_place_is_called_as_its_people_and_its_neighbours_do(region, english, uk, ru):
    assert load_place_names()[region, english] == {"uk": uk, "ru": ru}
