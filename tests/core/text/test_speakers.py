"""Whom texts quote and credit: the lines of tests/spec/<language>/speakers.jsonl."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.cli._reading import load_reader
from bot.core.extract import Reader
from bot.core.model import Item, Report, Source

SPEC = Path(__file__).parents[2] / "spec"
PUBLISHED = datetime.fromisoformat("2026-03-10T15:00:00+02:00")


def spec_lines() -> Iterator[object]:
    for path in sorted(SPEC.glob("*/speakers.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            yield pytest.param(path.parent.name, json.loads(line), id=f"{path.parent.name}-{number}")


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader()


def read(reader: Reader, language: str, text: str, **source: str) -> tuple[Report, ...]:
    outlet = Source("spec", source.pop("name", "Spec"), "rss", "", language, **source)
    return reader.read(Item("spec", outlet, language, "", PUBLISHED, "", text))


@pytest.mark.parametrize(("language", "line"), list(spec_lines()))
def test_whom_a_text_quotes_and_credits(reader, language, line):
    reports = read(reader, language, line["text"])
    assert any(isinstance(value, int) for report in reports for value in report.facts.values())
    if "speakers" in line:
        said = {slot: f"{who.side}.{who.office}" for report in reports for slot, who in report.speakers.items()}
        assert said == line["speakers"]
    if "credits" in line:
        assert {report.origin.credits for report in reports} == {tuple(line["credits"])}


def test_a_source_of_a_wire_has_its_voice(reader):
    (report,) = read(reader, "en", "Ukraine and Russia exchanged 90 prisoners each on Tuesday.", wire="afp")
    assert report.origin.credits == ("afp",)


def test_an_agency_is_among_its_own_credits(reader):
    (report,) = read(reader, "ru", "Россия и Украина обменялись пленными по формуле 90 на 90.", name="ТАСС")
    assert report.origin.credits == ("ru_state",)
