"""An item is known again under another address, id or spelling of its link."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.identity import canonical, identify
from bot.core.model import Item, Source

SOURCE = Source("bereg", "Берег", "rss", "https://bereg.example/feed", "uk")


def entry(**changes: str) -> Item:
    values = {"id": "1", "url": "https://bereg.example/1", "title": "Обмін", "summary": "205 на 205", "body": None}
    return Item(source=SOURCE, language="uk", published=datetime(2025, 5, 6, tzinfo=UTC), **(values | changes))


@given(st.text(max_size=40))
def test_no_address_breaks_the_identity(url: str):
    assert identify(entry(url=url)) == identify(entry(url=url))
    assert canonical(canonical(url)) == canonical(canonical(canonical(url)))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.x.example/a/", "http://x.example/a", True),
        ("https://x.example/a?id=1&utm_medium=rss", "https://x.example/a?id=1", True),
        ("https://x.example/a?id=1", "https://x.example/a?id=2", False),
        ("https://x.example/live#one", "https://x.example/live#two", False),
        ("https://x.example/a#xtor=RSS-1", "https://x.example/a", True),
    ],
)
def test_links_are_the_same_where_only_tracking_differs(one: str, other: str, *, same: bool):
    assert (canonical(one) == canonical(other)) is same


def test_the_words_are_the_text_whatever_the_case_and_the_address():
    assert identify(entry(id="2", url="", title="ОБМІН")).words == identify(entry()).words
    assert identify(entry(summary="206 на 206")).words != identify(entry()).words


def test_an_entry_without_link_or_words_is_known_by_its_id_alone():
    bare = identify(entry(url="", title="", summary=""))
    assert (bare.guid, bare.link, bare.words) == ("1", None, None)
