"""Where a text that is too long, or that broke off, may end: never within a number, and best behind a sentence.

"1 200 people" must not become "1": half of a figure reads like a figure. A cut is made behind the last line or sentence that
fits; where one has no end for pages, between two words.
"""

from __future__ import annotations

import re
from typing import Final

NEAR: Final = 2_000
"""Characters before the limit in which an end is looked for; no sentence of a news item is longer."""

_LINE = re.compile(r"\n|</?(?:p|br|div|li|h[1-6])\b[^<>]{0,99}>", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?…][\"'»”’)\]]{0,3}(?=\s++[«„“\"(—–-]{0,3}\s?[A-ZА-ЯЁІЇЄҐ])")
_WORDS = re.compile(r"(?<=[^\W\d_])[^\w\s<>]{0,3}(?=\s[^\W\d_])")
_OF_FIGURES = "0123456789 \t\u00a0\u202f.,'’"
_ENDED = re.compile(r"[.!?…][\"'»”’)\]]{0,3}\Z")


def within(text: str, longest: int) -> str:
    """Return a text, or so much of its beginning that it has no more characters and no number is cut."""
    if len(text) <= longest:
        return text
    since = max(0, longest - NEAR)
    for end in (_LINE, _SENTENCE, _WORDS):
        at = max((found.end() for found in end.finditer(text, since, longest)), default=0)
        if at:
            return text[:at]
    return text[:longest].rstrip(_OF_FIGURES)


def unbroken(text: str) -> str:
    """Return a text of lines that broke off without its last line, as far as that has no end."""
    whole, line_end, last = text.rpartition("\n")
    if _ENDED.search(last.rstrip()[-4:]):
        return text
    ends = [found.end() for found in _SENTENCE.finditer(last)]
    return whole + line_end + last[: max(ends)] if ends else whole


def between_words(text: str, start: int, end: int) -> int:
    """Return where to cut a text after `start`, at `end` or before: at the last blank that is within no number."""
    at = text.rfind(" ", start + 1, end)
    while at > start and text[at - 1].isdecimal() and text[at + 1 : at + 2].isdecimal():
        at = text.rfind(" ", start + 1, at)
    return at if at > start else end
