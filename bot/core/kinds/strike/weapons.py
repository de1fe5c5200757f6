"""How many drones and missiles were launched and how many of them stopped, as a line tells it.

A number gets its weapon from the noun behind it, or from the last weapon named; it is launched or stopped by the verb of
its clause, or of the clause before. Shot down, jammed and lost from radar are summed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from bot.core.kinds.strike.fate import fate_of
from bot.core.kinds.strike.figures import PAIR, Figure, next_mark, total
from bot.core.kinds.strike.lines import WEAPONS, Line
from bot.core.kinds.strike.nouns import OTHER, inherited, next_mark_of, weapon_behind, weapon_of
from bot.core.text.document import Mark, Number
from bot.core.text.lexicon import Match

SLOTS = {
    ("drone", "launched"): "drones",
    ("missile", "launched"): "missiles",
    ("drone", "stopped"): "drones_downed",
    ("missile", "stopped"): "missiles_downed",
}
LISTED = ("tally", "share", "each")
"""Rules of the figures of a list of regions, which by themselves make no event of a region."""
ONE = "one_missile"
"""The rule of a missile that hit one place, which is no share of a night's."""
SWARM = 10
"""With how many drones at least one missile is launched on the whole country."""

Makes: TypeAlias = tuple[tuple[str, int], ...]
"""How many weapons of every make a line counts, by every form of the name."""


def weapons(line: Line, carried: str, before: Makes = ()) -> tuple[Figure, ...]:
    """Return the figures of a line.

    `carried` is the weapon that the line before spoke of, or ""; `before` how many of every make were `listed` in it.
    """
    ratios = (*_ratios(line, carried), *_tallied(line, carried), *_risen(line, carried))
    taken = {at for figure in ratios for at in range(figure.first, figure.last)}
    parts: dict[str, list[Number]] = defaultdict(list)
    for number in line.counts():
        if number.first not in taken and (slot := _slot(line, number, carried, parts)):
            parts[slot].append(number)
    for slot, number in _all_of_a_make(line, before) if before else ():
        parts[slot].append(number)
    summed = [_summed(line, slot, numbers) for slot, numbers in parts.items()]
    counted = (*ratios, *(_added(line, figure, ratios) for figure in summed))
    rest = _rest(line, parts) if "weapons" in parts else ()
    lone = (*rest, *_lone_missile(line, counted), *_one_missile(line, counted))
    return (*counted, *lone, *_all_stopped(line, counted), *_all_but(line, carried))


def listed(line: Line) -> Makes:
    """Return how many of every make a line counts, by the words for it: "two Kinzhals, 38 Kh-101s and eight Kalibrs"."""
    if not line.has("drone", "missile") or len(line.counts()) < PAIR:
        return ()
    nouns = ((number, next_mark(line, number, 5, "drone", "missile")) for number in line.counts())
    return tuple((name, number.value) for number, noun in nouns if noun for name in sorted(_names(line, noun)))


def _made(line: Line, match: Match) -> Mark | None:
    """Return the weapon whose make a match captures, None where an idiom covers it."""
    first = match.captures["make"].first
    return next((mark for mark in line.spans("drone", "missile") if mark.first == first), None)


def _names(line: Line, noun: Mark) -> frozenset[str]:
    token = line.sentence.tokens[noun.last - 1]
    return token.lemmas | {token.fold}


def _all_of_a_make(line: Line, before: Makes) -> Iterator[tuple[str, Number]]:
    """Yield how many were stopped of a make that the line before counted: "35 Kh-101s and *all the Kalibrs*"."""
    stops = line.has("shot_down", "jammed") and not (line.match("all_but") or line.match("all_but_one"))
    numbered = {at for number in line.counts() for at in range(number.first, number.last)}
    for match in line.match("all_of_a_make") if stops else ():
        noun = _made(line, match)
        values = [value for name, value in before if noun and name in _names(line, noun)]
        if noun and values and numbered.isdisjoint(range(match.first, match.last)):
            number = Number(values[0], match.first, noun.last)
            if fate_of(line, number) == "stopped":
                yield SLOTS[noun.concept, "stopped"], number


