"""Sentences into words, figures and punctuation marks.

A word keeps its hyphens, apostrophes and figures (`п'ять`, `Shahed-136`, `Х-101`), a figure its separators and ending
(`6,000`, `1 212`, `2,5`, `390-й`, `66th`, `57-річний`, `20:30`, `09.06.2025`); every other sign is a token of its own.
Ratios and ranges fall apart, so that their figures can be read: `1,000-for-1,000`, `3-4`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.core.text.document import Token
from bot.core.text.normalise import fold

_LETTER = r"[^\W\d_]"
_TOKEN = re.compile(
    rf"""
      (?<=\d-){_LETTER}{{2,3}}(?=-\d)                                  # the word of a ratio: 205-for-205
    | (?:{_LETTER}\.)+{_LETTER}{{1,2}}(?!\w)\.?                              # a.m., U.S., т.зв
    | {_LETTER}(?:{_LETTER}|[\u0300-\u036f]|\d)*(?:[-‑'’ʼ‘`]+(?:{_LETTER}|\d)(?:{_LETTER}|[\u0300-\u036f]|\d)*)*
    | \d{{4}}-\d\d-\d\d(?!\d)                                          # 2025-06-09
    | \d{{1,2}}[./]\d{{1,2}}[./](?:\d{{4}}|\d\d)(?!\d)                 # 09.06.2025
    | \d{{1,2}}:\d\d(?::\d\d)?(?!\d)                                   # 20:30
    | \d{{1,3}}(?:(?:[ ]\d{{3}})+|(?:,\d{{3}})+)(?![\d])(?:[.,]\d+(?!\d))?(?:-{_LETTER}{{1,3}}(?!{_LETTER}|-))?
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


def tokens(text: str, lemmas: Callable[[str], frozenset[str]]) -> tuple[Token, ...]:
    """Return the tokens of a text with their canonical spelling and dictionary forms."""
    return tuple(_token(part, lemmas) for part, _, _ in split(text))


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
