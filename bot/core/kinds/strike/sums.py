"""The figures of one event out of all its lines: which of them hold, what adds up, and in whose words they stand.

Of launched and stopped weapons the highest count holds, where the entries of a list and what was jammed besides are added
up; "all" and "all but two" are worked out from the count beside them. Of people the highest figure that still holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bot.core.kinds.strike.figures import PEOPLE, Figure
from bot.core.kinds.strike.sightings import Sighting

FLOWN = ("drones", "missiles")
Told: TypeAlias = tuple[Sighting, Figure]


@dataclass(frozen=True, slots=True)
class Sum:
    """The value of a slot and the figures, with their lines, that it was made of."""

    value: int
    told: tuple[Told, ...]


def sums(group: Sequence[Sighting]) -> Mapping[str, Sum]:
    """Return what the lines of one event together say of every slot that they give."""
    found: dict[str, Sum | None] = {slot: _people(group, slot) for slot in PEOPLE}
    if _is_elsewhere(found["killed"], found["injured"]):
        found["killed"] = None
    if found["injured"] and found["injured"].value == 1 and any(seen.line.has("died_later") for seen in group):
        found["injured"] = None
    for weapon in FLOWN:
        launched, stopped = _counted(group, weapon), _counted(group, f"{weapon}_downed")
        found[weapon], found[f"{weapon}_downed"] = _settled(group, weapon, launched, stopped)
    return {slot: each for slot, each in found.items() if each is not None}


def _is_elsewhere(killed: Sum | None, injured: Sum | None) -> bool:
    """Return whether "nobody was hurt" was said of one spot only, as somebody was hurt at another."""
    if not (killed and injured and injured.value) or killed.value:
        return False
    return all(figure.rule == "casualties.unhurt" and not _names_dead(seen, figure) for seen, figure in killed.told)


def _names_dead(seen: Sighting, figure: Figure) -> bool:
    """Return whether the very words are about the dead: "no victims"."""
    marks = seen.line.sentence.marks.of("killed")
    return any(figure.first <= mark.first < figure.last for mark in marks)


def is_mere_sum(group: Sequence[Sighting], regions: Iterable[Sequence[Sighting]], *, several: bool) -> bool:
    """Return whether a country's figures are no more than those of one region told again: a headline's "two killed".

    With `several`, a toll may be that of several regions added up, as in a country that names no toll of its nights.
    """
    whole = sums(group)
    if not whole or any(seen.hit for seen in group):
        return False
    each = [sums(region) for region in regions]
    shares = {slot: [part[slot].value for part in each if slot in part] for slot in whole}
    toll = several and all(slot in PEOPLE for slot in whole)
    return all(sum(shares[slot]) == whole[slot].value and (toll or len(shares[slot]) == 1) for slot in whole)


def _told(group: Sequence[Sighting], slot: str) -> list[Told]:
    return [(seen, figure) for seen in group for figure in seen.figures if figure.slot == slot]


def _settled(
    group: Sequence[Sighting], weapon: str, launched: Sum | None, stopped: Sum | None
) -> tuple[Sum | None, Sum | None]:
    """Return launched and stopped where each may tell the other: "all of them", "all but two"; more than all is no count."""
    missed = _told(group, f"but_{weapon}")
    if _told(group, f"all_{weapon}") and not missed:
        launched, stopped = launched or stopped, stopped or launched
    if missed and launched and not stopped and launched.value > missed[0][1].value:
        stopped = Sum(launched.value - missed[0][1].value, (*launched.told, missed[0]))
    if launched and stopped and launched.value < stopped.value:
        launched = None
    return launched, stopped


def _counted(group: Sequence[Sighting], slot: str) -> Sum | None:
    """Return the highest count: a line's own, with what the lines of a list or the next line's jammed ones add."""
    best: Sum | None = None
    for run in _runs(_told(group, slot)):
        found = Sum(sum(figure.value for _, figure in run), tuple(run))
        best = found if best is None or found.value > best.value else best
    return best


def _runs(told: Iterable[Told]) -> Iterator[list[Told]]:
    run: list[Told] = []
    for seen, figure in told:
        if run and not _adds(run[-1], (seen, figure)):
            yield run
            run = []
        run.append((seen, figure))
    if run:
        yield run


def _adds(before: Told, here: Told) -> bool:
    """Return whether a figure comes on top of the one before: the next entry of a list, or what was jammed besides."""
    line = before[0].line.sentence
    follows = here[0].at == before[0].at + 1
    return follows and (here[1].rule == "weapons.jammed" or line.text.endswith(";"))


def _is_unsettled(group: Sequence[Sighting], slot: str) -> bool:
    """Return whether the item says that the figures of a slot differ: "accounts of the wounded vary"."""
    lines = (seen.line for seen in group if seen.line.has("unsettled"))
    return any(line.clause_has(mark.first, slot) for line in lines for mark in line.spans("unsettled"))


def _people(group: Sequence[Sighting], slot: str) -> Sum | None:
    """Return the highest figure that holds, settlements with figures of their own added up."""
    told = _told(group, slot)
    if not told or _is_unsettled(group, slot):
        return None
    restated = [each for each in told if each[1].rule.startswith("killed_and_injured")]
    if restated:
        return Sum(restated[-1][1].value, (restated[-1],))
    lowered = [(seen, figure) for seen, figure in told if seen.line.has("lowered")]
    if lowered and group[0].line.lead:
        return Sum(lowered[0][1].value, (lowered[0],))
    most: dict[str, Told] = {}
    for seen, figure in [each for each in told if not each[1].weak] or told:
        if seen.place not in most or figure.value > most[seen.place][1].value:
            most[seen.place] = (seen, figure)
    named = [each for place, each in most.items() if place]
    added = sum(figure.value for _, figure in named)
    whole = most.get("")
    if whole and whole[1].value >= added:
        return Sum(whole[1].value, (whole,))
    return Sum(added, tuple(named)) if named else None
