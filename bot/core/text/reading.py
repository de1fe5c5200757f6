"""Items into documents: cleaned, cut into sentences and tokens, with numbers, dates and places found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import TypeAlias

from bot.core.model import Field, Item
from bot.core.text import numbers
from bot.core.text.boilerplate import Boilerplate, Story
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

OF_THE_WAR = timezone(timedelta(hours=3))
"""The clock of Kyiv in summer and of Moscow all year."""
NIGHT_OLD = 3
"""The hour from which on the night that is under way is the one that is told of."""
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
        story = self.boilerplate.story()
        found = [
            sentence
            for name, text in fields
            if code != STRANGE
            for sentence in self._field(item, name, text, code, story)
        ]
        places = agree([sentence.places for sentence in found])
        return Document(
            item,
            tuple(
                replace(each, index=index, places=own)
                for index, (each, own) in enumerate(zip(found, places, strict=True))
            ),
        )

    def _field(self, item: Item, name: Field, text: str, code: str, story: Story) -> Iterator[Sentence]:
        """Yield the sentences of a field's paragraphs; one that has none of its own is not counted."""
        index = 0
        for pieces in story.paragraphs(text, title=name == "title"):
            bare = [each for piece in pieces for each in self._piece(name, index, text, piece, code)]
            told = [each for each in bare if story.is_news(each.text)]
            index += bool(told)
            for sentence in told:
                language = self._language(sentence.language)
                yield self._worked_out(sentence, language, days_of(item, language))

    def _piece(self, name: Field, paragraph: int, text: str, piece: tuple[int, int], code: str) -> Iterator[Sentence]:
        """Yield the sentences of a stretch of text in languages that are read, each in its own."""
        begin, finish = piece
        part = text[begin:finish]
        main = self.alphabets.language_of(part, code)
        words = self._language(main)
        for start, end in sentences(part, words.abbreviations, words.starters) if main != STRANGE else ():
            own = self.alphabets.language_of(part[start:end], main)
            language = self._language(own if own != STRANGE else main)
            found = tokens(part[start:end], language.lemmas)
            yield Sentence(name, paragraph, 0, part[start:end], begin + start, language.code, found)

    def _language(self, code: str) -> Language:
        return self.languages.get(code) or next(iter(self.languages.values()))

    def _worked_out(self, sentence: Sentence, language: Language, days: Days) -> Sentence:
        found = numbers.find(sentence.tokens, language.numbers)
        dates = language.dates.find(replace(sentence, numbers=found), days)
        places = self.places(sentence.tokens, language.code)
        kept = numbers.counts(_outside(found, (*dates, *places)), sentence.tokens, language.numbers)
        return replace(sentence, numbers=kept, dates=dates, places=places)


def _cleaned(raw: str) -> str:
    return clean(raw[: 4 * LONGEST_FIELD])[:LONGEST_FIELD]


def _outside(found: Sequence[Number], spans: Sequence[DateMention | Place]) -> tuple[Number, ...]:
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
    own = published if published.utcoffset() else _on_clock(published, timezone(hours))
    war = _on_clock(published, OF_THE_WAR)
    first, last = sorted((own.date(), war.date()))
    known = war.date() == first or war.hour >= NIGHT_OLD
    return Days(first, war.date() if known else first, last)


def _on_clock(moment: datetime, clock: timezone) -> datetime:
    """Return a time by another clock, the time itself where the calendar ends."""
    try:
        return moment.astimezone(clock)
    except OverflowError:
        return moment
