"""Sentences into words, figures and punctuation marks.

A word keeps its hyphens, apostrophes and figures (`п'ять`, `Shahed-136`, `Х-101`), a figure its separators and ending
(`6,000`, `1 212`, `2,5`, `390-й`, `66th`, `57-річний`, `20:30`, `09.06.2025`); every other sign is a token of its own.
Ratios and ranges fall apart, so that their figures can be read: `1,000-for-1,000`, `3-4`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from bot.core.text.document import Token
from bot.core.text.normalise import fold

LANGUAGES = 16
REMEMBERED = 1 << 13
"""Tokens of a language that are kept, and pieces of text, at half a KiB each and as much again for what others work out of them."""
LONGEST_REMEMBERED, LONGEST_FIGURE = 64, 4
"""Characters of what is kept: a longer figure is hardly ever met again."""
_SPACED = re.compile(r"\d \d{3}(?!\d)")
_LETTER = r"[^\W\d_]"
_TOKEN = re.compile(
    rf"""
      (?<=\d-){_LETTER}{{2,3}}(?=-\d)                                  # the word of a ratio: 205-for-205
    | (?:{_LETTER}\.){{1,20}}{_LETTER}{{1,2}}(?!\w)\.?                         # a.m., U.S., т.зв
    | {_LETTER}(?:{_LETTER}|[\u0300-\u036f]|\d)*+(?:[-‑'’ʼ‘`´′＇‛]++(?:{_LETTER}|\d)(?:{_LETTER}|[\u0300-\u036f]|\d)*+)*+
    | \d{{1,3}}{_LETTER}{{1,3}}\d[^\W_]*+                                # 9M723
    | \d{{4}}-\d\d-\d\d(?!\d)                                          # 2025-06-09
    | \d{{1,2}}[./]\d{{1,2}}[./](?:\d{{4}}|\d\d)(?!\d)                 # 09.06.2025
    | \d{{1,2}}:\d\d(?::\d\d)?(?!\d)                                   # 20:30
    | \d{{1,3}}(?:(?:[ ]\d{{3}})+|(?:,\d{{3}})+|(?:['’]\d{{3}})+)(?![\d])(?:[.,]\d+(?!\d))?(?:-{_LETTER}{{1,3}}(?!{_LETTER}|-))?
    | \d+(?:[.,]\d+)?(?:-?{_LETTER}++(?!-\d)(?:[-'’]{_LETTER}++(?!-\d))*)?
    | \.{{2,}} | \d+
    | \S
    """,
    re.VERBOSE,
)
_DAY = re.compile(r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|-?(?:го|е|ого|му|ого|те|ше|ге))?")
_YEAR = re.compile(r"(?:19|20)\d\d(?:-(?:го|й|м|му|ого|ому))?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
_DAY_MONTH = re.compile(r"(?:0[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2])")
_FIGURES = (("$day", _DAY), ("$year", _YEAR), ("$date", _DATE), ("$daymonth", _DAY_MONTH))


def split(text: str) -> list[tuple[str, int, int]]:
    """Return the tokens of a text with their start and end."""
    return [(match[0], match.start(), match.end()) for match in _TOKEN.finditer(text)]


def canonical(text: str) -> str:
    """Return the canonical spelling of a token: folded, and abbreviations without their last full stop ("a.m", "u.s")."""
    folded = fold(text)
    return folded[:-1] if folded.endswith(".") and folded[0].isalpha() else folded


class Tokenizer:
    """The tokens of one language; what stands between blanks is worked out once and remembered."""

    def __init__(self, lemmas: Callable[[str], frozenset[str]]) -> None:
        self._lemmas = lemmas
        self._tokens: dict[str, Token] = {}
        self._pieces: dict[str, tuple[Token, ...]] = {}

    def __call__(self, text: str) -> tuple[Token, ...]:
        """Return the tokens of a text with their canonical spelling and dictionary forms."""
        if _SPACED.search(text):
            return self._split(text)
        known = self._pieces
        found: list[Token] = []
        for piece in text.split():
            found += known.get(piece) or self._piece(piece)
        return tuple(found)

    def _piece(self, piece: str) -> tuple[Token, ...]:
        found = self._split(piece)
        if len(piece) <= LONGEST_REMEMBERED and all(map(_may_come_again, found)):
            if len(self._pieces) >= REMEMBERED:
                self._pieces.clear()
            self._pieces[piece] = found
        return found

    def _split(self, text: str) -> tuple[Token, ...]:
        return tuple(self._token(part) for part in _TOKEN.findall(text))

    def _token(self, text: str) -> Token:
        found = self._tokens.get(text)
        if found is None:
            found = _token(text, self._lemmas)
            if len(text) <= LONGEST_REMEMBERED and _may_come_again(found):
                if len(self._tokens) >= REMEMBERED:
                    self._tokens.clear()
                self._tokens[text] = found
        return found


def tokens(text: str, lemmas: Callable[[str], frozenset[str]]) -> tuple[Token, ...]:
    """Return the tokens of a text with their canonical spelling and dictionary forms, as `lemmas` gives them."""
    return _tokenizer(lemmas)(text)


def _may_come_again(token: Token) -> bool:
    return token.kind != "number" or len(token.text) <= LONGEST_FIGURE


_tokenizer = lru_cache(LANGUAGES)(Tokenizer)


def _token(text: str, lemmas: Callable[[str], frozenset[str]]) -> Token:
    folded = canonical(text)
    if text[0].isdigit():
        return Token(text, folded, frozenset({folded}), "number")
    if not text[0].isalpha():
        return Token(text, folded, frozenset({folded}), "punctuation")
    found = lemmas(folded)
    if "-" in folded:
        found = found.union(*(lemmas(part) for part in folded.split("-") if len(part) > 2))  # noqa: PLR2004
    return Token(text, folded, found, "word")


def figure_keys(token: Token) -> Iterator[str]:
    """Yield the pattern elements that a token is by its looks: a day of the month, a year, a date, a capital."""
    if token.kind == "number":
        yield from (key for key, form in _FIGURES if form.fullmatch(token.fold))
    elif token.text[0].isupper():
        yield "$cap"
