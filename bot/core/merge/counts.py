"""Counts that do not grow, texts, and ranges: whom voices back that differ (rules 2, 3 and 6 of `figures`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from bot.core.kinds import Slot
from bot.core.merge.said import CORRECTION, LAG, Said, rounds
from bot.core.merge.tolls import below, is_no_part
from bot.core.model import Fact, Origin
from bot.core.trust import CONCERNED, TRUST, depend, voice

ENOUGH = 5
"""Voices for one value beyond which more of them make no difference."""

Ends: TypeAlias = tuple[int, int]


def settle(said: Iterable[Said]) -> Iterator[Said]:
    """Yield what is shown after each claim of a count that does not grow, or of a text."""
    voices = Voices()
    shown: Said | None = None
    for later in said:
        voices.hear(later)
        shown = later if shown is None or _outweighs(shown, later, voices) else shown
        yield shown


class Voices:
    """Who says what; a voice backs only what it said last, and all that depend on one voice are that one."""

    __slots__ = ("last",)

    def __init__(self) -> None:
        self.last: dict[str, Said] = {}

    def hear(self, said: Said) -> None:
        """Take in what a voice says now."""
        self.last[voice(said.origin)] = said

    def of(self, value: Fact) -> int:
        """Return how many voices that do not depend on each other say a value, counted up to `ENOUGH`."""
        heard: list[Origin] = []
        for each in self.last.values():
            if each.value == value and not any(depend(each.origin, other) for other in heard):
                heard.append(each.origin)
            if len(heard) == ENOUGH:
                break
        return len(heard)


def _outweighs(shown: Said, later: Said, voices: Voices) -> bool:
    more = later.trust - shown.trust
    if later.value == shown.value:
        return more >= 0
    if rounds(later.value, shown.value):
        return later.trust == CONCERNED
    if rounds(shown.value, later.value) and later.trust >= 0 and more >= 0:
        return True
    late = later.at - shown.at >= CORRECTION
    if more:
        return more > 0 or (late and later.official)
    if late or later.official or later.origin.tier == "official":
        return True
    return voices.of(later.value) > voices.of(shown.value)


def spread(slot: Slot, said: Sequence[Said]) -> Ends | None:
    """Return both ends where nobody is official and voices that are trusted alike differ at about the same time."""
    if slot.type != "count" or any(each.trust > TRUST["agency"] for each in said):
        return None
    voices = Voices()
    for each in said:
        voices.hear(each)
    newest = [each for each in voices.last.values() if said[-1].at - each.at < LAG and each.trust >= TRUST["outlet"]]
    backed = {value: voices.of(value) for value in {each.value for each in newest}}
    heard = [each for each in newest if backed[each.value] == max(backed.values())]
    if slot.grows:
        heard = _without_older(heard, said)
    values = {each.value for each in heard if isinstance(each.value, int)}
    exact = sorted(value for value in values if not any(rounds(value, other) for other in values))
    return (exact[0], exact[-1]) if len(exact) > 1 and exact[0] * 2 >= exact[-1] else None


def _without_older(heard: Sequence[Said], said: Sequence[Said]) -> list[Said]:
    """Leave out older counts of a toll: those said before the highest, and those that one said before it had reached."""
    highest = max((each for each in heard), key=lambda each: int(str(each.value)), default=None)
    if highest is None:
        return []
    first = next(each for each in said if each.value == highest.value)
    before = [each for each in said if each.at < first.at]
    return [
        each
        for each in heard
        if each.value == highest.value
        or (each.at >= first.at and is_no_part(highest, each) and all(below(old, each) for old in before))
    ]
