"""The public preview of a Telegram channel, `t.me/s/NAME`: its posts as items.

A post has no headline: its first line serves as one when it is short enough, and the other lines are the body.
"""

from __future__ import annotations

import html
from datetime import datetime
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.core.bounds import page_within
from bot.core.model import Feed, PollState, Request, Response, Source
from bot.core.sources import MOST_ITEMS, Entry, Head, NotAFeedError, SourceType, conditional_get, iso_time, make_feed

LONGEST_HEADLINE: Final = 200

_POST = "div.tgme_widget_message[data-post]:not(.service_message)"
_TEXT = "div.tgme_widget_message_text.js-message_text"
_HISTORY = "section.tgme_channel_history"


def request(source: Source, state: PollState | None) -> Request:
    """Ask for the page with the newest posts, if it changed."""
    return conditional_get(source.url, "text/html", state)


def parse(source: Source, response: Response, now: datetime) -> Feed:
    """Read the posts that have text, oldest first as the page shows them.

    Raises NotAFeedError for a page without posts: the channel is gone, private, or hides its preview.
    """
    page = LexborHTMLParser(page_within(response.body).decode("utf-8", "replace"))
    posts = page.css(_POST)
    if not posts and page.css_first(_HISTORY) is None:
        raise NotAFeedError("it is no preview of a public channel")
    entries = [entry for post in posts[-MOST_ITEMS:] if (entry := _entry(post)) is not None]
    return make_feed(source, Head(), entries, response, now)


def claims(response: Response) -> bool:
    """Return whether the answer is a page of Telegram's preview."""
    return b"tgme_channel_history" in response.body or b"tgme_widget_message" in response.body


def _entry(post: LexborNode) -> Entry | None:
    text = post.css_first(_TEXT)
    lines = _lines(text) if text is not None else []
    if not lines:
        return None
    name = post.attributes.get("data-post") or ""
    time = post.css_first("a.tgme_widget_message_date time[datetime]")
    headed = len(lines[0]) <= LONGEST_HEADLINE
    rest = lines[1:] if headed else lines
    return Entry(
        id=name,
        link=f"https://t.me/{name}",
        published=iso_time(time.attributes.get("datetime") or "") if time is not None else None,
        title=lines[0] if headed else "",
        body="".join(f"<p>{html.escape(line, quote=False)}</p>" for line in rest) or None,
    )


def _lines(text: LexborNode) -> list[str]:
    for line_break in text.css("br"):
        line_break.replace_with("\n")
    return [" ".join(line.split()) for line in text.text().split("\n") if line.strip()]


SOURCE: SourceType = SourceType("telegram_web", request, parse, claims)
