"""Paragraphs into sentences, with an ear for abbreviations, initials and quotation marks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import TypeAlias

from bot.core.text.cutting import between_words

Words: TypeAlias = Collection[str]
LONGEST = 1_000
CLAUSE = 4
"""Blanks in what is long enough to be a sentence, so that «2025 р. Росія ...» is none."""
_STOP = re.compile(
    r"""(?<![.!?…])([.!?…]++)([»”"')\]’]{0,4})(?=\s)              # a full stop before a blank
    | (?<=[a-zа-яіїєґ]{3})[.!?](?=[A-ZА-ЯІЇЄҐ][a-zа-яіїєґ]{2})    # or before a capital, where the blank was lost
    | \s(?=[•▪◾🔹🔸])                                            # or the bullet of a list""",
    re.VERBOSE,
)
_NEXT = re.compile(r"\s+[«“„\"'(\[—–-]*\s?(\w+)")
_LAST_WORD = re.compile(r"([\w.'’-]+)$")
_BEHIND = 24


def sentences(text: str, abbreviations: Words, starters: Words = ()) -> Iterator[tuple[int, int]]:
    """Yield start and end of every sentence of a paragraph, blanks around it left out.

    `abbreviations` are folded words without their last full stop that do not end a sentence, unless one of `starters`
    follows, words with which a sentence begins rather than a name. A sentence beyond
    `LONGEST` characters is cut at a blank, so that no text can make later stages slow.
    """
    start = 0
    for end in (*_ends(text, abbreviations, starters), len(text)):
        while end - start > LONGEST:
            cut = between_words(text, start, start + LONGEST)
            yield from _stripped(text, start, cut)
            start = cut
        yield from _stripped(text, start, end)
        start = end


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    part = text[start:end]
    if stripped := part.strip():
        begin = start + len(part) - len(part.lstrip())
        yield begin, begin + len(stripped)


def _ends(text: str, abbreviations: Words, starters: Words) -> Iterator[int]:
    last = 0
    for stop in _STOP.finditer(text):
        if stop[1] is None:
            last = stop.end()
            yield last
            continue
        following = _NEXT.match(text, stop.end())
        if following and _is_end(text, stop, following[1], abbreviations, starters, last=last):
            last = stop.end()
            yield last


def _is_end(
    text: str, stop: re.Match[str], following: str, abbreviations: Words, starters: Words, *, last: int
) -> bool:
    word = _LAST_WORD.search(text[max(0, stop.start() - _BEHIND) : stop.start()])
    if following[0].islower():
        return False
    if stop[1] != "." or stop[2] or not word:
        return True
    if len(word[1]) == 1 and word[1].isupper():
        return False
    long = text.count(" ", last, stop.start()) >= CLAUSE
    return word[1].casefold() not in abbreviations or (long and following.casefold() in starters)
