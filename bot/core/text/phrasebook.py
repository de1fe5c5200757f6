"""Which of very many phrases are in a text, told by looking at its words instead of for every phrase.

A phrase can only be in a text that has, between two blanks, one of its inner words, the beginning of its last word, or a
word with all of it inside. So a word is worked out once, and only the phrases that it makes possible are looked for.
"""

from __future__ import annotations

from collections.abc import Iterable

REMEMBERED = 1 << 14
LONGEST = 64
"""Letters of a word that is worked out; in an endless one every phrase is looked for."""


class Phrasebook(dict[str, tuple[str, ...]]):
    """A set of phrases; as a mapping it gives for a word the phrases that it makes possible."""

    def __init__(self, phrases: Iterable[str]) -> None:
        super().__init__()
        self._order = {phrase: at for at, phrase in enumerate(dict.fromkeys(phrases))}
        self._inner: dict[str, list[str]] = {}
        self._begun: dict[str, list[str]] = {}
        self._within: dict[str, list[str]] = {}
        for phrase in self._order:
            words = phrase.split()
            if len(words) > 2:  # noqa: PLR2004
                self._inner.setdefault(max(words[1:-1], key=len), []).append(phrase)
            elif len(words) == 2:  # noqa: PLR2004
                self._begun.setdefault(words[1], []).append(phrase)
            else:
                self._within.setdefault(phrase.strip(), []).append(phrase)
        self._beginnings = tuple(self._begun)
        self._lengths = sorted({len(part) for part in self._within})

    def found(self, text: str) -> list[str]:
        """Return the phrases that are somewhere in a text, in their own order."""
        possible = set[str]().union(*map(self.__getitem__, text.split()))
        return sorted((phrase for phrase in possible if phrase in text), key=self._order.__getitem__)

    def __missing__(self, word: str) -> tuple[str, ...]:
        if len(word) > LONGEST:
            return tuple(self._order)
        if len(self) >= REMEMBERED:
            self.clear()
        phrases = list(self._inner.get(word, ()))
        for part in self._parts(word) & self._within.keys():
            phrases += self._within[part]
        if word.startswith(self._beginnings):
            phrases += [each for start, told in self._begun.items() if word.startswith(start) for each in told]
        possible = self[word] = tuple(phrases)
        return possible

    def _parts(self, word: str) -> set[str]:
        return {word[at : at + length] for length in self._lengths for at in range(len(word) - length + 1)}
