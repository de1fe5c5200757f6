"""JSON Feed 1.0 and 1.1: what it is asked with, and its items.

Read leniently: an item of the wrong shape is left out, a field of the wrong type counts as missing, and only a body that
is no JSON Feed at all is an error.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from bot.core.bounds import json_within
from bot.core.model import Feed, PollState, Request, Response, Source
from bot.core.sources import (
    Entry,
    Head,
    NotAFeedError,
    SourceType,
    conditional_get,
    iso_time,
    make_feed,
    outer,
    refuse_page,
)

MOST_DIGITS: Final = 18

_ACCEPT = "application/feed+json, application/json;q=0.9, */*;q=0.1"
_VERSION = re.compile(r"(?:https?://(?:www\.)?jsonfeed\.org/version/)?1(?:\.\d)?")


def request(source: Source, state: PollState | None) -> Request:
    """Ask for the feed, if it changed."""
    return conditional_get(source.url, _ACCEPT, state)


def parse(source: Source, response: Response, now: datetime) -> Feed:
    """Read the items in the order of the feed; raise NotAFeedError for anything else."""
    refuse_page(response.body)
    feed = _load(json_within(response.body))
    topic = _text(feed, "feed_url")
    head = Head(title=_text(feed, "title"), language=_text(feed, "language"), hub=_hub(feed.get("hubs")), topic=topic)
    items = outer([item for item in feed["items"] if isinstance(item, dict)])
    return make_feed(source, head, (_entry(item, head.language) for item in items), response, now)


def claims(response: Response) -> bool:
    """Return whether the answer looks like a JSON object."""
    return response.body[:64].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def _load(body: bytes) -> dict[str, Any]:
    try:
        feed = json.loads(body.decode("utf-8-sig"), parse_int=_integer, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise NotAFeedError("it is no JSON") from None
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise NotAFeedError("it is JSON, but no JSON Feed: it holds no list of items")
    if not isinstance(feed.get("version"), str) or not _VERSION.fullmatch(feed["version"].strip()):
        raise NotAFeedError("it is JSON, but no JSON Feed: its version says otherwise")
    return feed


def _integer(digits: str) -> int | str:
    """Return a number that is one; what has more digits than any count or time is an id."""
    return int(digits) if len(digits) <= MOST_DIGITS else digits


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no JSON")


def _hub(hubs: object) -> str:
    """Return the first hub that speaks WebSub, by its present name or its first one."""
    for hub in hubs if isinstance(hubs, list) else ():
        if isinstance(hub, dict) and _text(hub, "type").lower() in ("websub", "pubsubhubbub"):
            return _text(hub, "url")
    return ""


def _entry(item: Mapping[str, Any], language: str) -> Entry:
    return Entry(
        id=_text(item, "id"),
        link=_text(item, "url") or _text(item, "external_url"),
        published=iso_time(_text(item, "date_published") or _text(item, "date_modified")),
        title=_text(item, "title"),
        summary=_text(item, "summary"),
        body=_text(item, "content_html") or html.escape(_text(item, "content_text"), quote=False) or None,
        language=_text(item, "language") or language,
    )


def _text(values: Mapping[str, Any], key: str) -> str:
    """Return a field as text: publishers write ids as numbers."""
    value = values.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)


SOURCE: SourceType = SourceType("jsonfeed", request, parse, claims)
