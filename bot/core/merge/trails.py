"""What was shown of an event, one value after the other: the stuff of its history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TypeAlias

from bot.core.model import Fact, FactChange, Origin, Ruling

Trail: TypeAlias = tuple["Shown", ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A value that is shown from a moment on: an origin brought it, or (None) an editor set it."""

    value: Fact | None
    at: datetime
    origin: Origin | None = None


def steps(shown: Iterable[Shown]) -> Trail:
    """Return the values that differ from the one before."""
    kept: list[Shown] = []
    for each in shown:
        if not kept or kept[-1].value != each.value:
            kept.append(each)
    return tuple(kept)


def corrected(trail: Trail, rulings: Sequence[Ruling]) -> Trail:
    """Return the trail with what editors set, which from then on no report changes."""
    if not rulings:
        return trail
    before = (shown for shown in trail if shown.at <= rulings[0].at)
    return (*before, *(Shown(_plain(ruling.value), ruling.at) for ruling in rulings))


def _plain(value: Fact | None) -> Fact | None:
    return tuple(sorted(set(value))) if isinstance(value, tuple) else value


def history(trails: Mapping[str, Trail], sets: frozenset[str], founder: Origin) -> tuple[FactChange, ...]:
    """Return what the shown values changed to, oldest first; a count that a later item adds is a change too.

    That one of `sets` fills up is no change of what was told before, unless an editor set it.
    """
    told = (step for name, trail in trails.items() for step in _changes(name, trail, founder))
    kept = (step for step in told if step.corrected or step.slot not in sets)
    return tuple(sorted(kept, key=lambda step: (step.at, step.slot)))


def _changes(name: str, trail: Trail, founder: Origin) -> Iterator[FactChange]:
    first = trail[0] if trail else None
    if first and (first.origin is None or (isinstance(first.value, int) and first.origin != founder)):
        yield step_to(name, None, first)
    for shown, later in pairwise(trail):
        yield step_to(name, shown.value, later)


def step_to(name: str, before: Fact | None, later: Shown) -> FactChange:
    """Return the change to a value that is shown from now on; one that an editor made has no source."""
    source = later.origin.name if later.origin else ""
    return FactChange(name, before, later.value, later.at, source, corrected=later.origin is None)
