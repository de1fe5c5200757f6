"""Where a text says something is: the gazetteer of Ukraine and Russia, and how a name is told from a plain word.

A name counts when it is written as one (a capital letter), when what stands around it allows a place, and in the
meaning that the sentence suggests: the named region first, then the larger settlement. The tables come in from outside
as `Meaning`s under their keys; the words that decide about the surroundings are data of each language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, TypeAlias

from bot.core.text.document import Place, PlaceKind, Token
from bot.core.text.placenames import Inflection, cyrillic_key, latin_key

Use: TypeAlias = Literal["name", "located", "head", "adjective", "base"]

LONGEST_LIST = 12
KNOWN_POPULATION = 12_000
CLOSE = 5


@dataclass(frozen=True, slots=True)
class Region:
    """A first-level region: ISO 3166-2 code and its name in each language of the interface."""

    code: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Meaning:
    """One place that a name may stand for.

    `use` says when: "name" stands alone, "located" only where a place is meant plainly («в Луге»), "head" only with a word for a region ("Volyn" region), "adjective" only before
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
    time: frozenset[str]
    titles: frozenset[str]
    given: frozenset[str]
    elsewhere: frozenset[str]


@dataclass(frozen=True, slots=True)
class Names:
    """All names of one language: key (folded words, blanks between) -> meanings; and how longer keys begin."""

    meanings: Mapping[str, tuple[Meaning, ...]]
    prefixes: frozenset[str]

    @classmethod
    def of(cls, entries: Iterable[tuple[str, Meaning]]) -> Names:
        """Index entries by key."""
        meanings: dict[str, dict[Meaning, None]] = {}
        for key, meaning in entries:
            meanings.setdefault(key, {})[meaning] = None
        prefixes = frozenset(
            key[:at] for key in meanings if " " in key for at, letter in enumerate(key) if letter == " "
        )
        return cls({key: tuple(found) for key, found in meanings.items()}, prefixes)


