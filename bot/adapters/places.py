"""The tables of places on disk, read into a gazetteer: `bot/data/regions.toml`, `bot/data/places` and the languages' words.

Reading happens once, at the start; a table that does not hold together is a `ValueError` that names file and entry.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeAlias, cast

from bot.adapters.languages import DATA, read_languages, script_of
from bot.core.text.document import PlaceKind
from bot.core.text.placeindex import Meaning, Names, PlaceWords, Use
from bot.core.text.placenames import Inflection, adjectives, cyrillic_key, keys_of, latin_key, romanised, romanised_key
from bot.core.text.places import Gazetteer, Region

Entry: TypeAlias = tuple[str, Meaning]
Table: TypeAlias = dict[str, Any]
Fold: TypeAlias = Callable[[str], str]

TABLED = ("en", "uk", "ru")
"""The languages whose names stand in the tables of places; those of any other are in `places.toml` of its own folder."""
CYRILLIC = ("uk", "ru")
REGION_NOUNS = {"Oblast", "Krai", "область", "край"}
CITY_REGIONS = {"UA-30": "Kyiv", "UA-40": "Sevastopol", "RU-MOW": "Moscow", "RU-SPE": "Saint Petersburg"}
SETTLEMENTS = ("settlements.tsv", "villages.tsv")
TOWNS = ("towns-ukraine.toml", "towns-russia.toml")
COUNTRIES = "countries.toml"
RAIONS = "raions.tsv"
NOUNS = ("район", "округ")
DISTRICTS = ("districts.toml", RAIONS)
KEPT_BY_HAND = 12_000
WITH_ADJECTIVE = {"UA": 2_000, "RU": 12_000}
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
OPTIONAL = ("elsewhere", "passed", "rivers", "banks", "speech", "districts", "adjectival", "articles", "of")


def load_regions(data: Path = DATA) -> Mapping[str, Region]:
    """Read the first-level regions of both countries, by ISO 3166-2 code."""
    table = _toml(data / "regions.toml")
    added = added_names(data)
    return {code: Region(code, _shown(code, row, added)) for code, row in table.items()}


def added_names(data: Path = DATA) -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Return what each language that the tables do not know calls places: by "UA", "UA-63" or "UA-63 Kharkiv".

    The first name of each is the one to show.
    """
    added = (language for language in read_languages(data) if language not in TABLED)
    return {language: _toml(data / language / "places.toml").get("names", {}) for language in added}


