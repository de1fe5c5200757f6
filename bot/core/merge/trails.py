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


def steps(values: Iterable[tuple[Fact, Origin]]) -> Trail:
    """Return those of the values and who brought them that differ from the one before."""
    kept: list[Shown] = []
    for value, origin in values:
        if not kept or kept[-1].value != value:
            kept.append(Shown(value, origin.published, origin))
    return tuple(kept)


def corrected(trail: Trail, rulings: Sequence[Ruling]) -> Trail:
    """Return the trail with what editors set, which from then on no report changes."""
    if not rulings:
        return trail
    before = (shown for shown in trail if shown.at <= rulings[0].at)
    ruled = ((ruling, ruling.value) for ruling in rulings)
    return (*before, *(Shown(None if value is None else canonical(value), ruling.at) for ruling, value in ruled))


def canonical(value: Fact) -> Fact:
    """Return a value in the one form in which it is shown: a set without repeats, in order."""
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
    if first and first.value is not None and _is_added(first, founder):
        yield step_to(name, None, first)
    for shown, later in pairwise(trail):
        if shown.value != later.value:
            yield step_to(name, shown.value, later)


def _is_added(first: Shown, founder: Origin) -> bool:
    """Tell whether a first value is a change: an editor set it, or a later item brought a count."""
    return first.origin is None or (isinstance(first.value, int) and first.origin != founder)


def step_to(name: str, before: Fact | None, later: Shown) -> FactChange:
    """Return the change to a value that is shown from now on; one that an editor made has no source."""
    source = later.origin.name if later.origin else ""
    return FactChange(name, before, later.value, later.at, source, corrected=later.origin is None)
