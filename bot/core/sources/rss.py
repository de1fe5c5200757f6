"""RSS 0.9x to 2.0, RDF and Atom, as publishers really write them.

feedparser mends the XML. What it gets wrong for our feeds is set right here: an encoding that the bytes contradict,
time zones by name, and months in Ukrainian and Russian, each of which would put a night attack on the wrong day or make
its text unreadable.
"""

from __future__ import annotations

import calendar
import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import dateparser
import feedparser

from bot.core.model import Feed, PollState, Request, Response, Source
from bot.core.sources import MOST_ITEMS, Entry, Head, NotAFeedError, SourceType, conditional_get, make_feed

LONGEST_DATE: Final = 64
"""In characters; what is longer is no date."""

_ACCEPT = "application/rss+xml, application/atom+xml, application/rdf+xml;q=0.9, application/xml;q=0.8, */*;q=0.1"
_WEB_PAGE = re.compile(
    rb"\s*+(?>(?:<\?xml[^>]*+>|<!--.*?-->)\s*+)*+<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
_FEED = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
_NAMED_ZONE = re.compile(r"\d\s+\(?(?!GMT|UTC|UT\b|AM|PM)([A-Z]{3,5})\)?$")
_HOURS_EAST = {"WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "TRT": 3, "MSD": 4}
_CYRILLIC_RUN = re.compile(rb"[\xa8\xaa\xaf\xb2\xb3\xb4\xb8\xba\xbf\xc0-\xff]{3,}")
_HIGH = bytes(range(0x80, 0x100))
_DECLARED = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w.-]+)", re.IGNORECASE)


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
    head = Head(title=str(feed.feed.get("title") or ""), language=str(feed.feed.get("language") or ""))
    entries = (_entry(dict(entry), head.language, now) for entry in feed.entries[:MOST_ITEMS])
    return make_feed(source, head, entries, response.url, now)


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


def encoding_of(body: bytes, content_type: str) -> str:
    """Return the encoding that the bytes themselves show, or nothing where the declared one may well be right.

    Many letters that are valid UTF-8 are UTF-8, whatever is declared. Bytes that are not, that nobody says are anything
    else, and that stand in runs as Cyrillic words do, are windows-1251.
    """
    high = len(body) - len(body.translate(None, _HIGH))
    if not high or b"\0" in body[:64]:
        return ""
    try:
        body.decode()
    except UnicodeDecodeError:
        declared = _DECLARED.search(body[:512])
        said = (declared[1].decode() if declared else "") or content_type.lower().partition("charset=")[2].strip("\"' ")
        cyrillic = sum(map(len, _CYRILLIC_RUN.findall(body)))
        return "windows-1251" if said.lower() in ("", "utf-8", "utf8") and cyrillic > 0.6 * high else ""
    return "utf-8"


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


def read_time(text: str, parsed: Any, now: datetime) -> datetime | None:
    """Read a date of a feed: by feedparser's own reading where that can be trusted, else in three languages.

    feedparser takes a zone that it does not know for UTC, and knows English months only. Relative dates count from `now`;
    a date without a zone is in UTC.
    """
    zone = _NAMED_ZONE.search(text)
    if parsed is not None and (zone is None or zone[1] in _HOURS_EAST):
        seconds = calendar.timegm(parsed) - 3600 * (_HOURS_EAST[zone[1]] if zone else 0)
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    if len(text) > LONGEST_DATE:
        return None
    settings = {"TIMEZONE": "UTC", "RETURN_AS_TIMEZONE_AWARE": True, "RELATIVE_BASE": now.replace(tzinfo=None)}
    time: datetime | None = dateparser.parse(text, languages=["en", "uk", "ru"], settings=settings)
    return time


SOURCE: SourceType = SourceType("rss", request, parse, claims)
