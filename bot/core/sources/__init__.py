"""What a source type has to bring: how it asks for its feed and how it reads the answer.

One module per type; each ends in `SOURCE: SourceType = ...`, and nothing else in the house names a type. What is here
besides is what every type needs to make an `Item` that keeps its promises: an id that lasts, a link that can be shown,
a time that is not in the future, and fields within the limits.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Final, TypeVar
from urllib.parse import urljoin, urlsplit

from bot.core.bounds import NotAFeedError as NotAFeedError
from bot.core.identity import canonical, fingerprint
from bot.core.model import Feed, Item, PollState, Request, Response, Rest, Source
from bot.core.text.cutting import within

T = TypeVar("T")

MOST_ITEMS: Final = 1_000
LONGEST_FIELD: Final = 256 * 1024
"""In characters; a longer field is cut, between sentences where it can be."""
LONGEST_TITLE: Final = 500
"""Characters of the name of a feed or of an outlet."""
MOST_LINKS: Final = 50
"""Links of one item that are kept."""
BEGINNING: Final = 8192
"""Bytes of a body that tell what it is."""
LONGEST_HEADER: Final = 8192
"""Characters of a `Link` header that are looked at."""

_FIRST_YEAR = 1990
_LONGEST_ADDRESS = 2048
_USUAL = re.compile(
    r"https?://[a-z0-9][a-z0-9.-]*(?::[0-9]{1,5})?(?:/[a-zA-Z0-9/%_.~+@!,()*'$:=-]*(?:\?[a-zA-Z0-9/%_.~+@!,()*'$:=&-]+)?)?"
)
"""Addresses in which there is nothing to mend."""
_ANCHOR = re.compile(r"""<a\s(?:[^<>]*?\s)?href\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>]+))""", re.IGNORECASE)
_LINK = re.compile(r"""<([^<>]*)>((?:[^<>",]|"[^"]*")*+)""")
_PROLOG = rb"(?:<\?[^>]*+>|<!--.*?-->|<!doctype\b[^\[>]*+(?:\[[^\]]*+\]\s*+)?+>|\xef\xbb\xbf|\xff\xfe|\xfe\xff)"
_ROOT = re.compile(rb"\s*+(?>" + _PROLOG + rb"\s*+)*+<(?:\w++:)?([a-z]\w*+)", re.IGNORECASE | re.DOTALL)
_PAGE = re.compile(
    rb"\s*+(?>(?:<\?[^>]*+>|<!--.*?-->|\xef\xbb\xbf)\s*+)*+<!doctype\s++html\b", re.IGNORECASE | re.DOTALL
)
_PAGE_ROOTS = frozenset(
    ("html", "head", "body", "title", "meta", "script", "div", "p", "h1", "center", "style", "link")
)
_FEED_ROOTS = frozenset(("rss", "feed", "rdf", "channel"))
_CONTROLS = bytes({*range(0x20), 0x7F} - set(b"\t\n\r"))
_RELATION = re.compile(r"""\brel\s*=\s*(?:"([^"]*)"|([^\s;"]+))""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SourceType:
    """A way in which news is published.

    request   the conditional GET that asks for what is new (the state is None before the first poll)
    parse     the answer into a feed, its items newest or oldest first as it has them; raises NotAFeedError
    claims    whether an answer looks like this type, for addresses that nobody has configured
    """

    name: str
    request: Callable[[Source, PollState | None], Request]
    parse: Callable[[Source, Response, datetime], Feed]
    claims: Callable[[Response], bool]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as its format has it, before it is held to the rules of an item."""

    id: str = ""
    link: str = ""
    published: datetime | None = None
    title: str = ""
    summary: str = ""
    body: str | None = None
    language: str = ""
    via: str = ""
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """What a feed says of itself, as its format has it; `hub` and `topic` are relative to the feed's own address."""

    title: str = ""
    language: str = ""
    rest: Rest = field(default_factory=Rest)
    hub: str = ""
    topic: str = ""


def root_of(body: bytes) -> str:
    """Return the name of the element that a document begins with, in lower case without its prefix, "" where none does."""
    root = _ROOT.match(body[:BEGINNING].replace(b"\0", b""))
    return root[1].decode().lower() if root else ""


def is_web_page(body: bytes) -> bool:
    """Tell whether a body is a page for people: one of the site, of a login, of who sells the name, or of an error."""
    root = root_of(body)
    stated = _PAGE.match(body[:BEGINNING].replace(b"\0", b"")) is not None
    return root in _PAGE_ROOTS or (stated and root not in _FEED_ROOTS)


def refuse_page(body: bytes) -> None:
    """Raise NotAFeedError for what no type of feed can be: nothing at all, or a web page."""
    if not body.strip():
        raise NotAFeedError("the answer is empty")
    if is_web_page(body):
        raise NotAFeedError("it is a web page, no feed")


def outer(entries: Sequence[T]) -> Sequence[T]:
    """Return the entries, of too many those at both ends: some feeds have the newest first, some last."""
    half = MOST_ITEMS // 2
    return entries if len(entries) <= MOST_ITEMS else (*entries[:half], *entries[-half:])


