"""Bounds: bombs are called by their name before anything is built out of them, and honest feeds pass untouched."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.bounds import (
    DEEPEST,
    LONGEST_PAGE,
    LONGEST_PIECE,
    MOST_ENTRIES,
    MOST_TAGS,
    NotAFeedError,
    OutOfBoundsError,
    feed_within,
    json_within,
    page_within,
)
from bot.core.model import Response
from tests.bombs import BOMBS, Bomb, nest, rss

FEEDS = Path(__file__).parents[1] / "feeds"
LOOKS = {
    "rss": lambda body: answer(body).body,
    "jsonfeed": json_within,
    "telegram_web": page_within,
    "article": page_within,
}
NAMED = [
    ("billion laughs", "made of others"),
    ("external entity", "come from elsewhere"),
    ("parameter entities", "made of others"),
    ("entity that swells", "swell"),
    ("101 entities", "too many"),
    ("DTD of 8 MiB", "first tag"),
    ("200,000 nested tags", "tags"),
    ("257 deep", "256 deep"),
    ("257 deep in xhtml content", "256 deep"),
    ("attribute of 8 MiB", "2 MiB"),
    ("comment without an end", "2 MiB"),
    ("CDATA of 8 MiB", "2 MiB"),
    ("namespaces", "300 namespaces"),
    ("UTF-16 nest", "tags"),
    ("UTF-7", "utf-7"),
    ("EBCDIC nest", "EBCDIC"),
    ("punycode", "punycode"),
    ("nested arrays", "lists and objects"),
    ("a million keys", "600,003 keys"),
    ("200,000 nested tags in a post", "tags"),
    ("257 deep in a post", "256 deep"),
]


def answer(body: bytes, content_type: str = "") -> Response:
    return feed_within(Response("https://a.example/rss", 200, {"content-type": content_type}, body))


@pytest.mark.parametrize(("name", "reason"), NAMED)
def test_a_bomb_is_called_by_its_name(name: str, reason: str) -> None:
    bomb: Bomb = BOMBS[name]
    with pytest.raises(OutOfBoundsError, match=reason):
        LOOKS[bomb.type](bomb.body())


@pytest.mark.parametrize("path", sorted(FEEDS.glob("*/*.*")), ids=lambda path: path.name)
def test_an_honest_feed_passes_untouched(path: Path) -> None:
    body = path.read_bytes()
    kind = path.parent.name
    if path.suffix != ".json" or kind == "jsonfeed":
        assert LOOKS[kind](body) == body


def test_of_a_long_feed_the_entries_at_both_ends_are_read() -> None:
    entries = [b"<item><guid>%d</guid></item>" % number for number in range(MOST_ENTRIES + 500)]
    half = MOST_ENTRIES // 2
    ends = [*entries[:half], *entries[-half:]]
    assert answer(rss(b"".join(entries))).body == rss(b"".join(ends))
    assert answer(rss(b"".join(entries))[:-40]).body == rss(b"".join(ends))[:-40]
    assert answer(rss(b"".join(ends))).body == rss(b"".join(ends))


def test_what_is_quoted_or_ends_does_not_count_as_deep() -> None:
    quoted = b"<![CDATA[%s]]><!-- %s -->" % (b"<b>" * 300, b"<i>" * 300)
    flat = b"<a/>" * 300 + b'<a b="/>"></a>' * 300 + nest(b"b", DEEPEST - 2)
    body = rss(b"<item>%s%s</item>" % (quoted, flat))
    assert answer(body).body == body


def test_what_is_left_open_in_one_entry_is_not_held_against_the_next_one() -> None:
    body = rss((b"<item>" + b"<br>" * 200 + b"</item>") * 20)
    assert answer(body).body == body


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_wide_letters_are_made_narrow_and_said_to_be(encoding: str) -> None:
    wide = f'<?xml version="1.0" encoding="{encoding}"?><rss><title>Пором</title></rss>'.encode(encoding)
    response = answer(wide, f"text/xml; charset={encoding}")
    assert response.body == "<rss><title>Пором</title></rss>".encode()
    assert response.headers["content-type"] == "application/xml; charset=utf-8"


@pytest.mark.parametrize(
    "said", ["text/xml; charset=utf-7", "text/xml; charset='UTF-7'", "application/xml;charset=idna"]
)
def test_an_encoding_in_which_tags_hide_is_refused_wherever_it_is_said(said: str) -> None:
    with pytest.raises(OutOfBoundsError, match="in which no feed is"):
        answer(b"<rss/>", said)


def test_harmless_entities_may_be_declared() -> None:
    declared = b'<!DOCTYPE rss [<!ENTITY % HTMLlat1 PUBLIC "-//W3C//a" "http://a.example/b"> <!ENTITY nbsp "&#160;">]>'
    assert answer(declared + b"<rss>&nbsp;</rss>").body.startswith(declared)


def test_a_page_is_cut() -> None:
    assert len(page_within(b"a" * (LONGEST_PAGE + 1))) == LONGEST_PAGE


@pytest.mark.parametrize("body", [b"", b"   ", b"garbage", b"{}", b"<?xml?><!-- -->"])
def test_what_has_no_tag_is_no_feed(body: bytes) -> None:
    with pytest.raises(NotAFeedError, match="neither"):
        answer(body)


def test_the_bounds_themselves_are_within() -> None:
    for body in (rss(b"<a/>" * (MOST_TAGS - 6)), rss(b"a" * (LONGEST_PIECE - 20)), rss(nest(b"a", DEEPEST - 3))):
        assert answer(body).body == body


@given(
    st.lists(
        st.sampled_from(
            [
                b"<item>",
                b"</item>",
                b"<a",
                b">",
                b"</a>",
                b"/>",
                b"<![CDATA[",
                b"]]>",
                b"<!--",
                b"-->",
                b"<!DOCTYPE a [",
                b"<!ENTITY b 'c'>",
                b"]>",
                b'"',
                b"\0",
                b"&b;",
                b"<?xml ",
            ]
        )
    )
)
def test_any_bytes_pass_or_are_refused(pieces: list[bytes]) -> None:
    for look in LOOKS.values():
        with suppress(NotAFeedError):
            look(b"".join(pieces))
