"""Our reading of Telegram's HTML against Telegram's own, which TDLib brings along and runs offline."""

from __future__ import annotations

import json
from typing import Any

import pytest
import tdjson
from hypothesis import given
from hypothesis import strategies as st

from tests.botapi.markup import Entity, MarkupError, parse_html, utf16_length

PIECES = [
    *("<b>", "</b>", "<i>", "</i>", "<B>", "</B>", "<u >", "</u >", "</>", "<pre>", "</pre>", "</code>", "<code>"),
    *('<a href="https://example.org/a">', "</a>", '<code class="language-py">', '<span class="tg-spoiler">', "</span>"),
    *(
        "<blockquote>",
        "<blockquote expandable>",
        "</blockquote>",
        '<tg-emoji emoji-id="12">',
        "</tg-emoji>",
        "<a href=",
    ),
    *("&lt;", "&amp", "&#39;", "&#x1F600;", "&#0;", "&nbsp;", "&", "<", "</", ">", "=", '"', "'", "/", "#", "."),
    *("x", "обмін", "😀", " ", "\n", "tg-time", "</tg-time>", '<tg-time unix="1700000000">'),
    *('<tg-time unix="1700000000" format="wDT">', '<tg-time format="r" unix="12">', '<tg-time unix="9" format="rt">'),
    *('<tg-time unix="99999999999999">', '<tg-time unix="-5" format="x">', '<tg-time unix="12a">'),
]
LINKS = {"textEntityTypeTextUrl", "textEntityTypeMentionName"}


def telegram(text: str) -> tuple[str, list[tuple[int, int]]] | str:
    """Return what TDLib shows with its formatting (links aside, which depend on its list of domains), or its error."""
    request = {"@type": "parseTextEntities", "text": text, "parse_mode": {"@type": "textParseModeHTML"}}
    answer: dict[str, Any] = json.loads(tdjson.td_execute(json.dumps(request).encode()) or b"{}")
    if answer["@type"] == "error":
        return str(answer["message"])
    formatted = [entity for entity in answer["entities"] if entity["type"]["@type"] not in LINKS]
    return answer["text"], sorted((entity["offset"], entity["length"]) for entity in formatted)


def ours(text: str) -> tuple[str, list[tuple[int, int]]] | str:
    try:
        shown, entities = parse_html(text)
    except MarkupError as error:
        return f"Can't parse entities: {error}"
    return shown, sorted((it.offset, it.length) for it in entities if it.type != "text_link")


@pytest.fixture(autouse=True, scope="module")
def quiet() -> None:
    tdjson.td_execute(b'{"@type": "setLogVerbosityLevel", "new_verbosity_level": 0}')


@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
def test_it_reads_and_refuses_what_telegram_does(text: str) -> None:
    assert ours(text) == telegram(text)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_it_reads_any_text_as_telegram_does(text: str) -> None:
    assert ours(text) == telegram(text)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("ї <p>x</p>", 'Unsupported start tag "p" at byte offset 3'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<a href=https://x.org>x</a>", "Unexpected end of name token at byte offset 8"),
        ("<À>x", 'Unsupported start tag "À" at byte offset 0'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_errors_have_telegrams_words(text: str, error: str) -> None:
    assert ours(text) == telegram(text) == f"Can't parse entities: {error}"


def test_links_and_languages_are_kept() -> None:
    shown, entities = parse_html(
        '😀<a href="https://example.org/?a&amp;b">x</a><pre><code class="language-py">y</code></pre>'
    )
    assert shown == "😀xy"
    assert entities == (Entity("text_link", 2, 1, "https://example.org/?a&b"), Entity("pre", 3, 1, "py"))


@pytest.mark.parametrize("href", ["javascript:alert(1)", "", "x y"])
def test_a_link_that_telegram_would_not_open_is_plain_text(href: str) -> None:
    assert parse_html(f'<a href="{href}">x</a>') == ("x", ())


def test_lengths_are_counted_as_telegram_counts() -> None:
    assert utf16_length("ї😀x") == 4
