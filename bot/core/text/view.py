"""A sentence as patterns see it: which elements begin at which token, and where they end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from bot.core.text.document import DateMention, Mark, Number, Place, Sentence, Token

Key: TypeAlias = str
Value: TypeAlias = Number | DateMention | Place | None


class View:
    """A sentence by keys. `places` has, for every key in the sentence, the ends of its elements by their first token."""

    def __init__(self, sentence: Sentence, keys_of: Callable[[Token], Iterable[Key]]) -> None:
        self.sentence = sentence
        self.length = len(sentence.tokens)
        self.places: dict[Key, dict[int, list[int]]] = defaultdict(dict)
        for at, token in enumerate(sentence.tokens):
            for key in keys_of(token):
                self.places[key][at] = [at + 1]
        self._add("#", (number for number in sentence.numbers if not number.ordinal))
        self._add("##", (number for number in sentence.numbers if number.ordinal))
        self._add("@date", sentence.dates)
        self._add("@place", sentence.places)
        for mark in sentence.marks:
            self._add(f"<{mark.concept}>", (mark,))

    def _add(self, key: Key, spans: Iterable[Number | DateMention | Place | Mark]) -> None:
        for span in spans:
            self.places[key].setdefault(span.first, []).append(span.last)

    def ends(self, key: Key, at: int) -> Sequence[int]:
        """Return where an element of this key that begins at a token may end."""
        return self.places[key].get(at, ()) if key in self.places else ()

    def passable(self, at: int) -> bool:
        """Return whether a gap may run over a token."""
        return self.sentence.tokens[at].text != ";"

    def starts(self, keys: Iterable[Key]) -> Iterator[int]:
        """Yield the tokens at which an element of one of the keys begins."""
        return (at for key in keys if key in self.places for at in self.places[key])

    def value(self, first: int, last: int) -> Value:
        """Return the number, date or place that is exactly these tokens."""
        sentence = self.sentence
        spans: tuple[Number | DateMention | Place, ...] = (*sentence.numbers, *sentence.dates, *sentence.places)
        return next((span for span in spans if (span.first, span.last) == (first, last)), None)
