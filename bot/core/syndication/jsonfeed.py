"""JSON Feed 1.1 (jsonfeed.org), with the licence and how sure an event is in an extension of our own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.core.export import ATTRIBUTION, LICENCE, LICENCE_URL, VERSION
from bot.core.syndication import TITLE, Channel, FeedForm, Told

WHAT = "https://jsonfeed.org/version/1.1"


def write(channel: Channel, entries: Sequence[Told]) -> bytes:
    """Return the feed."""
    own = {"about": ATTRIBUTION, "version": VERSION, "licence": LICENCE, "licence_url": LICENCE_URL}
    feed: dict[str, Any] = {
        "version": WHAT,
        "title": TITLE,
        "description": channel.book.say("profile.short"),
        "language": channel.book.language,
        "authors": [{"name": TITLE}],
        **({"feed_url": channel.url} if channel.url else {}),
        "_vistka": {**own, "id": channel.id, "updated": _moment(channel.updated), "count": len(entries)},
        "items": [_item(each) for each in entries],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def _item(told: Told) -> dict[str, Any]:
    return {
        "id": told.id,
        **({"url": told.link} if told.link else {}),
        "title": told.title,
        "content_html": told.html,
        "content_text": told.text,
        "date_published": _moment(told.published),
        "date_modified": _moment(told.changed),
        "tags": list(told.tags),
    }


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


FEED: FeedForm = FeedForm("json", "application/feed+json", write)