def _added(line: Line, figure: Figure, ratios: Sequence[Figure]) -> Figure:
    """Return a figure with the one it comes on top of: "48 of 79 drones were shot down, *another 30* jammed"."""
    stopped = next((each for each in ratios if each.slot == figure.slot and each.rule.startswith("stopped")), None)
    launched = sum(each.value for each in ratios if f"{each.slot}_downed" == figure.slot)
    if stopped is None or stopped.value == figure.value or stopped.value + figure.value > launched:
        return figure
    if any(stopped.last <= mark.first <= figure.first for mark in line.spans("part")):
        return stopped
    return replace(figure, value=stopped.value + figure.value)


def last_weapon(line: Line) -> str:
    """Return the countable weapon that a line names first, "" where it names none."""
    return next((mark.concept for mark in line.spans("drone", "missile")), "")


def _ratios(line: Line, carried: str) -> Iterator[Figure]:
    for match in line.match("stopped_of_launched"):
        launched, stopped = match.captures["launched"], match.captures["stopped"]
        if not (isinstance(launched.value, Number) and isinstance(stopped.value, Number)):
            continue
        if stopped.value.value > launched.value.value:
            continue
        noun = next_mark(line, launched.value, 5, *WEAPONS, *OTHER)
        named = noun.concept if noun else weapon_of(line, launched.value, carried)
        weapon = weapon_behind(line, stopped.value) or named
        if weapon in ("drone", "missile"):
            yield Figure(SLOTS[weapon, "launched"], launched.value.value, match.first, match.last, match.rule)
            yield Figure(SLOTS[weapon, "stopped"], stopped.value.value, match.first, match.last, match.rule)


def _tallied(line: Line, carried: str) -> Iterator[Figure]:
    """Yield the figures of a list of regions, "11 over Tula, eight over Oryol", and of the country in such a line."""
    unsaid = not line.has("launched", "attack", "killed", "injured")
    for match in (*entries(line), *line.match("tally_all")):
        number = match.captures["n"].value
        shared = match.rule.startswith(("share", "each")) or (unsaid and match.rule.startswith("tally."))
        if isinstance(number, Number) and (shared or fate_of(line, number) == "stopped"):
            noun = next_mark(line, number, 3, *WEAPONS, *OTHER)
            weapon = noun.concept if noun else inherited(line, number) or carried or last_weapon(line)
            if weapon in ("drone", "missile"):
                each = match.rule.startswith("each")
                at = match.captures["place"].first if "place" in match.captures else -1
                slot = SLOTS[weapon, "stopped"]
                yield Figure(slot, number.value, number.first, number.last, match.rule, each=each, place_at=at)


def _risen(line: Line, carried: str) -> Iterator[Figure]:
    """Yield "the number of drones shot down has reached *19*"."""
    if line.has("killed", "injured") and not line.has("shot_down", "jammed"):
        return
    for match in line.match("downed_to"):
        number = match.captures["n"].value
        weapon = (inherited(line, number) or carried) if isinstance(number, Number) else ""
        if isinstance(number, Number) and weapon in ("drone", "missile"):
            yield Figure(SLOTS[weapon, "stopped"], number.value, match.first, match.last, match.rule)


def tally(line: Line) -> tuple[Match, ...]:
    """Return the entries of a list of regions with what was shot down over each, none where only one region has a number."""
    found = line.match("tally")
    if len(found) < 2:  # noqa: PLR2004
        return ()
    placed = {place.first for place in line.sentence.places if place.region}
    matches = tuple(match for match in found if match.captures["place"].first in placed)
    return matches if len(matches) > 1 else ()


def entries(line: Line) -> tuple[Match, ...]:
    """Return what a line says of single regions of a nationwide figure: their shares of it."""
    return *tally(line), *line.match("share"), *line.match("each")


def _slot(line: Line, number: Number, carried: str, parts: dict[str, list[Number]]) -> str:
    weapon = weapon_of(line, number, carried)
    mode = fate_of(line, number)
    if weapon == "any_weapon":
        return "weapons"
    slot = SLOTS.get((weapon, mode), "")
    opened = line.bracket(number.first)
    known = parts.get(slot, [])
    broken_down = opened >= 0 and any(other.last <= opened for other in known)
    subset = broken_down or _is_subset(line, number, known) or (mode == "launched" and _is_some(line, number, known))
    gone = line.clause_has(number.first, "background", "feared", "cumulative")
    return "" if subset or gone else slot


def _is_subset(line: Line, number: Number, known: Sequence[Number]) -> bool:
    """Return whether a number follows words for a part of one known: "48 missiles, *of which* 47 were cruise ones"."""
    here = line.phrase(number.first)
    marks = [mark for mark in line.spans("part") if line.phrase(mark.first) == here and mark.first <= number.first]
    return any(other.last < mark.first for other in known for mark in marks)


