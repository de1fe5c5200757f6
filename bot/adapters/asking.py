"""Reads the words of questions: `bot/data/<language>/asking.toml`, the months and weekdays, the kinds, regions and places.

All languages are in one dictionary: people write in whichever comes first.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import Any

from bot.adapters.languages import DATA, read_languages
from bot.adapters.late import Late
from bot.adapters.morphology import lemmas_of
from bot.adapters.names import load_place_names
from bot.adapters.places import REGION_NOUNS, TABLED, added_names, settlement_lines
from bot.core.render.phrases import Phrasebook
from bot.core.text.dictionary import Dictionary, Entry, Meaning, place_keys
from bot.core.text.english import english_lemmas
from bot.core.text.lines import Lines
from bot.core.text.placenames import Inflection, keys_of, latin_key, romanised

CYRILLIC = ("uk", "ru")
SORTS = ("step", "day", "unit", "season", "weekday", "number", "kind", "region", "year")
GROUPS = ("mark", "time")
"""Tables whose keys are the sorts themselves."""
LISTS = ("filler", "region_word")
NAMED = {"number": "n", "year": "years"}
LARGER = 20_000
"""People of a settlement whose name is guessed at, and of one that a table by hand adds."""
REGION_WORDS = REGION_NOUNS | {"Republic", "Республіка", "Республика"}


def asked_words(books: Mapping[str, Phrasebook]) -> dict[str, tuple[str, ...]]:
    """Return for every kind the words by which it is asked for, in all languages."""
    kinds = {kind for book in books.values() for kind in book.kinds}
    return {
        kind: tuple(word for book in books.values() if kind in book.kinds for word in book.kinds[kind].asked)
        for kind in sorted(kinds)
    }


def load_dictionary(kinds: Mapping[str, Iterable[str]]) -> Dictionary:
    """Return everything that a question may consist of; `kinds` gives for every kind the words by which it is asked for.

    Settlements, half of the work, are loaded when they are first asked for.
    """
    entries = [*_kinds(kinds), *_words(), *_calendar(), *_regions()]
    settled = cache(_places)
    places, larger = Late(lambda: settled()[0]), Late(lambda: settled()[1])
    return Dictionary(entries, _lemmas(), _endings(), places, larger=larger, regions=Late(_regions_of))


def _kinds(kinds: Mapping[str, Iterable[str]]) -> Iterator[Entry]:
    for kind, words in kinds.items():
        yield from (Entry(word, Meaning("kind", kind)) for word in (kind, *words))


def _words() -> Iterator[Entry]:
    """Yield the entries of every `asking.toml`."""
    for table in _tables("asking.toml"):
        for name in LISTS:
            yield from (Entry(word, Meaning(name, "")) for word in table.get(name, ()))
        for name in GROUPS:
            yield from (Entry(word, Meaning(sort, "")) for sort, words in table.get(name, {}).items() for word in words)
        for name in SORTS:
            for value, words in table.get(name, {}).items():
                yield from (_entry(name, value, word) for word in words)


def _entry(table: str, value: str, word: str) -> Entry:
    sort = "quarter" if (table, value) == ("unit", "quarter") else NAMED.get(table, table)
    return Entry(word, Meaning(sort, value))


def _calendar() -> Iterator[Entry]:
    """Yield months and weekdays, written in `dates.toml` as words of patterns."""
    for table in _tables("dates.toml"):
        for name in ("month", "weekday"):
            for phrase, number in table.get(f"{name}s", {}).items():
                words = (word.lstrip("=") for word in re.split(r"[()|]+", phrase))
                yield from (Entry(word, Meaning(name, str(number))) for word in words if re.fullmatch(r"[\w']+", word))


def _regions() -> Iterator[Entry]:
    """Yield what regions are called; first words of their names and their capitals stand for them as a second choice."""
    added = added_names().values()
    for code, row in _toml(DATA / "regions.toml").items():
        region = Meaning("region", code)
        shown = [row[language] for language in TABLED]
        names = (*shown, *row.get("also", ()), *(name for own in added for name in own.get(code, ())))
        yield from (Entry(name, region) for name in names)
        for head in (*filter(None, map(_head, shown)), *row.get("heads", ())):
            yield Entry(head, region, 1)
            yield Entry(f"{head} oblast", region)
    for code, name, spelt in _settlements():
        if name.casefold() in _capitals().get(code, ()):
            yield from (Entry(word, Meaning("region", code), 1) for word in spelt)


def _head(name: str) -> str:
    """Return the name of a region without the word for a region, "" where there is none."""
    words = name.split()
    kept = [word for word in words if word not in REGION_WORDS]
    return " ".join(kept) if len(kept) < len(words) else ""


@lru_cache(maxsize=1)
def _capitals() -> dict[str, frozenset[str]]:
    """Return by region the English names of which one is its capital's."""
    table = _toml(DATA / "regions.toml").items()
    return {code: frozenset(map(str.casefold, (_head(row["en"]), *row.get("heads", ())))) for code, row in table}


