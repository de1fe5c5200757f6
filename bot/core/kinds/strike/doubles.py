"""A night's figure told twice in an item, once in words that leave open whose it is.

"ВКС нанесли удар, ПВО сбила 86 дронов" says no more than that drones were shot down; another line says over which country.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.core.kinds.strike.figures import PEOPLE, Figure
from bot.core.kinds.strike.night import names_country
from bot.core.kinds.strike.sightings import MANY, Sighting

COUNTRIES = ("UA", "RU")


def told_once(found: Sequence[Sighting]) -> tuple[Sighting, ...]:
    """Return the sightings without a figure of weapons that another line gives to the whole country, or by name to the other."""
    nights = [(seen, figure) for seen in found if seen.region in COUNTRIES for figure in _night(seen)]
    whole = {(seen.attacker, *_value(figure)) for seen, figure in nights}
    named = {(seen.region, *_value(figure)) for seen, figure in nights if _is_named(seen, figure)}
    return tuple(_only_own(found, whole, named)) if whole else tuple(found)


def _only_own(
    found: Sequence[Sighting], whole: set[tuple[str, str, int]], named: set[tuple[str, str, int]]
) -> Iterator[Sighting]:
    for seen in found:
        own = tuple(figure for figure in seen.figures if not _is_other(seen, figure, whole, named))
        if own or not seen.figures:
            yield seen if own == seen.figures else replace(seen, figures=own)


def _is_other(
    seen: Sighting, figure: Figure, whole: set[tuple[str, str, int]], named: set[tuple[str, str, int]]
) -> bool:
    if figure not in _night(seen):
        return False
    if seen.region not in COUNTRIES:
        return (seen.attacker, *_value(figure)) in whole
    other = COUNTRIES[1 - COUNTRIES.index(seen.region)]
    return (other, *_value(figure)) in named and not _is_named(seen, figure)


def _night(seen: Sighting) -> tuple[Figure, ...]:
    """Return the figures of weapons of a sighting that are too large to be the same by chance."""
    return tuple(figure for figure in seen.figures if figure.slot not in PEOPLE and figure.value >= MANY)


def _value(figure: Figure) -> tuple[str, int]:
    return figure.slot, figure.value


def _is_named(seen: Sighting, figure: Figure) -> bool:
    return seen.region in COUNTRIES and names_country(seen.line, figure) == seen.region
