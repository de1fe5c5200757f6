"""The public preview of a Telegram channel, `t.me/s/NAME`: what it is asked with, and what it looks like."""

from __future__ import annotations

import re
from datetime import datetime

from bot.core.model import Feed, PollState, Request, Response, Source
from bot.core.sources import SourceType, conditional_get

_CHANNEL = re.compile(r"https?://(?:www\.)?(?:t|telegram)\.me/(?!s/)(\w{4,})/?", re.IGNORECASE)


def request(source: Source, state: PollState | None) -> Request:
    """Ask for the page with the newest posts, if it changed, also where the source has the channel's other address."""
    return conditional_get(_CHANNEL.sub(r"https://t.me/s/\1", source.url), "text/html", state)


def parse(source: Source, response: Response, now: datetime) -> Feed:
    """Read the posts that have text, oldest first as the page shows them; raise NotAFeedError for a page without posts."""
    from bot.core.sources.telegram_web.page import read  # noqa: PLC0415  (only workers read feeds)

    return read(source, response, now)


def claims(response: Response) -> bool:
    """Return whether the answer is a page of Telegram's preview, or the one that stands where there is none."""
    return any(mark in response.body for mark in (b"tgme_channel_history", b"tgme_widget_message", b"tgme_page_"))


SOURCE: SourceType = SourceType("telegram_web", request, parse, claims)
