"""RSS 0.9x to 2.0, RDF, Atom and CDF: what they are asked with, and what they look like."""

from __future__ import annotations

import re
from datetime import datetime

from bot.core.model import Feed, PollState, Request, Response, Source
from bot.core.sources import SourceType, conditional_get, is_web_page

_ACCEPT = "application/rss+xml, application/atom+xml, application/rdf+xml;q=0.9, application/xml;q=0.8, */*;q=0.1"
_FEED = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)


def request(source: Source, state: PollState | None) -> Request:
    """Ask for the feed, if it changed."""
    return conditional_get(source.url, _ACCEPT, state)


def parse(source: Source, response: Response, now: datetime) -> Feed:
    """Read the entries in the order of the feed; raise NotAFeedError for a web page or garbage."""
    from bot.core.sources.rss.reading import read  # noqa: PLC0415  (only workers read feeds, and feedparser is large)

    return read(source, response, now)


def claims(response: Response) -> bool:
    """Return whether a feed begins at the beginning of the answer, and no web page does."""
    start = response.body[:4096].replace(b"\0", b"")
    return _FEED.search(start) is not None and not is_web_page(response.body)


SOURCE: SourceType = SourceType("rss", request, parse, claims)
