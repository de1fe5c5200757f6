"""The words that a report rests on: one quotation for its day, for every fact, and for a contradiction.

The rules read lines one after the other and take over what earlier ones named. Which words carry a fact is asked here,
afterwards: the lines of the event itself come first, then all others of the item in their order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from bot.core.kinds.strike.lines import Line
from bot.core.kinds.strike.sightings import Sighting
from bot.core.kinds.strike.when import told_day
from bot.core.kinds.strike.where import AROUND, CAPITALS
from bot.core.model import Evidence, Fact

SIDES = {
    "RU": ("ru_attacker", "ua_defence", "ru_side"),
    "UA": ("ua_attacker", "ru_defence", "occupied"),
}
"""Concepts by which a line names the attacker, the plainest first."""


def quoted(
    facts: Mapping[str, Fact], day: date, group: Sequence[Sighting], lines: Sequence[Line], *, disputed: bool
) -> tuple[Evidence, ...]:
    """Return what carries a report's places, sides, targets, contradiction and day in the text; figures bring their own."""
    own = tuple({id(seen.line): seen.line for seen in group}.values())
    rows = (*own, *(line for line in lines if not any(line is each for each in own)))
    main = _Whole(own[0])
    told = list(_of_names(facts, rows, own, main))
    if disputed:
        told.append(next(_marked(own, "disputed", "dispute"), main("disputed", "dispute")))
    return (*told, _of_day(day, rows, main))


class _Whole:
    """Quotes a whole line for what it only implies."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def __call__(self, slot: str, rule: str) -> Evidence:
        return self._line.sentence.evidence(slot, rule, 0, len(self._line.sentence.tokens))


def _of_names(facts: Mapping[str, Fact], rows: Sequence[Line], own: Sequence[Line], main: _Whole) -> Iterator[Evidence]:
    region, attacker = str(facts["region"]), str(facts["attacker"])
    placed = next(_of_region(rows, region), None)
    yield placed or main("region", "where.implied")
    named = next(_marked(own, "attacker", *SIDES[attacker]), None) or next(
        _marked(rows, "attacker", SIDES[attacker][0]), None
    )
    yield named or main("attacker", "where.implied")
    for name in _names(facts, "places"):
        yield next(_of_place(rows, name), main("places", "where.implied"))
    for name in _names(facts, "targets"):
        concepts = (f"target_{name}", *(("target_plant",) if name == "industrial" else ()))
        yield next(_marked(own, "targets", *concepts), main("targets", "targets.implied"))


def _names(facts: Mapping[str, Fact], slot: str) -> tuple[str, ...]:
    value = facts.get(slot, ())
    return value if isinstance(value, tuple) else ()


def _of_region(rows: Sequence[Line], region: str) -> Iterator[Evidence]:
    for line in rows:
        for place in line.sentence.places:
            if region in (place.region, AROUND.get(place.region), place.region or place.country):
                yield line.sentence.evidence("region", f"where.{place.kind}", place.first, place.last)
    if region in CAPITALS:
        yield from _marked(rows, "region", "capital")


def _of_place(rows: Sequence[Line], name: str) -> Iterator[Evidence]:
    for line in rows:
        for place in line.sentence.places:
            if place.name == name:
                yield line.sentence.evidence("places", f"where.{place.kind}", place.first, place.last)
    if name in CAPITALS.values():
        yield from _marked(rows, "places", "capital")


def _marked(rows: Sequence[Line], slot: str, *concepts: str) -> Iterator[Evidence]:
    for line in rows:
        for concept in concepts:
            for mark in line.spans(concept):
                yield line.sentence.evidence(slot, f"{slot}.{concept}", mark.first, mark.last)


def _of_day(day: date, rows: Sequence[Line], main: _Whole) -> Evidence:
    """Return the words that give the day; where none do it is the item's own, and the main fact is quoted for it."""
    for line in rows:
        for background in (False, True):
            told = told_day(line, line.today, background=background)
            if told and told.day == day:
                return line.sentence.evidence("date", f"when.{told.rule}", told.first, told.last)
    return main("date", "when.published")
