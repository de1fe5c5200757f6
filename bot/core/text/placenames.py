"""How names of places are written: folding, inflection and romanisation.

A name is looked up under its key. Ukrainian and Russian words are traced back to the forms that may be in the table by
ending, since no dictionary knows most villages; what is not in the table falls away at the look-up. Latin names are
reduced to what the usual romanisations share, so that "Kupyansk" and "Kupiansk" are one key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

APOSTROPHES = re.compile("['’ʼ`´\u0301]")
POSSESSIVE = re.compile("(?<=[a-z])['’]s?(?![a-z])")
LETTERS = str.maketrans({"ё": "е", "ґ": "г", "ў": "у"})
LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "є": "e", "ж": "zh", "з": "z", "и": "i", "і": "i",
    "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "i", "ь": "", "э": "e",
    "ю": "iu", "я": "ia",
}  # fmt: skip
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
    return " ".join(split(romanised(name, language)))


def romanised(names: str, language: str) -> str:
    """Give names in Ukrainian or Russian, a line each, the letters of their Latin keys."""
    return latin_key(cyrillic_key(names).translate(ROMAN[language]))


def keys_of(names: Iterable[str], fold: Callable[[str], str]) -> list[str]:
    """Return the keys of many names. They are folded as one text, which takes a tenth of the time of one by one."""
    folded = fold("\n".join(names)).replace("-", " ")
    return [" ".join(line.split()) if " " in line else line for line in folded.split("\n")]


def split(name: str) -> list[str]:
    """Split a name at blanks and hyphens, which texts mix up."""
    return name.replace("-", " ").split()


class Inflection:
    """The endings of one language, turned round: ending in a text -> endings of the first form."""

    def __init__(self, endings: Mapping[str, str]) -> None:
        """Take a table of the first form's ending -> the endings of the other cases, blanks between."""
        turned: dict[str, list[str]] = {}
        for first, others in endings.items():
            for other in others.split():
                turned.setdefault(other, []).append(first)
        self._backwards = {ending: tuple(dict.fromkeys(firsts)) for ending, firsts in turned.items()}
        self._longest = max(map(len, self._backwards), default=0)

    def first_forms(self, word: str) -> tuple[str, ...]:
        """List the words of which `word` may be a case, itself first."""
        forms = [word]
        for size in range(1, min(self._longest, len(word) - 1) + 1):
            stem = word[:-size]
            forms.extend(stem + ending for ending in self._backwards.get(word[-size:], ()))
        return tuple(forms)


def adjectives(name: str, endings: Mapping[str, str]) -> Iterable[str]:
    """Make the adjectives a settlement may have: «Рязань» -> «рязанский»; wrong ones match nothing in a text."""
    for ending, replacements in endings.items():
        if name.endswith(ending) and len(name) > len(ending) + 1:
            yield from (name[: len(name) - len(ending)] + replacement for replacement in replacements.split())
