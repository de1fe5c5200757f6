"""What a text looks like once its language has been worked out: the only thing that the kinds read.

Positions of mentions are token indices of their sentence, `first` included and `last` excluded. A sentence's text is the
slice of the cleaned field from `Sentence.start`, and `Sentence.extent` tells where in the field some of its tokens stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, KeysView
from dataclasses import dataclass
from dataclasses import field as kept
from datetime import date
from typing import Any, Literal, Self, TypeAlias, TypeVar

from bot.core.model import Evidence, Field, Item

TokenKind: TypeAlias = Literal["word", "number", "punctuation"]
Precision: TypeAlias = Literal["day", "week", "month", "year"]
PlaceKind: TypeAlias = Literal["settlement", "region", "country", "district", "airfield", "plant", "port"]
T = TypeVar("T")


class Remembering:
    """A value that keeps in `memo` what has been worked out of it, by whoever did; the memo is no part of the value."""

    __slots__ = ()
    memo: dict[Any, Any]

    def worked_out(self, work: Callable[[Any], T]) -> T:
        """Return what a function of the value alone gives, worked out once."""
        if work not in self.memo:
            self.memo[work] = work(self)
        found: T = self.memo[work]
        return found


@dataclass(frozen=True, slots=True)
class Token(Remembering):
    """One word, figure or punctuation mark. `fold` is its canonical spelling, `lemmas` every dictionary form.

    It is what the signs are wherever they stand, so that it is worked out once for all texts.
    """

    text: str
    fold: str
    lemmas: frozenset[str]
    kind: TokenKind
    memo: dict[Any, Any] = kept(default_factory=dict, init=False, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Number:
    """A count or an ordinal, in figures or words: "6,000", «сто сорок шість», "66th"."""

    value: int
    first: int
    last: int
    ordinal: bool = False


@dataclass(frozen=True, slots=True)
class DateMention:
    """A day named in the text, worked out against the item's time. `last_day` ends a span and equals `day` otherwise.

    `night` marks a night, whose day is the morning after; `relative` a day named by weekday or as seen from the item's.
    """

    day: date
    last_day: date
    first: int
    last: int
    rule: str
    precision: Precision = "day"
    night: bool = False
    relative: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A place named in the text: English spelling, first-level region ("" for a country's name, then `country`).

    `others` are places of the same name in other regions, larger ones first, where the text does not tell them apart.
    """

    name: str
    region: str
    country: str
    kind: PlaceKind
    first: int
    last: int
    others: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """Words that stand for a concept of the lexicon, such as `prisoner` or `shot_down`."""

    concept: str
    first: int
    last: int


class Marks(tuple[Mark, ...]):  # noqa: SLOT001  a tuple has no room for slots
    """The marks of a sentence by position, which can be asked for by concept."""

    by_concept: dict[str, tuple[Mark, ...]]
    concepts: KeysView[str]

    def __new__(cls, marks: Iterable[Mark] = ()) -> Self:
        """Take the marks in the order of their positions."""
        self = super().__new__(cls, marks)
        found: dict[str, tuple[Mark, ...]] = {}
        for mark in self:
            concept = mark.concept
            found[concept] = (*found[concept], mark) if concept in found else (mark,)
        self.by_concept = found
        self.concepts = found.keys()
        return self

    def of(self, *concepts: str) -> tuple[Mark, ...]:
        """Return the marks of these concepts, by position."""
        if self.concepts.isdisjoint(concepts):
            return ()
        here = self.concepts & concepts
        return self.by_concept[here.pop()] if len(here) == 1 else tuple([mark for mark in self if mark.concept in here])

    def has(self, *concepts: str) -> bool:
        """Return whether one of these concepts is there."""
        return not self.concepts.isdisjoint(concepts)


NO_MARKS = Marks()


@dataclass(frozen=True, slots=True)
class Sentence(Remembering):
    """One sentence (a headline is one too). `paragraph` counts within the field, `index` within the document."""

    field: Field
    paragraph: int
    index: int
    text: str
    start: int
    language: str
    tokens: tuple[Token, ...]
    numbers: tuple[Number, ...] = ()
    dates: tuple[DateMention, ...] = ()
    places: tuple[Place, ...] = ()
    marks: Marks = NO_MARKS
    memo: dict[Any, Any] = kept(default_factory=dict, init=False, repr=False, compare=False)

    def marked(self, marks: Marks) -> Sentence:
        """Return the sentence with other marks."""
        return Sentence(
            self.field,
            self.paragraph,
            self.index,
            self.text,
            self.start,
            self.language,
            self.tokens,
            self.numbers,
            self.dates,
            self.places,
            marks,
        )

    def extent(self, first: int, last: int) -> tuple[int, int]:
        """Return where tokens `first` to `last` (excluded) begin and end in the sentence's text."""
        starts = self.worked_out(_starts)
        return starts[first], starts[last - 1] + len(self.tokens[last - 1].text)

    def evidence(self, slot: str, rule: str, first: int, last: int) -> Evidence:
        """Return the words from token `first` to `last` (excluded) as what carries a fact, by which rule."""
        start, end = self.extent(first, last)
        return Evidence(slot, rule, self.text[start:end], self.field, self.start + start, self.start + end)


def _starts(sentence: Sentence) -> list[int]:
    starts, at = [], 0
    for token in sentence.tokens:
        starts.append(sentence.text.index(token.text, at))
        at = starts[-1] + len(token.text)
    return starts


@dataclass(frozen=True, slots=True)
class Document(Remembering):
    """An item worked out: title first, then summary, then body."""

    item: Item
    sentences: tuple[Sentence, ...]
    memo: dict[Any, Any] = kept(default_factory=dict, init=False, repr=False, compare=False)
