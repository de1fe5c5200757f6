"""What is said of any text names no person and no place below a city: it has no word but ours and the gazetteer's.

It is held to the texts of this repository, and to the open corpus beside it where that is there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import bot.core.export
from bot.adapters.names import load_place_names, load_region_names
from bot.adapters.phrases import load_phrasebooks
from bot.cli._reading import load_reader
from bot.core.extract import Reader
from bot.core.merge import fold
from bot.core.model import Item, Source
from bot.core.render.markup import unmarked
from bot.core.render.phrases import Phrasebook
from bot.core.render.post import render_post
from bot.core.render.reading import Finding, read_out
from bot.core.render.story import timeline
from bot.plugins import discover
from tests.core.export.editions import written
from tests.reports import KINDS

HERE = Path(__file__).parent
CORPORA = (HERE / "corpus/seen.jsonl", HERE / "corpus/unseen.jsonl", HERE.parents[1] / "shared/corpus/open.items.jsonl")
OUTLET = "Outlet"
WORD = re.compile(r"[^\W\d_]+")
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}
PERSON = "Кавалера ордена Остапа Вигаданенка повернули додому. "
STREET = "Влучено у будинок на вулиці Вигаданій, 17. "


@cache
def books() -> dict[str, Phrasebook]:
    return load_phrasebooks(load_region_names(), load_place_names())


def phrases(table: Any) -> Iterator[str]:
    """Yield every text that a table of words holds."""
    if isinstance(table, str):
        yield table
    elif isinstance(table, dict):
        for each in table.values():
            yield from phrases(each)
    elif isinstance(table, (list, tuple)):
        for each in table:
            yield from phrases(each)


@cache
def ours(language: str) -> frozenset[str]:
    """Return the words that are the language's own, those of its regions and of the gazetteer's settlements."""
    book = books()[language]
    kinds = [
        (kind.tag, kind.title, kind.name, kind.plural, kind.slot, kind.value, [v.text for v in kind.headline])
        for kind in book.kinds.values()
    ]
    lines = [v.text for kind in book.kinds.values() for group in kind.lines for v in group]
    tags = ["".join(filter(str.isalnum, name.title())) for name in book.regions.values()]
    places = [*book.places.values(), *(english for _, english in load_place_names())]
    told = phrases([book.texts, kinds, lines, list(book.regions.values()), tags, places, MONTHS[language], OUTLET])
    return frozenset(word.casefold() for text in told for word in WORD.findall(text))


def items(corpus: Path) -> Iterator[Item]:
    """Yield the texts of a corpus, each with a made-up person and a made-up street put into it."""
    for entry in map(json.loads, corpus.read_text(encoding="utf-8").splitlines()):
        source = Source("outlet", OUTLET, "lines", "", entry["lang"])
        published = datetime.fromisoformat(entry["published"]).astimezone(UTC)
        body = f"{entry.get('body') or ''}\n{PERSON}{STREET}"
        yield Item(entry["id"], source, entry["lang"], "", published, entry["title"], entry.get("summary") or "", body)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader()


@pytest.mark.parametrize("corpus", [each for each in CORPORA if each.exists()], ids=lambda each: each.stem)
def test_nothing_that_is_said_of_a_text_has_a_word_that_is_neither_ours_nor_a_city(reader, corpus):
    read = 0
    for item in items(corpus):
        for report in reader.read(item):
            event, read = fold(KINDS[report.kind], [report]), read + 1
            for language, book in books().items():
                said = [
                    render_post(event, book),
                    read_out([Finding(event, event)], book),
                    timeline(event, (), (), book),
                ]
                said += [read_out([Finding(event, None)], book)]
                words = {word.casefold() for each in said for word in WORD.findall(unmarked(each.text))}
                assert words <= ours(language), (item.id, language, words - ours(language))
    assert read > 20


def test_no_word_of_a_text_goes_out_in_an_export(reader):
    told = [report for item in items(CORPORA[1]) for report in reader.read(item)]
    events = [replace(fold(KINDS[report.kind], [report]), id=number) for number, report in enumerate(told, 1)]
    for form in discover(bot.core.export, "FORMAT"):
        assert not re.search("[а-яёіїєґ]", written(form, *events), re.IGNORECASE), form.name
    assert len(events) > 20


def test_the_law_knows_a_word_that_is_not_ours():
    assert not {"вигаданенка", "вигаданій", "остапа"} & ours("uk")
    assert {"kharkiv", "strike"} <= ours("en")