def _shown(code: str, row: Table, added: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[str, str]:
    return {language: row[language] for language in TABLED} | {
        language: names[code][0] for language, names in added.items() if code in names
    }


def load_gazetteer(data: Path = DATA) -> Gazetteer:
    """Read all tables of places and the words of each language around them."""
    words = {language: _toml(data / language / "places.toml") for language in read_languages(data)}
    named = [*_regions(data), *_countries(data), *_areas(data), *_places(data)]
    return Gazetteer({language: _names(language, named, table, data) for language, table in words.items()})


def _names(language: str, named: Sequence[_Named], table: Table, data: Path) -> Names:
    fold = latin_key if script_of(language, data) == "latin" else cyrillic_key
    own = [_Named(one.meaning, {language: names}) for one, names in _called(named, table.get("names", {}))]
    tabled = language if language in TABLED or fold is cyrillic_key else TABLED[0]
    entries = chain(_entries(tabled, named, table, fold), _entries(language, own, table, fold))
    return Names(entries, _words(table, fold), fold)


def _called(named: Iterable[_Named], names: Mapping[str, list[str]]) -> Iterator[tuple[_Named, list[str]]]:
    """Yield what a language calls places in its own file, by "UA", "UA-63" or "UA-63 Kharkiv"."""
    for one in named if names else ():
        meaning = one.meaning
        place = meaning.name if meaning.kind not in {"country", "region"} else ""
        called = names.get(f"{meaning.region or meaning.country} {place}".rstrip())
        if called and meaning.use == "name":
            yield one, called


def _toml(file: Path) -> Table:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _words(table: Table, fold: Fold) -> PlaceWords:
    lists = {name: frozenset(map(fold, table[name])) for name in LISTS}
    extra = {name: frozenset(map(fold, table[name])) for name in OPTIONAL if name in table}
    return PlaceWords(
        Inflection(table["endings"]),
        conjunctions=frozenset(map(fold, table["and"])),
        **lists,
        **extra,
        home=frozenset(table.get("home", ())),
    )


class _Named:
    """A meaning and what it is called: names by language, the words "any Cyrillic language" apart."""

    __slots__ = ("meaning", "names")

    def __init__(self, meaning: Meaning, names: Mapping[str, Sequence[str]]) -> None:
        self.meaning = meaning
        self.names = names


def _entries(language: str, named: Sequence[_Named], table: Table, fold: Fold) -> Iterator[Entry]:
    others = CYRILLIC if fold is latin_key else ()
    spelt = [_keys(named, other, partial(romanised, language=other)) for other in others]
    for one, own, *foreign in zip(named, _keys(named, language, fold), *spelt, strict=True):
        for key in own:
            yield key, one.meaning
            yield from _adjectives(key, one.meaning, table["adjectives"])
        yield from ((key, one.meaning) for keys in foreign for key in keys)


def _keys(named: Sequence[_Named], language: str, fold: Fold) -> Iterator[list[str]]:
    """Yield for each place the keys of its names in a language."""
    keys = iter(keys_of((name for one in named for name in one.names.get(language, ())), fold))
    return ([*islice(keys, len(one.names.get(language, ())))] for one in named)


def _adjectives(key: str, meaning: Meaning, endings: Mapping[str, str]) -> Iterator[Entry]:
    """Add the adjectives of towns; villages give theirs to no facility and no district."""
    settlement = meaning.use == "name" and meaning.kind == "settlement"
    if settlement and meaning.population >= WITH_ADJECTIVE[meaning.country]:
        adjective = Meaning(
            meaning.name, meaning.region, meaning.country, meaning.kind, meaning.population, use="adjective"
        )
        yield from ((form, adjective) for form in adjectives(key, endings))


def _regions(data: Path) -> Iterator[_Named]:
    for code, row in _toml(data / "regions.toml").items():
        country = code[:2]
        alone = _by_script(row.get("also", ()))
        heads = _by_script(row.get("heads", ()))
        for language in TABLED:
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
    split_up: dict[str, list[str]] = {language: [] for language in TABLED}
    for name in names:
        for language in ("en",) if name[0].isascii() else CYRILLIC:
            split_up[language].append(name)
    return split_up


def _countries(data: Path) -> Iterator[_Named]:
    for code, row in _toml(data / "places" / COUNTRIES).items():
        meaning = Meaning(row["name"], "", code, "country")
        yield _Named(meaning, {language: row[language] for language in TABLED})


def _by_hand(data: Path) -> Iterator[tuple[str, Table]]:
    """Read the rows of the hand tables: towns, districts, airfields, plants."""
    for file in sorted((data / "places").glob("*.toml")):
        if file.name != COUNTRIES:
            yield from ((file.name, _checked(file, row)) for row in _toml(file)["place"])
    yield from ((RAIONS, row) for row in _raions(data))


def _checked(file: Path, row: Table) -> Table:
    if not {"name", "region"} <= row.keys():
        raise ValueError(f"bot/data/places/{file.name}: {row} needs a name and a region")
    return row


def _raions(data: Path) -> Iterator[Table]:
    """Read the districts of regions, each with its adjectives: «Чугуївський район»."""
    for region, name, ukrainian, russian, _ in _raion_columns(data):
        names = {"uk": ukrainian.split("|"), "ru": russian.split("|")}
        latin = [romanised_key(one, language) for language in CYRILLIC for one in names[language]]
        ends = {language: [f"{one} {noun}" for one in own for noun in NOUNS] for language, own in names.items()}
        yield {"name": name, "region": region, "kind": "district", "en": [f"{one} district" for one in latin], **ends}


def _raion_columns(data: Path) -> Iterator[list[str]]:
    for line in (data / "places" / RAIONS).read_text(encoding="utf-8").splitlines():
        yield line.split("\t")


def _areas(data: Path) -> Iterator[_Named]:
    """Read what people call the surroundings of a town, which stands for its region: «Нікопольщина»."""
    for region, name, _, _, areas in _raion_columns(data):
        meaning = Meaning(f"{name} district", region, region[:2], "region")
        yield _Named(meaning, dict.fromkeys(CYRILLIC, areas.split("|") if areas else ()))


def _places(data: Path) -> Iterator[_Named]:
    """Read all places that are no regions; a row of the towns adds its names to the line of the same town."""
    geonames = {(place.meaning.region, place.meaning.name): place for place in _settlements(data)}
    for file, row in _by_hand(data):
        known = geonames.pop((row["region"], row["name"]), None) if file in TOWNS else None
        yield _merged(row, known)
        if file in DISTRICTS:
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
    population = row.get("population") or _size(kind, known)
    use = cast("Use", row.get("use", "name"))
    meaning = Meaning(row["name"], row["region"], row["region"][:2], kind, population, use)
    names = {language: [*row.get(language, ())] for language in TABLED}
    if kind != "plant" and f"{row['name']} district" not in names["en"]:
        names["en"].append(row["name"])
    for language in TABLED if known else ():
        names[language] += known.names.get(language, ()) if known else ()
    return _Named(meaning, names)


def settlement_lines(data: Path = DATA) -> Iterator[str]:
    """Yield the lines of the settlements: those of GeoNames, then the smaller ones kept by hand."""
    for file in SETTLEMENTS:
        yield from (data / "places" / file).read_text(encoding="utf-8").splitlines()


def _size(kind: PlaceKind, known: _Named | None) -> int:
    """Give the population to go by: a town of the hand table is at least as well known as one of `KEPT_BY_HAND`."""
    found = known.meaning.population if known else 0
    return max(found, KEPT_BY_HAND) if kind == "settlement" else found


def _settlements(data: Path) -> Iterator[_Named]:
    for line in settlement_lines(data):
        region, population, name, ukrainian, russian = line.split("\t")
        region = sys.intern(region)
        kind: PlaceKind = "district" if CITY_REGIONS.get(region, name) != name else "settlement"
        names = {"en": [name], "uk": ukrainian.split("|"), "ru": russian.split("|")}
        yield _Named(Meaning(name, region, sys.intern(region[:2]), kind, int(population)), names)
