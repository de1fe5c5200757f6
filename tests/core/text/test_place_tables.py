"""The tables of places against lists of our own: every region, town and district is read in every language and case."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pymorphy3
import pytest

from bot.adapters.names import load_place_names
from bot.adapters.places import DATA, load_regions
from tests.gazetteer import find

LISTS = Path(__file__).parents[2] / "places"
ANALYZERS = {language: pymorphy3.MorphAnalyzer(lang=language) for language in ("uk", "ru")}
AFTER = {
    "uk": {"gent": "біля", "datv": "завдяки місту", "accs": "на", "ablt": "над", "loct": "у"},
    "ru": {"gent": "возле", "datv": "по", "accs": "на", "ablt": "над", "loct": "в"},
}
REGIONS = tomllib.loads((DATA / "regions.toml").read_text(encoding="utf-8"))
SPARED = {"Mykolaiv"}
"""The small town in Lviv Oblast has the name of a large city, which is meant unless its own region is named."""
FOUND = 0.985
"""How many of the cases that pymorphy3 makes are found: it does not know every name, and makes wrong cases of some."""


def listed(file: str) -> Iterator[tuple[str, str]]:
    for region, names in tomllib.loads((LISTS / file).read_text(encoding="utf-8")).items():
        yield from ((region, " ".join(name.split())) for name in names.split(","))


def named(text: str, language: str, region: str, kind: str) -> bool:
    """Tell whether a place of a region is found, be it as the second choice."""
    return any(
        one.region == region and one.kind == kind for place in find(text, language) for one in (place, *place.others)
    )


def cases(name: str, language: str) -> Iterator[str]:
    """Give a name in its cases, each with a word before it that takes the case."""
    words = re.split("([ -])", name)
    for case, before in AFTER[language].items():
        inflected = [inflect(word, language, case) for word in words]
        if all(inflected):
            yield f"{before} {''.join(inflected)}"


def inflect(word: str, language: str, case: str) -> str:
    if word in {" ", "-"}:
        return word
    parses = [parse for parse in ANALYZERS[language].parse(word) if "nomn" in parse.tag]
    first = next((parse for parse in parses if "Geox" in parse.tag.grammemes), parses[0] if parses else None)
    form = first.inflect({case}) if first else None
    return form.word.capitalize() if form else ""


def towns() -> Iterator[tuple[str, str, dict[str, str]]]:
    """Give the towns of the list with the names under which the program shows them."""
    shown = {(region, names["uk"]): (english, names) for (region, english), names in load_place_names().items()}
    for region, name in listed("towns.toml"):
        english, names = shown[region, name]
        if english not in SPARED:
            yield region, english, names


TOWNS = list(towns())


def test_the_list_of_towns_is_the_whole_country():
    assert len(TOWNS) > 450
    assert {region for region, _, _ in TOWNS} == {code for code in load_regions() if code.startswith("UA")}


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_every_town_of_ukraine_is_read_by_its_name(language):
    before = {"uk": "Удар по місту", "ru": "Удар по городу"}[language]
    lost = [
        names for region, _, names in TOWNS if not named(f"{before} {names[language]}.", language, region, "settlement")
    ]
    assert lost == []


def test_every_town_of_ukraine_is_read_in_english():
    lost = [english for region, english, _ in TOWNS if not named(f"Blasts in {english}.", "en", region, "settlement")]
    assert lost == []


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_nearly_every_case_of_every_town_is_read(language):
    asked = [(region, text) for region, _, names in TOWNS for text in cases(names[language], language)]
    lost = [text for region, text in asked if not named(f"Влучання {text}.", language, region, "settlement")]
    assert len(lost) <= (1 - FOUND) * len(asked), lost


def test_every_district_of_ukraine_is_read_as_its_regions():
    lost = [
        adjective
        for region, adjective in listed("raions.toml")
        if not named(f"У {adjective[:-2]}ому районі поранено жінку.", "uk", region, "district")
    ]
    assert lost == []


@pytest.mark.parametrize("word", ["район", "округ"])
def test_districts_on_both_sides_of_the_border_are_read_in_russian(word):
    lost = [
        adjective
        for region, adjective in listed("raions_russian.toml")
        if not named(f"В {adjective[:-2]}ом {word}е ранена женщина.", "ru", region, "district")
    ]
    assert lost == []


def test_a_district_is_that_of_the_region_named_after_it():
    for region, adjective in listed("raions_russian.toml"):
        first, _, noun = REGIONS[region]["ru"].rpartition(" ")
        if noun == "область":
            places = find(f"В {adjective[:-2]}ом районе {first[:-2]}ой области ранена женщина.", "ru")
            assert {place.region for place in places} == {region}, adjective


UKRAINIAN = [
    "{nomn} область під обстрілом", "у {loct} області збито дрони", "над {ablt} областю збито дрони",
    "атакували {accs} область", "голова {gent} ОВА", "{nomn} обласна військова адміністрація", "{nomn} обл.",
]  # fmt: skip
RUSSIAN = [
    "{nomn} область под обстрелом", "в {gent} области сбиты дроны", "над {gent} областью сбиты дроны",
    "атаковали {accs} область", "глава {gent} ОВА", "губернатор {gent} области", "{nomn} обл.",
]  # fmt: skip
ENGLISH = [
    "drones over {} oblast", "in the {} region", "the {} regional governor", "the region of {}", "{} region's governor",
]  # fmt: skip


def regions_with_a_noun(language: str) -> Iterator[tuple[str, str]]:
    for code, row in REGIONS.items():
        first, _, noun = row[language].rpartition(" ")
        if noun in {"область", "Oblast"}:
            yield code, first


@pytest.mark.parametrize("pattern", UKRAINIAN)
def test_every_region_is_read_in_every_ukrainian_case(pattern):
    for code, name in regions_with_a_noun("uk"):
        stem = name[:-1]
        text = pattern.format(nomn=name, gent=stem + "ої", loct=stem + "ій", accs=stem + "у", ablt=stem + "ою")
        assert [place.region for place in find(text, "uk")] == [code], text


@pytest.mark.parametrize("pattern", RUSSIAN)
def test_every_region_is_read_in_every_russian_case(pattern):
    for code, name in regions_with_a_noun("ru"):
        stem = name.removesuffix("ая")
        text = pattern.format(nomn=name, gent=stem + "ой", accs=stem + "ую")
        assert [place.region for place in find(text, "ru")] == [code], text


@pytest.mark.parametrize("pattern", ENGLISH)
def test_every_region_is_read_however_english_says_it(pattern):
    for code, name in regions_with_a_noun("en"):
        text = pattern.format(name)
        assert [place.region for place in find(text, "en")] == [code], text


def language_of(name: str) -> str:
    return "en" if name.isascii() else "uk" if re.search("[іїєґ']", name) else "ru"


def test_every_other_name_of_a_region_is_read():
    for code, row in REGIONS.items():
        for name in row.get("also", ()):
            places = find(f"xx {name} xx", language_of(name))
            assert [place.region for place in places] == [code], name
