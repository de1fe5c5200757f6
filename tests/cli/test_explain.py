"""What a person sees of a reading: the words of each fact in their sentence, its value and its rule."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pytest
from rich.console import Console

from bot.cli._explain import explanation
from bot.core.extract import Reason
from bot.core.model import Evidence, Item, Origin, Report, Source

TITLES = {
    "en": ("Overnight attack on Sumy injures 14", "14"),
    "uk": ("Унаслідок нічної атаки на Суми поранено 14 людей", "поранено 14"),
    "ru": ("При ночной атаке на Сумы ранены 14 человек", "14 человек"),
}


def item(language: str, title: str) -> Item:
    source = Source("steppe", "Steppe Wire", "rss", "", language)
    return Item("a-1", source, language, "", datetime(2025, 6, 9, 7, tzinfo=UTC), title, "", None)


def printed(about: Item, *reasons: Reason) -> str:
    console = Console(file=io.StringIO(), width=120, no_color=True)
    console.print(explanation(about, reasons))
    return console.file.getvalue()


@pytest.mark.parametrize("language", TITLES)
def test_a_fact_stands_with_its_value_words_and_rule(language):
    title, words = TITLES[language]
    start = title.index(words)
    evidence = Evidence("injured", "casualties.injured", words, "title", start, start + len(words))
    about = item(language, title)
    report = Report(
        kind="strike", origin=Origin.of(about), date=date(2025, 6, 9), facts={"injured": 14}, evidence=(evidence,)
    )
    lines = printed(about, Reason("strike", "injur", (report,))).splitlines()
    assert lines[0] == title
    assert "strike: main, carried out, 2025-06-09" in lines
    (row,) = [line for line in lines if "casualties.injured" in line]
    assert row.split()[:2] == ["injured", "14"]
    assert words in row


def test_a_kind_that_stays_silent_says_why():
    about = item("en", "A swap of views")
    told = printed(about, Reason("swap", "swap"), Reason("strike", ""))
    assert "swap: gate word 'swap', but no event in the sentences" in told
    assert "strike: no gate word in the text" in told
