"""What a text looks like once its language has been worked out: the only thing that the kinds read.

Positions of mentions are token indices of their sentence, `first` included and `last` excluded; `start` and `end` are
character offsets in the sentence's text, which is itself the slice of the cleaned field from `Sentence.start`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from bot.core.model import Field, Item

TokenKind: TypeAlias = Literal["word", "number", "punctuation"]
Precision: TypeAlias = Literal["day", "month", "year"]
PlaceKind: TypeAlias = Literal["settlement", "region", "country", "district", "airfield", "plant", "port"]


@dataclass(frozen=True, slots=True)
class Token:
    """One word, figure or punctuation mark. `fold` is its canonical spelling, `lemmas` every dictionary form."""

    text: str
    fold: str
    lemmas: frozenset[str]
    start: int
    end: int
    kind: TokenKind


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


@dataclass(frozen=True, slots=True)
class Sentence:
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
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """An item worked out: title first, then summary, then body."""

    item: Item
    sentences: tuple[Sentence, ...]
