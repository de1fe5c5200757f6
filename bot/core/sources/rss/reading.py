"""RSS and Atom as publishers really write them.

feedparser mends the XML. What it gets wrong for our feeds is set right here: an encoding that the bytes contradict
(`encodings`), time zones by name, and months in Ukrainian and Russian (`dates`), each of which would put a night attack on
the wrong day or make its text unreadable. It is not told the feed's address, because it would make it a part of ids.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import feedparser

from bot.core.bounds import feed_within
from bot.core.model import Feed, Response, Source
from bot.core.sources import MOST_ITEMS, Entry, Head, NotAFeedError, make_feed, refuse_page, root_of
from bot.core.sources.rss.dates import Dates
from bot.core.sources.rss.encodings import encoding_of, readable
from bot.core.sources.rss.plain import plain
from bot.core.sources.rss.rests import rest_of
from bot.core.text.teaser import same_site

STUMBLES: Final = (ValueError, ArithmeticError, LookupError, AttributeError, TypeError, AssertionError, RecursionError)
"""What feedparser raises for what it did not foresee."""
MOST_DIGITS: Final = 12
NO_CODE: Final = 0x110000
"""The first number that is of no character."""

_ENTRY = re.compile(rb"<(?:[\w-]{1,20}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_ENTRY_END = re.compile(rb"</(?:[\w-]{1,20}:)?(?:item|entry)\s{0,99}>", re.IGNORECASE)
_HALVES = range(0xD800, 0xE000)
_REFERENCE = re.compile(rb"&#(x[0-9a-fA-F]++|[0-9]++)", re.IGNORECASE)


def read(source: Source, response: Response, now: datetime) -> Feed:
    """Read the entries in the order of the feed; raise NotAFeedError for a web page or garbage."""
    refuse_page(response.body)
    response, cut = _finished(feed_within(response))
    head, entries = plain(response, now) or mended(response, now)
    return replace(make_feed(source, head, entries, response, now), cut=cut)


def mended(response: Response, now: datetime) -> tuple[Head, list[Entry]]:
    """Return what feedparser finds in a feed; raise NotAFeedError where that is nothing."""
    kind = _kind(response)
    response = replace(response, body=readable(response.body, kind), headers={**response.headers, "content-type": kind})
    feed = _feed(response)
    if not feed.get("version") and not feed.entries and root_of(response.body) != "channel":
        raise NotAFeedError("it is neither RSS nor Atom")
    head = _head(feed.feed, response)
    dates = Dates(now)
    return head, [_entry(dict(entry), head.language, dates, response.url) for entry in feed.entries[:MOST_ITEMS]]


def _finished(response: Response) -> tuple[Response, bool]:
    """Return an answer without the entry in which it breaks off, and whether it does.

    feedparser would mend the entry, and half of it would be taken for an edit: news cut short, figures that are gone.
    """
    body, root = response.body, root_of(response.body)
    if not root or re.search(rb"</(?:[\w-]{1,20}:)?" + root.encode() + rb"\s{0,99}>", body, re.IGNORECASE):
        return response, False
    closed = max((entry.end() for entry in _ENTRY_END.finditer(body)), default=0)
    begun = _ENTRY.search(body, closed)
    if begun is None:
        return response, True
    if not closed:
        raise NotAFeedError("it breaks off within its first entry")
    return replace(response, body=body[: begun.start()]), True


def _feed(response: Response) -> Any:
    """Let feedparser read a body, without the references to no character where they make it stumble."""
    headers = _headers(response)
    try:
        return _parsed(response.body, headers)
    except STUMBLES:
        mended = _REFERENCE.sub(_known, response.body)
    try:
        return _parsed(mended, headers)
    except STUMBLES as error:
        raise NotAFeedError(f"its XML is broken beyond repair ({type(error).__name__})") from None


def _parsed(body: bytes, headers: Mapping[str, str]) -> Any:
    return feedparser.parse(
        io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )


def _known(reference: re.Match[bytes]) -> bytes:
    """Return a reference to a character, or one to the character that stands for those that there are not."""
    digits = reference[1].lower()
    if len(digits) > MOST_DIGITS:
        return b"&#xFFFD"
    code = int(digits[1:], 16) if digits[:1] == b"x" else int(digits)
    return reference[0] if code < NO_CODE and code not in _HALVES else b"&#xFFFD"


def _headers(response: Response) -> dict[str, str]:
    """Return what feedparser has to know of the answer: its type, and the encoding if we know better."""
    kind = _kind(response)
    known = encoding_of(response.body, kind)
    return {"content-type": f"application/xml; charset={known}" if known else kind or "application/xml"}


def _kind(response: Response) -> str:
    kind = response.headers.get("content-type", "")
    return kind if kind.isascii() else ""


def _head(feed: Mapping[str, Any], response: Response) -> Head:
    links = {str(link.get("rel")): str(link.get("href") or "") for link in reversed(feed.get("links") or ())}
    return Head(
        title=str(feed.get("title") or ""),
        language=str(feed.get("language") or response.headers.get("content-language", "")),
        rest=rest_of(feed, response.body),
        hub=links.get("hub", ""),
        topic=links.get("self", ""),
    )


def _entry(entry: Mapping[str, Any], language: str, dates: Dates, base: str) -> Entry:
    summary = str(entry.get("summary") or "")
    body = _body(entry)
    return Entry(
        id=str(entry.get("id") or ""),
        link=_link(entry),
        published=_published(entry, dates),
        title=str(entry.get("title") or ""),
        summary="" if summary == body else summary,
        body=body or None,
        language=language,
        via=_via(entry.get("source") or {}, base),
    )


def _via(source: Mapping[str, Any], base: str) -> str:
    """Return whom an entry is from; a feed that names its own site has written it itself."""
    is_own = same_site(str(source.get("href") or source.get("link") or ""), base)
    return "" if is_own else str(source.get("title") or "")


def _link(entry: Mapping[str, Any]) -> str:
    """Return the page of an entry, which its pictures and sounds are not: feedparser may take either."""
    link = str(entry.get("link") or "")
    pages = [
        str(each["href"]) for each in entry.get("links") or () if each.get("rel") == "alternate" and each.get("href")
    ]
    return pages[0] if pages and link not in pages else link


def _body(entry: Mapping[str, Any]) -> str:
    """Return the longest full text: Atom and RSS content, or the extension that Russian-language outlets use."""
    texts = [str(content.get("value") or "") for content in entry.get("content") or ()]
    return max([*texts, str(entry.get("yandex_full-text") or "")], key=len)


def _published(entry: Mapping[str, Any], dates: Dates) -> datetime | None:
    for name in ("published", "updated", "created"):
        text = str(entry.get(name) or "").strip()
        if text and (time := dates.read(text, entry.get(f"{name}_parsed"))) is not None:
            return time
    return None
