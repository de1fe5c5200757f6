"""Counts and ordinals in figures, in words and in mixtures of both.

The words of a language come from `bot/data/<language>/numbers.toml`:

    [values]     dictionary form -> value: one ... ninety, in Ukrainian and Russian also the hundreds and collectives
    [scales]     dictionary form -> factor: hundred, thousand, dozen; counted by what stands before them
    [ordinals]   dictionary form -> value
    [fractions]  word -> factor for a scale that follows: 0.5, 1.5
    [suffixes]   letters right behind a figure -> factor: 5k
    halves       words before a scale that add a half of it: "two and a half thousand"
    bare         spellings of scales that count by themselves, such as «тисячу»
    articles     words that make a scale count once: "a dozen"
    joiners      words inside a number: "two hundred and seven"
    ordinal_endings, cardinal_endings    what may follow a figure after a hyphen or directly: 66-й, 66th, 20-ти
    never        spellings that begin no number though a dictionary form is one: «семью»
    before       dictionary forms and signs after which a figure names something: Shahed 136, No 5, $ 100
    no_one, one_of    words before and after which "one" is no count: "no one", "one of them"
    measures     dictionary forms after which a figure counts neither people nor weapons: kilometre, year, country
    joints       words between the two ends of a range or before the last of a list: to, and
    single, about    spellings of a scale that mean one of it behind such a word: «близько сотні»
    pairs, paired    words that count only before such dictionary forms: "both men", but not "both Kyiv and Lviv"
    numbered     dictionary forms after which a figure names something where nothing counted follows: "building 5,"
    streets      the same with a comma between: «вул. Соборна, 12»
    aged         words after which all figures are ages: "aged 3, 7 and 12"
    phones       words after which a row of figures is a telephone number
    reaching     words for a count that has grown: "the toll *rises* to seven hours before"
    apart        words that part such a count from the time behind it: "rises to seven hours *before*"

Times, dates, model names, ages in one word («57-річний») and telephone numbers are never numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.core.text.document import Number, Token

_FIGURE = re.compile(r"([1-9]\d{0,2}(?:[ ,.']\d{3})+|\d+)(?:[.,](\d+))?(?:-?([^\W\d_]+))?")
_SMALL = re.compile(r"\d{1,3}")
_HUNDRED = 100
_DIGITS = 11
"""Digits of the largest figure that is looked at."""
ABBREVIATION = 4
STREET = 4
"""Letters of the longest word that may have a full stop before its number; tokens between a street and a house."""


@dataclass(frozen=True, slots=True, eq=False)
class NumberWords:
    """The number words of one language, as the module says."""

    values: Mapping[str, int] = field(default_factory=dict)
    scales: Mapping[str, int] = field(default_factory=dict)
    ordinals: Mapping[str, int] = field(default_factory=dict)
    fractions: Mapping[str, float] = field(default_factory=dict)
    suffixes: Mapping[str, int] = field(default_factory=dict)
    halves: frozenset[str] = frozenset()
    bare: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()
    joiners: frozenset[str] = frozenset()
    ordinal_endings: frozenset[str] = frozenset()
    cardinal_endings: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()
    no_one: frozenset[str] = frozenset()
    one_of: frozenset[str] = frozenset()
    measures: frozenset[str] = frozenset()
    joints: frozenset[str] = frozenset()
    single: frozenset[str] = frozenset()
    about: frozenset[str] = frozenset()
    pairs: Mapping[str, int] = field(default_factory=dict)
    paired: frozenset[str] = frozenset()
    numbered: frozenset[str] = frozenset()
    streets: frozenset[str] = frozenset()
    aged: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    reaching: frozenset[str] = frozenset()
    apart: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Word:
    value: int
    scale: bool = False
    ordinal: bool = False


class _Role(NamedTuple):
    """What a token is to numbers: whether one may begin with it, and the number words in it."""

    opens: bool
    words: tuple[_Word, ...]


@dataclass
class _Sum:
    """A number being put together: `group` is what the next scale multiplies, `room` what still fits behind it."""

    total: float = 0
    group: float = 0
    room: float = float("inf")
    scale_room: float = float("inf")
    started: bool = False
    ordinal: bool = False

    def take(self, word: _Word) -> bool:
        """Add a word if the number can go on with it."""
        if self.ordinal or not (self._scaled(word) if word.scale else self._added(word)):
            return False
        self.started, self.ordinal = True, word.ordinal
        return True

    def _added(self, word: _Word) -> bool:
        if not 0 < word.value < self.room:
            return False
        self.group += word.value
        self.room = _room_behind(word.value)
        return True

    def _scaled(self, word: _Word) -> bool:
        if not self.group or word.value >= self.scale_room:
            return False
        if word.value <= _HUNDRED:
            self.group, self.room = self.group * word.value, _HUNDRED if word.value == _HUNDRED else 0
        else:
            self.total, self.group = self.total + self.group * word.value, 0
            self.room = self.scale_room = word.value
        return True

    @property
    def value(self) -> float:
        """The number so far."""
        return self.total + self.group


def _room_behind(value: int) -> int:
    """Return the limit for a word after this one: units after tens, tens after hundreds, nothing after the rest."""
    if value % _HUNDRED == 0:
        return _HUNDRED
    return 10 if value % 10 == 0 and value > 10 else 0  # noqa: PLR2004


def find(tokens: Sequence[Token], words: NumberWords) -> tuple[Number, ...]:
    """Return all numbers from left to right, measures and dates included."""
    return tuple(_found(tokens, words))


def _found(tokens: Sequence[Token], words: NumberWords) -> Iterator[Number]:
    free = 0
    for at, token in enumerate(tokens):
        role = token.memo.get(words) or _role(token, words)
        if role.opens and at >= free and not _named(tokens, at, words) and (number := _read(tokens, at, words)):
            yield number
            free = number.last


def _role(token: Token, words: NumberWords) -> _Role:
    folded = token.fold
    found = _words_in(token, words)
    openings = (words.bare, words.single, words.fractions, words.articles)
    opening = token.kind == "word" and any(folded in each for each in openings)
    role = token.memo[words] = _Role(token.kind == "number" or opening or bool(found), found)
    return role


def _named(tokens: Sequence[Token], at: int, words: NumberWords) -> bool:
    """Return whether a figure names something, or a word only looks like a number."""
    here = tokens[at]
    if here.fold in words.never:
        return True
    if here.fold in words.pairs:
        return not any(is_one_of(token, words.paired) for token in tokens[at + 1 : at + 2])
    if not at:
        return False
    before = tokens[at - 1]
    if before.text == "." and at > 1 and len(tokens[at - 2].fold) <= ABBREVIATION:
        before = tokens[at - 2]
    return is_one_of(before, words.before) or (here.kind == "number" and _placed(tokens, at, words))


def _placed(tokens: Sequence[Token], at: int, words: NumberWords) -> bool:
    """Return whether a figure is that of a house or a school: nothing that could be counted follows."""
    if _is_address(tokens, at, words):
        return True
    before, after = tokens[at - 1], tokens[at + 1 : at + 2]
    if any(token.kind != "punctuation" and token.fold not in words.joints for token in after):
        return False
    named = before.text == "," or before.text[0].isupper()
    street = named and any(is_one_of(token, words.streets) for token in tokens[max(0, at - STREET) : at])
    return street or is_one_of(before, words.numbered)


def _is_address(tokens: Sequence[Token], at: int, words: NumberWords) -> bool:
    """Return whether names and a street follow: "12 Shevchenko Street"."""
    behind = tokens[at + 1 : at + STREET]
    street = next((place for place, token in enumerate(behind) if is_one_of(token, words.streets)), 0)
    return street > 0 and all(token.text[0].isupper() for token in behind[: street + 1])


def is_one_of(token: Token, forms: frozenset[str]) -> bool:
    """Return whether a token's spelling or one of its dictionary forms is in a list."""
    return token.fold in forms or not token.lemmas.isdisjoint(forms)


