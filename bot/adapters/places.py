"""The tables of places on disk, read into a gazetteer: `bot/data/regions.toml`, `bot/data/places` and the languages' words.

Reading happens once, at the start; a table that does not hold together is a `ValueError` that names file and entry.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeAlias, cast

from bot.core.text.document import PlaceKind
from bot.core.text.placeindex import Meaning, Names, PlaceWords, Use
from bot.core.text.placenames import Inflection, adjectives, cyrillic_key, latin_key, romanised_key, split
from bot.core.text.places import Gazetteer, Region

Entry: TypeAlias = tuple[str, Meaning]
Table: TypeAlias = dict[str, Any]

LANGUAGES = ("en", "uk", "ru")
CYRILLIC = ("uk", "ru")
DATA = files("bot") / "data"
REGION_NOUNS = {"Oblast", "Krai", "область", "край"}
CITY_REGIONS = {"UA-30": "Kyiv", "UA-40": "Sevastopol", "RU-MOW": "Moscow", "RU-SPE": "Saint Petersburg"}
WITH_ADJECTIVE = 12_000
LISTS = (
    "region",
    "plural",
    "district",
    "located",
    "settlement",
    "base",
    "facility",
    "wary",
    "abstract",
    "streets",
    "never",
    "titles",
    "given",
)


def load_regions() -> Mapping[str, Region]:
    """Read the first-level regions of both countries, by ISO 3166-2 code."""
    table = _toml(DATA / "regions.toml")
    return {code: Region(code, {language: row[language] for language in LANGUAGES}) for code, row in table.items()}


def load_gazetteer() -> Gazetteer:
    """Read all tables of places and the words of each language around them."""
    words = {language: _toml(DATA / language / "places.toml") for language in LANGUAGES}
    meanings = [*_regions(), *_countries(), *_places()]
    return Gazetteer(
        {
            language: Names(_entries(language, meanings, table), _words(language, table), language)
            for language, table in words.items()
        }
    )


def _toml(file: Traversable) -> Table:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _words(language: str, table: Table) -> PlaceWords:
    lists = {name: frozenset(map(_fold(language), table[name])) for name in LISTS}
    return PlaceWords(
        Inflection(table["endings"]),
        conjunctions=frozenset(map(_fold(language), table["and"])),
        elsewhere=frozenset(map(_fold(language), table.get("elsewhere", ()))),
        **lists,
    )


def _fold(language: str) -> Any:
    return latin_key if language == "en" else cyrillic_key


def _key(name: str, language: str) -> str:
    fold = _fold(language)
    return " ".join(split(fold(name)))


class _Named:
    """A meaning and what it is called: names by language, the words "any Cyrillic language" apart."""

    __slots__ = ("meaning", "names")

    def __init__(self, meaning: Meaning, names: Mapping[str, Iterable[str]]) -> None:
        self.meaning = meaning
        self.names = names


def _entries(language: str, named: Iterable[_Named], table: Table) -> Iterator[Entry]:
    for one in named:
        for name in one.names.get(language, ()):
            yield _key(name, language), one.meaning
            yield from _adjectives(_key(name, language), one.meaning, table["adjectives"])
        for other in CYRILLIC if language == "en" else ():
            yield from ((romanised_key(name, other), one.meaning) for name in one.names.get(other, ()))


def _adjectives(key: str, meaning: Meaning, endings: Mapping[str, str]) -> Iterator[Entry]:
    """Add the adjectives of towns; villages give theirs to no facility and no district."""
    if meaning.use == "name" and meaning.kind == "settlement" and meaning.population >= WITH_ADJECTIVE:
        adjective = Meaning(
            meaning.name, meaning.region, meaning.country, meaning.kind, meaning.population, use="adjective"
        )
        yield from ((form, adjective) for form in adjectives(key, endings))


def _regions() -> Iterator[_Named]:
    for code, row in _toml(DATA / "regions.toml").items():
        country = code[:2]
        alone = _by_script(row.get("also", ()))
        heads = _by_script(row.get("heads", ()))
        for language in LANGUAGES:
            first, _, last = row[language].rpartition(" ")
            (heads if last in REGION_NOUNS else alone)[language].append(
                first if last in REGION_NOUNS else row[language]
            )
        if code not in CITY_REGIONS:
            yield _Named(Meaning(row["en"], code, country, "region"), alone)
            yield _Named(Meaning(row["en"], code, country, "region", use="head"), _masculine(heads))


def _masculine(heads: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Give the adjectives of regions the form that other genders are traced back to: «Харківська» -> «харківський»."""
    changed = {language: [*names] for language, names in heads.items()}
    changed["uk"] = [name[:-1] + "ий" if name.endswith("ка") else name for name in heads["uk"]]
    changed["ru"] = [name[:-2] + "ий" if name.endswith("кая") else name for name in heads["ru"]]
    return changed


