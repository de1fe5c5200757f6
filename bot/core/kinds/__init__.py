"""What an event kind has to bring: its slots, how it is read, found, compared and weighed.

One package per kind; each ends in `KIND: Kind = ...`, and nothing else in the house names a kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, TypeAlias

from bot.core.model import Event, Fact, FactChange, Report, Side, Weight
from bot.core.text.document import Document
from bot.core.text.lexicon import Lexicon

SlotType: TypeAlias = Literal["count", "text", "set", "flag"]
Relation: TypeAlias = Literal["", "stage", "night"]


@dataclass(frozen=True, slots=True)
class Slot:
    """One fact that a report of the kind may state.

    `concerns` is the side whose officials know the figure best, `against` the slot that names their opponent, where it
    differs from event to event; `grows` marks a figure that rises over time, such as a
    death toll, so that a larger later value is an update and no clash; `identity` one that tells two events apart.
    """

    name: str
    type: SlotType
    concerns: Side | None = None
    grows: bool = False
    identity: bool = False
    against: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How well a report fits an event: `score` from 0 to 1, `veto` where they cannot be one, reasons in words.

    `lone` says that it holds only where no other event is near.
    """

    score: float
    veto: bool
    reasons: tuple[str, ...]
    lone: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """An event kind.

    read     what a document says about events of this kind, main news and background
    index    the blocking keys under which an event that holds this report is stored
    lookup   the blocking keys under which this report looks for its event, neighbours included
    around   the blocking keys of all events that this report may look for, or whose reports may look for it
    compare  a report against an event that shares a key
    weigh    how much a set of changed facts (and the event before, None for a new one) matters to a reader
    kin      the blocking keys of events that this one may hang under, or that may hang under it
    hangs    whether the first event hangs under the second: a stage after the one before it, a region in its night
    measure  how large an event is, None where nobody has said yet: people killed, people returned
    grave    from which measure on an event is told with a sound even at night; 0 for never
    planned  whether its events are announced and put off too; the others are always carried out
    """

    name: str
    slots: tuple[Slot, ...]
    read: Callable[[Document, Lexicon], tuple[Report, ...]]
    index: Callable[[Report], frozenset[str]]
    lookup: Callable[[Report], frozenset[str]]
    around: Callable[[Report], frozenset[str]]
    compare: Callable[[Report, Event], Comparison]
    weigh: Callable[[Event | None, Event, Sequence[FactChange]], Weight]
    kin: Callable[[Event], frozenset[str]]
    hangs: Callable[[Event, Event], Relation]
    measure: Callable[[Event], int | None]
    grave: int = 0
    planned: bool = False


MEANT_DAYS = 7
"""How long before its publication a day that was written with a wrong month or year was meant to be."""


def span(day: date, first: int, last: int) -> tuple[date, ...]:
    """Return the days from `first` to `last` after a day, as far as the calendar goes."""
    numbers = range(day.toordinal() + first, day.toordinal() + last + 1)
    return tuple(date.fromordinal(number) for number in numbers if 0 < number <= date.max.toordinal())


def slips(report: Report) -> tuple[date, ...]:
    """Return the days that a report may have meant which names the right day of a wrong month: "5 February" for 5 March."""
    published = report.origin.published.date()
    if report.date is None or abs((published - report.date).days) <= MEANT_DAYS:
        return ()
    return tuple(day for day in span(published, -MEANT_DAYS, 0) if day.day == report.date.day)


def is_jump(before: Fact | None, after: Fact | None) -> bool:
    """Tell whether a figure moved by at least a fifth and by at least three, either way: as much as a reader minds."""
    if not isinstance(before, int) or not isinstance(after, int):
        return False
    return abs(after - before) >= max(3, before / 5)


def has_moved(event: Event, fact: FactChange) -> bool:
    """Tell whether a changed count of the event, as it was before, is a jump away from what its readers last heard.

    One that creeps by ones jumps as well, once it has crept far enough.
    """
    return is_jump(fact.before, fact.after) or is_jump(_heard(event, fact), fact.after)


def _heard(event: Event, fact: FactChange) -> Fact | None:
    """Return what was shown of a count when the event last rang; of one that came in silently later, its first value."""
    rang = max((news.at for news in event.news), default=event.opened)
    steps = [step for step in event.history if step.slot == fact.slot]
    told = [step.after for step in reversed(steps) if step.at <= rang]
    later = [value for step in steps if step.at > rang for value in (step.before, step.after)]
    return next((value for value in (*told, *later, fact.before) if value is not None), None)


def net(changes: Iterable[FactChange]) -> tuple[FactChange, ...]:
    """Return what several changes come to, each slot once, as they first changed; what was changed back is left out.

    A correction among them marks the whole.
    """
    found: dict[str, FactChange] = {}
    for fact in changes:
        first = found.get(fact.slot)
        found[fact.slot] = _together(first, fact) if first else fact
    return tuple(fact for fact in found.values() if fact.before != fact.after)


def _together(first: FactChange, last: FactChange) -> FactChange:
    return replace(last, before=first.before, corrected=is_correction(first) or is_correction(last))


def is_correction(change: FactChange) -> bool:
    """Tell whether the value before was wrong, or a figure was taken back to a lower one: no later count of a toll."""
    fell = isinstance(change.before, int) and isinstance(change.after, int) and change.after < change.before
    return change.corrected or (fell and not isinstance(change.before, bool))
