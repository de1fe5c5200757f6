"""Which agencies and outlets a text gives as where it has its news from: "as Reuters reports", «передаёт ТАСС», "(AP)".

Who only repeats another is no second voice (`bot.core.trust`). The names are in `bot/data/agencies.toml`, by the owner whose
voice they are; the constructions of a language in its `credits.toml`, where `<agency>` stands for a name. By-lines and lines
such as «Джерело: ...» are no part of the story, so the whole text is looked at here, but only where a name is in it. What is
said by an office is nobody's but the office's: offices are no agencies.

An item that was passed on whole, such as a post forwarded from a channel, is the other's voice, whoever that is: a known
source by its name or handle, an agency, or somebody of whom nothing else is known. It is that one's word as well, and no
official's own because an office passed it on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from bot.core.model import Item, Side, Source, Tier
from bot.core.text.document import Mark, Marks, Sentence
from bot.core.text.lexicon import Lemmas, Vocabulary
from bot.core.text.normalise import clean, fold
from bot.core.text.phrasebook import Phrasebook
from bot.core.text.tokens import tokens

LONGEST = 30_000
"""Characters of a field that are looked at."""
_VIA = re.compile(r"(.*?)(?: \((@\w+)\))?")
_CHANNEL = re.compile(r"https?://t\.me/(?:s/)?(\w+)/?")


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote what another passed on: the voice, and how far that one is trusted.

    Nobody's word is taken for less than an outlet's because nothing is known of who it is (`is_known`); there is no `side` then.
    """

    voice: str
    tier: Tier = "outlet"
    side: Side | None = None
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class CreditWords:
    """The words of one language: agencies by their concepts, and the constructions `credit` and `signed`."""

    vocabulary: Vocabulary
    agencies: Mapping[str, str]
    lemmas: Lemmas


@dataclass(frozen=True, slots=True)
class Credits:
    """All names of agencies: owners by folded name, and what a text with one of them has in it.

    `stems` are looked for anywhere; `short` are names that would be found in many words, and are looked for as words.
    `outlets` are the known sources, by folded name and by handle.
    """

    words: Mapping[str, CreditWords] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    stems: tuple[str, ...] = ()
    short: frozenset[str] = frozenset()
    outlets: Mapping[str, Source] = field(default_factory=dict)
    _book: Phrasebook = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Write all stems into one book."""
        object.__setattr__(self, "_book", Phrasebook(self.stems))

    def knowing(self, sources: Iterable[Source]) -> Credits:
        """Return the same with sources that items may be passed on from."""
        outlets: dict[str, Source] = {}
        for source in sources:
            outlets[fold(source.name)] = source
            if channel := _CHANNEL.fullmatch(source.url):
                outlets[f"@{fold(channel[1])}"] = source
        return replace(self, outlets=outlets)

    def of(self, item: Item, language: str, folded: str) -> tuple[str, ...]:
        """Return whose news an item in a language repeats, by owner; `folded` is its text as gates are looked for in.

        An item of an agency itself has that agency among them.
        """
        own = self.names.get(fold(item.source.name))
        wires = [wire for wire in (item.source.wire, own, self._passed_on(item)) if wire]
        if language not in self.words or not (stems := self._stems(folded)):
            return tuple(sorted(set(wires)))
        return tuple(sorted({*wires, *self._credited(item, self.words[language], stems)}))

    def author(self, item: Item) -> Author | None:
        """Return who wrote an item that was passed on, None where its source did."""
        told = _VIA.fullmatch(item.via)
        if not item.via or told is None:
            return None
        name, handle = fold(told[1]), fold(told[2] or "")
        agency = self.names.get(name)
        source = self.outlets.get(handle) or (None if agency else self.outlets.get(name))
        if item.source.id == source.id if source else name == fold(item.source.name):
            return None
        if source:
            return Author(source.owner or source.name, source.tier, source.side)
        return Author(agency, "agency") if agency else Author(handle or name, is_known=False)

    def _passed_on(self, item: Item) -> str:
        """Return whose voice an item is that was passed on, "" where it is its source's own.

        One whom nobody knows is a voice of their own, but not for an aggregator: what it says has no source that can be believed.
        """
        author = self.author(item)
        if author is None or author.voice == (item.source.owner or item.source.name):
            return ""
        return "" if item.source.tier == "aggregator" and not author.is_known else author.voice

    def _stems(self, folded: str) -> list[str]:
        possible = [name for name in self.short if name in folded]
        return [*self._book.found(folded), *(name for name in possible if re.search(rf"\b{name}\b", folded))]

    def _credited(self, item: Item, words: CreditWords, stems: list[str]) -> Iterator[str]:
        for text in (item.title, item.summary, item.body or ""):
            for line in clean(text[: 4 * LONGEST])[:LONGEST].split("\n"):
                low = line.casefold()
                if any(stem in low for stem in stems):
                    yield from _of_line(line, words)


def _of_line(line: str, words: CreditWords) -> Iterator[str]:
    sentence = Sentence("body", 0, 0, line, 0, "", tokens(line, words.lemmas))
    marks = words.vocabulary.marks(sentence)
    named = {mark.first: words.agencies[mark.concept] for mark in marks if mark.concept in words.agencies}
    if not named:
        return
    spans = [Mark("agency", mark.first, mark.last) for mark in marks if mark.concept in words.agencies]
    marked = sentence.marked(Marks(sorted((*marks, *spans), key=lambda mark: (mark.first, -mark.last, mark.concept))))
    yield from (named[each.first] for each in spans if _is_bracketed(sentence, each))
    for name in ("credit", "signed"):
        for match in words.vocabulary.match(name, marked):
            if name == "credit" or match.last == len(sentence.tokens):
                yield named[match.captures["who"].first]


def _is_bracketed(sentence: Sentence, mark: Mark) -> bool:
    """Return whether a name stands alone in brackets: "(Reuters)"."""
    around = [token.text for token in sentence.tokens[max(0, mark.first - 1) : mark.last + 1]]
    return len(around) == mark.last - mark.first + 2 and around[0] == "(" and around[-1] == ")"
