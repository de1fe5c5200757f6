"""Feeds that others collected: none brings the reader down, and what is read in them is what their collections say.

`thirdparty.toml` has each difference with its reason.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bot.adapters.parser_pool import open_parser
from bot.core.model import Feed, Response, Source
from bot.core.sources import LONGEST_FIELD, MOST_ITEMS, jsonfeed, rss, telegram_web
from bot.ports import PermanentError
from tests.core.sources.thirdparty import NOW, Case, feedparser_cases, found, gofeed_cases, validator_cases
from tests.naughty import files

KNOWN = tomllib.loads(Path(__file__).with_name("thirdparty.toml").read_text())
COLLECTIONS = {"feedparser": feedparser_cases, "gofeed": gofeed_cases, "feedvalidator": validator_cases}
JSON_FEED = b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": %s}]}'


@cache
def results(collection: str) -> tuple[tuple[Case, Feed | None], ...]:
    return tuple((case, case.read()) for case in COLLECTIONS[collection]())


def places(collection: str) -> Iterator[tuple[str, str]]:
    for difference in KNOWN[collection]["differences"]:
        assert difference["why"]
        for folder in difference["folders"]:
            yield from ((f"{folder['folder']}/{name}", place) for name, place in map(str.split, folder["places"]))


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_every_file_is_read_within_the_limits_or_refused(collection: str):
    read = results(collection)
    items = [item for _, feed in read if feed for item in feed.items]
    assert (len(read), sum(feed is None for _, feed in read)) == (
        KNOWN[collection]["files"],
        KNOWN[collection]["refused"],
    )
    assert all(item.id and item.published <= NOW and len(item.body or "") <= LONGEST_FIELD for item in items)
    assert max(len(feed.items) for _, feed in read if feed) <= MOST_ITEMS


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_what_is_kept_of_a_feed_is_what_its_collection_states(collection: str):
    compared = [
        (case.name, place, found(feed, place) == value)
        for case, feed in results(collection)
        for place, value in case.expected.items()
    ]
    different = [(name, place) for name, place, equal in compared if not equal]
    assert sorted(different) == sorted(places(collection))
    assert len(compared) == KNOWN[collection]["compared"]
    assert len(compared) - len(different) == KNOWN[collection]["equal"]


def test_lists_of_feeds_are_no_feeds_and_no_trouble():
    cases = [Case(name, body) for name, body in files("listparser").items() if name.endswith((".xml", ".opml"))]
    assert len(cases) == 110
    assert sum(len(feed.items) for case in cases if (feed := case.read())) == 0


@pytest.mark.parametrize("source_type", [jsonfeed.SOURCE, telegram_web.SOURCE], ids=lambda each: each.name)
def test_no_file_is_taken_for_a_feed_of_another_type(source_type: object):
    bodies = [case.body for case, _ in results("feedvalidator")] + [case.body for case, _ in results("feedparser")]
    assert not any(Case("", body, type=source_type).read() for body in bodies)


def test_json_that_must_not_be_read_is_refused_also_within_an_item():
    texts = {name.rpartition("/")[2]: body for name, body in files("jsontestsuite").items() if name.endswith(".json")}
    assert len(texts) == 318
    for name, body in texts.items():
        whole, within = (Case(name, each, type=jsonfeed.SOURCE).read() for each in (body, JSON_FEED % body))
        assert whole is None, name
        assert name[0] == "i" or (within is None) == (name[0] == "n"), name


def test_no_bomb_expands_and_nothing_external_is_opened():
    for name, body in files("defusedxml").items():
        if name.endswith(".xml") and "quadratic" not in name:
            feed = Case(name, body).read()
            assert feed is None or not feed.items, name


async def test_a_worker_reads_what_is_read_here():
    cases = [(case, feed) for collection in COLLECTIONS for case, feed in results(collection)[::150]]
    async with open_parser({each.name: each for each in (rss.SOURCE, jsonfeed.SOURCE)}) as parser:
        for case, feed in cases:
            source = Source("third", "Third", case.type.name, case.address, "")
            try:
                read = await parser.parse(source, Response(case.address, 200, case.headers, case.body), NOW)
            except PermanentError:
                read = None
            assert read == feed, case.name
