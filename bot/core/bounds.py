"""How much of a body is read: what is looked for in it before anything builds a tree, a table or a string out of it.

Every look takes time that grows with the body's length, 30 ms for the 8 MiB that the door lets through; the readers behind it do
not promise that. What gets through all the same and takes too long ends with its worker process (`bot.adapters.workers`);
the looks are there so that the usual bombs cost next to nothing and are called by their name.

    a body in Unicode of two or four bytes     is read as UTF-8 from here on
    encodings in which other letters are tags  refused: UTF-7, EBCDIC, and those of Python that are no encodings of text
    entities of its own                        refused where one is made of others, comes from elsewhere, or swells the body
    tags                                       150,000 of a feed, 60,000 of a page; 256 inside each other in one entry
    entries                                    the first and the last 500; others are cut out before the feed is read
    one piece of text, one tag, one comment    2 MiB
    namespaces                                 200
    lists, objects and keys of JSON            100,000 and 300,000
    a page                                     its first 3 MiB
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import accumulate, islice
from typing import Final

from bot.core.model import Response

MOST_ENTRIES: Final = 1_000
MOST_TAGS: Final = 150_000
MOST_TAGS_OF_PAGE: Final = 60_000
DEEPEST: Final = 256
LONGEST_PIECE: Final = 2 << 20
"""Bytes; pictures stand in some texts as letters."""
LONGEST_PAGE: Final = 3 << 20
MOST_NAMESPACES: Final = 200
MOST_GROUPS: Final = 100_000
MOST_KEYS: Final = 300_000
MOST_ENTITIES: Final = 100
LONGEST_PROLOG: Final = 64 << 10
"""Bytes before the first tag."""

_WIDE = (
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\xfe\xff", "utf-16"),
    (b"\xff\xfe", "utf-16"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0<", "utf-16-be"),
    (b"<\0", "utf-16-le"),
)
_NARROW = "application/xml; charset=utf-8"
_EBCDIC = b"\x4c\x6f\xa7\x94"
_NO_TEXT = re.compile(
    rb"(?:encoding|charset)\s{0,9}=\s{0,9}[\"']?(utf[-_ ]?7|unicode[-_]1[-_]1[-_]utf[-_]7|u7|punycode|idna|cp(?:037|1140|5\d\d|1026|273)"
    rb"|ibm(?:037|500|1026|1140)|(?:raw[-_])?unicode[-_]escape|hz\b|iso-?2022)",
    re.IGNORECASE,
)
_DECLARATION = re.compile(rb"<\?xml[^>]{0,1000}>")
_FIRST_TAG = re.compile(rb"<[a-zA-Z_]")
_ENTITY = re.compile(rb"<!ENTITY\s++(%\s++)?([^\s\"'<>]++)\s++(?:\"([^\"<]*+)\"|'([^'<]*+)'|([A-Z]++))")
_ENTRY = re.compile(rb"<(?:[\w-]{1,20}:)?(?:item|entry)[\s/>]", re.IGNORECASE)
_NAMESPACE = re.compile(rb"xmlns:([^\s=]{1,99})")
_TAG = re.compile(rb"<(/?)([a-zA-Z_](?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>")
_VOID = frozenset(
    b"area base br col embed hr img input link meta param source track wbr"
    b" p li option optgroup dt dd tr td th thead tbody tfoot colgroup".split()
)
"""Names of tags that need not be closed."""
_NAMED = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9]*+)")


class NotAFeedError(ValueError):
    """The body is no feed of this type: a web page, garbage, or an empty answer."""


class OutOfBoundsError(NotAFeedError):
    """The body may be a feed, but is made in a way in which no honest one is."""


def feed_within(response: Response) -> Response:
    """Return what of an XML feed is to be read; raise OutOfBoundsError where that would take too much."""
    _refuse_encodings(response.body, response.headers.get("content-type", ""))
    wide = next((encoding for mark, encoding in _WIDE if response.body.startswith(mark)), "")
    if not wide:
        return replace(response, body=_within(response.body))
    narrow = _DECLARATION.sub(b"", response.body.decode(wide, "replace").encode("utf-8", "replace"), count=1)
    return replace(response, body=_within(narrow), headers={**response.headers, "content-type": _NARROW})


def _within(body: bytes) -> bytes:
    first = _FIRST_TAG.search(body, 0, LONGEST_PROLOG)
    if first is None and len(body) > LONGEST_PROLOG:
        raise OutOfBoundsError(f"its first tag does not stand within the first {LONGEST_PROLOG >> 10} KiB")
    if first is None:
        raise NotAFeedError("it is neither RSS nor Atom")
    if b"<!ENTITY" in body[: first.start()]:
        _refuse_entities(body, first.start())
    body = _outer_entries(body)
    _refuse_many(body.count(b"<"), MOST_TAGS, "tags")
    if max(map(len, body.split(b"<"))) > LONGEST_PIECE:
        raise OutOfBoundsError(f"one piece of it has more than {LONGEST_PIECE >> 20} MiB")
    if body.count(b"xmlns") > MOST_NAMESPACES:
        _refuse_many(len(set(_NAMESPACE.findall(body))), MOST_NAMESPACES, "namespaces")
    _refuse_nests(body)
    return body


def json_within(body: bytes) -> bytes:
    """Return JSON as it is; raise OutOfBoundsError where it would take too much to read."""
    _refuse_many(body.count(b"{") + body.count(b"["), MOST_GROUPS, "lists and objects")
    _refuse_many(body.count(b'":') + body.count(b'" :'), MOST_KEYS, "keys")
    return body


def page_within(body: bytes) -> bytes:
    """Return what of a web page is to be read; raise OutOfBoundsError where that would take too much."""
    body = body[:LONGEST_PAGE]
    _refuse_many(body.count(b"<"), MOST_TAGS_OF_PAGE, "tags")
    if body.count(b"<") > DEEPEST:
        _refuse_depth(-1 if end else 1 for end, name in _NAMED.findall(body) if name.lower() not in _VOID)
    return body


def _refuse_many(count: int, most: int, what: str) -> None:
    if count > most:
        raise OutOfBoundsError(f"it has {count:,} {what}, and more than {most:,} are not read")


def _refuse_encodings(body: bytes, content_type: str) -> None:
    """Refuse encodings in which this module would not see a tag that the reader behind it sees."""
    declared = _NO_TEXT.search(body[:512]) or _NO_TEXT.search(content_type.encode("ascii", "replace")[:512])
    if declared is not None or body.startswith(_EBCDIC):
        name = declared[1].decode() if declared else "EBCDIC"
        raise OutOfBoundsError(f"it is written in {name}, in which no feed is")


def _refuse_entities(body: bytes, end: int) -> None:
    """Refuse entities that are made of others, come from elsewhere, or make the body longer than it may be."""
    declared = _ENTITY.findall(body[:end])
    if len(declared) != body.count(b"<!ENTITY", 0, end) or len(declared) > MOST_ENTITIES:
        raise OutOfBoundsError("its entities are too many, or not declared as entities are")
    swollen = 0
    for parameter, name, *quoted, elsewhere in declared:
        value = b"".join(quoted)
        if re.search(rb"[&%][^#;\s]{1,99};", value) or (elsewhere and not parameter):
            raise OutOfBoundsError("its entities are made of others, or come from elsewhere")
        swollen += len(value) * body.count(b"&%s;" % name)
    if swollen > LONGEST_PIECE:
        raise OutOfBoundsError("its entities swell it beyond what is read")


def _outer_entries(body: bytes) -> bytes:
    """Return the body without the entries in its middle: some feeds have the newest first, some last."""
    starts = [entry.start() for entry in islice(_ENTRY.finditer(body), MOST_TAGS)]
    half = MOST_ENTRIES // 2
    return body if len(starts) <= MOST_ENTRIES else body[: starts[half]] + body[starts[-half] :]


def _refuse_nests(body: bytes) -> None:
    """Refuse entries with tags too deep inside each other; in quoted text and in comments there are none."""
    if body.count(b"<") <= DEEPEST:
        return
    markup = _outside(_outside(body, b"<![CDATA[", b"]]>"), b"<!--", b"-->")
    since = 0
    for at in [*(entry.start() for entry in _ENTRY.finditer(markup)), len(markup)]:
        if markup.count(b"<", since, at) > DEEPEST:
            _refuse_depth(_step(tag) for tag in _TAG.finditer(markup, since, at))
        since = at


def _step(tag: re.Match[bytes]) -> int:
    if tag[2].endswith(b"/"):
        return 0
    return -1 if tag[1] else 1


def _outside(body: bytes, begin: bytes, end: bytes) -> bytes:
    """Return what stands outside of the pairs of marks; a pair that does not end goes on to the end of the body."""
    if begin not in body:
        return body
    first, *rest = body.split(begin)
    return first + b"".join(piece.partition(end)[2] for piece in rest)


def _refuse_depth(steps: Iterable[int]) -> None:
    if max(accumulate(steps), default=0) > DEEPEST:
        raise OutOfBoundsError(f"its tags stand more than {DEEPEST} deep inside each other")
