"""Which of the values that are said of a slot is shown.

The written rule:

1. The latest official of the side that a figure concerns is shown: on a channel of its own, or quoted by another; one who
   is quoted with some figures of an item is believed with all of them. Else the latest of those who are trusted most: an
   official of neither side, an agency, an outlet, an aggregator. What the other side is quoted with comes last, as does
   what was planned after what took place.
2. Of equals a later one replaces an earlier at once where it is an official; else once more voices say it, or when the
   earlier has gone unrepeated for hours, so that a post does not flicker between two counts with each outlet.
3. A round number that the exact one explains ("over 400" for 407, "almost 20" for 19) is no other figure, and gives way
   to the exact one where a voice as trusted as that of the round one says it.
4. A figure that grows is raised by any later one, save what the other side is quoted with, or what an official took back.
   What is far beyond (more than twice as much and at least ten more) what the most trusted so far brought needs a voice as
   trusted, an official who is quoted, or a second voice that says about as much; until then it is a claim only.
5. Outlets lag behind with older tolls, so one is lowered at once by an official channel of the side concerned alone; hours
   after it was last said by one who is quoted, or by two voices that agree (at once where one of them quotes an official and
   nobody gave that count before). One voice that is no official lowers it hours later where it is trusted more and only one
   other said more, half a day later where nobody else did: else it tells of a second wave, and is alone with it. None of
   these lowers it by more than half, which is the toll of one place. Two voices that agree do, however far, where both speak
   half a day after the high one was last said and it stands on no official channel.
6. Where nobody is official and two voices differ at about the same time, both ends of the range are shown; not where the
   lower end is an older count, nor where one is so far from the other that they cannot mean the same.
7. A set is the union of what was named; a flag holds once it was raised.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

from bot.core.kinds import Slot
from bot.core.merge.counts import Ends, settle, spread
from bot.core.merge.said import Said, weighed
from bot.core.merge.tolls import grow
from bot.core.merge.trails import Shown, Trail, canonical, steps
from bot.core.model import Claim, Report, Status


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


def tell(slot: Slot, stating: Sequence[Report], status: Status = "carried_out") -> tuple[Trail, Ends | None]:
    """Return what was shown one after the other as the reports came in, and the range that stands in place of the last.

    What was planned comes after what took place once the event's status is that it did.
    """
    first = stating[0]
    value = first.facts[slot.name]
    if all(report.facts[slot.name] == value for report in stating):
        return (Shown(canonical(value), first.origin.published, first.origin),), None
    said = tuple(weighed(slot, report, status) for report in stating)
    told = steps((each.value, each.origin) for each in shown(slot, said))
    ends, last = spread(slot, said), told[-1].value
    return told, ends if ends and isinstance(last, int) and ends[0] <= last <= ends[1] else None


def shown(slot: Slot, said: Iterable[Said]) -> Iterable[Said]:
    """Yield what is shown after each value that is said of a slot."""
    if slot.type == "set":
        return accumulate(said, _union)
    if slot.type == "flag":
        return accumulate(said, _raised)
    return grow(said) if slot.grows else settle(said)


def _union(shown: Said, later: Said) -> Said:
    known, named = (value if isinstance(value, tuple) else () for value in (shown.value, later.value))
    if set(named) <= set(known):
        return shown
    return Said(tuple(sorted({*known, *named})), later.origin, later.at, later.trust)


def _raised(shown: Said, later: Said) -> Said:
    return shown if shown.value else later