def _by_script(names: Iterable[str]) -> dict[str, list[str]]:
    """Sort names into languages by their letters; Cyrillic ones serve both."""
    split_up: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for name in names:
        for language in ("en",) if name[0].isascii() else CYRILLIC:
            split_up[language].append(name)
    return split_up


def _countries() -> Iterator[_Named]:
    for code, row in _toml(DATA / "places" / "countries.toml").items():
        meaning = Meaning(row["name"], "", code, "country")
        yield _Named(meaning, {language: row[language] for language in LANGUAGES})


def _by_hand() -> Iterator[tuple[str, Table]]:
    """Read the rows of the hand tables: towns, districts, airfields, plants."""
    for file in sorted((DATA / "places").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml") and file.name != "countries.toml":
            for row in _toml(file)["place"]:
                if not {"name", "region"} <= row.keys():
                    raise ValueError(f"bot/data/places/{file.name}: {row} needs a name and a region")
                yield file.name, row


def _places() -> Iterator[_Named]:
    """Read all places that are no regions; a row of towns.toml adds its names to the line of the same town."""
    geonames = {(place.meaning.region, place.meaning.name): place for place in _settlements()}
    for file, row in _by_hand():
        known = geonames.pop((row["region"], row["name"]), None) if file == "towns.toml" else None
        yield _merged(row, known)
        if file == "districts.toml":
            yield _in_lists(row)
    yield from geonames.values()


def _in_lists(row: Table) -> _Named:
    """Let the adjective of a district stand for it before a later word: «у Дарницькому та Подільському районах»."""
    ends = {"en": " district", "uk": " район", "ru": " район"}
    names = {
        language: [name.removesuffix(end) for name in row.get(language, ()) if name.endswith(end)]
        for language, end in ends.items()
    }
    return _Named(Meaning(row["name"], row["region"], row["region"][:2], "district", use="adjective"), names)


def _merged(row: Table, known: _Named | None) -> _Named:
    kind = cast("PlaceKind", row.get("kind", "settlement"))
    population = row.get("population") or (known.meaning.population if known else 0)
    use = cast("Use", row.get("use", "name"))
    meaning = Meaning(row["name"], row["region"], row["region"][:2], kind, population, use)
    names = {language: [*row.get(language, ())] for language in LANGUAGES}
    if kind != "plant":
        names["en"].append(row["name"])
    for language in LANGUAGES if known else ():
        names[language] += known.names.get(language, ()) if known else ()
    return _Named(meaning, names)


def _settlements() -> Iterator[_Named]:
    text = (DATA / "places" / "settlements.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        region, population, name, ukrainian, russian = line.split("\t")
        kind: PlaceKind = "district" if CITY_REGIONS.get(region, name) != name else "settlement"
        names = {"en": [name], "uk": ukrainian.split("|"), "ru": russian.split("|")}
        yield _Named(Meaning(name, region, region[:2], kind, int(population)), names)
