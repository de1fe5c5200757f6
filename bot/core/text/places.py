"""Where a text says something is: how the names of the gazetteer are told from plain words and from each other.

A name counts when it is written as one (a capital letter), when what stands around it allows a place, and in the
meaning that the sentence suggests: the named region first, then the larger settlement. The words that decide about the
surroundings are data of each language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.core.text.document import Place, Token
from bot.core.text.placeindex import (
    FAR_LARGER,
    KNOWN_POPULATION,
    LARGE_POPULATION,
    Hit,
    Meaning,
    Names,
    Part,
    PlaceWords,
    find_hits,
    fitting,
    is_adjective,
    is_known,
    is_village,
    largest,
)
from bot.core.text.placenames import split

LONGEST_LIST = 12
LONGEST_JOINT = 4
"""Parts between a name and the word for all regions of its list, and between two names of one list."""
CAPITAL_POPULATION = 2_000_000
SHORT = 4
"""Letters of a name that is rather a plain word at the beginning of a sentence."""
CLOSE = 12
NEXT = 2
"""Parts between an airfield's name and the word for one, and between a village and its region."""
NEARER = 10
"""How much more a namesake in the language's own country weighs."""
NOUNS = re.compile(" (Oblast|Krai)$")
OPENING = frozenset("«\"“„'")
CLOSING = frozenset("»\"”“'")
BEFORE = OPENING | {"."}
JOINING = OPENING | CLOSING | {","}


@dataclass(frozen=True, slots=True)
class Region:
    """A first-level region: ISO 3166-2 code and its name in each language of the interface."""

    code: str
    names: Mapping[str, str]


class Gazetteer:
    """Finds places in the tokens of one sentence. What it remembers between calls only saves time."""

    def __init__(self, names: Mapping[str, Names]) -> None:
        self._names = names

    def find(self, tokens: Sequence[Token], language: str) -> tuple[Place, ...]:
        """Find all places of a sentence in the order of the text; a language without tables has none."""
        names = self._names.get(language)
        if names is None:
            return ()
        parts, owners = _split(tokens, names)
        starts = [at for at, part in enumerate(parts) if part.begins]
        hits = tuple(find_hits(parts, starts, names)) if starts else ()
        return tuple(_Reading(parts, owners, hits, names.words).places()) if hits else ()

    def alternatives(self, name: str, language: str = "en") -> tuple[Meaning, ...]:
        """List what a name in its first form may stand for, the largest first."""
        names = self._names.get(language)
        key = " ".join(map(names.fold, split(name))) if names else ""
        found = names.meanings.get(key, ()) if names else ()
        return tuple(sorted((m for m in found if not is_adjective(m)), key=lambda m: -m.population))


def agree(sentences: Sequence[tuple[Place, ...]]) -> tuple[tuple[Place, ...], ...]:
    """Choose again where a name is shared: a region that the whole text names for certain settles it."""
    certain = {place.region for places in sentences for place in places if place.region and not place.others}
    return tuple(tuple(_agreeing(place, certain) for place in places) for places in sentences)


def _agreeing(place: Place, regions: set[str]) -> Place:
    if not place.others or place.region in regions:
        return place
    better = next((other for other in place.others if other.region in regions), None)
    if better is None:
        return place
    rest = tuple(other for other in place.others if other is not better)
    return replace(better, others=(replace(place, others=()), *rest))


def _split(tokens: Sequence[Token], names: Names) -> tuple[list[Part], list[int]]:
    """Give the parts of all tokens and whose they are; hyphens are no parts."""
    pairs = [
        (part, index) for index, token in enumerate(tokens) for part in (token.memo.get(names) or names.parts(token))
    ]
    return [part for part, _ in pairs], [index for _, index in pairs]


