"""Dictionary forms of known words, read straight out of pymorphy3's dictionaries.

The library's own look-up works out everything about a word and walks its automaton step by step through several objects;
most words of a text are met for the first time once, so this walk is most of the time that new words cost. It gives the
same forms in a tenth of the time, for words that the dictionary has; guessing unknown ones is left to the library.
"""

from __future__ import annotations

from binascii import a2b_base64
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

SEPARATOR = 1
"""The byte between a word and its records in the automaton."""
LABEL = 0x800000FF
EXTENSION = 0x200
END = 0x100
ROOT = 0
REMEMBERED = 1 << 16


class WordForms:
    """The automaton of one language's dictionary: words with their records, a paradigm and a form in it for each."""

    def __init__(self, analyzer: Any) -> None:
        """Take a `pymorphy3.MorphAnalyzer`."""
        words = analyzer.dictionary.words
        self._normal_form = analyzer.dictionary.build_normal_form
        self._units: Sequence[int] = words.dct._units  # noqa: SLF001  nothing public gives them
        self._guide: Sequence[int] = words.guide._units  # noqa: SLF001
        self._other: Mapping[str, str] = {
            one.decode(): other for one, others in analyzer.char_substitutes.items() for _, other in others
        }
        self._tails: dict[int, tuple[bytes, ...]] = {}

    def normal_forms(self, word: str) -> set[str]:
        """Return the dictionary forms of a word in small letters, none for an unknown one."""
        return {
            self._normal_form(int.from_bytes(data[:2], "big"), int.from_bytes(data[2:4], "big"), found)
            for found, at in self._found(word)
            for data in map(a2b_base64, self._tails.get(at) or self._below(at))
        }

    def _found(self, word: str) -> Iterator[tuple[str, int]]:
        """Yield the word as the dictionary spells it (ё for е) and where its records begin."""
        paths = [(word, 0, ROOT)]
        while paths:
            spelt, done, at = paths.pop()
            for place in range(done, len(spelt)):
                letter = spelt[place]
                if letter in self._other:
                    other = self._other[letter]
                    if branch := self._follow(other.encode(), at):
                        paths.append((spelt[:place] + other + spelt[place + 1 :], place + 1, branch))
                at = self._follow(letter.encode(), at)
                if not at:
                    break
            if at and (records := self._follow((SEPARATOR,), at)):
                yield spelt, records

    def _follow(self, labels: Sequence[int], at: int) -> int:
        """Return the state after some bytes, 0 where there is no way."""
        units = self._units
        for label in labels:
            unit = units[at]
            at ^= ((unit >> 10) << ((unit & EXTENSION) >> 6)) ^ label
            if units[at] & LABEL != label:
                return 0
        return at

    def _below(self, at: int) -> tuple[bytes, ...]:
        """Return all that can follow a state up to an end; states are shared by many words, so it is remembered."""
        found = [b""] if self._units[at] & END else []
        label = self._guide[2 * at]
        while label:
            child = self._follow((label,), at)
            found += [bytes((label,)) + tail for tail in self._tails.get(child) or self._below(child)]
            label = self._guide[2 * child + 1]
        if len(self._tails) >= REMEMBERED:
            self._tails.clear()
        tails = self._tails[at] = tuple(found)
        return tails
