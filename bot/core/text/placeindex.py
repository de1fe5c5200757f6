"""The index of place names: which runs of words in a sentence fit which names, whatever their case.

It knows nothing of what stands around a name; `places` decides that. The entries come in from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from bot.core.text.document import PlaceKind, Token
from bot.core.text.placenames import Inflection

Use: TypeAlias = Literal["name", "located", "named", "head", "adjective", "base"]

QUOTES = frozenset("«»\"“”„'")
FAR_LARGER = 20
RATHER_LARGER = 4
"""How many times larger a place is that silences its namesakes, and one that even beats a name spelt exactly so."""
KNOWN_POPULATION = 12_000
LARGE_POPULATION = 100_000
"""People of a place that needs no word around it, and of one with which no village competes."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """One place that a name may stand for.

    `use` says when: "name" stands alone, "located" only where a place is meant plainly («в Луге»), "named" only where
    its region is named ("New York"), "head" only with a word for a region ("Volyn" region), "adjective" only before
    a facility («Рязанский НПЗ»), "base" only near a word for an airfield («Белая»).
    """

    name: str
    region: str
    country: str
    kind: PlaceKind
    population: int = 0
    use: Use = "name"


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """What one language says around places: folded words, any form of which counts unless it has only one."""

    inflection: Inflection
    region: frozenset[str]
    plural: frozenset[str]
    district: frozenset[str]
    conjunctions: frozenset[str]
    located: frozenset[str]
    settlement: frozenset[str]
    base: frozenset[str]
    facility: frozenset[str]
    wary: frozenset[str]
    abstract: frozenset[str]
    streets: frozenset[str]
    never: frozenset[str]
    titles: frozenset[str]
    given: frozenset[str]
    elsewhere: frozenset[str] = frozenset()
    passed: frozenset[str] = frozenset()
    rivers: frozenset[str] = frozenset()
    banks: frozenset[str] = frozenset()
    speech: frozenset[str] = frozenset()
    districts: frozenset[str] = frozenset()
    adjectival: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()
    of: frozenset[str] = frozenset()
    home: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Part:
    """A word, or part of a hyphenated one: its key, the first forms it may have, and those that begin a name.

    `adjective` tells whether it may be an adjective of place by its ending.
    """

    key: str
    forms: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()
    capital: bool = False
    adjective: bool = False


class Names:
    """All names of one language: key (folded words, blanks between) -> meanings; and how longer keys begin."""

    def __init__(self, entries: Iterable[tuple[str, Meaning]], words: PlaceWords, fold: Callable[[str], str]) -> None:
        self.meanings = _meant(entries)
        self.prefixes = frozenset(
            key[:at] for key in self.meanings if " " in key for at, letter in enumerate(key) if letter == " "
        )
        self.words = words
        self._adjectival = tuple(words.adjectival)
        self.fold = fold

    def parts(self, token: Token) -> tuple[Part, ...]:
        """Return the parts of a token; texts repeat their words, so the answer is kept with the token."""
        text = token.text.replace("\u2011", "-")
        token.memo[self] = tuple(self._part(part) for part in text.split("-") if part)
        found: tuple[Part, ...] = token.memo[self]
        return found

    def _part(self, text: str) -> Part:
        key = self.fold(text)
        forms = self.words.inflection.first_forms(key)
        begins = tuple(form for form in forms if form in self.prefixes or form in self.meanings)
        capital = text[:1].isupper()
        if not capital:
            begins = tuple(form for form in begins if form in self.prefixes or any(map(_is_lower, self.meanings[form])))
        adjective = any(form.endswith(self._adjectival) for form in forms)
        return Part(key, forms, begins, capital, adjective)


def _meant(entries: Iterable[tuple[str, Meaning]]) -> dict[str, tuple[Meaning, ...]]:
    """Return what each key may mean; the keys of one place, which come in a row, share what they mean where it is only that."""
    found: dict[str, tuple[Meaning, ...]] = {}
    alone: tuple[Meaning, ...] = ()
    for key, meaning in entries:
        if not alone or alone[0] is not meaning:
            alone = (meaning,)
        known = found.setdefault(key, alone)
        if meaning not in known:
            found[key] = (*known, meaning)
    return found


def is_adjective(meaning: Meaning) -> bool:
    """Tell whether the name is no name by itself, but goes with a word for a region or facility."""
    return meaning.use in {"head", "adjective"}


def _is_lower(meaning: Meaning) -> bool:
    """Tell what may begin with a small letter: adjectives, and works or ports («порт Усть-Луга»)."""
    return (is_adjective(meaning) and meaning.kind != "district") or meaning.kind in {"plant", "port"}


@dataclass(frozen=True, slots=True)
class Hit:
    """A run of parts that some names fit."""

    first: int
    last: int
    meanings: tuple[Meaning, ...]
    exact: bool = False


def find_hits(parts: Sequence[Part], starts: Iterable[int], names: Names) -> Iterable[Hit]:
    """Find the names that start at the given parts, the longest each, none within another."""
    free = 0
    for at in starts:
        hit = _longest(parts, at, names) if at >= free else None
        if hit:
            yield hit
            free = hit.last


def _longest(parts: Sequence[Part], at: int, names: Names) -> Hit | None:
    """Find the longest name that starts at a part, marks of quotation within passed over: «комбинат "Кристалл"»."""
    best: Hit | None = None
    begun = parts[at].begins
    exact = ""
    for end in range(at, len(parts)):
        if parts[end].key in QUOTES:
            continue
        if end > at:
            begun = tuple(f"{start} {form}" for start in begun for form in parts[end].forms)
        exact = f"{exact} {parts[end].key}".lstrip()
        meanings = _meanings(begun, exact, names, capital=parts[at].capital)
        best = Hit(at, end + 1, meanings, exact in names.meanings) if meanings else best
        begun = tuple(key for key in begun if key in names.prefixes)
        if not begun:
            break
    return best


def _meanings(keys: Iterable[str], exact: str, names: Names, *, capital: bool) -> tuple[Meaning, ...]:
    """List what the keys stand for; the words as they stand win, unless a much larger place has that case."""
    found = {key: names.meanings[key] for key in keys if key in names.meanings}
    every = [meaning for meanings in found.values() for meaning in meanings]
    same = found.get(exact, ())
    if any(not is_adjective(m) for m in same) and largest(every) <= RATHER_LARGER * largest(same):
        every = [*same, *(m for m in every if is_adjective(m) and m not in same)]
    return tuple(m for m in every if capital or _is_lower(m))


def largest(meanings: Iterable[Meaning]) -> int:
    """Give the greatest population among places."""
    return max((meaning.population for meaning in meanings if not is_adjective(meaning)), default=0)


def is_known(meaning: Meaning) -> bool:
    """Tell a place that a text may name without a word around it."""
    if is_adjective(meaning):
        return False
    if meaning.kind in {"settlement", "district"}:
        return meaning.use == "name" and meaning.population >= KNOWN_POPULATION and meaning.kind == "settlement"
    return True


def is_village(meaning: Meaning) -> bool:
    """Tell a settlement that nobody names without a word around it."""
    return meaning.kind == "settlement" and meaning.population < KNOWN_POPULATION


def fitting(meanings: Sequence[Meaning], regions: set[str]) -> list[Meaning]:
    """Keep the meanings of the named regions where there are any; no village competes with a city."""
    greatest = max((meaning.population for meaning in meanings), default=0)
    if greatest >= LARGE_POPULATION:
        least = min(greatest // FAR_LARGER, KNOWN_POPULATION)
        towns = [meaning for meaning in meanings if meaning.population >= least]
        meanings = [meaning for meaning in towns if meaning.region in regions] or [
            meaning for meaning in towns if meaning.population * FAR_LARGER >= greatest
        ]
    return [meaning for meaning in meanings if meaning.region in regions] or list(meanings)
