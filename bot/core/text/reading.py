"""Items into documents: cleaned, cut into sentences and tokens, with numbers, dates and places found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta, timezone
from itertools import count
from typing import TypeAlias

from bot.core.model import Field, Item
from bot.core.text import numbers
from bot.core.text.boilerplate import Boilerplate, Story
from bot.core.text.clock import on_clock
from bot.core.text.counting import counts
from bot.core.text.cutting import within
from bot.core.text.dates import DateGrammar, Days
from bot.core.text.document import DateMention, Document, Number, Place, Sentence, Token
from bot.core.text.language import STRANGE, Alphabets
from bot.core.text.lexicon import Lemmas, Phrases
from bot.core.text.normalise import clean
from bot.core.text.numbers import NumberWords
from bot.core.text.places import agree
from bot.core.text.segment import sentences
from bot.core.text.tokens import tokens

LONGEST_FIELD = 30_000
"""Characters of a field that are read; what is longer is no news item."""

NIGHT_OLD = 3
"""The hour from which on the night that is under way is the one that is told of."""
REPEATED = timedelta(days=60)
"""How old a day is that alone in a line says when an item was first published."""
SAMPLE = 1_500
"""Characters of each field that tell the language of an item."""

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
    """All that is needed to work a text out.

    languages     what is known of each language, by code
    places        finds the places of a sentence
    alphabets     tells the languages apart; without any a text is in the language of its feed
    boilerplate   the words of pages that belong to no story
    """

    languages: Mapping[str, Language]
    places: Places
    alphabets: Alphabets = field(default_factory=lambda: Alphabets({}))
    boilerplate: Boilerplate = field(default_factory=Boilerplate)

    def document(self, item: Item) -> Document:
        """Return the item worked out, without marks: these are the lexicons' part."""
        fields: tuple[tuple[Field, str], ...] = (
            ("title", _cleaned(item.title)),
            ("summary", _cleaned(item.summary)),
            ("body", _cleaned(item.body or "")),
        )
        whole = " ".join(text[:SAMPLE] for _, text in fields)
        code = self.alphabets.language_of(whole, item.language)
        page = _Page(item, code, self.boilerplate.story())
        found = [sentence for name, text in fields if code != STRANGE for sentence in self._field(page, name, text)]
        places = agree([sentence.places for sentence in found])
        return Document(item, tuple(map(_placed, found, places)))

    def _field(self, page: _Page, name: Field, text: str) -> Iterator[Sentence]:
        """Yield the sentences of a field's paragraphs; one that has none of its own is not counted."""
        index = 0
        for pieces in page.story.paragraphs(text, title=name == "title"):
            told = [
                (start, part, code)
                for piece in pieces
                for start, part, code in self._piece(text, piece, page.code)
                if page.story.is_news(part)
            ]
            for start, part, code in told:
                sentence = self._sentence(page, (name, index), start, part, self._language(code))
                page.turn_to(sentence)
                yield sentence
            index += bool(told)

    def _piece(self, text: str, piece: tuple[int, int], expected: str) -> Iterator[tuple[int, str, str]]:
        """Yield the sentences of a stretch of text in languages that are read: where, what, and in which."""
        begin, finish = piece
        part = text[begin:finish]
        main = self.alphabets.language_of(part, expected)
        words = self._language(main)
        for start, end in sentences(part, words.abbreviations, words.starters) if main != STRANGE else ():
            own = self.alphabets.language_of(part[start:end], main)
            yield begin + start, part[start:end], own if own != STRANGE else main

    def _language(self, code: str) -> Language:
        return self.languages.get(code) or next(iter(self.languages.values()))

    def _sentence(self, page: _Page, where: tuple[Field, int], start: int, text: str, language: Language) -> Sentence:
        words = tokens(text, language.lemmas)
        name, paragraph = where
        found = numbers.find(words, language.numbers)
        bare = Sentence(name, paragraph, next(page.indices), text, start, language.code, words, found)
        dates = language.dates.find(bare, page.days_in(language))
        places = self.places(words, language.code)
        kept = counts(_outside(found, (*dates, *places)), words, language.numbers) if found else ()
        return (
            bare
            if kept == found and not dates and not places
            else replace(bare, numbers=kept, dates=dates, places=places)
        )


class _Page:
    """One item on its way into a document."""

    def __init__(self, item: Item, code: str, story: Story) -> None:
        self.code = code
        self.story = story
        self.indices = count()
        self._item = item
        self._days: dict[str, Days] = {}
        self._stamp: Days | None = None

    def turn_to(self, sentence: Sentence) -> None:
        """Count from the day of a line that gives nothing but a day long past: an old item is published again under it."""
        day = sentence.dates[0] if len(sentence.dates) == 1 else None
        if day is None or day.relative or day.precision != "day" or self._item.published.date() - day.day < REPEATED:
            return
        words = [at for at, token in enumerate(sentence.tokens) if token.kind != "punctuation"]
        if sentence.field == "body" and all(day.first <= at < day.last for at in words):
            self._stamp = Days.on(day.day)

    def days_in(self, language: Language) -> Days:
        """Return the days that the item's "today" and its like are, by the clock of a language."""
        if self._stamp:
            return self._stamp
        if language.code not in self._days:
            self._days[language.code] = days_of(self._item, language)
        return self._days[language.code]


def _placed(sentence: Sentence, places: tuple[Place, ...]) -> Sentence:
    return sentence if places == sentence.places else replace(sentence, places=places)


def _cleaned(raw: str) -> str:
    return within(clean(within(raw, 4 * LONGEST_FIELD)), LONGEST_FIELD)


def _outside(found: Sequence[Number], spans: Sequence[DateMention | Place]) -> tuple[Number, ...]:
    if not spans:
        return tuple(found)
    taken = {at for span in spans for at in range(span.first, span.last)}
    return tuple(number for number in found if taken.isdisjoint(range(number.first, number.last)))


def days_of(item: Item, language: Language) -> Days:
    """Return the days from which the item's "today", "last night" and "on Monday" are counted.

    An outlet says "today" by its own clock: that of its time's offset, else the clock of its language. A night and a
    weekday are those of the war: in an American evening the night that is news has its morning in Kyiv already, once it
    is `NIGHT_OLD` there; before that "overnight" still is the night before.
    """
    published = item.published
    hours = timedelta(hours=language.utc_offset)
    own = published if published.utcoffset() else on_clock(published, timezone(hours))
    war = on_clock(published)
    first, last = sorted((own.date(), war.date()))
    known = war.date() == first or war.hour >= NIGHT_OLD
    return Days(first, war.date() if known else first, last)