def _read(tokens: Sequence[Token], at: int, words: NumberWords) -> Number | None:
    if tokens[at].kind == "number":
        return _figure(tokens, at, words)
    total, here = _Sum(), at
    if start := _opening(tokens, at, words):
        total.group, here = start
        total.room = 0
    last = _more(tokens, here, words, total)
    if not total.started or total.value != int(total.value):
        return None
    if total.value == 1 and not total.ordinal and _nobody(tokens, at, last, words):
        return None
    return Number(int(total.value), at, last, total.ordinal)


def _nobody(tokens: Sequence[Token], first: int, last: int, words: NumberWords) -> bool:
    """Return whether a "one" counts nobody: "no one", "one of them", «один одного»."""
    before, after = tokens[max(0, first - 1) : first], tokens[last : last + 1]
    if any(token.fold in words.no_one for token in before) or any(token.fold in words.one_of for token in after):
        return True
    return any(word.value == 1 and not word.ordinal for token in (*before, *after) for word in _words(token, words))


def _figure(tokens: Sequence[Token], at: int, words: NumberWords) -> Number | None:
    match = _FIGURE.fullmatch(tokens[at].fold)
    if not match:
        return None
    digits, decimals, ending = re.sub(r"\D", "", match[1]), match[2] or "", match[3] or ""
    if len(digits) > _DIGITS:
        return None
    if ending in words.ordinal_endings and not decimals:
        return Number(int(digits), at, at + 1, ordinal=True)
    if ending and ending not in words.cardinal_endings and ending not in words.suffixes:
        return None
    total = _Sum(group=float(f"{int(digits)}.{decimals[:6] or 0}") * words.suffixes.get(ending, 1), room=0)
    last = _rest(tokens, _more(tokens, at + 1, words, total), words, total)
    value = round(total.value, 3)
    scaled = last > at + 1 or ending in words.suffixes
    return Number(int(value), at, last, total.ordinal) if value == int(value) and (scaled or not decimals) else None


