"""Laws of reading exchanges that hold for any words in any order."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cli._reading import load_reader
from bot.core.extract import Reader
from bot.core.model import Item, Report, Source

pytestmark = pytest.mark.no_cover

SPEC = Path(__file__).parents[2] / "spec"
LANGUAGES = ("en", "uk", "ru")
NOW = datetime(2026, 2, 5, 14, 20, tzinfo=UTC)


@cache
def reader() -> Reader:
    return load_reader()


@cache
def words(language: str) -> list[str]:
    lines = (SPEC / language / "swap.jsonl").read_text(encoding="utf-8").splitlines()
    return sorted({word for line in lines for word in json.loads(line)["title"].split()})


def item(language: str, title: str, body: str) -> Item:
    return Item(
        "1", Source("law", "Law", "rss", "https://law.example/feed", language), language, "", NOW, title, "", body
    )


def read(language: str, title: str, body: str) -> tuple[Report, ...]:
    return tuple(report for report in reader().read(item(language, title, body)) if report.kind == "swap")


@st.composite
def salads(draw: st.DrawFn) -> tuple[str, str, str]:
    language = draw(st.sampled_from(LANGUAGES))
    text = st.lists(st.sampled_from(words(language)), max_size=25).map(" ".join)
    return language, draw(text), draw(st.lists(text, max_size=4).map("\n".join))


@settings(max_examples=150, deadline=None)
@given(salads())
def test_any_words_give_lawful_reports(salad):
    language, title, body = salad
    for report in read(language, title, body):
        assert report.facts["subtype"] in ("prisoners", "bodies")
        assert all(isinstance(value, int | str | tuple) for value in report.facts.values())
        assert report.evidence
        fields = {"title": title, "summary": "", "body": body}
        assert all(each.text in fields[each.field] for each in report.evidence)


@settings(max_examples=60, deadline=None)
@given(salads())
def test_one_stage_is_reported_once(salad):
    keys = [(r.facts["subtype"], r.date, r.status == "announced") for r in read(*salad)]
    assert len(keys) == len(set(keys))


@settings(max_examples=60, deadline=None)
@given(salads())
def test_reading_twice_says_the_same(salad):
    assert read(*salad) == read(*salad)


@settings(max_examples=100, deadline=None)
@given(salads())
def test_every_fact_has_evidence(salad):
    for report in read(*salad):
        assert_evident(report)


def test_every_fact_of_a_spec_line_has_evidence():
    lines = (
        (code, line) for code in LANGUAGES for line in (SPEC / code / "swap.jsonl").read_text("utf-8").splitlines()
    )
    for code, line in lines:
        case = json.loads(line)
        for report in read(code, case.get("title") or case["text"], case.get("body") or ""):
            assert_evident(report)


def assert_evident(report: Report) -> None:
    """Every fact, each element of a set, the day and an unusual status must rest on words of the item."""
    told = Counter(evidence.slot for evidence in report.evidence if evidence.rule and evidence.text)
    asked = {slot: len(value) if isinstance(value, tuple) else 1 for slot, value in report.facts.items()}
    if report.date is not None:
        asked["date"] = 1
    if report.status != "carried_out":
        asked["status"] = 1
    if report.disputed:
        asked["disputed"] = 1
    assert all(told[slot] >= number for slot, number in asked.items()), (asked, told)
