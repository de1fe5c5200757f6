"""What names a speaker in a sentence: an office with whose it is, where it sits and who holds it.

The words for offices are those of `bot/data/<language>/speakers.toml`. Each is widened to all that belongs to the name, "the
head of the Kharkiv regional military administration Oleh Syniehubov", so that constructions can take it for one word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from bot.core.model import Side
from bot.core.text.document import Mark, Marks, Sentence
from bot.core.text.lexicon import Vocabulary

Manner: TypeAlias = Literal["sided", "local", "open", "again", "own"]
MANNERS: Final[tuple[Manner, ...]] = get_args(Manner)
NEAR = 2
"""Tokens before a name in which a word of a side is about it."""
STOPS = frozenset(',.;:!?…«»“”„"()—–-')


@dataclass(frozen=True, slots=True)
class Office:
    """What words of a word file name.

    sided   an office of `side`, whatever stands around it      open    one whose side words beside it tell, else `side`
    local   one of whoever holds the region that is meant       again   one that was named before; `name` ends its name
    own     the same, in the words that say whose they are: "by his count"
    """

    name: str
    manner: Manner
    side: Side | None = None


@dataclass(frozen=True, slots=True)
class Speech:
    """The words of one language: the offices and the words of a side by their concepts.

    `pointers` are the folded words with which a sentence begins that says who said what stands before it.
    """

    vocabulary: Vocabulary
    offices: Mapping[str, Office]
    sides: Mapping[str, Side]
    pointers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Named:
    """A speaker named by tokens `first` to `last` (excluded); `side` and `regions` as far as the words beside it tell."""

    first: int
    last: int
    office: Office
    side: Side | None
    regions: frozenset[str]
    unknown: bool


def named(sentence: Sentence, speech: Speech, marks: Marks) -> tuple[Named, ...]:
    """Return the speakers that a sentence with these marks names, from left to right."""
    return _Words(sentence, speech, marks).named()


class _Words:
    """Finds what names speakers in one sentence."""

    def __init__(self, sentence: Sentence, speech: Speech, marks: Marks) -> None:
        self._sentence = sentence
        self._speech = speech
        self._marks = marks
        self._offices = [mark for mark in marks if mark.concept in speech.offices]
        self._joints = tokens_of(marks.of("link"))
        self._known = tokens_of((*self._offices, *marks.of("title", "link"), *self._sided()))
        self._part = self._known | {at for place in sentence.places for at in range(place.first, place.last)}

    def named(self) -> tuple[Named, ...]:
        """Return the speakers of a sentence from left to right."""
        found: list[Named] = []
        for mark in self._offices:
            if not found or mark.first >= found[-1].last:
                found.append(self._widened(mark))
        return tuple(found)

    def _sided(self) -> tuple[Mark, ...]:
        return self._marks.of(*self._speech.sides)

    def _widened(self, mark: Mark) -> Named:
        first, last = self._left(mark.first), self._right(mark.last)
        within = [each for each in self._offices if first <= each.first and each.last <= last]
        office = self._speech.offices[min(within, key=self._order).concept]
        near = [each for each in self._sided() if first - NEAR <= each.first < last and self._joined(each, first)]
        sides = {self._speech.sides[each.concept] for each in near}
        regions = {
            place.region or place.country
            for place in self._sentence.places
            if first <= place.first < last and place.kind != "country"
        }
        unknown = any(at not in self._part and _is_capital(self._sentence, at) for at in range(first, last))
        return Named(first, last, office, sides.pop() if len(sides) == 1 else None, frozenset(regions), unknown)

    def _order(self, mark: Mark) -> tuple[bool, int, int, int]:
        """Return the rank of an office among several in one name, the plainest first.

        "Russian-installed governor Saldo" is told by "Saldo"; «Минобороны РФ» is not told by «РФ», which tells whose it is.
        """
        manner = self._speech.offices[mark.concept].manner
        beside = any(mark.first < side.last and side.first < mark.last for side in self._sided())
        return beside, MANNERS.index(manner), -mark.last, mark.first

    def _joined(self, side: Mark, first: int) -> bool:
        """Return whether no comma stands between a word of a side and a name."""
        return unbroken(self._sentence, side.last, first)

    def _left(self, first: int) -> int:
        """Return where a name begins: with "head of the", with a region, not with "of" alone."""
        at = first
        while at and (at - 1 in self._part or (at > 1 and _is_capital(self._sentence, at - 1))):
            at -= 1
        while at < first and at in self._joints:
            at += 1
        return at

    def _right(self, last: int) -> int:
        """Return where a name ends: behind people's names, regions and "of the ..."."""
        at, length = last, len(self._sentence.tokens)
        while at < length and (at in self._part or _is_capital(self._sentence, at)):
            at += 1
        while at > last and at - 1 in self._joints:
            at -= 1
        return at


def unbroken(sentence: Sentence, first: int, last: int) -> bool:
    """Return whether no punctuation stands among some tokens."""
    return STOPS.isdisjoint(token.text for token in sentence.tokens[first:last])


def tokens_of(marks: Iterable[Mark]) -> frozenset[int]:
    """Return the tokens that marks are about."""
    return frozenset(at for mark in marks for at in range(mark.first, mark.last))


def _is_capital(sentence: Sentence, at: int) -> bool:
    token = sentence.tokens[at]
    return token.kind == "word" and token.text[0].isupper()
