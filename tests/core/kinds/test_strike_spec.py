"""What the strike reader makes of single texts: the lines of tests/spec/<language>/strike.jsonl."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from bot.adapters.languages import read_languages
from bot.cli._reading import load_reader
from bot.core.kinds.strike import KIND
from bot.core.model import Item, Report, Source

LANGUAGES = read_languages()
SPEC = Path(__file__).parents[2] / "spec"
COUNTS = ("drones", "missiles", "drones_downed", "missiles_downed", "killed", "injured")
SETS = ("places", "targets")


def spec_lines():
    for language in LANGUAGES:
        lines = (SPEC / language / "strike.jsonl").read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, 1):
            yield pytest.param(language, json.loads(line), id=f"{language}-{number}")


@cache
def reader():
    return load_reader().document, load_reader().lexicons["strike"]


def item_of(language, line):
    source = Source("spec", "Spec", "rss", "", language)
    published = datetime.fromisoformat(line["published"])
    title = line.get("title") or line["text"]
    return Item("spec", source, language, "", published, title, line.get("summary", ""), line.get("body"))


def read(language, line) -> list[Report]:
    """Return the main reports of a spec line, as the reader of all kinds would: through the gate first."""
    item = item_of(language, line)
    document_of, lexicon = reader()
    text = "\n".join((item.title, item.summary, item.body or "")).casefold()
    if not lexicon.opening(text):
        return []
    return [report for report in KIND.read(lexicon.mark(document_of(item)), lexicon) if report.role == "main"]


def as_told(report, expected):
    """Return the report with the slots of the expected one, and every count that it gives."""
    told = {"attacker": report.facts["attacker"], "region": report.facts["region"], "date": report.date.isoformat()}
    told |= {slot: report.facts[slot] for slot in COUNTS if slot in report.facts}
    for slot in SETS:
        if slot in expected:
            told[slot] = sorted(set(report.facts.get(slot, ())) & set(expected[slot]))
    return told


@pytest.mark.parametrize(("language", "line"), list(spec_lines()))
def test_a_text_gives_the_reports_that_a_careful_reader_sees(language, line):
    expected = {(each["attacker"], each["region"]): each for each in line["reports"]}
    got = {(report.facts["attacker"], report.facts["region"]): report for report in read(language, line)}
    assert got.keys() == expected.keys()
    for key, each in expected.items():
        want = {slot: sorted(value) if slot in SETS else value for slot, value in each.items()}
        assert as_told(got[key], each) == want


@pytest.mark.parametrize("language", LANGUAGES)
def test_evidence_quotes_the_item_word_for_word(language):
    for line in (SPEC / language / "strike.jsonl").read_text(encoding="utf-8").splitlines():
        item = item_of(language, json.loads(line))
        fields = {"title": item.title, "summary": item.summary, "body": item.body or ""}
        for report in read(language, json.loads(line)):
            assert report.evidence
            for evidence in report.evidence:
                assert fields[evidence.field][evidence.start : evidence.end] == evidence.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_concepts_and_patterns(language):
    _, lexicon = reader()
    assert lexicon.vocabularies[language].patterns == lexicon.vocabularies["en"].patterns
