"""One value as one origin gives it: how far it is trusted, and when another value is no other figure but a round one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.kinds import Slot
from bot.core.merge.trails import canonical
from bot.core.model import Fact, Origin, Report, Side, Speaker, Status
from bot.core.trust import QUOTED, trust_in

LAG = timedelta(hours=3)
"""How long outlets go on printing a toll that has been counted anew."""

CORRECTION = timedelta(hours=12)
"""How long a figure has to go unrepeated before another of equal trust is a correction and no lag."""

FAR = 10
"""How much higher than another a value has to be, at the least, to be far beyond it."""

PLANNED = -10
"""What a claim about a plan weighs against the same about what took place."""

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


def weighed(slot: Slot, report: Report, status: Status = "carried_out") -> Said:
    """Return what a report that states the slot says of it; a plan counts less once the event has taken place."""
    value = report.facts[slot.name]
    concerns = slot.concerns or OPPONENT.get(report.facts.get(slot.against, ""))
    trust = trust_in(report.origin, concerns, report.speakers.get(slot.name) or _beside(slot, concerns, report))
    planned = PLANNED if status == "carried_out" != report.status else 0
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


def rounds(value: Fact, exact: Fact) -> bool:
    """Tell whether a value is a round number for an exact one, a little below or just above it."""
    return is_round(value, exact) or is_nearly(value, exact)


def is_far_beyond(value: Fact, other: Fact) -> bool:
    """Tell whether a value is so much higher than another that it takes more than one voice: twice as high, and by ten."""
    if not isinstance(value, int) or not isinstance(other, int):
        return False
    return value > other * 2 and value - other >= FAR


def is_near(value: Fact, other: Fact) -> bool:
    """Tell whether two that give these values agree: the same, a round number for it, or a quarter off at most."""
    if not isinstance(value, int) or not isinstance(other, int):
        return value == other
    low, high = sorted((value, other))
    return (high - low) * 4 <= high or rounds(low, high) or rounds(high, low)


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
