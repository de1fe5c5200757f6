"""Counts that grow: which of the tolls that are said is shown (rule 4 of `figures`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from bot.core.merge.said import CORRECTION, LAG, Said, is_nearly, is_round
from bot.core.model import Fact
from bot.core.trust import CONCERNED, OPPOSED, depend

SETTLED = timedelta(hours=24)
"""After how long a toll is known so well that any outlet may lower it."""


def grow(said: Iterable[Said]) -> Iterator[Said]:
    """Yield what is shown after each claim of a count that grows."""
    told = Toll()
    for later in said:
        told.hear(later)
        assert told.shown is not None
        yield told.shown


class Toll:
    """A count that grows: what is shown, what was said before and below it, what officials took back and when."""

    __slots__ = ("below", "known", "older", "shown", "taken_back")

    def __init__(self) -> None:
        self.shown: Said | None = None
        self.below: list[Said] = []
        self.known: set[Fact] = set()
        self.older: frozenset[Fact] = frozenset()
        self.taken_back: dict[Fact, datetime] = {}

    def hear(self, later: Said) -> None:
        """Take in one more claim, and show it where it outweighs what is shown."""
        if self.shown is None or self._outweighs(self.shown, later):
            if self.shown is not None and later.official and below(later, self.shown):
                self.taken_back[self.shown.value] = later.at
            if self.shown is None or later.value != self.shown.value:
                self.older = frozenset(self.known)
            self.shown, self.below = later, []
        elif below(later, self.shown) and later.trust > OPPOSED:
            self.below.append(later)
        self.known.add(later.value)

    def _outweighs(self, shown: Said, later: Said) -> bool:
        if shown.value == later.value or shown.trust <= OPPOSED:
            return later.trust >= shown.trust
        if later.trust <= OPPOSED:
            return False
        if below(later, shown):
            exact = later.official and is_nearly(shown.value, later.value)
            return exact or later.trust == CONCERNED or (is_no_part(shown, later) and self._corrects(shown, later))
        if later.value in self.taken_back and later.trust < CONCERNED:
            return later.at - self.taken_back[later.value] >= (LAG if later.official else CORRECTION)
        return later.trust >= shown.trust or not is_nearly(later.value, shown.value)

    def _corrects(self, shown: Said, later: Said) -> bool:
        """Tell whether a lower toll is a correction and no older count: somebody stands for it, or time has passed."""
        apart = later.at - shown.at
        if apart >= LAG and later.trust > shown.trust:
            return True
        if shown.trust == CONCERNED:
            return apart >= LAG and later.official
        if apart >= LAG and later.official:
            return True
        settled = apart >= (CORRECTION if later.trust == shown.trust else SETTLED)
        return (settled and later.value not in self.older) or self._agreed(shown, later)

    def _agreed(self, shown: Said, later: Said) -> bool:
        """Tell whether two voices say so: hours later, or, with an official, a count that nobody had given before."""
        same = [each for each in self.below if each.value == later.value]
        new = later.value not in self.older and any(each.official for each in (later, *same))
        return any((new or each.at - shown.at >= LAG) and not depend(each.origin, later.origin) for each in same)


def below(one: Said, other: Said) -> bool:
    """Tell whether one figure is lower than another."""
    return isinstance(one.value, int) and isinstance(other.value, int) and one.value < other.value


def is_no_part(shown: Said, later: Said) -> bool:
    """Tell whether a lower toll can be the same one: neither a round number for it, nor less than half of it."""
    assert isinstance(shown.value, int)
    assert isinstance(later.value, int)
    return not is_round(later.value, shown.value) and later.value * 2 >= shown.value
