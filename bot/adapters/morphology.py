"""Ukrainian and Russian dictionary forms, from pymorphy3 behind a memo.

All readings of a word are kept: «Києві» is Kyiv as well as a cue. The dictionaries are loaded when a language is first
asked for, and once a process.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache

import pymorphy3

from bot.core.text.normalise import fold
from bot.core.text.placenames import Inflection

REMEMBERED = 1 << 14
"""Words of a language whose forms are kept, at 400 bytes each; rarer ones are looked up again."""
# Longer words are noise whose forms take long to guess; the library fails on letters of unnamed scripts.
_KNOWN = re.compile(r"[а-яіїєґў][а-яіїєґў'’-]{0,39}")


@cache
def lemmas_of(language: str) -> Callable[[str], frozenset[str]]:
    """Return the function from a folded word to its folded dictionary forms, for "uk" or "ru".

    A word that is not Cyrillic, or of more than 40 letters, stands for itself. How likely each reading is is not asked:
    all are kept, and what the library would estimate it by takes memory and half of the time.
    """
    analyzer = pymorphy3.MorphAnalyzer(lang=language, result_type=None, probability_estimator_cls=None)

    @lru_cache(maxsize=REMEMBERED)
    def lemmas(word: str) -> frozenset[str]:
        if not _KNOWN.fullmatch(word):
            return frozenset({word})
        return frozenset(map(fold, analyzer.normal_forms(word)))

    return lemmas


def by_endings(endings: Mapping[str, str]) -> Callable[[str], frozenset[str]]:
    """Return the function from a folded word to all words that it may be a form of, for a language without a dictionary.

    `endings` gives for the ending of a first form those of its other forms, blanks between. A wrong guess is no word of
    the lexicons and finds nothing.
    """
    inflection = Inflection({fold(first): fold(others) for first, others in endings.items()})

    @lru_cache(maxsize=REMEMBERED)
    def lemmas(word: str) -> frozenset[str]:
        return frozenset(inflection.first_forms(word))

    return lemmas
