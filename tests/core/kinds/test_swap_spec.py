"""What sentences of the press say about exchanges, in three languages, and which must stay silent."""

from __future__ import annotations

import json
import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.lexicons import DATA
from bot.cli._reading import load_reader
from bot.core.extract import Reader
from bot.core.model import Item, Report, Source

SPEC = Path(__file__).parents[2] / "spec"
LANGUAGES = ("en", "uk", "ru")
COUNTS = ("to_ukraine", "to_russia", "to_ukraine_civilians", "to_russia_civilians", "ordinal")
SETS = ("categories", "mediators")
NEGATIVES = 15


@cache
def reader() -> Reader:
    return load_reader()


def cases(language: str) -> list[dict[str, Any]]:
    lines = (SPEC / language / "swap.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def item_of(case: dict[str, Any], language: str) -> Item:
    source = Source("spec", "Spec", "rss", "https://spec.example/feed", language)
    title = case.get("title") or case["text"]
    published = datetime.fromisoformat(case["published"])
    return Item("1", source, language, "", published, title, case.get("summary", ""), case.get("body"))


def told(report: Report, asked: dict[str, Any]) -> dict[str, Any]:
    """Return what a report says in the terms of a case; sets and what is denied only where the case names them."""
    facts: dict[str, Any] = {"subtype": report.facts["subtype"], "status": report.status}
    facts["date"] = report.date.isoformat() if report.date else None
    facts.update({slot: report.facts[slot] for slot in COUNTS if slot in report.facts})
    facts.update({slot: sorted(report.facts.get(slot, ())) for slot in SETS if slot in asked})
    facts.update({"disputed": report.disputed} if "disputed" in asked else {})
    return facts


ALL = [
    pytest.param(language, case, id=f"{language}:{line}")
    for language in LANGUAGES
    for line, case in enumerate(cases(language), 1)
]


@pytest.mark.parametrize(("language", "case"), ALL)
def test_a_text_carries_these_exchanges_and_no_others(language, case):
    reports = [r for r in reader().read(item_of(case, language)) if r.kind == "swap" and r.role == "main"]
    reports.sort(key=lambda report: (str(report.facts["subtype"]), str(report.date)))
    wanted = sorted(case["reports"], key=lambda report: (report["subtype"], str(report["date"])))
    assert len(reports) == len(wanted)
    assert [told(report, asked) for report, asked in zip(reports, wanted, strict=True)] == wanted


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_share_of_silent_texts(language):
    assert sum(not case["reports"] for case in cases(language)) >= NEGATIVES


@pytest.mark.parametrize(("language", "case"), ALL)
def test_every_fact_quotes_the_item(language, case):
    item = item_of(case, language)
    fields = {"title": item.title, "summary": item.summary, "body": item.body or ""}
    for report in reader().read(item):
        for evidence in report.evidence:
            assert fields[evidence.field][evidence.start : evidence.end] == evidence.text


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_has_the_same_concepts_and_patterns(language):
    first, other = (tomllib.loads((DATA / code / "swap.toml").read_text("utf-8")) for code in ("en", language))
    assert set(first["concepts"]) == set(other["concepts"])
    assert set(first["patterns"]) == set(other["patterns"])
