"""The encoding of a feed's bytes, which is often not the one that the feed or its server declares."""

from __future__ import annotations

import re

_CYRILLIC_RUN = re.compile(rb"[\xa8\xaa\xaf\xb2\xb3\xb4\xb8\xba\xbf\xc0-\xff]{3,}")
_HIGH = bytes(range(0x80, 0x100))
_DECLARED = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w.-]+)", re.IGNORECASE)


def encoding_of(body: bytes, content_type: str) -> str:
    """Return the encoding that the bytes themselves show, or nothing where the declared one may well be right.

    Many letters that are valid UTF-8 are UTF-8, whatever is declared. Bytes that are not, that nobody says are anything
    else, and that stand in runs as Cyrillic words do, are windows-1251.
    """
    high = len(body) - len(body.translate(None, _HIGH))
    if not high or b"\0" in body[:64]:
        return ""
    try:
        body.decode()
    except UnicodeDecodeError:
        declared = _DECLARED.search(body[:512])
        said = (declared[1].decode() if declared else "") or content_type.lower().partition("charset=")[2].strip("\"' ")
        cyrillic = sum(map(len, _CYRILLIC_RUN.findall(body)))
        return "windows-1251" if said.lower() in ("", "utf-8", "utf8") and cyrillic > 0.6 * high else ""
    return "utf-8"
