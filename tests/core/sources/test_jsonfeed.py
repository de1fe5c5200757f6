"""JSON Feed: lenient with items, strict about what is a feed."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Item, Response, Source
from bot.core.sources import MOST_ITEMS, NotAFeedError
from bot.core.sources.jsonfeed import parse

NOW = datetime(2025, 6, 10, 12, tzinfo=UTC)
SOURCE = Source("khvylia", "Хвиля", "jsonfeed", "https://khvylia.example/feed.json", "")


def read(body: bytes) -> tuple[Item, ...]:
    return parse(SOURCE, Response(SOURCE.url, 200, {}, body), NOW).items


def feed(*items: object, version: object = "https://jsonfeed.org/version/1") -> bytes:
    return json.dumps({"version": version, "language": "uk-UA", "items": items}).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"<rss/>",
        b"\xff\xfe",
        b'{"items": []}',
        b"[" * 100_000,
        feed(version=7),
        b'{"version": 1, "items": {}}',
    ],
)
def test_what_is_no_json_feed_is_refused(body: bytes) -> None:
    with pytest.raises(NotAFeedError):
        read(body)


def test_the_language_of_the_feed_serves_where_none_is_configured() -> None:
    assert [item.language for item in read(feed({"id": 1}, {"id": 2, "language": "ru"}))] == ["uk", "ru"]


@pytest.mark.parametrize(
    "version", ["1", "1.1", "http://jsonfeed.org/version/1.1", "https://www.jsonfeed.org/version/1"]
)
def test_a_version_may_be_written_short(version: str) -> None:
    assert read(feed({"id": 1}, version=version))[0].id == "1"


@pytest.mark.parametrize(
    ("number", "id_"), [("7" * 30, "7" * 30), ("7" * 5_000, "7" * 2_048), ("-12", "-12"), ("1e400", "inf")]
)
def test_an_id_may_be_any_number(number: str, id_: str) -> None:
    body = feed({"id": "N"}).replace(b'"N"', number.encode())
    assert read(b"\xef\xbb\xbf" + body)[0].id == id_


def test_text_without_markup_stays_text() -> None:
    assert read(feed({"id": 1, "content_text": "1 < 2 & <b>"}))[0].body == "1 &lt; 2 &amp; &lt;b&gt;"


def test_who_wrote_it_and_what_is_attached_is_passed_over() -> None:
    odd = {"authors": 7, "author": {"name": []}, "attachments": [{"url": 1}, None], "tags": {}, "image": True}
    assert read(feed({"id": 1, **odd}))[0].via == ""


def test_fields_of_the_wrong_type_count_as_missing() -> None:
    (item,) = read(feed({"id": [], "url": {}, "title": None, "content_html": True, "date_published": "gestern"}))
    assert (item.title, item.body, item.url, item.published) == ("", None, "", NOW)


def test_a_lone_surrogate_does_not_reach_the_store() -> None:
    assert read(feed({"id": "\ud800a"}))[0].id == "?a"


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=4,
)
FIELDS = st.sampled_from(
    ["id", "url", "title", "summary", "content_html", "content_text", "date_published", "language"]
)


@given(st.lists(st.dictionaries(FIELDS, JSON) | JSON, max_size=3))
def test_any_items_are_read_or_left_out(items: list[object]) -> None:
    assert all(item.id and item.published <= NOW for item in read(feed(*items)))


def test_of_a_long_feed_the_items_at_both_ends_are_read() -> None:
    found = read(feed(*({"id": str(number)} for number in range(MOST_ITEMS + 9))))
    assert [found[0].id, found[-1].id, len(found)] == ["0", str(MOST_ITEMS + 8), MOST_ITEMS]
