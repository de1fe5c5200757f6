"""Every feed under tests/feeds gives exactly the items that stand beside it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

import bot.core.sources
from bot.core.model import Item, Response, Source
from bot.plugins import discover

FEEDS = Path(__file__).parents[2] / "feeds"
NOW = datetime(2025, 6, 10, 12, tzinfo=UTC)
TYPES = {source_type.name: source_type for source_type in discover(bot.core.sources, "SOURCE")}
CASES = sorted(path for path in FEEDS.glob("*/*") if path.suffix != ".json")


def read(path: Path) -> tuple[Item, ...]:
    source = Source(path.stem, path.stem, path.parent.name, "https://feeds.example/feed", path.stem[-2:])
    response = Response("https://feeds.example/feed", 200, {}, path.read_bytes())
    return TYPES[source.type].parse(source, response, NOW).items


def as_json(item: Item) -> dict[str, object]:
    published = item.published.isoformat()
    fields = {"id": item.id, "url": item.url, "published": published, "title": item.title}
    told = {"via": item.via} if item.via else {}
    led = {"links": list(item.links)} if item.links else {}
    return fields | {"summary": item.summary, "body": item.body} | told | led


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_feed_gives_the_items_beside_it(path: Path) -> None:
    assert [as_json(item) for item in read(path)] == json.loads(path.with_suffix(".json").read_text())


def test_every_type_has_a_feed_in_the_folder_of_its_name() -> None:
    assert {path.parent.name for path in CASES} == set(TYPES)


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_each_type_claims_its_own_feeds_first(path: Path) -> None:
    response = Response("https://feeds.example/", 200, {}, path.read_bytes())
    assert next(name for name, source_type in TYPES.items() if source_type.claims(response)) == path.parent.name
