"""Lists of feeds as other readers keep them (OPML 1.0 to 2.0): what is in one, and ours as one.

What stands in such a file was written by anybody. A document type, with which entities could be defined, is refused; a file
that is no XML is read as far as it goes, as browsers read their pages, because programs wrote many of them carelessly. It is
read in a worker process (`read_apart`), within limits of time and memory. What is ours alone, such as how far a source is
trusted, stands in attributes of a namespace of our own, which others pass over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from html.parser import HTMLParser
from typing import Final, Literal, TypeAlias
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring
from xml.parsers import expat

from bot.adapters.sources import Listed
from bot.adapters.workers import Limits, OverLimitError, Workers
from bot.core.model import Source
from bot.ports import VistkaError

MOST_BYTES: Final = 4 << 20
MOST_OUTLINES: Final = 5_000
LONGEST_TEXT, LONGEST_ADDRESS = 500, 2_000
LIMITS: Final = Limits(seconds=5.0, processor=5.0, memory=256 << 20)
NAMESPACE: Final = "urn:vistka:sources"
OWN: Final = ("id", "type", "tier", "side", "owner", "wire")
"""The fields of a source that stand in the namespace."""

Sort: TypeAlias = Literal["feed", "list", "page"]

_DECLARED = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w.-]{1,40})", re.IGNORECASE)
_MARKS = {
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
    b"\xef\xbb\xbf": "utf-8-sig",
    b"<\0": "utf-16-le",
    b"\0<": "utf-16-be",
}


class OutlineError(VistkaError):
    """The file is no list of feeds, or is one that is not read."""


@dataclass(frozen=True, slots=True)
class Outline:
    """An entry of a list: a feed, another list, or a page without a word on where its feed is.

    `own` are the fields of ours that it has; `off` says that it was not polled.
    """

    sort: Sort
    url: str
    title: str
    language: str = ""
    own: Mapping[str, str] | None = None
    off: bool = False


@dataclass(frozen=True, slots=True)
class Outlines:
    """What a list holds, each address once. `fault` says where it is no proper XML, "" where it is; `more` that it had too many."""

    found: tuple[Outline, ...]
    title: str = ""
    fault: str = ""
    more: bool = False

    @property
    def feeds(self) -> tuple[Outline, ...]:
        """The feeds."""
        return tuple(each for each in self.found if each.sort == "feed")

    @property
    def others(self) -> tuple[Outline, ...]:
        """What is no feed."""
        return tuple(each for each in self.found if each.sort != "feed")


class _Reading:
    """What has been read of a list so far. How deep outlines lie in one another is of no account."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str], Outline] = {}
        self.more = self.seen = False
        self.heading = ""
        self._in_title = False

    def start(self, tag: str, attributes: Mapping[str, str | None]) -> None:
        """Take in the start of an element."""
        name = tag.lower().rpartition(":")[2]
        self.seen = self.seen or name in ("opml", "outlinedocument")
        self._in_title = name == "title"
        if name == "outline" and self.seen:
            self._keep(_outline({key.lower(): " ".join((value or "").split()) for key, value in attributes.items()}))

    def _keep(self, outline: Outline | None) -> None:
        if outline is not None and len(self.found) < MOST_OUTLINES:
            self.found.setdefault((outline.sort, outline.url), outline)
        self.more = self.more or (outline is not None and (outline.sort, outline.url) not in self.found)

    def end(self, _: str) -> None:
        """Take in the end of an element."""
        self._in_title = False

    def text(self, text: str) -> None:
        """Take in text: that of the title is kept."""
        if self._in_title:
            self.heading = (self.heading + text)[:LONGEST_TEXT]

    def doctype(self, *_: object) -> None:
        """Refuse a document type."""
        raise OutlineError("it has a document type (DTD), which a list of feeds needs none of; take the line out")

    def outlines(self, fault: str = "") -> Outlines:
        """Return what was read."""
        return Outlines(tuple(self.found.values()), " ".join(self.heading.split()), fault, self.more)