class _Reading:
    """One sentence being read: its parts, the runs that names fit, and the words of its language."""

    def __init__(self, parts: Sequence[Part], owners: Sequence[int], hits: tuple[Hit, ...], words: PlaceWords) -> None:
        self._parts = parts
        self._owners = owners
        self._hits = hits
        self._words = words
        self._regional = self._regional_hits()
        self._in_lists = self._lists()
        self._areas: dict[Hit, Place | None] = {}

    def places(self) -> Iterable[Place]:
        """Read every hit; regions first, because they settle what a shared name means."""
        regions = self._areas = {hit: self._region(hit) for hit in self._hits}
        named = {place.region for place in regions.values() if place}
        settled = [regions[hit] or self._settlement(hit, named) for hit in self._hits]
        sure = named | {place.region for place in settled if place and place.region and not place.others}
        agreed = [_agreeing(place, sure) for place in settled if place]
        countries = {place.country for place in agreed if place.region and place.kind != "district"}
        for place in agreed:
            if place.kind != "district" or not countries or place.country in countries:
                yield place

    def _regional_hits(self) -> frozenset[Hit]:
        """Mark the hits that a word for a region follows, going back through lists ("Kursk and Bryansk regions")."""
        marked: set[Hit] = set()
        for hit, following in reversed([*pairwise(self._hits), *((hit, None) for hit in self._hits[-1:])]):
            joined = following is not None and following in marked and self._joined(hit, following)
            if self._is(hit.last, self._words.plural, self._words.region) or self._of_region(hit) or joined:
                marked.add(hit)
        return frozenset(marked)

    def _joined(self, hit: Hit, following: Hit) -> bool:
        """Tell whether two hits stand in one list whose end names regions."""
        between = self._parts[hit.last : following.first]
        if len(between) > LONGEST_LIST or not all(map(self._joins, between)):
            return False
        return self._plural_after(following) or all(meaning.use == "head" for meaning in hit.meanings)

    def _joins(self, part: Part) -> bool:
        return part.key in JOINING or part.key in self._words.conjunctions

    def _plural_after(self, hit: Hit) -> bool:
        return any(part.key in self._words.plural for part in self._parts[hit.last : hit.last + LONGEST_LIST])

    def _of_region(self, hit: Hit) -> bool:
        """Tell "the region of Rivne"."""
        return self._key(hit.first - 1) in self._words.of and self._is(hit.first - 2, self._words.region)

    def _is(self, at: int, *words: frozenset[str]) -> bool:
        """Tell whether the part at a position is one of the words, in any form."""
        if not 0 <= at < len(self._parts):
            return False
        forms = self._parts[at].forms
        return any(not some.isdisjoint(forms) for some in words)

    def _key(self, at: int) -> str:
        return self._parts[at].key if 0 <= at < len(self._parts) else ""

    def _region(self, hit: Hit) -> Place | None:
        """Read a hit as a region or country, where it is one."""
        heads = [meaning for meaning in hit.meanings if meaning.use == "head"]
        if heads and hit in self._regional:
            return self._place(hit, heads[:1])
        whole = [m for m in hit.meanings if m.kind in {"region", "country"} and m.use == "name"]
        return self._place(hit, whole[:1]) if whole else None

    def _settlement(self, hit: Hit, named: set[str]) -> Place | None:
        """Read a hit as a settlement, district, airfield or facility, or an adjective as its region."""
        if self._something_else(hit) or self._elsewhere(hit) or self._person(hit):
            return None
        adjective = self._rather_adjective(hit, named)
        meant = [m for m in hit.meanings if m.use != "named" or m.region in named]
        found = self._usable(hit, [m for m in meant if is_adjective(m) or not adjective])
        names = [meaning for meaning in found if not is_adjective(meaning)]
        if names and len(names) == len(found) and not self._shown(hit, names, named):
            return None
        chosen = fitting(names or found, named)
        if not chosen or (self._before_district(hit) and named and all(m.region not in named for m in chosen)):
            return None
        return self._in_city(hit, self._place(hit, self._within(hit, chosen)))

    def _in_city(self, hit: Hit, place: Place) -> Place:
        """Put a district that the tables know only elsewhere into the city named after it: «Советский район Казани»."""
        if place.kind != "district":
            return place
        after = hit.last if self._is(hit.last - 1, self._words.district) else self._list_end(hit) + 1
        cities = (hit for hit in self._hits if hit.first == after and hit not in self._regional)
        found = [meaning for hit in cities for meaning in hit.meanings]
        city = max(filter(is_known, found), key=lambda meaning: meaning.population, default=None)
        if city is None or city.region in {place.region, *(other.region for other in place.others)}:
            return place
        return replace(place, region=city.region, country=city.country, others=())

    def _within(self, hit: Hit, meanings: list[Meaning]) -> list[Meaning]:
        """Put a village into the region said right after it, where the tables know it only elsewhere."""
        area = next((area for other, area in self._areas.items() if area and self._follows(hit, other)), None)
        if area is None or not area.region or any(not is_village(m) or m.region == area.region for m in meanings):
            return meanings
        return [replace(meanings[0], region=area.region, country=area.country)]

    def _follows(self, hit: Hit, other: Hit) -> bool:
        between = self._parts[hit.last : other.first]
        return 0 <= other.first - hit.last <= NEXT and all(
            p.key == "," or p.key in self._words.located for p in between
        )

    def _before_district(self, hit: Hit) -> bool:
        one = self._is(self._list_end(hit), self._words.district) or self._among_districts(hit)
        return one and not self._after_settlement_word(hit)

    def _among_districts(self, hit: Hit) -> bool:
        """Tell a name of a list that ends in districts: "the Nikopol and Pavlohrad districts"."""
        for left, right in pairwise(each for each in self._hits if each.first >= hit.first):
            if not self._words.districts or not self._adjoins(left, right):
                return False
            if self._key(right.last) in self._words.districts:
                return True
        return False

    def _rather_adjective(self, hit: Hit, named: set[str]) -> bool:
        """Tell «на Донецькому» (the front) from a village called Донецьке."""
        names = [meaning for meaning in hit.meanings if not is_adjective(meaning)]
        if self._after_settlement_word(hit) or any(meaning.region in named for meaning in names):
            return False
        heads = {meaning.region for meaning in hit.meanings if meaning.use == "head"}
        if heads and not any(m.region in heads or m.population >= LARGE_POPULATION for m in names):
            return True
        if len(names) == len(hit.meanings) or any(map(is_known, names)) or (hit.exact and self._listed(hit)):
            return False
        return bool(heads) or self._facility(hit) or self._before_district(hit)

    def _usable(self, hit: Hit, meanings: Sequence[Meaning]) -> list[Meaning]:
        """Keep the meanings that the surroundings allow, the most telling ones only."""
        if self._before_district(hit):
            found = [m for m in meanings if is_adjective(m) and not m.name.endswith("Krai")]
            return found or [m for m in meanings if not is_adjective(m)]
        if self._facility(hit):
            return [m for m in meanings if m.use == "adjective"] or list(meanings)
        near_base = self._near_base(hit)
        allowed = [m for m in meanings if m.use in {"name", "located", "named"} or (m.use == "base" and near_base)]
        airfields = [m for m in allowed if m.kind == "airfield" and near_base]
        return airfields or allowed or self._alone(meanings)

    def _alone(self, meanings: Sequence[Meaning]) -> list[Meaning]:
        """Read an adjective without a noun for a region, «белгородский губернатор»; a capital's says nothing."""
        cities = {m.region for m in meanings if m.population >= CAPITAL_POPULATION}
        heads = [m for m in meanings if m.use == "head" and self._words.facility]
        return heads if cities <= {m.region for m in heads} else []

    def _near_base(self, hit: Hit) -> bool:
        """Tell whether a word for an airfield is near, or an airfield that needs none is named."""
        near = range(hit.first - CLOSE, hit.last + CLOSE)
        if not any(meaning.kind == "airfield" for meaning in hit.meanings):
            return False
        sure = any(m.kind == "airfield" and m.use == "name" for other in self._hits for m in other.meanings)
        return sure or any(self._is(at, self._words.base) for at in near)

    def _facility(self, hit: Hit) -> bool:
        return any(self._is(at, self._words.facility) for at in range(hit.last, self._list_end(hit) + 2))

    def _list_end(self, hit: Hit) -> int:
        """Go past the other adjectives of a list: «Рязанський та Сизранський НПЗ»."""
        at = hit.last
        while self._key(at) and self._is_adjective_run(hit, at):
            at += 1
        return at

    def _is_adjective_run(self, hit: Hit, at: int) -> bool:
        part = self._parts[at]
        return self._parts[hit.last - 1].adjective and (self._joins(part) or part.adjective)

    def _something_else(self, hit: Hit) -> bool:
        """Tell a street, a sea, a newspaper ("Kyiv Post"), and words that are never places."""
        before = hit.first - 1 - (self._key(hit.first - 1) == ".")
        single = hit.last - hit.first == 1
        never = single and self._key(hit.first) in self._words.never
        river = single and self._is(hit.first, self._words.rivers) and self._is(before, self._words.banks)
        end = self._list_end(hit)
        named_after = self._is(before, self._words.streets) or self._is(end, self._words.abstract)
        belongs = all(map(is_adjective, hit.meanings)) and self._is(end + 1, self._words.abstract)
        return never or named_after or belongs or (river and not self._before_district(hit)) or self._speaks(hit)

    def _speaks(self, hit: Hit) -> bool:
        """Tell a capital that stands for its government: "Moscow says"."""
        capital = largest(hit.meanings) >= CAPITAL_POPULATION and not self._located(hit, wary=True)
        return capital and self._key(hit.last) in self._words.speech

    def _elsewhere(self, hit: Hit) -> bool:
        """Tell a namesake abroad: "Odessa, Texas"."""
        return self._key(hit.last) == "," and self._key(hit.last + 1) in self._words.elsewhere

    def _person(self, hit: Hit) -> bool:
        """Tell a surname after a title, a given name or an initial, and a given name before a surname."""
        single = hit.last - hit.first == 1
        if not self._capital(hit.first):
            return False
        if single and self._is(hit.first, self._words.given) and self._capital(hit.last):
            return True
        initial = self._key(hit.first - 1) == "." and len(self._key(hit.first - 2)) == 1
        named = self._is(hit.first - 1, self._words.given) and self._capital(hit.first - 1)
        return (initial and self._capital(hit.first - 2)) or named or self._titled(hit)

    def _capital(self, at: int) -> bool:
        return 0 <= at < len(self._parts) and self._parts[at].capital

    def _titled(self, hit: Hit) -> bool:
        known = any(map(is_known, hit.meanings)) or self._facility(hit)
        return not known and self._is(hit.first - 1, self._words.titles)

    def _shown(self, hit: Hit, meanings: Sequence[Meaning], named: set[str]) -> bool:
        """Tell whether a name is plainly a place here: known, located, in a list of places or in a named region."""
        wary = self._wary(hit, meanings)
        if wary and self._capital(hit.last) and not self._after_settlement_word(hit):
            return False
        if not wary and any(map(is_known, meanings)):
            return True
        if self._located(hit, wary=wary) or self._listed(hit) or self._is_district(hit):
            return True
        return not wary and (hit.first > 0 or hit.exact) and any(meaning.region in named for meaning in meanings)

    def _is_district(self, hit: Hit) -> bool:
        """Tell a city's district by the word for one, or by its city beside it."""
        if any(self._is(at, self._words.district) for at in (hit.last - 1, hit.last)):
            return True
        own = {meaning.region for meaning in hit.meanings if meaning.kind == "district"}
        return any(m.region in own and is_known(m) for other in self._hits if other != hit for m in other.meanings)

    def _wary(self, hit: Hit, meanings: Sequence[Meaning]) -> bool:
        """Tell a name that is a plain word too, a short one that opens the sentence, or one in quotation marks."""
        quoted = self._key(hit.first - 1) in OPENING and self._key(hit.last) in CLOSING
        if meanings[0].kind == "airfield" or hit.last - hit.first > 1:
            return quoted and meanings[0].kind == "settlement"
        short = hit.first == 0 and len(self._key(0)) <= SHORT and largest(meanings) < KNOWN_POPULATION * 2
        return quoted or short or self._is(hit.first, self._words.wary) or all(m.use == "located" for m in meanings)

    def _located(self, hit: Hit, *, wary: bool) -> bool:
        at = hit.first - 1
        signs = {"."} if wary else BEFORE
        while self._key(at) in signs or self._key(at) in self._words.articles or self._is(at, self._words.passed):
            at -= 1
        return self._key(at) in self._words.located or self._after_settlement_word(hit)

    def _after_settlement_word(self, hit: Hit) -> bool:
        before = self._key(hit.first - 1)
        passed = before in BEFORE or before in self._words.articles or before in self._words.of
        return self._is(hit.first - 1 - passed, self._words.settlement)

    def _listed(self, hit: Hit) -> bool:
        """Tell a name that stands in one list with a known place."""
        return hit in self._in_lists

    def _lists(self) -> frozenset[Hit]:
        """Collect the hits of all lists that hold a known place and more."""
        chain: list[Hit] = []
        collected: set[Hit] = set()
        for hit in self._hits:
            if chain and not self._adjoins(chain[-1], hit):
                chain = []
            chain.append(hit)
            if len(chain) > 1 and any(is_known(meaning) for each in chain for meaning in each.meanings):
                collected.update(chain)
        return frozenset(collected)

    def _adjoins(self, left: Hit, right: Hit) -> bool:
        between = self._parts[left.last : right.first]
        return 0 < len(between) <= LONGEST_JOINT and all(map(self._joins, between))

    def _place(self, hit: Hit, meanings: Sequence[Meaning]) -> Place:
        """Make the place: the largest meaning, with the namesakes of other regions as `others`, unless far smaller."""
        first, last = self._owners[hit.first], self._owners[hit.last - 1] + 1
        home = self._words.home
        ranked = sorted(meanings, key=lambda meaning: -meaning.population * (NEARER if meaning.country in home else 1))
        least = ranked[0].population // FAR_LARGER if ranked[0].population > 2 * KNOWN_POPULATION else -1
        near = [meaning for meaning in ranked if meaning.population >= least or meaning.kind != "settlement"]
        made = [Place(m.name, m.region, m.country, m.kind, first, last) for m in near]
        if self._before_district(hit):
            made = [replace(place, name=NOUNS.sub("", place.name), kind="district") for place in made]
        others = {place.region: place for place in reversed(made) if place.region != made[0].region}
        return replace(made[0], others=tuple(reversed(others.values())))
