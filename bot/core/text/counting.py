"""Which numbers of a sentence count people or things, and which measure, date or name something.

A number is left out with all that it stands in one row with: the ends of a range ("10-15 km"), a list of ages («3, 7 і 12
років»), the groups of a telephone number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.core.text.document import Number, Token
from bot.core.text.numbers import NumberWords, half_at, is_one_of

LARGEST = 10_000_000
BROKEN = "\ufffd"
"""Stands for letters that were lost, so that the figure beside it is not whole."""
CUT_OFF = frozenset(["…", "...", "[…]", "[...]", "(…)", "(...)"])
BRACKETED = 3
"""Tokens of the longest of these."""
AGES = range(10, 110)
YEARS = range(1910, 2040)
PHONE = 7
"""Digits of the shortest telephone number."""
ROW = 9
"""Tokens that are looked back through for the word before a list of ages."""
_YEAR = re.compile(r"(?:19[1-9]\d|200[1-9]|20[1-3]\d)(?:-[^\W\d_]{1,3})?")
_DASHES = frozenset("-–—")
_LINKS = frozenset(".-+")
_PLAIN = re.compile(r"[\d ]+")


def counts(numbers: Sequence[Number], tokens: Sequence[Token], words: NumberWords) -> tuple[Number, ...]:
    """Return the numbers that are no measures, ages, years, shares or telephone numbers."""
    kept: list[Number] = []
    phones = _phones(tokens, words) if numbers else frozenset()
    measured, listed = -1, False
    for number in reversed(numbers):
        chained = number.last + 1 == measured and _joins(tokens[number.last], words, listed=listed)
        if chained or _measured(number, tokens, words) or _bare(number, tokens, words) or number.first in phones:
            measured, listed = number.first, chained
        else:
            kept.append(number)
    return tuple(reversed(kept))


def _joins(token: Token, words: NumberWords, *, listed: bool) -> bool:
    """Return whether a token joins two numbers of one unit; a comma does so only in a list that has its "and"."""
    return token.text in _DASHES or token.fold in words.joints or (listed and token.text == ",")


def _measured(number: Number, tokens: Sequence[Token], words: NumberWords) -> bool:
    """Return whether a unit follows; "the 53rd time" counts all the same."""
    after = next((token for token in tokens[number.last : number.last + 2] if token.text not in _LINKS), None)
    if after is None or not is_one_of(after, words.measures) or _is_reached(number, tokens, words):
        return False
    return not (number.ordinal and is_one_of(after, words.one_of))


def _is_reached(number: Number, tokens: Sequence[Token], words: NumberWords) -> bool:
    """Return whether a count has grown to a number, and the unit behind it says when: "the toll rises to *seven* hours before"."""
    before, behind = tokens[max(0, number.first - 2) : number.first], tokens[number.last + 1 : number.last + 2]
    grown = any(is_one_of(token, words.reaching) for token in before)
    return grown and any(is_one_of(token, words.apart) for token in behind)


def _bare(number: Number, tokens: Sequence[Token], words: NumberWords) -> bool:
    """Return whether a number is a year, a share, half a compound («63- та 55-річні»), broken or cut off, a fraction, or an age without its unit."""
    if number.value > LARGEST or (number.ordinal and number.value in YEARS):
        return True
    before = tokens[number.first - 1].text if number.first else ""
    after = [token.text for token in tokens[number.last : number.last + 2]]
    if (
        BROKEN in (before, *after[:1])
        or _is_cut_off(number, tokens)
        or _aged(number, tokens, words)
        or half_at(tokens, number.last, words)
    ):
        return True
    if number.last - number.first > 1 or number.ordinal or tokens[number.first].kind != "number":
        return False
    torn = after[:1] == ["-"] and len(after) > 1 and (after[1] == "," or tokens[number.last + 1].fold in words.joints)
    alone = before == "," and after[:1] == [","] and number.value in AGES
    return torn or alone or "/" in (before, *after[:1]) or bool(_YEAR.fullmatch(tokens[number.first].fold))


def _is_cut_off(number: Number, tokens: Sequence[Token]) -> bool:
    """Return whether a text was cut behind a figure, of which there may be more: "killed 1 [...]" of "killed 1 200 people"."""
    behind = tokens[number.last :]
    return (
        tokens[number.last - 1].kind == "number"
        and len(behind) <= BRACKETED
        and "".join(token.text for token in behind) in CUT_OFF
    )


def _aged(number: Number, tokens: Sequence[Token], words: NumberWords) -> bool:
    """Return whether a number stands in a row of figures behind "aged"."""
    before = range(number.first - 1, max(-1, number.first - ROW), -1)
    at = next((at for at in before if not _in_row(tokens[at], words)), None)
    return at is not None and tokens[at + 1].kind == "number" and is_one_of(tokens[at], words.aged)


def _in_row(token: Token, words: NumberWords) -> bool:
    return token.kind == "number" or token.text == "," or token.text in _DASHES or token.fold in words.joints


def _phones(tokens: Sequence[Token], words: NumberWords) -> frozenset[int]:
    """Return the tokens of telephone numbers: rows of figures that begin with a plus or a zero, or follow a word for it."""
    found: set[int] = set()
    for at, token in enumerate(tokens):
        if token.kind == "number" and at not in found and _dials(tokens, at, words):
            row = [at]
            while row[-1] + 1 < len(tokens) and _dialled(tokens[row[-1] + 1]):
                row.append(row[-1] + 1)
            if sum(char.isdecimal() for each in row for char in tokens[each].text) >= PHONE:
                found.update(row)
    return frozenset(found)


def _dials(tokens: Sequence[Token], at: int, words: NumberWords) -> bool:
    """Return whether a telephone number may begin with a figure."""
    text = tokens[at].text
    if text[0] == "0" != text and _PLAIN.fullmatch(text):
        return True
    before = next((token for token in reversed(tokens[max(0, at - 2) : at]) if token.text not in ".:("), None)
    return before is not None and (before.text == "+" or before.fold in words.phones)


def _dialled(token: Token) -> bool:
    return token.text in "()-.:" or (token.kind == "number" and bool(_PLAIN.fullmatch(token.text)))
