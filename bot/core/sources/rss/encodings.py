"""The encoding of a feed's bytes, which is often not the one that the feed or its server declares.

By the standards (RFC 7303) a byte order mark goes before the header of the answer, and that before the XML declaration; so
browsers and feedparser read it. What the bytes show goes before them all here: what is valid UTF-8 is hardly ever anything
else, and Cyrillic letters that were decoded wrongly are not those of which words are made.
"""

from __future__ import annotations

import re
from typing import Final

DECLARED: Final = 0.4
"""The share of usual letters from which on a Cyrillic encoding is believed that the header or the feed declares."""
UNSAID: Final = 0.5
"""The share from which on one is believed that nobody declares. Every Ukrainian and Russian text of the open corpus has 0.6 and
more; none has over 0.3 when read in another of these encodings. Greek read as windows-1251 has 0.38, Hebrew 0.45."""
MOST_HALVES: Final = 0.1
"""The share of bytes that are no UTF-8 up to which the others are: many programs cut texts by bytes, within a character."""
SAMPLE: Final = 64 << 10
"""Bytes in which words are looked for."""

_USUAL = "аоеинтсрвлікмд"
_LIKELY: Final = ("windows-1251", "koi8-u", "iso8859-5", "cp866")
"""What feeds are written in; the last one is the Mac's, whose small letters are those of the first."""
_MARKS = {name: _USUAL.encode(name, "ignore") for name in (*_LIKELY, "mac-cyrillic")}
_CALLED = {
    **dict.fromkeys(("windows1251", "cp1251", "win1251", "xcp1251"), "windows-1251"),
    **dict.fromkeys(("koi8u", "koi8r", "koi8ru", "koi8"), "koi8-u"),
    **dict.fromkeys(("iso88595", "88595", "cyrillic"), "iso8859-5"),
    **dict.fromkeys(("cp866", "ibm866", "866"), "cp866"),
    **dict.fromkeys(("maccyrillic", "xmaccyrillic", "macukrainian", "xmacukrainian"), "mac-cyrillic"),
}
"""Encodings by what they are called. Feeds in KOI8-R may have Ukrainian letters, which KOI8-U alone has."""
_HIGH = bytes(range(0x80, 0x100))
_ANY = re.compile(rb"[\x80-\xff]")
_RUN = re.compile(rb"[\x80-\xff]{3,}")
_XML = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_SIGN = re.compile(r"[^a-z0-9]")


def encoding_of(body: bytes, content_type: str) -> str:
    """Return the encoding that the bytes themselves show, or nothing where the declared one may well be right.

    Letters that are valid UTF-8 are UTF-8, but for a few broken ones, whatever is declared. Else what the header says, and then
    what the feed says, is believed where its letters make words; where neither does, the encoding in which they do.
    """
    high = len(body) - len(body.translate(None, _HIGH))
    if not high or b"\0" in body[:64]:
        return ""
    if len(body) - len(_whole(body)) <= MOST_HALVES * high:
        return "utf-8"
    shares = _shares(body, high)
    said = (name for name in _declared(body, content_type) if shares.get(name, 0.0) > DECLARED)
    best = max(_LIKELY, key=lambda name: shares[name])
    return next(said, best if shares[best] > UNSAID and _in_words(body) else "")


def _shares(body: bytes, high: int) -> dict[str, float]:
    """Return the share of usual Cyrillic letters among so many high bytes, in each encoding."""
    return {name: (len(body) - len(body.translate(None, marks))) / high for name, marks in _MARKS.items()}


def _in_words(body: bytes) -> bool:
    """Tell whether high bytes stand beside each other, as letters do of which all are written with them."""
    first = _ANY.search(body)
    sample = body[first.start() : first.start() + SAMPLE] if first else b""
    high = len(sample) - len(sample.translate(None, _HIGH))
    return sum(map(len, _RUN.findall(sample))) > 0.6 * high


def readable(body: bytes, content_type: str) -> bytes:
    """Return a body in UTF-8 without halves of characters, or as it is where its encoding does not show."""
    encoding = encoding_of(body, content_type)
    if encoding == "utf-8":
        return _whole(body)
    return body.decode(encoding, "replace").encode() if encoding else body


def _whole(body: bytes) -> bytes:
    """Return what of a body is UTF-8."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return body.decode("utf-8", "ignore").encode()
    return body


def _declared(body: bytes, content_type: str) -> list[str]:
    """Return the encodings that the header and the feed declare, in this order; "" for one that is not Cyrillic."""
    charset, declared = _CHARSET.search(content_type), _XML.search(body[:512])
    names = (charset[1] if charset else "", declared[1].decode() if declared else "")
    return [_CALLED.get(_SIGN.sub("", name.lower()), "") for name in names]