def storable(text: str, longest: int) -> str:
    """Return a text within a length and without what no database takes: control characters, and halves of characters."""
    return without_controls(text.strip()[:longest].encode("utf-8", "replace")).decode()


def without_controls(body: bytes) -> bytes:
    """Return a body in UTF-8 without control characters, but for line ends and tabs."""
    return body.translate(None, _CONTROLS)


def make_feed(source: Source, head: Head, entries: Iterable[Entry], response: Response, now: datetime) -> Feed:
    """Hold the entries of a feed to the rules of items, and what it says of itself to those of addresses.

    A hub or an address of its own that the header of the answer names goes before what the feed names.
    """
    found, base = _truly_named(tuple(entries)), response.url
    header = response.headers.get("link", "")
    return Feed(
        items=tuple(make_item(source, entry, base, now) for entry in found),
        title=storable(head.title, LONGEST_TITLE),
        language=head.language[:2].lower(),
        rest=head.rest,
        undated=sum(_dateless(entry.published, now) for entry in found),
        hub=web_address(linked(header, "hub") or head.hub, base),
        topic=web_address(linked(header, "self") or head.topic, base),
    )


def _truly_named(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return entries without the ids under which several of them stand, which name none: each has its address, or its words."""
    told: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        told[entry.id].add(entry.link or entry.title)
    return tuple(replace(entry, id="") if entry.id and len(told[entry.id]) > 1 else entry for entry in entries)


def conditional_get(url: str, accept: str, state: PollState | None) -> Request:
    """Return a GET that the server may answer with 304 when nothing changed since the last poll."""
    headers = {"Accept": accept}
    if state is not None and state.etag:
        headers["If-None-Match"] = state.etag
    if state is not None and state.last_modified:
        headers["If-Modified-Since"] = state.last_modified
    return Request(url, headers)


def make_item(source: Source, entry: Entry, base: str, now: datetime) -> Item:
    """Hold an entry to the rules of an item; `base` is the address that its links are relative to.

    An entry without a time, or with one in the future, is from `now`.
    """
    link = web_address(entry.link, base)
    title, summary, body = (
        storable(within(text, LONGEST_FIELD), LONGEST_FIELD) for text in (entry.title, entry.summary, entry.body or "")
    )
    return Item(
        id=storable(entry.id, _LONGEST_ADDRESS) or link or fingerprint(title, summary or body),
        source=source,
        language=source.language or entry.language[:2].lower(),
        url=link,
        published=_believed(entry.published, now),
        title=title,
        summary=summary,
        body=body or None,
        via=" ".join(storable(entry.via, LONGEST_TITLE).split()),
        links=tuple(_addresses((*entry.links, *anchors(summary), *anchors(body)), link or base)),
    )


def _dateless(published: datetime | None, now: datetime) -> bool:
    """Tell whether an entry has no time that can be believed: none at all, or one before the web or far ahead of ours."""
    return published is None or published.year < _FIRST_YEAR or published.year > now.year + 1


def _believed(published: datetime | None, now: datetime) -> datetime:
    """Take a clock that stands before the web, or ahead of ours, for none."""
    if published is None or _dateless(published, now):
        return now
    return min(published.astimezone(UTC), now)


def iso_time(text: str) -> datetime | None:
    """Read an ISO 8601 time; one without a zone is in UTC, what is none is nothing."""
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def web_address(link: str, base: str) -> str:
    """Return the link as an absolute http(s) address, or nothing where it is none."""
    if len(link) <= _LONGEST_ADDRESS and _USUAL.fullmatch(link):
        return link
    try:
        absolute = urljoin(base, written) if (written := storable(link, _LONGEST_ADDRESS + 1)) else ""
        parts = urlsplit(absolute)
    except ValueError:
        return ""
    return absolute if parts.scheme in ("http", "https") and parts.netloc and len(absolute) <= _LONGEST_ADDRESS else ""


def linked(header: str, relation: str) -> str:
    """Return the first address of a relation in an HTTP `Link` header, "" where there is none."""
    for address, parameters in _LINK.findall(header[:LONGEST_HEADER]):
        stated = _RELATION.search(parameters)
        if stated and relation in (stated[1] or stated[2]).lower().split():
            return str(address)
    return ""


def anchors(markup: str) -> Iterator[str]:
    """Yield the addresses that the anchors of a text lead to, as they are written; the first `MOST_LINKS` of them."""
    if "<" in markup:
        for anchor in islice(_ANCHOR.finditer(markup), MOST_LINKS):
            yield html.unescape(anchor[1] or anchor[2] or anchor[3] or "")


def _addresses(links: Iterable[str], base: str) -> Iterator[str]:
    """Yield the web addresses among links, each page once; what leads to another place of the same text is none."""
    pages: set[str] = set()
    for address in filter(None, (web_address(link, base) for link in links if link[:1] != "#")):
        page = canonical(address)
        if page not in pages and len(pages) < MOST_LINKS:
            pages.add(page)
            yield address
