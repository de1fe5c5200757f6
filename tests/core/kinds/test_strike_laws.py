"""Laws that the strike reader keeps whatever the text: it never fails, quotes what it read, and adds parts up once."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.languages import read_languages
from bot.cli._reading import load_reader
from bot.core.kinds.strike import KIND
from bot.core.kinds.strike.figures import total
from bot.core.kinds.strike.lines import LONGEST, lines_of, today_of
from bot.core.model import Item, Source

pytestmark = pytest.mark.no_cover

WORDS = {
    "en": "Russia Ukraine fired 14 drones missiles at Kyiv , shot down killed injured two people in Kharkiv and Tula . overnight earlier",
    "uk": "Росія випустила 14 дронів ракет по Києву , збито загинули поранені двоє людей у Харкові та Тулі . вночі раніше",
    "ru": "Россия выпустила 14 дронов ракет по Киеву , сбито погибли ранены двое человек в Харькове и Туле . ночью ранее",
}

LANGUAGES = read_languages()
SPEC = Path(__file__).parents[2] / "spec"
MORNING = datetime(2025, 10, 14, 6, tzinfo=UTC)


@cache
def reader():
    return load_reader().document, load_reader().lexicons["strike"]


def reports_of(language, title, summary, body, published=MORNING):
    source = Source("law", "Law", "rss", "", language)
    item = Item("law", source, language, "", published, title, summary, body)
    document_of, lexicon = reader()
    return item, KIND.read(lexicon.mark(document_of(item)), lexicon)


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_row_of_words_is_read_and_quoted(language, data):
    words = st.lists(st.sampled_from(WORDS[language].split()), max_size=25).map(" ".join)
    title, body = data.draw(words), data.draw(words)
    item, reports = reports_of(language, title, "", body)
    fields = {"title": item.title, "summary": item.summary, "body": item.body}
    for report in reports:
        assert report.kind == "strike"
        assert report.facts["attacker"] in ("UA", "RU")
        assert all(value >= 0 for value in report.facts.values() if isinstance(value, int))
        assert all(fields[each.field][each.start : each.end] == each.text for each in report.evidence)


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_one_event_gets_one_report(language, data):
    words = st.lists(st.sampled_from(WORDS[language].split()), max_size=25).map(" ".join)
    _, reports = reports_of(language, data.draw(words), "", data.draw(words))
    keys = [(each.facts["attacker"], each.facts["region"], each.date, each.role) for each in reports]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_no_more_is_stopped_than_was_launched(language, data):
    words = st.lists(st.sampled_from(WORDS[language].split()), max_size=25).map(" ".join)
    _, reports = reports_of(language, data.draw(words), "", data.draw(words))
    for facts in (report.facts for report in reports):
        for weapon in ("drones", "missiles"):
            stopped = facts.get(f"{weapon}_downed", 0)
            assert stopped <= facts.get(weapon, stopped)


@given(st.lists(st.integers(min_value=1, max_value=500), min_size=2, max_size=5))
def test_a_total_given_with_its_parts_counts_once(parts):
    assert total([sum(parts), *parts]) == sum(parts)


@given(st.lists(st.integers(min_value=1, max_value=500), min_size=1, max_size=5))
def test_parts_without_a_total_are_added_up(parts):
    if max(parts) != sum(parts) - max(parts):
        assert total(parts) == sum(parts)


def test_an_evening_in_london_is_the_same_day_in_kyiv_and_a_late_one_the_next():
    assert today_of(datetime(2025, 10, 14, 18, tzinfo=UTC)).day == 14
    assert today_of(datetime(2025, 10, 14, 22, 30, tzinfo=UTC)).day == 15


def test_a_row_of_words_without_an_end_is_passed_over():
    source = Source("law", "Law", "rss", "", "en")
    endless = "Russian drones killed 3 people in Kyiv, " * 200
    item = Item("law", source, "en", "", datetime(2025, 10, 14, 6, tzinfo=UTC), "News", "", endless)
    document_of, lexicon = reader()
    document = lexicon.mark(document_of(item))
    assert max(len(sentence.tokens) for sentence in document.sentences) > LONGEST
    assert all(len(line.sentence.tokens) <= LONGEST for line in lines_of(document, lexicon))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_and_the_day_of_a_report_are_quoted_from_the_text(language):
    lines = (SPEC / language / "strike.jsonl").read_text(encoding="utf-8").splitlines()
    for line in map(json.loads, lines):
        told = (line.get("title") or line["text"]), line.get("summary", ""), line.get("body") or ""
        item, reports = reports_of(language, *told, published=datetime.fromisoformat(line["published"]))
        fields = {"title": item.title, "summary": item.summary, "body": item.body}
        for report in reports:
            slots = {each.slot for each in report.evidence}
            assert slots >= {"date", *report.facts} | ({"disputed"} if report.disputed else set())
            assert all(fields[each.field][each.start : each.end] == each.text and each.rule for each in report.evidence)
