"""Which of the values that are said of a slot is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from bot.core.kinds import Slot
from bot.core.merge.trails import Shown, Trail, steps
from bot.core.model import Claim, Fact, Origin, Report
from bot.core.trust import CONCERNED, trust_in, voice

CORRECTION = timedelta(hours=12)
"""How long a figure has to go unrepeated before another of equal trust is a correction and no lag."""

PLANNED = -CONCERNED - 1
"""What a claim about a plan weighs against the same about what took place."""


@dataclass(frozen=True, slots=True)
class Said:
    """One value as one origin gives it, and how far that is trusted about it."""

    value: Fact
    origin: Origin
    trust: int

    @property
    def at(self) -> datetime:
        """When it was said."""
        return self.origin.published


def claims(reports: Iterable[Report]) -> dict[str, tuple[Claim, ...]]:
    """Return every value that is said, by slot, in the order of the reports."""
    found: dict[str, list[Claim]] = {}
    for report in reports:
        for name, value in report.facts.items():
            found.setdefault(name, []).append(Claim(name, value, report.origin, report.speakers.get(name)))
    return {name: tuple(said) for name, said in found.items()}


def trail(slot: Slot, reports: Iterable[Report]) -> Trail:
    """Return the values shown one after the other as the reports came in."""
    said = (_said(slot, report) for report in reports if slot.name in report.facts)
    return steps(Shown(each.value, each.at, each.origin) for each in _shown(slot, said))


def _said(slot: Slot, report: Report) -> Said:
    value, trust = report.facts[slot.name], trust_in(report.origin, slot.concerns)
    canonical = tuple(sorted(set(value))) if isinstance(value, tuple) else value
    return Said(canonical, report.origin, trust if report.status == "carried_out" else trust + PLANNED)


def _shown(slot: Slot, said: Iterable[Said]) -> Iterable[Said]:
    if slot.type == "set":
        return accumulate(said, _union)
    if slot.type == "flag":
        return accumulate(said, _raised)
    return accumulate(said, _grow) if slot.grows else _settle(said)


def _union(shown: Said, later: Said) -> Said:
    known, named = (value if isinstance(value, tuple) else () for value in (shown.value, later.value))
    if set(named) <= set(known):
        return shown
    return Said(tuple(sorted({*known, *named})), later.origin, later.trust)


def _raised(shown: Said, later: Said) -> Said:
    return shown if shown.value else later


def _settle(said: Iterable[Said]) -> Iterator[Said]:
    """Yield the value shown after each claim; a voice backs only what it said last."""
    last: dict[str, Fact] = {}
    voices: Counter[Fact] = Counter()
    shown: Said | None = None
    for later in said:
        before = last.get(voice(later.origin))
        last[voice(later.origin)] = later.value
        voices.subtract([] if before is None else [before])
        voices[later.value] += 1
        shown = later if shown is None or _outweighs(shown, later, voices) else shown
        yield shown


def _outweighs(shown: Said, later: Said, voices: Mapping[Fact, int]) -> bool:
    more = later.trust - shown.trust
    if more or later.value == shown.value:
        return more >= 0
    if later.origin.tier == "official" or later.at - shown.at >= CORRECTION:
        return True
    return voices[later.value] > voices[shown.value]


def _grow(shown: Said, later: Said) -> Said:
    if not isinstance(later.value, int) or not isinstance(shown.value, int) or later.value > shown.value:
        return later
    more = later.trust - shown.trust
    corrects = later.value == shown.value or later.at - shown.at >= CORRECTION
    return later if more > 0 or (more == 0 and corrects) else shown
