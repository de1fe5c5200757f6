"""RSS 2.0 as most publishers write it, read in a tenth of the time that feedparser takes for the same result.

What is not as plain as can be is declined and left to feedparser: another format or encoding, elements that bear on what we
keep and are not known here, an element twice or out of its usual place, markup in place of text, an attribute that nobody
expects, a document type. What is accepted is read as feedparser would read it; tests compare the two on every feed that
there is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from xml.parsers import expat

from bot.core.model import Response
from bot.core.sources import MOST_ITEMS, Entry, Head
from bot.core.sources.rss.dates import Dates
from bot.core.sources.rss.encodings import encoding_of
from bot.core.sources.rss.rests import rest_of

_CONTENT = "http://purl.org/rss/1.0/modules/content/ encoded"
_SYNDICATION = "http://purl.org/rss/1.0/modules/syndication/ "
_ATOM_LINK = "http://www.w3.org/2005/Atom link"
_CREATOR = "http://purl.org/dc/elements/1.1/ creator"
_COMMENTS = ("http://purl.org/rss/1.0/modules/slash/ comments", "http://wellformedweb.org/CommentAPI/ commentRss")
_PICTURES = ("http://search.yahoo.com/mrss/ content", "http://search.yahoo.com/mrss/ thumbnail")

_OF_ITEM = frozenset({"title", "link", "guid", "pubDate", "description", _CONTENT})
_BESIDE: Final = frozenset({"category", "author", "comments", "enclosure", _CREATOR, *_COMMENTS, *_PICTURES})
"""What may stand in an item besides, and says nothing that is kept."""
_OF_FEED = frozenset({"title", "language", "ttl", f"{_SYNDICATION}updatePeriod", f"{_SYNDICATION}updateFrequency"})
_AROUND = frozenset(
    [
        "link",
        "description",
        "pubDate",
        "lastBuildDate",
        "generator",
        "copyright",
        "managingEditor",
        "webMaster",
        "category",
        "docs",
        "cloud",
    ]
) | {f"{_SYNDICATION}updateBase"}
_LISTS = {
    "image": frozenset(["url", "title", "link", "width", "height", "description"]),
    "skipHours": frozenset({"hour"}),
    "skipDays": frozenset({"day"}),
}
_ITEM, _LEAF = 3, 4
"""How deep an item stands, and what it holds."""

_ADDRESS = re.compile(r"https?://[a-zA-Z0-9][a-zA-Z0-9.-]*(?::[0-9]+)?(?:[/?#][a-zA-Z0-9/?#.%=&+~,:@!$*()'_-]*)?")
_MISTAKEN = re.compile("[\x80-\x9f]")
_HALF_DECODED = re.compile("[\x00-\xff]*")
_DATE = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), ([0-9]{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (2[0-9]{3}) "
    r"([0-9]{2}):([0-9]{2}):([0-9]{2}) (?:GMT|([+-])([01][0-9])([0-5][0-9]))"
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], 1
    )
}
_PLAIN_CHARSET = re.compile(r"(?:utf-?8|us-ascii|iso-8859-[0-9]{1,2}|windows-125[0-9])", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s;\"']*)", re.IGNORECASE)
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)", re.IGNORECASE)


class DeclinedError(Exception):
    """The feed is not as plain as this reading takes it to be."""


def plain(response: Response, now: datetime) -> tuple[Head, list[Entry]] | None:
    """Return what a feed says, None where it is declined."""
    body = response.body
    reading = _Reading(Dates(now))
    try:
        _be_unicode(body, response.headers.get("content-type", ""))
        reading.parser.Parse(body, True)  # noqa: FBT003  (the C function takes it so)
        head = reading.head(response)
        return head, [reading.entry(told, head.language) for told in reading.items[:MOST_ITEMS]]
    except (DeclinedError, expat.ExpatError):
        return None


def _be_unicode(body: bytes, kind: str) -> None:
    """Decline what is not UTF-8, or said to be in an encoding in which plain letters may be others."""
    if not body.isascii() and encoding_of(body, kind) != "utf-8":
        raise DeclinedError
    declared = _DECLARED.search(body[:512])
    charset = _CHARSET.search(kind)
    for said in (declared[1].decode("ascii", "replace") if declared else "", charset[1] if charset else ""):
        if said and not _PLAIN_CHARSET.fullmatch(said):
            raise DeclinedError


class _Reading:
    """One feed on its way through the parser."""

    def __init__(self, dates: Dates) -> None:
        self.items: list[dict[str, str]] = []
        self._dates = dates
        self._feed: dict[str, str] = {}
        self._links: dict[str, str] = {}
        self._depth = 0
        self._within: Collection[str] | None = None
        self._told: dict[str, str] = self._feed
        self._reads = ""
        self._pieces: list[str] = []
        self.parser = expat.ParserCreate("utf-8", " ")
        self.parser.buffer_text = True
        self.parser.buffer_size = 1 << 16
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = _decline

    def head(self, response: Response) -> Head:
        """Return what the feed says of itself."""
        told = {"ttl": self._feed.get("ttl")}
        for name in ("updatePeriod", "updateFrequency"):
            told[f"sy_{name.lower()}"] = self._feed.get(_SYNDICATION + name)
        return Head(
            title=self._feed.get("title", ""),
            language=self._feed.get("language", "") or response.headers.get("content-language", ""),
            rest=rest_of(told, response.body),
            hub=self._links.get("hub", ""),
            topic=self._links.get("self", ""),
        )

    def entry(self, told: Mapping[str, str], language: str) -> Entry:
        """Return one item."""
        summary, body = told.get("description", ""), told.get(_CONTENT, "")
        return Entry(
            id=told.get("guid", ""),
            link=told["link"],
            published=self._time(told["pubDate"]) if told.get("pubDate") else None,
            title=told.get("title", ""),
            summary="" if summary == body else summary,
            body=body or None,
            language=language,
        )

    def _time(self, text: str) -> datetime | None:
        found = _DATE.fullmatch(text)
        if found is None:
            return self._dates.read(text, _parsed(text))
        day, month, year, hour, minute, second, sign, east, minutes = found.groups()
        try:
            time = datetime(int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second), tzinfo=UTC)
        except ValueError:
            return self._dates.read(text, _parsed(text))
        offset = timedelta(hours=int(east or 0), minutes=int(minutes or 0))
        return time + offset if sign == "-" else time - offset

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        match self._depth:
            case 1:
                _require(name == "rss" and attributes.keys() <= {"version"})
            case 2:
                _require(name == "channel" and not attributes)
            case 3 if name == "item":
                _require(not attributes)
                self._told = {}
            case 3:
                self._start_of_feed(name, attributes)
            case 4 if self._within is not None:
                _require(name in self._within and not attributes)
            case 4 if self._told is not self._feed:
                self._start_of_item(name, attributes)
            case _:
                raise DeclinedError

    def _start_of_feed(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in _OF_FEED:
            _require(not attributes and name not in self._feed)
            self._reads = name
        elif name in _LISTS:
            _require(not attributes and (name != "image" or "title" in self._feed))
            self._within = _LISTS[name]
        elif name == _ATOM_LINK:
            self._start_link(attributes)
        else:
            _require(name in _AROUND and (name == "cloud" or not attributes))

    def _start_link(self, attributes: Mapping[str, str]) -> None:
        relation, address = attributes.get("rel", ""), attributes.get("href", "")
        _require(attributes.keys() <= {"rel", "href", "type", "title"} and _ADDRESS.fullmatch(address) is not None)
        self._links.setdefault(relation.lower(), address)

    def _start_of_item(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in _OF_ITEM:
            allowed = {"isPermaLink"} if name == "guid" else set()
            _require(attributes.keys() <= allowed and name not in self._told)
            _require(name != "description" or _CONTENT not in self._told)
            self._reads = name
            if name == "guid":
                self._told["permanent"] = attributes.get("isPermaLink", "true")
        else:
            _require(name in _BESIDE)

    def _end(self, name: str) -> None:
        if self._reads:
            self._told[name] = _finished("".join(self._pieces))
            self._pieces.clear()
            self._reads = ""
        elif self._depth == _ITEM:
            self._within = None
            if name == "item":
                self._end_item()
        self._depth -= 1

    def _end_item(self) -> None:
        """Keep an item whose link is plain, as is its id where that is one too."""
        told = self._told
        _require(_ADDRESS.fullmatch(told.get("link", "")) is not None)
        if told.get("permanent") == "true":
            _require(_ADDRESS.fullmatch(told["guid"]) is not None)
        self.items.append(told)
        self._told = self._feed

    def _characters(self, text: str) -> None:
        if self._reads:
            self._pieces.append(text)


def _finished(text: str) -> str:
    """Return a text as feedparser gives it; decline what it would take for text that was encoded twice or wrongly."""
    text = text.strip()
    if text.isascii():
        return text
    if _MISTAKEN.search(text) or _HALF_DECODED.fullmatch(text):
        raise DeclinedError
    return text


def _parsed(text: str) -> Any:
    """Return a date that is not written as most are, as feedparser reads it."""
    from feedparser.datetimes import _parse_date  # noqa: PLC0415  (large; most feeds do without)

    return _parse_date(text)


def _require(condition: bool) -> None:  # noqa: FBT001
    if not condition:
        raise DeclinedError


def _decline(*_: object) -> None:
    raise DeclinedError