@dataclass(frozen=True, slots=True)
class Unit:
    """A word, or part of a hyphenated one, with the token it belongs to; punctuation is a unit without forms."""

    key: str
    forms: tuple[str, ...]
    token: int
    capital: bool
    opens: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A run of units that some names fit."""

    first: int
    last: int
    meanings: tuple[Meaning, ...]
    key: str


class Gazetteer:
    """Finds places in the tokens of one sentence. It keeps no state between calls."""

    def __init__(self, names: Mapping[str, Names], words: Mapping[str, PlaceWords]) -> None:
        self._names = names
        self._words = words

    def find(self, tokens: Sequence[Token], language: str) -> tuple[Place, ...]:
        """Find all places of a sentence in the order of the text; a language without tables has none."""
        if language not in self._names:
            return ()
        words = self._words[language]
        units = _units(tokens, words.inflection, language)
        hits = _hits(units, self._names[language])
        reading = _Reading(units, tuple(hits), words)
        return tuple(place for place in reading.places() if place)

    def alternatives(self, name: str, language: str = "en") -> tuple[Meaning, ...]:
        """List what a name in its first form may stand for, the largest first."""
        fold = latin_key if language == "en" else cyrillic_key
        key = " ".join(fold(word) for word in name.replace("-", " ").split())
        found = self._names[language].meanings.get(key, ()) if language in self._names else ()
        return tuple(sorted((m for m in found if m.use == "name"), key=lambda m: -m.population))


def agree(sentences: Sequence[tuple[Place, ...]]) -> tuple[tuple[Place, ...], ...]:
    """Choose again where a name is shared: a region that the whole text names for certain settles it."""
    certain = {place.region for places in sentences for place in places if place.region and not place.others}
    return tuple(tuple(_agreeing(place, certain) for place in places) for places in sentences)


def _agreeing(place: Place, regions: set[str]) -> Place:
    if not place.others or place.region in regions:
        return place
    better = next((other for other in place.others if other.region in regions), None)
    return replace(better, others=(*(o for o in place.others if o != better), _alone(place))) if better else place


def _alone(place: Place) -> Place:
    return replace(place, others=())


def _units(tokens: Sequence[Token], inflection: Inflection, language: str) -> list[Unit]:
    """Split tokens at hyphens and fold them; a hyphen of its own between two words is passed over."""
    units: list[Unit] = []
    opens = True
    for index, token in enumerate(tokens):
        if token.kind != "word":
            if token.text not in {"-", "–"} or not _inside(tokens, index):
                units.append(Unit(token.text, (), index, capital=False, opens=False))
            continue
        for part in token.text.split("-"):
            if part:
                units.append(_unit(part, index, inflection, language, opens=opens))
                opens = False
    return units


def _inside(tokens: Sequence[Token], index: int) -> bool:
    """Tell a hyphen within a word from a dash between words."""
    return 0 < index < len(tokens) - 1 and tokens[index - 1].end == tokens[index].start == tokens[index + 1].start - 1


def _unit(part: str, index: int, inflection: Inflection, language: str, *, opens: bool) -> Unit:
    key = latin_key(part) if language == "en" else cyrillic_key(part)
    return Unit(key, inflection.first_forms(key), index, part[:1].isupper(), opens)


def _hits(units: Sequence[Unit], names: Names) -> Iterable[Hit]:
    at = 0
    while at < len(units):
        hit = _longest(units, at, names)
        if hit:
            yield hit
        at = hit.last if hit else at + 1


def _longest(units: Sequence[Unit], at: int, names: Names) -> Hit | None:
    """Find the longest name that starts at a unit; exact words win over inflected ones."""
    best: Hit | None = None
    begun: tuple[str, ...] = ("",)
    for end in range(at, len(units)):
        begun = tuple(f"{start} {form}".lstrip() for start in begun for form in units[end].forms)
        fitting = [key for key in begun if key in names.meanings]
        if fitting:
            best = _hit(units[at : end + 1], at, fitting, names) or best
        begun = tuple(key for key in begun if key in names.prefixes)
        if not begun:
            break
    return best


def _hit(run: Sequence[Unit], at: int, keys: Sequence[str], names: Names) -> Hit | None:
    exact = " ".join(unit.key for unit in run)
    chosen = [exact] if exact in keys else keys
    meanings = [meaning for key in dict.fromkeys(chosen) for meaning in names.meanings[key]]
    if not run[0].capital:
        meanings = [meaning for meaning in meanings if meaning.use in {"head", "adjective"}]
    return Hit(at, at + len(run), tuple(meanings), exact) if meanings else None


def _is_known(meaning: Meaning) -> bool:
    """Tell a place that a text may name without a word around it."""
    if meaning.kind in {"settlement", "district"}:
        return meaning.use == "name" and meaning.population >= KNOWN_POPULATION and meaning.kind == "settlement"
    return True


class _Reading:
    """One sentence being read: its units, the runs that names fit, and the words of its language."""

    def __init__(self, units: Sequence[Unit], hits: tuple[Hit, ...], words: PlaceWords) -> None:
        self._units = units
        self._hits = hits
        self._words = words
        self._regional = self._regional_hits()

    def places(self) -> Iterable[Place | None]:
        """Read every hit; regions first, because they settle what a shared name means."""
        regions = {hit: self._region(hit) for hit in self._hits}
        named = {place.region for place in regions.values() if place}
        settled = {hit: regions[hit] or self._settlement(hit, named) for hit in self._hits}
        sure = named | {place.region for place in settled.values() if place and place.region and not place.others}
        for hit in self._hits:
            place = settled[hit]
            yield _agreeing(place, sure) if place else None

    def _regional_hits(self) -> frozenset[Hit]:
        """Mark the hits that a word for a region follows, going back through lists ("Kursk and Bryansk regions")."""
        marked: set[Hit] = set()
        for hit, following in reversed([*pairwise(self._hits), *((hit, None) for hit in self._hits[-1:])]):
            plural = self._is(hit.last, self._words.plural)
            joined = following in marked and following is not None and self._joined(hit, following)
            if plural or self._is(hit.last, self._words.region) or self._of_region(hit) or joined:
                marked.add(hit)
        return frozenset(marked)

    def _joined(self, hit: Hit, following: Hit) -> bool:
        """Tell whether two hits stand in one list whose end names regions."""
        between = self._units[hit.last : following.first]
        if len(between) > LONGEST_LIST or not all(u.key == "," or u.key in self._words.conjunctions for u in between):
            return False
        return self._plural_after(following) or all(m.use == "head" for m in hit.meanings)

    def _plural_after(self, hit: Hit) -> bool:
        rest = self._units[hit.last : hit.last + LONGEST_LIST]
        return any(unit.key in self._words.plural for unit in rest)

    def _of_region(self, hit: Hit) -> bool:
        """Tell "the region of Rivne"."""
        return self._key(hit.first - 1) == "of" and self._is(hit.first - 2, self._words.region)

    def _is(self, at: int, words: frozenset[str]) -> bool:
        """Tell whether the unit at a position is one of the words, in any form."""
        return 0 <= at < len(self._units) and not words.isdisjoint(self._units[at].forms)

    def _key(self, at: int) -> str:
        return self._units[at].key if 0 <= at < len(self._units) else ""

    def _region(self, hit: Hit) -> Place | None:
        """Read a hit as a region or country, where it is one."""
        heads = [meaning for meaning in hit.meanings if meaning.use == "head"]
        if heads and hit in self._regional:
            return self._place(hit, heads[:1])
        whole = [m for m in hit.meanings if m.kind in {"region", "country"} and m.use == "name"]
        if whole:
            return self._place(hit, whole[:1])
        return None

    def _settlement(self, hit: Hit, named: set[str]) -> Place | None:
        """Read a hit as a settlement, district, airfield or facility, or an adjective as its region."""
        if self._is(hit.last, self._words.time) or self._elsewhere(hit) or self._person(hit):
            return None
        found = self._usable(hit)
        names = [meaning for meaning in found if meaning.use in {"name", "located", "base"}]
        if names and not self._shown(hit, names, named):
            return None
        return self._place(hit, names or found) if found else None

    def _usable(self, hit: Hit) -> list[Meaning]:
        """Keep the meanings that the surroundings allow, the most telling ones first."""
        near_base = self._near(hit, self._words.base)
        facility = self._facility(hit)
        allowed = [m for m in hit.meanings if self._allowed(m, near_base=near_base, facility=facility)]
        if near_base:
            airfields = [m for m in allowed if m.kind == "airfield"]
            allowed = airfields or allowed
        if facility:
            allowed = [m for m in allowed if m.use == "adjective"] or allowed
        return allowed

    def _allowed(self, meaning: Meaning, *, near_base: bool, facility: bool) -> bool:
        if meaning.use == "base":
            return near_base
        if meaning.use == "adjective":
            return facility
        return meaning.use in {"name", "located"} or bool(self._words.facility)

    def _facility(self, hit: Hit) -> bool:
        return any(self._is(at, self._words.facility) for at in range(hit.last, hit.last + 2))

    def _near(self, hit: Hit, words: frozenset[str]) -> bool:
        return any(self._is(at, words) for at in range(hit.first - CLOSE, hit.last + CLOSE))

    def _elsewhere(self, hit: Hit) -> bool:
        """Tell a namesake abroad: "Odessa, Texas"."""
        return self._key(hit.last) == "," and self._key(hit.last + 1) in self._words.elsewhere

    def _person(self, hit: Hit) -> bool:
        """Tell a surname after a title, a given name or an initial, and a given name before a surname."""
        before, after = self._unit(hit.first - 1), self._unit(hit.last)
        if self._is(hit.first, self._words.given) and after and after.capital and hit.last - hit.first == 1:
            return True
        if before is None:
            return False
        initial = before.key == "." and len(self._key(hit.first - 2)) == 1
        return initial or (self._is(hit.first - 1, self._words.given) and before.capital) or self._titled(hit)

    def _titled(self, hit: Hit) -> bool:
        known = max(meaning.population for meaning in hit.meanings) >= KNOWN_POPULATION
        return not known and self._is(hit.first - 1, self._words.titles)

    def _unit(self, at: int) -> Unit | None:
        return self._units[at] if 0 <= at < len(self._units) else None

    def _shown(self, hit: Hit, meanings: Sequence[Meaning], named: set[str]) -> bool:
        """Tell whether a name is plainly a place here: known, located, in a list of places or in a named region."""
        wary = not self._words.wary.isdisjoint(self._units[hit.first].forms) and hit.last - hit.first == 1
        known = any(_is_known(meaning) for meaning in meanings)
        if known and not wary:
            return True
        if self._located(hit) or self._listed(hit):
            return True
        return not wary and not self._units[hit.first].opens and any(m.region in named for m in meanings)

    def _located(self, hit: Hit) -> bool:
        at = hit.first - 1
        while self._key(at) in {"«", '"', "“", "„", "'", "."}:
            at -= 1
        if self._key(at) == "of":
            at -= 1
        return self._key(at) in self._words.located or self._is(at, self._words.settlement)

    def _listed(self, hit: Hit) -> bool:
        """Tell a name that a comma or conjunction joins to a known place."""
        others = (other for other in self._hits if other is not hit)
        return any(self._neighbour(hit, other) for other in others)

    def _neighbour(self, hit: Hit, other: Hit) -> bool:
        known = any(map(_is_known, other.meanings))
        first, second = sorted((hit, other), key=lambda h: h.first)
        between = self._units[first.last : second.first]
        joined = 0 < len(between) <= CLOSE - 3 and all(
            u.key == "," or u.key in self._words.conjunctions for u in between
        )
        return known and joined

    def _place(self, hit: Hit, meanings: Sequence[Meaning]) -> Place:
        """Make the place: the largest meaning, with the namesakes of other regions as `others`."""
        first, last = self._units[hit.first].token, self._units[hit.last - 1].token + 1
        district = self._is(hit.last, self._words.district)
        ranked = sorted(meanings, key=lambda m: -m.population)
        made = [Place(m.name, m.region, m.country, m.kind, first, last) for m in ranked]
        if district:
            made = [replace(p, kind="district") if p.kind == "settlement" else p for p in made]
        others = tuple(p for p in made[1:] if p.region != made[0].region)
        return replace(made[0], others=others)
