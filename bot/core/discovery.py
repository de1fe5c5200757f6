"""Where the feed of a page is: at the address itself, where the page says, or where feeds are wont to be.

People know the address of a paper or the name of a channel, seldom that of a feed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser

from bot.core.sources import web_address
from bot.core.text.addresses import TELEGRAM, host_of
from bot.core.text.normalise import clean

ACCEPT: Final = "application/feed+json, application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5"
MOST: Final = 10
"""Feeds of one page that are looked at."""
USUAL: Final = ("feed", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feed.json")
"""Where publishing programs put their feeds."""
LONGEST_TITLE: Final = 100

_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/json",
        "application/xml",
        "text/xml",
    }
)
_COMMENTS = re.compile(r"comment|коментар|комментар", re.IGNORECASE)
_CHANNEL = re.compile(r"[A-Za-z]\w{3,31}", re.ASCII)
_NO_CHANNELS = frozenset(
    {"joinchat", "addstickers", "addemoji", "share", "proxy", "socks", "login", "iv", "boost", "addlist"}
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,20}://")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address at which a feed may be, and what the page calls it."""

    url: str
    title: str = ""


def address_of(said: str) -> str:
    """Return the address that somebody means: "@name" is a Telegram channel, and without a scheme it is https.

    A channel's address becomes that of its public preview.
    """
    text = said.strip()
    if text.startswith("@") and _CHANNEL.fullmatch(text[1:]):
        return f"https://t.me/s/{text[1:]}"
    scheme = _SCHEME.match(text)
    url = f"{scheme[0].lower()}{text[scheme.end() :]}" if scheme else f"https://{text}"
    return _preview(url) or url


def fault_in(said: str) -> str:
    """Return in plain words why what somebody said names no place where a feed may be, "" where it may."""
    text = said.strip()
    if not text:
        return "it is empty; say an address, @channel or t.me/channel"
    if text.startswith("@"):
        return "" if _CHANNEL.fullmatch(text[1:]) else "no channel has such a name; they are like @channel_name"
    return _fault_of(address_of(text), spelt_out=_SCHEME.match(text) is not None)


def _fault_of(url: str, *, spelt_out: bool) -> str:
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").strip("."), parts.port
    except ValueError:
        host, port = "", None
    if spelt_out and not url.startswith(("https://", "http://")):
        return "it is no web address; they start with https:// or http://"
    if port == 0 or not (spelt_out or "." in host or host == "localhost") or not host or re.search(r"\s", host):
        return "it is no web address; they look like https://news.example/rss"
    if host_of(url).removeprefix("www.") in TELEGRAM and not _preview(url):
        return "it is no public channel, and no other has a preview; these are like t.me/channel_name"
    return ""


def _preview(url: str) -> str:
    """Return the address of the preview of the channel that an address leads to, "" where it leads to none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if host_of(url).removeprefix("www.") not in TELEGRAM:
        return ""
    path = [part for part in parts.path.split("/") if part]
    name = (path[1:] if path[:1] == ["s"] else path)[:1]
    sound = bool(name) and _CHANNEL.fullmatch(name[0]) and name[0].lower() not in _NO_CHANNELS
    return f"https://t.me/s/{name[0]}" if sound else ""


def advertised(body: bytes, base: str) -> tuple[Candidate, ...]:
    """Return the feeds that a page names (`<link rel="alternate">`), in its order, those of comments last."""
    page = LexborHTMLParser(body.decode("utf-8", "replace"))
    root = page.css_first("base[href]")
    home = urljoin(base, (root.attributes.get("href") or "").strip()) if root is not None else base
    found: dict[str, Candidate] = {}
    for link in page.css("link[rel][href]"):
        values = {name: value or "" for name, value in link.attributes.items()}
        kind = values.get("type", "").partition(";")[0].strip().lower()
        url = web_address(values["href"], home)
        if url and kind in _TYPES and "alternate" in values["rel"].lower().split():
            found.setdefault(url, Candidate(url, clean(values.get("title", ""))[:LONGEST_TITLE]))
    ordered = sorted(found.values(), key=lambda each: bool(_COMMENTS.search(f"{each.title} {each.url}")))
    return tuple(ordered[:MOST])


def usual_places(url: str) -> tuple[Candidate, ...]:
    """Return where feeds are wont to be on the host of a page, nearest to the page first."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ()
    path = parts.path.rstrip("/")
    near = [f"{path}/{USUAL[0]}/"] if path else []
    places = [*near, *(f"/{name}" for name in USUAL)]
    return tuple(Candidate(urlunsplit((parts.scheme, parts.netloc, place, "", ""))) for place in places)


def id_of(url: str, taken: frozenset[str]) -> str:
    """Return an id for a source: its host or channel in plain letters, and a number where that is taken."""
    name = host_of(url).removeprefix("www.")
    if name in TELEGRAM:
        name = url.rpartition("/")[2]
    plain = re.sub(r"[^a-z0-9]++", "-", name.lower()).strip("-") or "source"
    numbers = range(2, len(taken) + 3)
    return next(each for each in (plain, *(f"{plain}-{number}" for number in numbers)) if each not in taken)
