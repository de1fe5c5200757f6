"""The page of a channel's preview: its posts as items.

A post has no headline: its first line serves as one when it is short enough, and the other lines are the body. Only what
the channel wrote itself is read: not the post that it answers, the page that it links to, nor how often it was seen. A
post that was edited is the same post with another text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.core.bounds import page_within
from bot.core.model import Feed, Response, Source
from bot.core.sources import (
    MOST_ITEMS,
    MOST_LINKS,
    Entry,
    Head,
    NotAFeedError,
    iso_time,
    make_feed,
    root_of,
    without_controls,
)

LONGEST_HEADLINE: Final = 200
LONGEST_SIGNS: Final = 40
"""Characters of emoji and rules that are put before the next line."""

_LONGEST_END = 1024
_POST = "div.tgme_widget_message[data-post]:not(.service_message)"
_TEXT = "div.tgme_widget_message_text.js-message_text"
_TIME = "a.tgme_widget_message_date time[datetime]"
_FORWARDED = ".tgme_widget_message_forwarded_from_name"
_HISTORY = "section.tgme_channel_history"
_NAME = ".tgme_channel_info_header_title, .tgme_header_title"
_HIDDEN = ".message_media_not_supported_label"
_MEDIA = (
    ".tgme_widget_message_photo_wrap, .tgme_widget_message_video_player, .tgme_widget_message_document_wrap, "
    ".tgme_widget_message_sticker_wrap, .tgme_widget_message_poll, .tgme_widget_message_voice_player"
)
_BLOCKS = "blockquote, pre, p, li, ul, ol, div"
_HANDLE = re.compile(r"https?://t\.me/(?!c/|s/|joinchat/)(\w{4,32})(?:/|$)")
_LINKED = re.compile(r"\x01(\d+)\x02([^\x01-\x03]*+)\x03")
_MARKS = re.compile(r"\x01\d+\x02|\x03")


def read(source: Source, response: Response, now: datetime) -> Feed:
    """Read the posts that have text, oldest first as the page shows them; raise NotAFeedError for a page without posts."""
    body = page_within(response.body)
    page = LexborHTMLParser(without_controls(body).decode("utf-8", "replace"))
    posts, cut = page.css(_POST), _breaks_off(body)
    if not posts and page.css_first(_HISTORY) is None:
        raise NotAFeedError(_why_none(page, response.url))
    shown = posts[: len(posts) - cut]
    entries = [entry for post in shown[-MOST_ITEMS:] if (entry := _entry(post)) is not None]
    if posts and not entries and not any(_shows_something(post) for post in posts):
        raise NotAFeedError("the channel shows its posts in Telegram alone")
    feed = make_feed(source, Head(title=_text(page.css_first(_NAME))), entries, response, now)
    return replace(feed, cut=cut)


def _breaks_off(body: bytes) -> bool:
    """Tell whether a page ends before its end: its last post may be half of one, which is no edit."""
    return root_of(body) == "html" and b"</html" not in body[-_LONGEST_END:].lower()


def _why_none(page: LexborHTMLParser, address: str) -> str:
    """Return why a page of Telegram shows no posts, by what it says of whom it is of."""
    if page.css_first("[class*=tgme_page_]") is None:
        return "it is no preview of a Telegram channel"
    if "/+" in address or "/joinchat/" in address:
        return "it is an invitation to a private channel, which has no preview"
    counted = _text(page.css_first(".tgme_page_extra")).lower()
    if "subscriber" in counted:
        return "the channel has its preview switched off"
    if "member" in counted:
        return "it is a group, which has no preview"
    if page.css_first(".tgme_page_title") is None:
        return "there is no channel of this name any more"
    return "it is a person or a bot, and no channel"


def _shows_something(post: LexborNode) -> bool:
    return post.css_first(_HIDDEN) is None or post.css_first(_MEDIA) is not None


def _entry(post: LexborNode) -> Entry | None:
    text = post.css_first(_TEXT)
    links = _links(text) if text is not None else []
    lines = list(_lines(text)) if text is not None else []
    if not lines:
        return None
    name = post.attributes.get("data-post") or ""
    time = post.css_first(_TIME)
    headed = len(_plain(lines[0])) <= LONGEST_HEADLINE
    return Entry(
        id=name,
        link=f"https://t.me/{name}",
        published=iso_time(time.attributes.get("datetime") or "") if time is not None else None,
        title=_plain(lines[0]) if headed else "",
        body="".join(f"<p>{_markup(line, links)}</p>" for line in lines[headed:]) or None,
        via=_via(post.css_first(_FORWARDED)),
        links=tuple(links),
    )


def _links(text: LexborNode) -> list[str]:
    """Return the web addresses that a text leads to, and leave marks in it where their words begin and end.

    A link of the page to itself, such as that of a hashtag, is none.
    """
    links: list[str] = []
    for anchor in text.css("a[href]")[:MOST_LINKS]:
        address = anchor.attributes.get("href") or ""
        if address.startswith(("http://", "https://")):
            anchor.insert_before(f"\x01{len(links)}\x02")
            anchor.insert_after("\x03")
            links.append(address)
    return links


def _lines(text: LexborNode) -> Iterator[str]:
    """Yield the lines of a text, with the marks of its links; a line of signs alone begins the next one.

    What is struck out was taken back by who wrote it, and is left out.
    """
    for struck in text.css("s, del, strike"):
        struck.decompose()
    for line_break in text.css("br"):
        line_break.replace_with("\n")
    for block in text.css(_BLOCKS):
        block.insert_before("\n")
        block.insert_after("\n")
    signs = ""
    for written in text.text().split("\n"):
        line = " ".join(f"{signs} {written}".split())
        signs = "" if len(line) > LONGEST_SIGNS or _has_letters(_plain(line)) else line
        if line and not signs:
            yield line
    if _plain(signs):
        yield signs


def _has_letters(line: str) -> bool:
    return any(map(str.isalnum, line))


def _plain(line: str) -> str:
    return _MARKS.sub("", line).strip()


def _markup(line: str, links: list[str]) -> str:
    """Return a line as HTML with its links; one that goes on in the next line is written as text."""

    def anchor(marked: re.Match[str]) -> str:
        return (
            f'<a href="{html.escape(links[int(marked[1])])}">{marked[2]}</a>' if _has_letters(marked[2]) else marked[2]
        )

    return _MARKS.sub("", _LINKED.sub(anchor, html.escape(line, quote=False))).strip()


def _via(name: LexborNode | None) -> str:
    """Return the channel that a post was forwarded from, with its handle in brackets where it has one."""
    if name is None:
        return ""
    handle = _HANDLE.match(name.attributes.get("href") or "")
    return f"{_text(name)} (@{handle[1]})" if handle else _text(name)


def _text(node: LexborNode | None) -> str:
    return " ".join(node.text().split()) if node is not None else ""
