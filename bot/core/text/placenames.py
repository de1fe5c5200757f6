"""How names of places are written: folding, inflection and romanisation.

A name is looked up under its key. Ukrainian and Russian words are traced back to the forms that may be in the table by
ending, since no dictionary knows most villages; what is not in the table falls away at the look-up. Latin names are
reduced to what the usual romanisations share, so that "Kupyansk" and "Kupiansk" are one key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

APOSTROPHES = re.compile("['’ʼ`´\u0301]")
POSSESSIVE = re.compile("(?<=[a-z])['’]s?$")
LETTERS = str.maketrans({"ё": "е", "ґ": "г", "ў": "у"})
LATIN = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшыэ",
        "a b v g d e zh z i i k l m n o p r s t u f kh ts ch sh i e".split(),
        strict=True,
    )
) | {"щ": "shch", "ъ": "", "ь": "", "ю": "iu", "я": "ia", "є": "e", "і": "i", "ї": "i", "'": ""}
ROMAN = {"ru": str.maketrans(LATIN), "uk": str.maketrans(LATIN | {"г": "h"})}
SOFT = re.compile("[yij]+")
FOREIGN = str.maketrans("éèëöüóáíčšžćłńśż", "eeeouoaicszclnsz")


def cyrillic_key(word: str) -> str:
    """Fold one word in Cyrillic: lower case, no apostrophes or stress marks, "ё" as "е"."""
    return APOSTROPHES.sub("", word.casefold()).translate(LETTERS)


def latin_key(word: str) -> str:
    """Fold one word in Latin letters to what the romanisations of one name share, without a possessive."""
    plain = APOSTROPHES.sub("", POSSESSIVE.sub("", word.casefold())).translate(FOREIGN)
    return SOFT.sub("i", plain).replace("ie", "e").replace("shch", "sch")


def romanised_key(name: str, language: str) -> str:
    """Give the Latin key of a name in Ukrainian or Russian, so that English texts need no list of their own."""
    latin = cyrillic_key(name).translate(ROMAN[language])
    return " ".join(latin_key(word) for word in split(latin))


def split(name: str) -> list[str]:
    """Split a name at blanks and hyphens, which texts mix up."""
    return [word for word in re.split(r"[\s\-–]+", name) if word]


@dataclass(frozen=True, slots=True)
class Inflection:
    """The endings of one language, turned round: ending in a text -> endings of the first form."""

    backwards: Mapping[str, tuple[str, ...]]
    longest: int

    @classmethod
    def of(cls, endings: Mapping[str, str]) -> Inflection:
        """Turn a table of first form -> endings of the other cases round."""
        turned: dict[str, list[str]] = {}
        for first, others in endings.items():
            for other in others.split():
                turned.setdefault(other, []).append(first)
        backwards = {ending: tuple(dict.fromkeys(firsts)) for ending, firsts in turned.items()}
        return cls(backwards, max(map(len, backwards), default=0))

    def first_forms(self, word: str) -> tuple[str, ...]:
        """List the words of which `word` may be a case, itself first; at least two letters stay."""
        forms = [word]
        for size in range(1, min(self.longest, len(word) - 2) + 1):
            stem = word[:-size]
            forms.extend(stem + ending for ending in self.backwards.get(word[-size:], ()))
        return tuple(forms)


def adjectives(name: str, endings: Mapping[str, str]) -> Iterable[str]:
    """Make the adjectives a settlement may have: «Рязань» -> «рязанский»; wrong ones match nothing in a text."""
    for ending, replacement in endings.items():
        if name.endswith(ending) and len(name) > len(ending) + 2:
            yield name[: len(name) - len(ending)] + replacement
