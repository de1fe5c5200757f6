"""A sentence as patterns see it: which elements begin at which token, and where they end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from bot.core.text.document import DateMention, Mark, Number, Place, Sentence

Key: TypeAlias = str
Value: TypeAlias = Number | DateMention | Place | None
Ends: TypeAlias = Mapping[int, Sequence[int]]
NOTHING: Ends = {}


class View:
    """A sentence by keys: `keys` has those of every token, and none for the end of the sentence.

    `present` are the kinds of numbers, the dates, places and concepts that it has, by bare name; `dead` is where the gaps of
    programs found nothing; a program that comes there again need not look.
    """

    __slots__ = ("_ends", "dead", "keys", "length", "present", "sentence")

    def __init__(self, sentence: Sentence, keys: Sequence[frozenset[Key]]) -> None:
        self.sentence = sentence
        self.length = len(sentence.tokens)
        self.keys = (*keys, frozenset[Key]())
        self.dead: set[tuple[int, int]] = set()
        self.present = _present(sentence)
        self._ends: dict[Key, Ends] = {}

    def ends(self, key: Key) -> Ends:
        """Return for an element of several tokens where it may end, by the tokens at which it begins."""
        found = self._ends.get(key)
        if found is None:
            found = self._ends[key] = self._found(key)
        return found

    def _found(self, key: Key) -> Ends:
        found: dict[int, list[int]] = {}
        for span in self._spans(key):
            found.setdefault(span.first, []).append(span.last)
        return found or NOTHING

    def _spans(self, key: Key) -> Sequence[Number | DateMention | Place | Mark]:
        match key:
            case "#":
                return [number for number in self.sentence.numbers if not number.ordinal]
            case "##":
                return [number for number in self.sentence.numbers if number.ordinal]
            case "@date":
                return self.sentence.dates
            case "@place":
                return self.sentence.places
        return self.sentence.marks.by_concept.get(key[1:-1], ())

    def value(self, first: int, last: int) -> Value:
        """Return the number, date or place that is exactly these tokens."""
        sentence = self.sentence
        spans: tuple[Number | DateMention | Place, ...] = (*sentence.numbers, *sentence.dates, *sentence.places)
        return next((span for span in spans if (span.first, span.last) == (first, last)), None)


def _present(sentence: Sentence) -> set[Key]:
    present: set[Key] = set(sentence.marks.by_concept)
    present.update("##" if number.ordinal else "#" for number in sentence.numbers)
    if sentence.dates:
        present.add("@date")
    if sentence.places:
        present.add("@place")
    return present
