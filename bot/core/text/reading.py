"""Items into documents: cleaned, cut into sentences and tokens, with numbers, dates and places found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeAlias

from bot.core.model import Field, Item
from bot.core.text import numbers
from bot.core.text.dates import DateGrammar
from bot.core.text.document import DateMention, Document, Number, Place, Sentence, Token
from bot.core.text.language import language_of
from bot.core.text.lexicon import Lemmas, Phrases
from bot.core.text.normalise import clean
from bot.core.text.numbers import NumberWords
from bot.core.text.places import agree
from bot.core.text.segment import paragraphs, sentences
from bot.core.text.tokens import tokens

LONGEST_FIELD = 30_000
"""Characters of a field that are read; what is longer is no news item."""


Places: TypeAlias = Callable[[Sequence[Token], str], tuple[Place, ...]]


@dataclass(frozen=True, slots=True)
class Language:
    """What is known of one language without any subject.

    `concepts` are marked for every kind, `abbreviations` and `starters` are for `segment.sentences`, `utc_offset` is
    the clock by which its outlets say "today", in hours, where an item's time gives none.
    """

    code: str
    lemmas: Lemmas
    numbers: NumberWords
    dates: DateGrammar
    abbreviations: frozenset[str] = frozenset()
    starters: frozenset[str] = frozenset()
    concepts: Phrases | None = None
    utc_offset: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """All that is needed to work a text out: languages by code, and what finds the places of a sentence."""

    languages: Mapping[str, Language]
    places: Places

    def document(self, item: Item) -> Document:
        """Return the item worked out, without marks: these are the lexicons' part."""
        found: list[Sentence] = []
        fields: tuple[tuple[Field, str], ...] = (
            ("title", item.title),
            ("summary", item.summary),
            ("body", item.body or ""),
        )
        for name, raw in fields:
            for sentence in self._sentences(item, name, clean(raw[: 4 * LONGEST_FIELD])[:LONGEST_FIELD]):
                found.append(replace(sentence, index=len(found)))
        places = agree([sentence.places for sentence in found])
        return Document(item, tuple(replace(each, places=own) for each, own in zip(found, places, strict=True)))

    def _sentences(self, item: Item, field: Field, text: str) -> Iterator[Sentence]:
        for index, (begin, finish) in enumerate(paragraphs(text)):
            paragraph = text[begin:finish]
            main = self._language(language_of(paragraph, item.language))
            for start, end in sentences(paragraph, main.abbreviations, main.starters):
                language = self._language(language_of(paragraph[start:end], item.language))
                bare = Sentence(
                    field,
                    index,
                    0,
                    paragraph[start:end],
                    begin + start,
                    language.code,
                    tokens(paragraph[start:end], language.lemmas),
                )
                yield self._worked_out(bare, language, today(item, language))

    def _language(self, code: str) -> Language:
        return self.languages.get(code) or next(iter(self.languages.values()))

    def _worked_out(self, sentence: Sentence, language: Language, day: date) -> Sentence:
        found = numbers.find(sentence.tokens, language.numbers)
        dates = language.dates.find(replace(sentence, numbers=found), day)
        places = self.places(sentence.tokens, language.code)
        kept = numbers.counts(_outside(found, (*dates, *places)), sentence.tokens, language.numbers)
        return replace(sentence, numbers=kept, dates=dates, places=places)


def _outside(found: Sequence[Number], spans: Sequence[DateMention | Place]) -> tuple[Number, ...]:
    taken = {at for span in spans for at in range(span.first, span.last)}
    return tuple(number for number in found if taken.isdisjoint(range(number.first, number.last)))


def today(item: Item, language: Language) -> date:
    """Return the day on which the item says "today": by its own offset, else by the clock of its language."""
    published = item.published
    if published.utcoffset():
        return published.date()
    return (published + timedelta(hours=language.utc_offset)).date()
