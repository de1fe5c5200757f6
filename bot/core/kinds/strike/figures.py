"""One number with its meaning, and the arithmetic of numbers that are given in parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.kinds.strike.lines import Line
from bot.core.text.document import Mark, Number

PEOPLE = ("killed", "injured")
"""The slots that count people."""
PAIR = 2
"""Two equal figures are two groups of as many; a total needs two parts besides itself."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A value for a slot, where it stands, and by which rule.

    `sums` makes slots of two more names: "all_drones" says that all were stopped, "but_drones" how many were not.
    It is `weak` where the line says that it no longer holds, `each` where it is told of several regions singly, `whole`
    where the line goes on to break it down by places; `place_at` is where the place stands that its words bind it to.
    """

    slot: str
    value: int
    first: int
    last: int
    rule: str
    weak: bool = False
    each: bool = False
    whole: bool = False
    place_at: int = -1


def total(values: Sequence[int]) -> int:
    """Return the sum, where the first or last is not itself the sum of the others.

    >>> total([460, 292, 168]), total([2, 2]), total([6, 9, 3])
    (460, 4, 18)
    """
    given = [value for value in (values[0], values[-1]) if 2 * value == sum(values) and len(values) > PAIR]
    return given[0] if given else sum(values)


def distance(number: Number, mark: Mark) -> int:
    """Return how many tokens lie between a number and a mark."""
    return max(mark.first - number.last, number.first - mark.last, 0)


def next_mark(line: Line, number: Number, reach: int, *concepts: str) -> Mark | None:
    """Return the first mark of these concepts that begins within `reach` tokens after a number, in its noun phrase."""
    ends = {other.first for other in line.sentence.numbers if other.first >= number.last}
    ends |= {mark.first for mark in line.spans("preposition")}
    for at in range(number.last, min(number.last + reach, len(line.phrases))):
        if at in ends or line.phrase(at) != line.phrase(number.first):
            return None
        if found := next((mark for mark in line.spans(*concepts) if mark.first == at), None):
            return found
    return None
