"""RSS 0.9x to 2.0, RDF and Atom, as publishers really write them.

feedparser mends the XML. What it gets wrong for our feeds is set right here: an encoding that the bytes contradict
(`encodings`), time zones by name, and months in Ukrainian and Russian (`dates`), each of which would put a night attack on
the wrong day or make its text unreadable.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import feedparser

from bot.core.model import Feed, PollState, Request, Response, Source
from bot.core.sources import MOST_ITEMS, Entry, Head, NotAFeedError, SourceType, conditional_get, make_feed
from bot.core.sources.rss.dates import read_time
from bot.core.sources.rss.encodings import encoding_of
from bot.core.sources.rss.rests import rest_of

_ACCEPT = "application/rss+xml, application/atom+xml, application/rdf+xml;q=0.9, application/xml;q=0.8, */*;q=0.1"
_WEB_PAGE = re.compile(
    rb"\s*+(?>(?:<\?xml[^>]*+>|<!--.*?-->)\s*+)*+<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
_FEED = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)


def request(source: Source, state: PollState | None) -> Request:
    """Ask for the feed, if it changed."""
    return conditional_get(source.url, _ACCEPT, state)


def parse(source: Source, response: Response, now: datetime) -> Feed:
    """Read the entries in the order of the feed; raise NotAFeedError for a web page or garbage."""
    if _WEB_PAGE.match(response.body[:8192]):
        raise NotAFeedError("it is a web page, no feed")
    feed = feedparser.parse(
        io.BytesIO(response.body),
        response_headers=_headers(response),
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not feed.get("version") and not feed.entries:
        raise NotAFeedError("it is neither RSS nor Atom")
    head = _head(feed.feed, response.body)
    entries = (_entry(dict(entry), head.language, now) for entry in feed.entries[:MOST_ITEMS])
    return make_feed(source, head, entries, response, now)


def claims(response: Response) -> bool:
    """Return whether the root of the answer names a feed."""
    return _FEED.search(response.body[:4096]) is not None


def _headers(response: Response) -> dict[str, str]:
    """Return what feedparser has to know of the answer: its address, its type, and the encoding if we know better."""
    kind = response.headers.get("content-type", "")
    known = encoding_of(response.body, kind)
    return {
        "content-location": response.url,
        "content-type": f"application/xml; charset={known}" if known else kind or "application/xml",
    }


def _head(feed: Mapping[str, Any], body: bytes) -> Head:
    links = {str(link.get("rel")): str(link.get("href") or "") for link in reversed(feed.get("links") or ())}
    return Head(
        title=str(feed.get("title") or ""),
        language=str(feed.get("language") or ""),
        rest=rest_of(feed, body),
        hub=links.get("hub", ""),
        topic=links.get("self", ""),
    )


def _entry(entry: Mapping[str, Any], language: str, now: datetime) -> Entry:
    summary = str(entry.get("summary") or "")
    body = _body(entry)
    return Entry(
        id=str(entry.get("id") or ""),
        link=str(entry.get("link") or ""),
        published=_published(entry, now),
        title=str(entry.get("title") or ""),
        summary="" if summary == body else summary,
        body=body or None,
        language=language,
        via=str((entry.get("source") or {}).get("title") or ""),
    )


def _body(entry: Mapping[str, Any]) -> str:
    """Return the longest full text: Atom and RSS content, or the extension that Russian-language outlets use."""
    texts = [str(content.get("value") or "") for content in entry.get("content") or ()]
    return max([*texts, str(entry.get("yandex_full-text") or "")], key=len)


def _published(entry: Mapping[str, Any], now: datetime) -> datetime | None:
    for name in ("published", "updated", "created"):
        text = str(entry.get(name) or "").strip()
        if text and (time := read_time(text, entry.get(f"{name}_parsed"), now)) is not None:
            return time
    return None


SOURCE: SourceType = SourceType("rss", request, parse, claims)
