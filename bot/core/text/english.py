"""English dictionary forms by rule: every form that a regular ending may have come from, plus listed irregular ones.

A few forms that are no words are found as well ("wounde"); they do no harm, because no lexicon has them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

REMEMBERED = 1 << 14
"""Words whose forms are kept."""
_SHORTEST = 2
_VOWELS = "aeiou"


def english_lemmas(irregular: Mapping[str, str]) -> Callable[[str], frozenset[str]]:
    """Return a remembering function from a folded word to its dictionary forms, the word itself among them.

    `irregular` maps forms such as "men" or "struck" to dictionary forms.
    """

    @lru_cache(maxsize=REMEMBERED)
    def lemmas(word: str) -> frozenset[str]:
        bare = word.removesuffix("'s").removesuffix("'")
        found = {word, bare, *_regular(bare)}
        if bare in irregular:
            found.add(irregular[bare])
        return frozenset(form for form in found if len(form) >= _SHORTEST or form == word)

    return lemmas


def _regular(word: str) -> Iterator[str]:
    if word.endswith("s") and not word.endswith("ss"):
        yield from _plural(word)
    if word.endswith("ied"):
        yield word[:-3] + "y"
    if word.endswith("ed"):
        yield word[:-1]
        yield from _stems(word[:-2])
    if word.endswith("ing"):
        yield word[:-3] + "e"
        yield from _stems(word[:-3])


def _plural(word: str) -> Iterator[str]:
    yield word[:-1]
    if word.endswith("ies"):
        yield word[:-3] + "y"
    elif word.endswith("es"):
        yield word[:-2]


def _stems(stem: str) -> Iterator[str]:
    yield stem
    if len(stem) > _SHORTEST and stem[-1] == stem[-2] and stem[-1] not in _VOWELS:
        yield stem[:-1]
