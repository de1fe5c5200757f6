"""Which of the values that are said of a slot is shown.

The written rule:

1. The latest official of the side that a figure concerns is shown: on a channel of its own, or quoted by another; one who
   is quoted with some figures of an item is believed with all of them. Else the latest of those who are trusted most: an
   official of neither side, an agency, an outlet, an aggregator. What the other side is quoted with comes last, as does
   what was planned after what took place.
2. Of equals a later one replaces an earlier at once where it is an official; else once more voices say it, or when the
   earlier has gone unrepeated for hours, so that a post does not flicker between two counts with each outlet.
3. A round number that the exact one explains ("over 400" for 407) is no other figure, and gives way to the exact one.
4. A figure that grows is raised by any later one, save what the other side is quoted with, or what an official took back.
   Outlets lag behind with older tolls, so it is lowered at once by an official channel of the side concerned alone; hours
   after it was last said by one who is quoted, or by anybody who is trusted more; half a day after it by one who is trusted
   as much, a day after it by anybody. Two voices that agree lower it hours later, or at once where one is an official and
   nobody gave that count before. None but the official channel lowers it by more than half: that is the toll of one place.
5. Where nobody is official and two voices differ at about the same time, both ends of the range are shown; not where the
   lower end is an older count, nor where one is so far from the other that they cannot mean the same.
6. A set is the union of what was named; a flag holds once it was raised.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import TypeAlias

from bot.core.kinds import Slot
from bot.core.merge.trails import Shown, Trail, canonical, steps
from bot.core.model import Claim, Fact, Origin, Report, Side, Speaker
from bot.core.trust import CONCERNED, OPPOSED, QUOTED, TRUST, trust_in, voice

LAG = timedelta(hours=3)
"""How long outlets go on printing a toll that has been counted anew."""

CORRECTION = timedelta(hours=12)
"""How long a figure has to go unrepeated before another of equal trust is a correction and no lag."""

SETTLED = timedelta(hours=24)
"""After how long a toll is known so well that any outlet may lower it."""

PLANNED = -10
"""What a claim about a plan weighs against the same about what took place."""

Ends: TypeAlias = tuple[int, int]

OPPONENT: Mapping[Fact, Side] = {"RU": "UA", "UA": "RU"}


@dataclass(frozen=True, slots=True)
class Said:
    """One value as one origin gives it, when, and how far it is trusted about it."""

    value: Fact
    origin: Origin
    at: datetime
    trust: int

    @property
    def official(self) -> bool:
        """Tell whether an official of the side that the figure concerns says it, on a channel of its own or quoted."""
        return self.trust >= QUOTED


def by_slot(reports: Iterable[Report]) -> dict[str, list[Report]]:
    """Return the reports that state each slot, in order."""
    stating: dict[str, list[Report]] = {}
    for report in reports:
        for name in report.facts:
            stating.setdefault(name, []).append(report)
    return stating


def claims(name: str, stating: Iterable[Report]) -> tuple[Claim, ...]:
    """Return every value that the reports state for a slot."""
    return tuple(
        Claim(name, report.facts[name], report.origin, report.speakers.get(name) if report.speakers else None)
        for report in stating
    )


def tell(slot: Slot, stating: Sequence[Report]) -> tuple[Trail, Ends | None]:
    """Return what was shown one after the other as the reports came in, and the range that stands in place of the last."""
    first = stating[0]
    value = first.facts[slot.name]
    if all(report.facts[slot.name] == value for report in stating):
        return (Shown(canonical(value), first.origin.published, first.origin),), None
    said = tuple(_said(slot, report) for report in stating)
    told = steps((each.value, each.origin) for each in _shown(slot, said))
    ends, last = spread(slot, said), told[-1].value
    return told, ends if ends and isinstance(last, int) and ends[0] <= last <= ends[1] else None


def _said(slot: Slot, report: Report) -> Said:
    value = report.facts[slot.name]
    concerns = slot.concerns or OPPONENT.get(report.facts.get(slot.against, ""))
    trust = trust_in(report.origin, concerns, report.speakers.get(slot.name) or _beside(slot, concerns, report))
    planned = 0 if report.status == "carried_out" else PLANNED
    return Said(canonical(value), report.origin, report.origin.published, trust + planned)


def _beside(slot: Slot, concerns: Side | None, report: Report) -> Speaker | None:
    """Return the official of the side concerned whom the item quotes with all that it quotes: with this count as well."""
    if (
        not report.speakers
        or slot.type != "count"
        or not concerns
        or {each.side for each in report.speakers.values()} != {concerns}
    ):
        return None
    return next(iter(report.speakers.values()))


def _shown(slot: Slot, said: Iterable[Said]) -> Iterable[Said]:
    if slot.type == "set":
        return accumulate(said, _union)
    if slot.type == "flag":
        return accumulate(said, _raised)
    return _grow(said) if slot.grows else _settle(said)


def _union(shown: Said, later: Said) -> Said:
    known, named = (value if isinstance(value, tuple) else () for value in (shown.value, later.value))
    if set(named) <= set(known):
        return shown
    return Said(tuple(sorted({*known, *named})), later.origin, later.at, later.trust)


def _raised(shown: Said, later: Said) -> Said:
    return shown if shown.value else later


def is_round(value: Fact, exact: Fact) -> bool:
    """Tell whether a value is a round number for an exact one: 400 for 407, 120 for 123; not 60 for 71, nor 10 for 15."""
    if not isinstance(value, int) or not isinstance(exact, int) or not 0 < value < exact:
        return False
    return exact - value < _unit(value) and (exact - value) * 5 <= value


def is_nearly(value: Fact, exact: Fact) -> bool:
    """Tell whether a value is a round number just above an exact one: 20 for 19, 400 for 393."""
    if not isinstance(value, int) or not isinstance(exact, int) or value <= exact:
        return False
    return (value - exact) * 10 <= _unit(value)


def _unit(value: int) -> int:
    """Return how round a number is: 100 for 400, 10 for 120, 1 for 123."""
    unit = 1
    while value and value % (unit * 10) == 0:
        unit *= 10
    return unit


def _settle(said: Iterable[Said]) -> Iterator[Said]:
    """Yield what is shown after each claim of a count that does not grow, or of a text."""
    voices = Voices()
    shown: Said | None = None
    for later in said:
        voices.hear(later)
        shown = later if shown is None or _outweighs(shown, later, voices.counts) else shown
        yield shown


class Voices:
    """How many voices say what; a voice backs only what it said last."""

    __slots__ = ("counts", "last")

    def __init__(self) -> None:
        self.last: dict[str, Said] = {}
        self.counts: Counter[Fact] = Counter()

    def hear(self, said: Said) -> None:
        """Take in what a voice says now."""
        speaking = voice(said.origin)
        if speaking in self.last:
            self.counts[self.last[speaking].value] -= 1
        self.last[speaking] = said
        self.counts[said.value] += 1


def _outweighs(shown: Said, later: Said, voices: Mapping[Fact, int]) -> bool:
    more = later.trust - shown.trust
    if later.value == shown.value:
        return more >= 0
    if is_round(later.value, shown.value):
        return later.trust == CONCERNED
    if is_round(shown.value, later.value) and later.trust >= 0:
        return shown.trust < CONCERNED or more >= 0
    late = later.at - shown.at >= CORRECTION
    if more:
        return more > 0 or (late and later.official)
    return late or later.official or later.origin.tier == "official" or voices[later.value] > voices[shown.value]


def _grow(said: Iterable[Said]) -> Iterator[Said]:
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
            if self.shown is not None and later.official and _below(later, self.shown):
                self.taken_back[self.shown.value] = later.at
            if self.shown is None or later.value != self.shown.value:
                self.older = frozenset(self.known)
            self.shown, self.below = later, []
        elif _below(later, self.shown):
            self.below.append(later)
        self.known.add(later.value)

    def _outweighs(self, shown: Said, later: Said) -> bool:
        if shown.value == later.value or shown.trust <= OPPOSED:
            return later.trust >= shown.trust
        if _below(later, shown):
            exact = later.official and is_nearly(shown.value, later.value)
            return exact or later.trust == CONCERNED or (_is_no_part(shown, later) and self._corrects(shown, later))
        if later.value in self.taken_back and later.trust < CONCERNED:
            return later.at - self.taken_back[later.value] >= (LAG if later.official else CORRECTION)
        return later.trust > OPPOSED and not (later.trust < shown.trust and is_nearly(later.value, shown.value))

    def _corrects(self, shown: Said, later: Said) -> bool:
        """Tell whether a lower toll is a correction and no older count: somebody stands for it, or time has passed."""
        apart = later.at - shown.at
        if apart >= LAG and later.trust > shown.trust:
            return True
        if shown.trust == CONCERNED:
            return apart >= LAG and later.official
        if apart >= (CORRECTION if later.trust == shown.trust else SETTLED) or (apart >= LAG and later.official):
            return True
        return self._agreed(shown, later)

    def _agreed(self, shown: Said, later: Said) -> bool:
        """Tell whether two voices say so: hours later, or, with an official, a count that nobody had given before."""
        same = [each for each in self.below if each.value == later.value]
        new = later.value not in self.older and any(each.official for each in (later, *same))
        return any(voice(each.origin) != voice(later.origin) and (new or each.at - shown.at >= LAG) for each in same)


def _below(one: Said, other: Said) -> bool:
    return isinstance(one.value, int) and isinstance(other.value, int) and one.value < other.value


def _is_no_part(shown: Said, later: Said) -> bool:
    """Tell whether a lower toll can be the same one: neither a round number for it, nor less than half of it."""
    assert isinstance(shown.value, int)
    assert isinstance(later.value, int)
    return not is_round(later.value, shown.value) and later.value * 2 >= shown.value


def spread(slot: Slot, said: Sequence[Said]) -> Ends | None:
    """Return both ends where nobody is official and voices that are trusted alike differ at about the same time."""
    if slot.type != "count" or any(each.trust > TRUST["agency"] for each in said):
        return None
    voices = Voices()
    for each in said:
        voices.hear(each)
    newest = [each for each in voices.last.values() if said[-1].at - each.at < LAG and each.trust >= TRUST["outlet"]]
    most = max((voices.counts[each.value] for each in newest), default=0)
    heard = [each for each in newest if voices.counts[each.value] == most]
    if slot.grows:
        heard = _without_older(heard, said)
    values = {each.value for each in heard if isinstance(each.value, int)}
    exact = sorted(value for value in values if not any(is_round(value, other) for other in values))
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
        or (each.at >= first.at and _is_no_part(highest, each) and all(_below(old, each) for old in before))
    ]
