"""Feeds that others collected: none of them brings the reader down, and well-formed ones are read whole."""

from __future__ import annotations

import json
import re
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.model import Item, Response, Source
from bot.core.sources import NotAFeedError, jsonfeed, rss

ARCHIVES = Path(__file__).parents[4] / "shared" / "thirdparty"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
BASE = "http://127.0.0.1:8097/feed"


def files(name: str, *folders: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files of an archive that lie under one of the folders."""
    archive = ARCHIVES / f"{name}.tar.gz"
    if not archive.exists():
        pytest.skip(f"{archive} is not there: the third-party collection is no part of the project")
    with tarfile.open(archive) as members:
        for member in members:
            if member.isfile() and member.name.startswith(tuple(f"{name}/{folder}" for folder in folders)):
                yield member.name, members.extractfile(member).read()


def read(body: bytes, parse=rss.parse) -> tuple[Item, ...] | None:
    source = Source("third", "Third", "rss", BASE, "en")
    try:
        return parse(source, Response(BASE, 200, {}, body), NOW).items
    except NotAFeedError:
        return None


@pytest.mark.parametrize(
    ("archive", "folders"),
    [
        ("feedparser", ("tests/illformed", "tests/encoding", "tests/wellformed/rss", "tests/wellformed/atom10")),
        ("feedvalidator", ("testcases/rss20", "testcases/xml", "testcases/ext")),
        ("gofeed", ("testdata",)),
        ("listparser", ("tests/files",)),
    ],
)
def test_no_file_of_a_collection_is_an_unexpected_error(archive: str, folders: tuple[str, ...]) -> None:
    results = [read(body) for name, body in files(archive, *folders) if name.endswith(".xml")]
    assert len(results) > 100
    assert all(item.id and item.published <= NOW for items in results if items for item in items)


def test_valid_feeds_of_the_validator_are_read_with_all_their_entries() -> None:
    collection = files("feedvalidator", "testcases/rss20", "testcases/atom")
    valid = {name: body for name, body in collection if re.search(rb"Expect:\s*!Error", body)}
    assert len(valid) > 50
    for name, body in valid.items():
        assert len(read(body) or ()) == len(re.findall(rb"<(?:item|entry)\b", body)), name


def test_titles_and_links_are_those_that_another_reader_finds() -> None:
    found = dict(files("gofeed", "testdata/translator"))
    pairs = [
        (name, found[name.removesuffix("xml") + "json"])
        for name in found
        if name.endswith(".xml")
        if name.removesuffix("xml") + "json" in found
    ]
    different = []
    for name, expected in pairs:
        wanted = [item.get("title", "").strip() for item in json.loads(expected).get("items") or ()]
        titles = [item.title for item in read(found[name]) or ()]
        if titles != wanted:
            different.append((name, wanted, titles))
    assert not different


def test_any_json_is_read_or_refused() -> None:
    for _, body in files("jsontestsuite", "test_parsing"):
        read(body, jsonfeed.parse)
        read(b'{"version": "https://jsonfeed.org/version/1", "items": [{"id": ' + body + b"}]}", jsonfeed.parse)


def test_no_bomb_expands_and_nothing_external_is_opened() -> None:
    for name, body in files("defusedxml", "xmltestdata"):
        if "quadratic" not in name:
            assert not read(body), name
