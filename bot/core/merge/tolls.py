"""Counts that grow: which of the tolls that are said is shown (rules 4 and 5 of `figures`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations

from bot.core.merge.said import CORRECTION, LAG, Said, is_far_beyond, is_near, is_nearly, is_round, rounds
from bot.core.model import Fact, Origin
from bot.core.trust import CONCERNED, OPPOSED, depend, is_voice, voice

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
    """A count that grows: what is shown, what was said before and below it, what officials took back and when.

    `anchor` is what the most trusted brought last, or two voices: what one voice brings may not be far beyond it. `beyond`
    are the claims above it, `words` what each voice said last, `repeated` when what is shown was last said.
    """

    __slots__ = ("anchor", "below", "beyond", "known", "older", "repeated", "shown", "taken_back", "words")

    def __init__(self) -> None:
        self.shown: Said | None = None
        self.anchor: Said | None = None
        self.repeated: datetime | None = None
        self.below: list[Said] = []
        self.beyond: list[Said] = []
        self.words: dict[str, Said] = {}
        self.known: set[Fact] = set()
        self.older: frozenset[Fact] = frozenset()
        self.taken_back: dict[Fact, datetime] = {}

    def hear(self, later: Said) -> None:
        """Take in one more claim, and show it where it outweighs what is shown."""
        if self.shown is None or self._outweighs(self.shown, later):
            self._show(later)
        if later.trust > OPPOSED and self.shown and self.anchor:
            self._note(later, self.shown, self.anchor)
        self.known.add(later.value)

    def _note(self, later: Said, shown: Said, anchor: Said) -> None:
        """Keep what one said who counts, for those that come after."""
        if below(later, shown):
            self.below.append(later)
        elif later.value == shown.value:
            self.repeated = later.at
        if not below(shown, later):
            self.words[voice(later.origin)] = later
        if below(anchor, later):
            self.beyond.append(later)

    def _show(self, later: Said) -> None:
        """Show what outweighs what was shown until now."""
        shown, anchor = self.shown, self.anchor
        lowered = shown is not None and below(later, shown)
        if shown is not None and lowered and later.official:
            self.taken_back[shown.value] = later.at
        if shown is None or later.value != shown.value:
            self.older = frozenset(self.known)
        if anchor is None or lowered or later.trust >= anchor.trust:
            self.anchor, self.beyond = later, []
        elif self._is_seconded(later):
            self.anchor, self.beyond = replace(later, trust=anchor.trust), []
        if lowered:
            self.words = {}
        self.shown, self.below = later, []

    def _outweighs(self, shown: Said, later: Said) -> bool:
        if shown.value == later.value or shown.trust <= OPPOSED:
            return later.trust >= shown.trust
        if later.trust <= OPPOSED:
            return False
        if below(later, shown):
            return self._lowers(shown, later)
        if later.value in self.taken_back and later.trust < CONCERNED:
            return later.at - self.taken_back[later.value] >= (LAG if later.official else CORRECTION)
        if not self._is_credible(later):
            return False
        return later.trust >= shown.trust or not is_nearly(later.value, shown.value)

    def _is_credible(self, later: Said) -> bool:
        """Tell whether a higher toll is not far beyond what is known, or somebody stands for it."""
        if self.anchor is None or not is_far_beyond(later.value, self.anchor.value):
            return True
        return later.official or later.trust >= self.anchor.trust or self._is_seconded(later)

    def _is_seconded(self, later: Said) -> bool:
        """Tell whether another voice said about as much above what is known."""
        return any(is_near(each.value, later.value) and are_two(each.origin, later.origin) for each in self.beyond)

    def _lowers(self, shown: Said, later: Said) -> bool:
        if later.trust == CONCERNED or (later.official and is_nearly(shown.value, later.value)):
            return True
        if is_round(later.value, shown.value):
            return False
        return (is_no_part(shown, later) and self._corrects(shown, later)) or self._is_outvoted(shown, later)

    def _corrects(self, shown: Said, later: Said) -> bool:
        """Tell whether a lower toll is a correction and no older count: somebody stands for it, or time has passed."""
        apart = later.at - shown.at
        if apart >= LAG and later.official:
            return True
        if shown.trust == CONCERNED:
            return False
        if self._agreed(shown, later):
            return True
        if apart < LAG:
            return False
        others = self._who_said_more(later)
        if later.trust > shown.trust:
            return not any(are_two(one, other) for one, other in combinations(others, 2))
        settled = apart >= (CORRECTION if later.trust == shown.trust else SETTLED)
        return settled and not others and later.value not in self.older

    def _who_said_more(self, later: Said) -> list[Origin]:
        """Return the other voices that last said more, and no round number for it."""
        higher = (each for each in self.words.values() if below(later, each) and not rounds(later.value, each.value))
        return [each.origin for each in higher if not depend(each.origin, later.origin)]

    def _agreed(self, shown: Said, later: Said) -> bool:
        """Tell whether two voices say so: hours later, or, with an official, a count that nobody had given before."""
        same = [each for each in self.below if each.value == later.value]
        new = later.value not in self.older and any(each.official for each in (later, *same))
        return any((new or each.at - shown.at >= LAG) and are_two(each.origin, later.origin) for each in same)

    def _is_outvoted(self, shown: Said, later: Said) -> bool:
        """Tell whether two voices agree on a lower toll, half a day after what is shown was last said."""
        if shown.trust == CONCERNED or self.repeated is None:
            return False
        settled = (each for each in self.below if self.repeated and each.at - self.repeated >= CORRECTION)
        return any(is_near(each.value, later.value) and are_two(each.origin, later.origin) for each in settled)


def are_two(one: Origin, other: Origin) -> bool:
    """Tell whether two origins are two voices."""
    return is_voice(one) and is_voice(other) and not depend(one, other)


def below(one: Said, other: Said) -> bool:
    """Tell whether one figure is lower than another."""
    return isinstance(one.value, int) and isinstance(other.value, int) and one.value < other.value


def is_no_part(shown: Said, later: Said) -> bool:
    """Tell whether a lower toll can be the same one: neither a round number for it, nor less than half of it."""
    assert isinstance(shown.value, int)
    assert isinstance(later.value, int)
    return not is_round(later.value, shown.value) and later.value * 2 >= shown.value