def _lemmas() -> Callable[[str], Iterable[str]]:
    english = english_lemmas({})
    cyrillic = [lemmas_of(language) for language in CYRILLIC]

    @lru_cache(maxsize=1 << 14)
    def lemmas(word: str) -> tuple[str, ...]:
        if word.isascii():
            return tuple(sorted(english(word)))
        return tuple(sorted(frozenset[str]().union(*(each(word) for each in cyrillic))))

    return lemmas


def _endings() -> Callable[[str], Iterable[str]]:
    """Return what a word may be a form of by its ending; a Latin one is the key of its romanisation as well."""
    inflections = [Inflection(table["endings"]) for table in map(_toml, _files("places.toml")) if table.get("endings")]

    @lru_cache(maxsize=1 << 14)
    def forms(word: str) -> tuple[str, ...]:
        if word.isascii():
            return (latin_key(word),)
        return tuple(dict.fromkeys(form for each in inflections for form in each.first_forms(word)))

    return forms


def _places() -> tuple[Lines, dict[str, None]]:
    """Return the English names of settlements by what they are called, larger ones first, and the keys of those."""
    rows = [*_sized()]
    names = [name for _, _, spelt in rows for name in spelt]
    foreign = [name for _, _, spelt in rows for name in spelt[1:]]
    keys, latin = iter(place_keys(names)), iter(keys_of(foreign, partial(romanised, language="uk")))
    called = [dict.fromkeys((*islice(keys, len(spelt)), *islice(latin, len(spelt) - 1))) for _, _, spelt in rows]
    large = {key for (_, population, _), own in zip(rows, called, strict=True) if population >= LARGER for key in own}
    larger = dict.fromkeys(key for own in called for key in own if key in large)
    named: dict[str, tuple[tuple[str, int], ...]] = {}
    for (english, population, _), own in zip(rows, called, strict=True):
        place = (english, population)
        named.update({key: (*named.get(key, ()), place) for key in own})
    return Lines((key, "|".join(_by_size(places))) for key, places in named.items()), larger


def _by_size(places: Iterable[tuple[str, int]]) -> list[str]:
    """Return the names of places by the population of the largest of each, the greatest first."""
    sizes: dict[str, int] = {}
    for english, population in places:
        sizes[english] = max(population, sizes.get(english, 0))
    return sorted(sizes, key=lambda english: -sizes[english])


def _sized() -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """Yield every settlement's English name, population, and all that it is called."""
    known: dict[tuple[str, str], int] = {}
    for line in settlement_lines():
        region, population, english, *spelt = line.split("\t")
        known[region, english] = int(population)
        yield english, int(population), (english, *(name for names in spelt[:2] for name in names.split("|") if name))
    for (region, english), names in load_place_names(settled=False).items():
        yield english, known.get((region, english), LARGER), (english, *names.values())


def _settlements() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for line in settlement_lines():
        region, _, english, *spelt = line.split("\t")
        yield region, english, tuple(name for names in spelt[:2] for name in names.split("|") if name)


def _regions_of() -> Lines:
    """Return for every settlement's English name the region of the largest one."""
    lines = (line.split("\t")[:3] for line in settlement_lines())
    largest = {english: region for region, _, english in sorted(lines, key=lambda line: int(line[1]))}
    return Lines(largest.items())


def _tables(name: str) -> Iterator[dict[str, Any]]:
    return map(_toml, _files(name))


def _files(name: str) -> Iterator[Path]:
    files = (DATA / language / name for language in read_languages())
    return (file for file in files if file.exists())


def _toml(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))
