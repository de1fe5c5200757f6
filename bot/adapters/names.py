"""How places and regions are called in each language that the bot speaks, and what people may call a region.

The gazetteer reads texts; this is the other direction, from what was read to what is shown, and the few names that are
typed after a command.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

DATA = files("bot") / "data"
LANGUAGES = ("en", "uk", "ru")


def load_region_names() -> dict[str, dict[str, str]]:
    """Return the display names of every first-level region by code and language."""
    return {code: {language: row[language] for language in LANGUAGES} for code, row in _regions().items()}


def load_place_names() -> dict[tuple[str, str], dict[str, str]]:
    """Return the Ukrainian and Russian names of settlements by region code and English spelling.

    Of several spellings the table's first is the one to show.
    """
    rows = csv.reader((DATA / "places" / "settlements.tsv").read_text(encoding="utf-8").splitlines(), delimiter="\t")
    return {
        (region, english.split("|")[0]): {"uk": (uk or ru).split("|")[0], "ru": (ru or uk).split("|")[0]}
        for region, _population, english, uk, ru, *_ in rows
        if uk or ru
    }


def load_asked_names() -> dict[str, str]:
    """Return everything that people may type for a region, casefolded, with the region's code.

    "Kharkiv", "Kharkiv Oblast", «Харківська», «харьковская область», «Харківщина» are all UA-63.
    """
    asked: dict[str, str] = {}
    for code, row in _regions().items():
        for name in _spoken(row):
            asked.setdefault(name.casefold(), code)
    return asked


def _spoken(row: Mapping[str, Any]) -> Iterator[str]:
    shown = [row[language] for language in LANGUAGES]
    yield from shown
    yield from row.get("also", ())
    for head in (*row.get("heads", ()), *(name.split()[0] for name in shown if len(name.split()) > 1)):
        yield head
        yield f"{head} region"


def _regions() -> dict[str, Any]:
    return tomllib.loads((DATA / "regions.toml").read_text(encoding="utf-8"))
