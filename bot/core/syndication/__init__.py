"""Feeds of what the bot posts: an entry an event, in the words of its post in one language, one file a form of feed.

An entry is known by the same id whatever becomes of its event, and changes as its post is edited. What was withdrawn or
merged stays an entry that says so, since a reader who has the first one would go on believing it.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Final

from bot.core.export import Entry, uid
from bot.core.render.markup import ZERO_WIDTH_SPACE, unmarked
from bot.core.render.phrases import Phrasebook
from bot.core.render.post import headline, render_post

TITLE: Final = "Vistka"
NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""When a feed without entries changed."""
_TAG = re.compile(r"<(/?)([a-z-]+)([^<>]*)>")
_KEPT: Final = {"b": "b", "i": "i", "s": "s", "a": "a", "blockquote": "blockquote"}
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML has no way to say."""
_UNIX = re.compile(r'unix="(\d{1,12})"')


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed as a whole: its language, where it is to be had ("" where nobody knows), and when an entry last changed."""

    book: Phrasebook
    bot: str
    url: str = ""
    updated: datetime = NEVER

    @property
    def id(self) -> str:
        """By what the feed is known for good."""
        return f"urn:uuid:{uuid.uuid5(uuid.UUID(uid(self.bot, 0)), self.book.language)}"


@dataclass(frozen=True, slots=True)
class Told:
    """An event as an entry of a feed: `html` has the words of the post, `text` the same without markup."""

    id: str
    title: str
    html: str
    text: str
    published: datetime
    changed: datetime
    tags: tuple[str, ...]
    link: str = ""


@dataclass(frozen=True, slots=True)
class FeedForm:
    """A form of feed: `write` makes the whole feed of a channel and its entries, newest first."""

    name: str
    type: str
    write: Callable[[Channel, Sequence[Told]], bytes]


def told(entry: Entry, channel: Channel) -> Told:
    """Return an event as an entry of a channel."""
    event, book = entry.event, channel.book
    html = _UNWRITABLE.sub("", web(_post(entry, book)))
    certain = () if event.confirmed or entry.state != "told" else ("unconfirmed",)
    region = str(event.facts.get("region", ""))
    return Told(
        id=f"urn:uuid:{uid(channel.bot, event.id)}",
        title=_UNWRITABLE.sub("", _title(entry, book)),
        html=html,
        text=unescape(_TAG.sub("", html.replace("<br>", ""))),
        published=event.opened,
        changed=entry.changed,
        tags=(event.kind, *([region] if region and entry.state == "told" else ()), *certain),
        link=entry.link,
    )


def _title(entry: Entry, book: Phrasebook) -> str:
    number = book.say("event", id=entry.event.id)
    return unmarked(headline(entry.event, book)).replace(ZERO_WIDTH_SPACE, "") if entry.state == "told" else number


def _post(entry: Entry, book: Phrasebook) -> str:
    """Return the post as it reads now; of one that does not stand any more without what it said."""
    post = render_post(entry.event, book).text
    return post if entry.state == "told" else post.partition("\n")[2]


def web(markup: str) -> str:
    """Return what Telegram shows as what any reader of feeds shows: its own elements are those of the web."""
    return _TAG.sub(_element, markup).replace(ZERO_WIDTH_SPACE, "").replace("\n", "<br>\n")


def _element(found: re.Match[str]) -> str:
    end, name, rest = found.groups()
    if name == "tg-time":
        return "</time>" if end else f"<time{_moment(rest)}>"
    if name not in _KEPT:
        return ""
    return f"<{end}{name}{rest if name == 'a' and not end else ''}>"


def _moment(attributes: str) -> str:
    unix = _UNIX.search(attributes)
    return f' datetime="{datetime.fromtimestamp(int(unix[1]), UTC):%Y-%m-%dT%H:%M:%SZ}"' if unix else ""
