"""How places and regions are called in each language that the bot speaks, and what people may call a region.

The gazetteer reads texts; this is the other direction, from what was read to what is shown, and the few names that are
typed after a command.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, TypeAlias

from bot.adapters.languages import DATA
from bot.adapters.places import TABLED, TOWNS, added_names, load_regions, settlement_lines

Named: TypeAlias = tuple[str, str, Mapping[str, Sequence[str]]]


def load_region_names() -> dict[str, Mapping[str, str]]:
    """Return the display names of every first-level region by code and language."""
    return {code: region.names for code, region in load_regions().items()}


def load_place_names(*, settled: bool = True) -> dict[tuple[str, str], dict[str, str]]:
    """Return the Ukrainian and Russian names of settlements, airfields and districts by region code and English name.

    Of several spellings the table's first is the one to show; a table by hand goes before the extracted one, which is left
    out where it is not `settled`.
    """
    names: dict[tuple[str, str], dict[str, str]] = {}
    for region, english, spelt in chain(_settlements() if settled else (), _by_hand()):
        uk, ru = (spelt[language][0] if spelt[language] else "" for language in ("uk", "ru"))
        if uk or ru:
            names[region, english] = {"uk": uk or ru, "ru": ru or uk}
    for language, own in added_names().items():
        for key, called in own.items():
            region, _, english = key.partition(" ")
            names.setdefault((region, english), {})[language] = called[0]
    return names


def _settlements() -> Iterator[Named]:
    for region, _population, english, uk, ru, *_ in csv.reader(settlement_lines(), delimiter="\t"):
        yield region, english.split("|")[0], {"uk": uk.split("|"), "ru": ru.split("|")}


def _by_hand() -> Iterator[Named]:
    for table in ("districts.toml", "airfields.toml", *TOWNS):
        for row in _toml(f"places/{table}")["place"]:
            yield row["region"], row["name"], {"uk": row.get("uk", ()), "ru": row.get("ru", ())}


def load_asked_names() -> dict[str, str]:
    """Return everything that people may type for a region, casefolded, with the region's code.

    "Kharkiv", "Kharkiv Oblast", «Харківська», «харьковская область», «Харківщина» and UA-63 itself are all UA-63.
    """
    asked: dict[str, str] = {}
    added = added_names().values()
    for code, row in _toml("regions.toml").items():
        for name in (code, *_spoken(row)):
            asked.setdefault(name.casefold(), code)
        for own in added:
            asked.update((name.casefold(), code) for name in own.get(code, ()))
    return asked


def _spoken(row: Mapping[str, Any]) -> Iterator[str]:
    shown = [row[language] for language in TABLED]
    yield from shown
    yield from row.get("also", ())
    for head in (*row.get("heads", ()), *(name.split()[0] for name in shown if len(name.split()) > 1)):
        yield head
        yield f"{head} region"


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))
