"""Which language a piece of text is in, told by its letters and its commonest words.

Every language brings an `Alphabet`: `script`, `letters` and `telling` of its `language.toml`. Languages that are not read
but look like one that is (Belarusian, Bulgarian, Polish ... in `bot/data/strangers.toml`) bring one as well, so that
their texts are left alone: half understood they would give wrong figures.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

STRANGE = ""
"""What a text in a language that is not read is told to be in."""
CYRILLIC, LATIN = "cyrillic", "latin"
SURE = 2
"""How many words of a stranger, or letters that no other language has, it takes to tell a stranger."""
LETTER, WORD = 2, 2
"""What a telling letter and a telling word weigh: a letter counts against the others as well."""
PRIOR = 1
"""What the language expected weighs: less than a word, so that it decides where nothing tells."""
REMEMBERED = 1 << 14
LONGEST = 64
_CYRILLIC = re.compile("[\u0400-\u052f]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Alphabet:
    """What tells a language from the others of its script.

    letters   the small letters that not every language of the script has
    telling   its commonest words, as far as the others do not have them
    """

    script: str = LATIN
    letters: frozenset[str] = frozenset()
    telling: frozenset[str] = frozenset()


class Alphabets:
    """The languages that are read, and the strangers that they could be taken for."""

    def __init__(self, known: Mapping[str, Alphabet], strangers: Mapping[str, Alphabet] | None = None) -> None:
        self._known = known
        self._all = {**(strangers or {}), **known}
        owners = Counter(letter for each in self._all.values() for letter in each.letters)
        self._only = frozenset(letter for letter, languages in owners.items() if languages == 1)
        self._telling = frozenset().union(*(each.telling for each in self._all.values()))
        each_case = "".join(sorted(_both_cases(owners)))
        self._letters = re.compile(f"[{each_case}]" if each_case else "(?!)")
        self._homes = {code: _Home(own, self._all.values(), self._letters) for code, own in known.items()}

    def language_of(self, text: str, otherwise: str) -> str:
        """Return the language of a text that is read, `STRANGE` for another, `otherwise` where nothing tells.

        Every letter and every word that a language has speaks for it, every letter that only others have against it.
        Where the language expected otherwise is not of the text's script, the first one of the script is taken.
        """
        home = self._homes.get(otherwise)
        if home is not None and sum(map(home.__getitem__, text.split())) > 0:
            return otherwise
        script = _script(text)
        if not script or not self._known:
            return otherwise
        letters = Counter(letter.lower() for letter in self._letters.findall(text))
        words = self._telling.intersection(word.lower() for word in _WORD.findall(text))
        scores = {
            code: _score(own, letters) + WORD * len(words & own.telling)
            for code, own in self._all.items()
            if own.script == script
        }
        known = {code: score for code, score in scores.items() if code in self._known}
        best = max(scores.values(), default=0)
        likely = (code for code, score in scores.items() if score == best > max(known.values(), default=best - 1))
        if any(self._is_sure(code, letters, words) for code in likely):
            return STRANGE
        return _best(known, otherwise)

    def _is_sure(self, code: str, letters: Counter[str], words: frozenset[str]) -> bool:
        """Return whether a stranger is there with words, and not only with names in a text of ours."""
        own = self._all[code]
        told = len(words & own.telling)
        ours = max((len(words & each.telling) for each in self._known.values()), default=0)
        return told >= ours and told + sum(letters[each] for each in own.letters & self._only) >= SURE


class _Home(dict[str, float]):
    """How much the parts of a text between blanks speak for a language, worked out once for each.

    By how many letters more they have of its script than of the other; endlessly against it where they have a letter
    or a word that tells another language. With nothing against it no language fits a text better.
    """

    def __init__(self, own: Alphabet, every: Iterable[Alphabet], letters: re.Pattern[str]) -> None:
        super().__init__()
        others = tuple(every)
        self._own = own
        self._letters = letters
        self._strange = frozenset[str]().union(*(each.letters for each in others)) - own.letters
        self._foreign = frozenset[str]().union(*(each.telling for each in others)) - own.telling

    def __missing__(self, part: str) -> float:
        if len(part) > LONGEST:
            return self._worth(part)
        if len(self) >= REMEMBERED:
            self.clear()
        worth = self[part] = self._worth(part)
        return worth

    def _worth(self, part: str) -> float:
        letters = {letter.lower() for letter in self._letters.findall(part)} & self._strange
        words = (word.lower() for word in _WORD.findall(part))
        if letters or not self._foreign.isdisjoint(words):
            return -math.inf
        margin = len(_CYRILLIC.findall(part)) - len(_LATIN.findall(part))
        return margin if self._own.script == CYRILLIC else -margin


def _score(own: Alphabet, letters: Counter[str]) -> int:
    return LETTER * sum(count if letter in own.letters else -count for letter, count in letters.items())


def _best(scores: Mapping[str, int], otherwise: str) -> str:
    return max(scores, key=lambda code: scores[code] + (PRIOR if code == otherwise else 0), default=otherwise)


def _script(text: str) -> str:
    cyrillic, latin = len(_CYRILLIC.findall(text)), len(_LATIN.findall(text))
    if latin > cyrillic:
        return LATIN
    return CYRILLIC if cyrillic else ""


def _both_cases(letters: Iterable[str]) -> set[str]:
    return {form for letter in letters for form in (letter, letter.upper()) if len(form) == 1}
