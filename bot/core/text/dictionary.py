"""The words that people may use in a question, and what each of them means.

Looking up goes from the sure to the doubtful: a run of words as it is written, by dictionary forms, by endings turned
round, then settlements; guessing goes on to the beginnings of regions' names and to words that are one slip away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from math import prod
from typing import TypeAlias

from bot.core.text.normalise import fold
from bot.core.text.placenames import APOSTROPHES, LETTERS, keys_of, latin_key
from bot.core.text.slips import Known

REGION_WORD = "<region>"
"""Stands in keys for any word for a region, so that "Kharkiv region" and "Kharkiv Oblast" are one."""
LONGEST_PLACE = 3
MOST_FORMS = 200
SHORTEST_SLIP, SHORTEST_BEGINNING, SHORTEST_PLACE_SLIP = 5, 4, 6
MOST_CHOICES = 6
PLAINER = str.maketrans({"’": "'", "ʼ": "'", "`": "'", "´": "'", ".": " ", "‑": " "})
PLAIN = re.compile("[a-z '-]+|[а-яіїєґё '-]+")
Forms: TypeAlias = Callable[[str], Iterable[str]]
Key: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What words stand for: the sort (kind, region, place, month, filler, ...) and which one."""

    sort: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A phrase and its meaning; of several meanings of one phrase those of the lowest rank count."""

    phrase: str
    meaning: Meaning
    rank: int = 0


NOTHING: tuple[int, tuple[Meaning, ...]] = (0, ())


def asked_key(word: str) -> str:
    """Fold one word as the dictionary has it: lower case, no accents and apostrophes, «ґ» as «г»."""
    return APOSTROPHES.sub("", fold(word)).translate(LETTERS)


def place_key(name: str) -> str:
    """Fold the name of a settlement: Latin letters to what the romanisations share."""
    words = (asked_key(word) for word in words_of(name))
    return " ".join(latin_key(word) if word.isascii() else word for word in words)


def place_keys(names: Sequence[str]) -> list[str]:
    """Return the keys of many settlements; names of plain letters, which nearly all are, are folded as one text."""
    lines = "\n".join(names).casefold().translate(PLAINER).split("\n")
    plain = [at for at, line in enumerate(lines) if PLAIN.fullmatch(line)]
    keys = dict(zip(plain, keys_of((lines[at] for at in plain), _folded), strict=True))
    return [keys[at] if at in keys else place_key(name) for at, name in enumerate(names)]


def _folded(lines: str) -> str:
    return latin_key(APOSTROPHES.sub("", lines).translate(LETTERS))


def words_of(phrase: str) -> tuple[str, ...]:
    """Split a phrase at blanks, hyphens and full stops."""
    return tuple(phrase.replace("-", " ").replace("‑", " ").replace(".", " ").split())


@dataclass(slots=True)
class _Table:
    """Keys with their meanings, and how longer keys begin."""

    meanings: dict[Key, tuple[Meaning, ...]] = field(default_factory=dict)
    ranks: dict[Key, int] = field(default_factory=dict)
    prefixes: set[Key] = field(default_factory=set)

    def add(self, key: Key, meaning: Meaning, rank: int) -> None:
        if rank < self.ranks.get(key, rank + 1):
            self.meanings[key] = (meaning,)
            self.ranks[key] = rank
        elif rank == self.ranks[key] and meaning not in self.meanings[key]:
            self.meanings[key] += (meaning,)
        self.prefixes |= {key[:size] for size in range(1, len(key) + 1)}

    def longest(self, run: Sequence[str], forms: Callable[[str], Iterable[str]]) -> tuple[int, tuple[Meaning, ...]]:
        """Return the length of the longest key that the run begins with, and what it may mean."""
        found = NOTHING
        begun: list[Key] = [()]
        for length, word in enumerate(run, 1):
            begun = [key for start in begun for form in forms(word) if (key := (*start, form)) in self.prefixes]
            if not begun:
                break
            told = [each for key in begun for each in self.meanings.get(key, ())]
            if told:
                found = length, tuple(dict.fromkeys(told))
        return found


class Dictionary:
    """Phrases with their meanings.

    `lemmas` gives the dictionary forms of a word, `endings` what it may be a form of; `places` maps a settlement's key to
    its English names, the largest place first, with "|" between; `larger` are the keys that may be guessed at, `regions` has
    for an English name the code of the region. These three are not looked into before they are needed, or `settle` is called.
    """

    def __init__(
        self,
        entries: Iterable[Entry],
        lemmas: Forms,
        endings: Forms,
        places: Mapping[str, str],
        *,
        larger: Iterable[str] = (),
        regions: Mapping[str, str] | None = None,
    ) -> None:
        self._lemmas = lemmas
        self._endings = endings
        self._places = places
        told = tuple(entries)
        self._region_words = frozenset(
            form for entry in told if entry.meaning.sort == "region_word" for form in self._plain_forms(entry.phrase)
        )
        self._exact, self._formed = _Table(), _Table()
        for entry in told:
            self._add(entry)
        words = {word for key in self._exact.meanings for word in key} | self._region_words
        self._known = Known(sorted(word for word in words - {REGION_WORD} if len(word) >= SHORTEST_SLIP))
        self._guessed = larger
        self._regions = {} if regions is None else regions

    def settle(self) -> None:
        """Look into the settlements now, so that no question has to wait for that."""
        _ = len(self._places), len(self._regions), self._larger

    @cached_property
    def _larger(self) -> Known:
        return Known(self._guessed)

    def find(self, run: Sequence[str]) -> tuple[int, tuple[Meaning, ...]]:
        """Return how many words of a run, from its first on, are known, and what they may mean: one thing or several."""
        found = max(
            self._exact.longest(run, self._as_written),
            self._formed.longest(run, self._forms),
            self._formed.longest(run, self._traced),
            key=lambda each: each[0],
        )
        place = self._place(run)
        return place if place[0] > found[0] else found

    def guess(self, run: Sequence[str]) -> tuple[int, tuple[Meaning, ...]]:
        """Return what an unknown first word of a run may have been meant for: a region that it begins, or one slip away."""
        word = asked_key(run[0])
        begun = self._begun(word)
        if begun:
            return 1, begun
        for near in dict.fromkeys((word, *self._endings(word))) if len(word) >= SHORTEST_SLIP else ():
            found = [self.find((known, *run[1:])) for known in self._known.near(near)]
            meanings = tuple(dict.fromkeys(each for _, told in found for each in told))
            if meanings:
                return max(length for length, _ in found), meanings[:MOST_CHOICES]
        return self._near_place(word)

    def around(self, places: Iterable[str]) -> tuple[str, ...]:
        """Return the codes of the regions in which the largest settlements of some English names lie."""
        regions = (self._regions.get(place, "") for place in places)
        return tuple(dict.fromkeys(region for region in regions if region))

    def near_places(self, word: str) -> tuple[str, ...]:
        """Return the English names of the larger settlements that are one slip from a word."""
        key = place_key(word)
        near = self._larger.near(key) if len(key) >= SHORTEST_PLACE_SLIP else ()
        return tuple(dict.fromkeys(name for each in near for name in self._places[each].split("|")))

    def _near_place(self, word: str) -> tuple[int, tuple[Meaning, ...]]:
        names = self.near_places(word)
        return (1, tuple(Meaning("place", name) for name in names[:MOST_CHOICES])) if names else NOTHING

    def _begun(self, word: str) -> tuple[Meaning, ...]:
        if len(word) < SHORTEST_BEGINNING:
            return ()
        keys = (key for key in self._exact.meanings if key[0].startswith(word))
        found = dict.fromkeys(each for key in keys for each in self._exact.meanings[key] if each.sort == "region")
        return tuple(found) if len(found) <= MOST_CHOICES else ()

    def _add(self, entry: Entry) -> None:
        words = words_of(entry.phrase)
        exact = tuple(form for word in words for form in self._as_written(word))
        self._exact.add(exact, entry.meaning, entry.rank)
        for key in product(*map(self._base_forms, words)):
            self._formed.add(key, entry.meaning, entry.rank)

    def _as_written(self, word: str) -> tuple[str, ...]:
        key = asked_key(word)
        return (REGION_WORD,) if key in self._region_words else (key,)

    def _plain_forms(self, word: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys((asked_key(word), *map(asked_key, self._lemmas(fold(word))))))

    def _forms(self, word: str) -> tuple[str, ...]:
        """Return a word as it is written and its dictionary forms; any word for a region is the same."""
        forms = self._plain_forms(word)
        return forms if self._region_words.isdisjoint(forms) else (REGION_WORD,)

    def _base_forms(self, word: str) -> tuple[str, ...]:
        """Return the forms under which a word of an entry is kept: itself alone where it is a dictionary form."""
        forms = self._forms(word)
        return forms[:1] if forms[0] in map(asked_key, self._lemmas(fold(word))) else forms

    def _traced(self, word: str) -> tuple[str, ...]:
        forms = self._forms(word)
        return forms if forms == (REGION_WORD,) else tuple(dict.fromkeys((*forms, *self._endings(asked_key(word)))))

    def _place(self, run: Sequence[str]) -> tuple[int, tuple[Meaning, ...]]:
        """Return the longest settlement that a run begins with; namesakes under one English name are one."""
        for length in range(min(LONGEST_PLACE, len(run)), 0, -1):
            names = self._named(run[:length])
            if names:
                return length, tuple(Meaning("place", name) for name in names[:1])
        return NOTHING

    def _named(self, words: Sequence[str]) -> tuple[str, ...]:
        exact = self._places.get(place_key(" ".join(words)))
        if exact:
            return tuple(exact.split("|"))
        forms = [tuple(dict.fromkeys((key, *self._endings(key)))) for key in map(asked_key, words)]
        if prod(map(len, forms)) > MOST_FORMS:
            return ()
        found = (self._places.get(" ".join(key)) for key in product(*forms))
        return next((tuple(names.split("|")) for names in found if names), ())