def _is_some(line: Line, number: Number, known: Sequence[Number]) -> bool:
    """Return whether a number counts some of those launched: "seven missiles, *two of them* made abroad"."""
    of_them = any(mark.first == number.last for mark in line.spans("part"))
    return of_them and any(other.last <= number.first and other.value > number.value for other in known)


def _summed(line: Line, slot: str, numbers: list[Number]) -> Figure:
    jammed = slot.endswith("downed") and line.has("jammed") and not line.has("shot_down")
    rule = "weapons.jammed" if jammed else f"weapons.{slot}"
    first, last = min(number.first for number in numbers), max(number.last for number in numbers)
    return Figure(slot, total([number.value for number in numbers]), first, last, rule)


def _lone_missile(line: Line, counted: Sequence[Figure]) -> Iterator[Figure]:
    """Yield the one missile that was launched beside a number of drones: "an Iskander-M and 105 drones"."""
    if not any(figure.slot.startswith("drones") and figure.value >= SWARM for figure in counted):
        return
    known = [figure for figure in counted if figure.slot in ("missiles", "missiles_downed")]
    for match in line.match("one_besides" if known else "lone_missile")[:1]:
        slot = "missiles" if fate_of(line, Number(1, match.last - 1, match.last)) == "launched" else "missiles_downed"
        more = [figure for figure in known if figure.slot == slot and figure.last < match.first]
        if more or not known:
            yield Figure(slot, 1 + sum(figure.value for figure in more), match.first, match.last, match.rule)


def _rest(line: Line, parts: Mapping[str, Sequence[Number]]) -> Iterator[Figure]:
    """Yield what is left of a number of weapons of all kinds: "of 367 targets 298 were drones, *the rest missiles*"."""
    whole, known = parts.get("weapons", ()), {slot: numbers for slot, numbers in parts.items() if slot != "weapons"}
    for match in line.match("rest") if len(whole) == len(known) == 1 else ():
        slot, numbers = next(iter(known.items()))
        noun = _made(line, match)
        left = whole[0].value - sum(number.value for number in numbers)
        other = SLOTS[noun.concept, "stopped" if slot.endswith("downed") else "launched"] if noun else slot
        if left > 0 and other != slot:
            yield Figure(other, left, match.first, match.last, match.rule)


def _one_missile(line: Line, counted: Sequence[Figure]) -> Iterator[Figure]:
    """Yield the one missile that is told as news without a number: "a ballistic missile hit a house"."""
    if line.has("missile") and not any(figure.slot.startswith("missiles") for figure in counted):
        yield from (Figure("missiles", 1, match.first, match.last, ONE) for match in line.match(ONE)[:1])


def _all_stopped(line: Line, counted: Sequence[Figure]) -> Iterator[Figure]:
    """Yield that all were stopped, where their number stands if it does."""
    for weapon in ("drone", "missile"):
        whole = {at for mark in line.spans("in_all") for at in range(mark.first, mark.last)}
        matches = [match for match in line.match(f"all_{weapon}s_stopped") if match.first not in whole]
        for match in matches[:1]:
            own = [each for each in counted if each.slot.startswith(f"{weapon}s")]
            figure = min(own, key=lambda each: abs(each.first - match.first)) if own else match
            yield Figure(f"all_{weapon}s", 1, figure.first, figure.last, match.rule)
            number = match.number("n")
            if number is not None:
                yield Figure(f"{weapon}s", number, figure.first, figure.last, match.rule)


def _all_but(line: Line, carried: str) -> Iterator[Figure]:
    """Yield how many of all were not stopped: "all but *two* of the missiles were shot down"."""
    for match in line.match("all_but"):
        number = match.captures["n"].value
        if isinstance(number, Number) and line.has("shot_down", "jammed"):
            noun = next_mark(line, number, 5, "drone", "missile", *OTHER) or next_mark_of(line, number)
            weapon = noun.concept if noun else inherited(line, number) or carried
            if weapon in ("drone", "missile"):
                yield Figure(f"but_{weapon}s", number.value, number.first, number.last, match.rule)
    for match in line.match("all_but_one") if line.has("shot_down", "jammed") else ():
        if noun := _made(line, match):
            yield Figure(f"but_{noun.concept}s", 1, match.first, match.last, match.rule)