class _Lenient(HTMLParser):
    """Reads what is no XML: ends that are missing, attributes without quotes, entities that nobody declared."""

    def __init__(self, reading: _Reading) -> None:
        super().__init__(convert_charrefs=True)
        self._reading = reading

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._reading.start(tag, dict(attrs))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._reading.start(tag, dict(attrs))
        self._reading.end(tag)

    def handle_endtag(self, tag: str) -> None:
        self._reading.end(tag)

    def handle_data(self, data: str) -> None:
        self._reading.text(data)

    def handle_decl(self, decl: str) -> None:
        self._reading.doctype(decl)


async def read_apart(body: bytes) -> Outlines:
    """Return what a list holds, read in a process of its own; raise OutlineError."""
    if len(body) > MOST_BYTES:
        raise OutlineError(f"it is larger than {MOST_BYTES >> 20} MiB; no list of feeds is")
    workers = Workers(1, LIMITS)
    try:
        return await workers.run(read_outlines, body)
    except OverLimitError as error:
        raise OutlineError(f"reading it failed, {error}") from None
    finally:
        await workers.close()


def read_outlines(body: bytes) -> Outlines:
    """Return what a list holds; raise OutlineError where it is none."""
    reading, fault = _Reading(), ""
    try:
        _read_strictly(body, reading)
    except (expat.ExpatError, LookupError, ValueError) as error:
        fault = _told(error)
        reading = _Reading()
        parser = _Lenient(reading)
        parser.feed(_decoded(body))
        parser.close()
    if not reading.seen:
        raise OutlineError("it is no OPML: it has no <opml> in it")
    return reading.outlines(fault)


def _read_strictly(body: bytes, reading: _Reading) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    parser.StartDoctypeDeclHandler = reading.doctype
    parser.Parse(body.lstrip(), True)  # noqa: FBT003  (expat knows it by its place only)


def _told(error: Exception) -> str:
    if isinstance(error, expat.ExpatError):
        return f"line {error.lineno}: {expat.ErrorString(error.code)}"
    return "its encoding is not known"


def _decoded(body: bytes) -> str:
    """Return the text, whatever the bytes are."""
    for mark, encoding in _MARKS.items():
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    declared = _DECLARED.search(body[:512])
    try:
        return body.decode(declared[1].decode() if declared else "utf-8", "replace")
    except LookupError:
        return body.decode("utf-8", "replace")


def _outline(values: Mapping[str, str]) -> Outline | None:
    """Return an entry; None for one that only holds others, or that says nothing."""
    title = (values.get("text") or values.get("title") or "")[:LONGEST_TEXT]
    feed, page, other = (values.get(name, "") for name in ("xmlurl", "htmlurl", "url"))
    language, sort = values.get("language", "")[:2].lower(), values.get("type", "").lower()
    if feed and sort != "source":
        own = {name: values[f"vistka:{name}"][:LONGEST_TEXT] for name in OWN if values.get(f"vistka:{name}")}
        return _short(Outline("feed", feed, title, language, own, off=values.get("vistka:enabled") == "false"))
    if feed or (other and sort in ("include", "link")):
        return _short(Outline("list", feed or other, title))
    return _short(Outline("page", page, title)) if page else None


def _short(outline: Outline) -> Outline | None:
    return outline if len(outline.url) <= LONGEST_ADDRESS else None


def write_outlines(listed: Iterable[Listed], title: str) -> bytes:
    """Return sources as an OPML 2.0 subscription list, grouped by language, in their order."""
    register_namespace("vistka", NAMESPACE)
    root = Element("opml", version="2.0")
    SubElement(SubElement(root, "head"), "title").text = title
    body = SubElement(root, "body")
    groups: dict[str, Element] = {}
    for each in listed:
        language = each.source.language
        if language not in groups:
            groups[language] = SubElement(body, "outline", text=language)
        SubElement(groups[language], "outline", _attributes(each))
    indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode").encode() + b"\n"


def _attributes(listed: Listed) -> dict[str, str]:
    source = listed.source
    known = {
        "text": source.name,
        "title": source.name,
        "type": "rss",
        "xmlUrl": source.url,
        "language": source.language,
    }
    own = {f"{{{NAMESPACE}}}{name}": value for name, value in _own(source) if value}
    return known | own | ({} if listed.enabled else {f"{{{NAMESPACE}}}enabled": "false"})


def _own(source: Source) -> Sequence[tuple[str, str]]:
    return [(field.name, getattr(source, field.name)) for field in fields(Source) if field.name in OWN]