def _rest(tokens: Sequence[Token], at: int, words: NumberWords, total: _Sum) -> int:
    """Add a figure behind a scale, "1 million 200 thousand", «1 тыс. 212 тел»; return where the number ends."""
    here = at + 1 if at < len(tokens) and tokens[at].text == "." else at
    if total.room <= _HUNDRED or here >= len(tokens) or not _SMALL.fullmatch(tokens[here].fold):
        return at
    total.group, total.room = float(tokens[here].fold), 0
    return _more(tokens, here + 1, words, total)


def _opening(tokens: Sequence[Token], at: int, words: NumberWords) -> tuple[float, int] | None:
    """Return the factor that stands before a scale, and where the scale is: "a", "half a", «півтори», or none at all."""
    folds = [token.fold for token in tokens[at : at + 3]]
    if folds[0] in words.bare or (folds[0] in words.single and at and tokens[at - 1].fold in words.about):
        return 1, at
    factor, here = words.fractions.get(folds[0], 1), at
    if folds[0] in words.fractions:
        here += 1
    if here < at + len(folds) and folds[here - at] in words.articles:
        here += 1
    return (factor, here) if here > at and here < len(tokens) and _is_scale(tokens[here], words) else None


def _is_scale(token: Token, words: NumberWords) -> bool:
    return any(word.scale for word in _words(token, words))


def _more(tokens: Sequence[Token], at: int, words: NumberWords, total: _Sum) -> int:
    """Add the words from a token on as long as they go on with the number; return where they end."""
    while at < len(tokens):
        if _take(tokens[at], words, total):
            at += 1
        elif (half := half_at(tokens, at, words)) and at + half < len(tokens) and _is_scale(tokens[at + half], words):
            total.group += 0.5
            at += half
        elif _is_joined(tokens, at, words, total):
            at += 2
        else:
            break
    return at


def _is_joined(tokens: Sequence[Token], at: int, words: NumberWords, total: _Sum) -> bool:
    """Return whether an "and" and the word behind it go on with the number, and add that word."""
    joined = tokens[at].fold in words.joiners and total.started and at + 1 < len(tokens)
    return joined and total.room >= _HUNDRED and _take(tokens[at + 1], words, total)


def half_at(tokens: Sequence[Token], at: int, words: NumberWords) -> int:
    """Return how many tokens say "and a half" from a token on, 0 where none do."""
    for half in words.halves:
        parts = half.split(" ")
        if [token.fold for token in tokens[at : at + len(parts)]] == parts:
            return len(parts)
    return 0


def _take(token: Token, words: NumberWords, total: _Sum) -> bool:
    """Add a token's number words to a sum, all or none of them."""
    if not (parts := _words(token, words)):
        return False
    trial = copy(total)
    if not all(trial.take(part) for part in parts):
        return False
    vars(total).update(vars(trial))
    return True


def _words(token: Token, words: NumberWords) -> tuple[_Word, ...]:
    """Return the number words in a token, several for "twenty-one", none if a part of it is something else."""
    return (token.memo.get(words) or _role(token, words)).words


def _words_in(token: Token, words: NumberWords) -> tuple[_Word, ...]:
    if token.kind != "word":
        return ()
    if "-" in token.fold:
        each = [_word({part}, words) for part in token.fold.split("-") if part not in words.joiners]
        return tuple(word for word in each if word) if all(each) else ()
    found = _word(token.lemmas | {token.fold}, words)
    return (found,) if found else ()


def _word(forms: frozenset[str] | set[str], words: NumberWords) -> _Word | None:
    for form in sorted(forms):
        if form in words.values or form in words.pairs:
            return _Word(words.values.get(form) or words.pairs[form])
        if form in words.scales:
            return _Word(words.scales[form], scale=True)
    return next((_Word(words.ordinals[form], ordinal=True) for form in sorted(forms) if form in words.ordinals), None)
