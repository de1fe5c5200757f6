"""Which reports speak of one exchange: where to look for its event, what fits, what rules it out, what matters.

An exchange is one stage on one day of one subtype, so the day decides and the figures check it. Three things blur the
day: a plan without a day ("within a week"), a report that names none, and a stage that slipped by a day. There, and
only there, the figures decide. A false merge mixes two exchanges in one post and is worse than a second post.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

from bot.core.kinds import Comparison, Relation, has_moved, slips, span
from bot.core.kinds.swap.likeness import clashes, exactly_alike, other_ordinal, relation, subtype
from bot.core.model import Event, Fact, FactChange, Report, Weight

PLAN_DAYS = 10
"""How many days before it takes place an exchange may be announced without its day."""

PLAN_APART = 21
"""How many days may lie between two reports of one plan without a day: the same figures, or word that it is put off."""

PLAN_REPEATED = 4
"""How many days may lie between two that announce a plan without a day or a common figure."""

PLAN_OFF = 2
"""How many days apart two outlets may put one plan with the same figures."""

LATE_DAYS = 3
"""How many days afterwards a report without a day still speaks of an exchange."""

STAGES_APART = 3
"""How many days may lie between two stages of one deal."""

SPANS = 1_024
"""Spans of days whose keys are kept: the reports of one week look for one another again and again."""


def index(report: Report) -> frozenset[str]:
    """Return the keys under which an event with this report is stored: its day, or the week of a report without one."""
    if not report.date:
        return frozenset({_week_key(subtype(report), report.origin.published.date()), *_ordinal_key(report)})
    days = (_day_key(subtype(report), day) for day in (report.date, *slips(report)))
    return frozenset({*days, *_ordinal_key(report)})


def lookup(report: Report) -> frozenset[str]:
    """Return the keys under which this report's event may be stored: days around its own, and weeks of plans."""
    what, published = subtype(report), report.origin.published.date()
    if report.date:
        meant = (_day_key(what, day) for day in slips(report))
        days = _days(what, report.date, -LATE_DAYS, LATE_DAYS).union(meant)
        weeks = _weeks(what, report.date, -PLAN_DAYS, LATE_DAYS)
    elif report.status == "carried_out":
        days = _days(what, published, -LATE_DAYS, 1)
        weeks = _weeks(what, published, -PLAN_DAYS, LATE_DAYS)
    else:
        days = _days(what, published, -LATE_DAYS, PLAN_DAYS)
        weeks = _weeks(what, published, -PLAN_APART, PLAN_APART)
    return days.union(weeks, _ordinal_key(report))


def around(report: Report) -> frozenset[str]:
    """Return the keys of all events that this report may look for, or whose reports may look for it."""
    what, day = subtype(report), report.date or report.origin.published.date()
    days = (_days(what, meant, -PLAN_DAYS, PLAN_DAYS) for meant in (day, *slips(report)))
    return _weeks(what, day, -PLAN_APART, PLAN_APART).union(_ordinal_key(report), *days)


def compare(report: Report, event: Event) -> Comparison:
    """Say how well the report fits the event, or why they cannot be one."""
    veto = next(_vetoes(report, event), None)
    if veto:
        return Comparison(0.0, veto=True, reasons=(veto,))
    score, reason = _day_score(report, event)
    marks = [(score, reason), *_figure_marks(report, event), *_ordinal_marks(report, event)]
    total = sum(mark for mark, _ in marks)
    return Comparison(round(min(max(total, 0.0), 1.0), 3), veto=False, reasons=tuple(words for _, words in marks))


def weigh(before: Event | None, _after: Event, facts: Sequence[FactChange]) -> Weight:
    """Return how much changed figures matter: the first count of people, or a jump from what was last heard, is news."""
    if before is None:
        return "new"
    counts = [fact for fact in facts if fact.slot in ("to_ukraine", "to_russia")]
    if any(fact.before is None or has_moved(before, fact) for fact in counts):
        return "material"
    return "minor" if facts else "none"


def kin(event: Event) -> frozenset[str]:
    """Return the keys of exchanges of the same people on the days around it."""
    if not event.date:
        return frozenset()
    return _days(subtype(event.reports[0]), event.date, -STAGES_APART, STAGES_APART)


def hangs(event: Event, other: Event) -> Relation:
    """Tell whether an exchange is the next stage of another: days after it, and both took place."""
    if not event.date or not other.date or {event.status, other.status} != {"carried_out"}:
        return ""
    apart = (event.date - other.date).days
    return "stage" if 0 < apart <= STAGES_APART and subtype(event) == subtype(other) else ""


@lru_cache(SPANS)
def _days(what: Fact, day: date, first: int, last: int) -> frozenset[str]:
    """Return the keys of the days from `first` to `last` after a day."""
    return frozenset(_day_key(what, each) for each in span(day, first, last))


@lru_cache(SPANS)
def _weeks(what: Fact, day: date, first: int, last: int) -> frozenset[str]:
    """Return the keys of the weeks of those days."""
    return frozenset(_week_key(what, each) for each in span(day, first, last))


def _day_key(what: Fact, day: date) -> str:
    return f"swap:{what}:{day.isoformat()}"


def _week_key(what: Fact, day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"swap:{what}:undated:{year}-{week:02}"


def _ordinal_key(report: Report) -> tuple[str, ...]:
    ordinal = report.facts.get("ordinal")
    return () if ordinal is None else (f"swap:{subtype(report)}:ordinal:{ordinal}",)


def _vetoes(report: Report, event: Event) -> Iterator[str]:
    if subtype(report) != subtype(event):
        yield "one is about prisoners, the other about bodies"
    if report.date and event.date:
        yield from _day_vetoes(report, event, abs(report.date - event.date).days)
    else:
        yield from _undated_vetoes(report, event)
    yield from clashes(report, event)


def _day_vetoes(report: Report, event: Event, apart: int) -> Iterator[str]:
    if apart and not (apart == 1 and _slipped(report, event)) and not _misdated(report, event, apart):
        yield f"different days, so different stages: {report.date} and {event.date}"
    elif _is_late(report, event) and relation(report, event, "to_ukraine") == "other":
        yield f"told days after {event.date} and with other figures: its day is doubtful"


def _is_late(report: Report, event: Event) -> bool:
    return event.date is not None and (report.origin.published.date() - event.date).days > LATE_DAYS


def _slipped(report: Report, event: Event) -> bool:
    """Tell whether a plan for one day is what took place on the next: the same people, or no word of how many."""
    if {report.status, event.status} != {"announced", "carried_out"} or not report.date or not event.date:
        return False
    planned, done = (report.date, event.date) if report.status == "announced" else (event.date, report.date)
    found = relation(report, event, "to_ukraine")
    return found in ("same", "planned") or (found == "unknown" and planned < done)


def _misdated(report: Report, event: Event, apart: int) -> bool:
    """Tell whether two days can be one stage that one outlet dates wrongly: exactly the same number of prisoners.

    A plan may be told a day or two off. What took place may be a day off; or it is dated by its publication, as where an
    outlet names no day; or its month or year is wrong.
    """
    founder = event.reports[0]
    if not exactly_alike(report, event):
        return False
    if {report.status, event.status} <= {"announced", "postponed"}:
        return apart <= PLAN_OFF
    if {report.status, event.status} != {"carried_out"}:
        return False
    if apart > LATE_DAYS:
        return event.date in slips(report) or report.date in slips(founder)
    return apart == 1 or any(each.date == each.origin.published.date() for each in (report, founder))


def _undated_vetoes(report: Report, event: Event) -> Iterator[str]:
    founder = event.reports[0]
    if report.date:
        yield from _window_vetoes(founder, report.date, report)
    elif event.date:
        done = next((other for other in event.reports if other.status == "carried_out"), founder)
        yield from _window_vetoes(report, event.date, done)
    elif (report.status == "carried_out") != (founder.status == "carried_out"):
        yield "a plan and a finished exchange, neither with a day"
    elif _published_apart(report, founder) > _reach(report, event):
        yield "published too far apart for two reports without a day"
    if event.status == "postponed" and report.status != "postponed" and report.origin.published > event.updated:
        yield "that exchange had been put off; this is a later one"
    if relation(report, event, "to_ukraine") == "other":
        yield "no common day, and different figures"


def _window_vetoes(undated: Report, day: date, dated: Report) -> Iterator[str]:
    """Rule out that a report without a day speaks of what took place, or is planned, on `day`."""
    ahead = (day - undated.origin.published.date()).days
    if undated.status == "carried_out":
        if not -LATE_DAYS <= ahead <= 1:
            yield f"published too far from {day} to mean that day"
    elif not -LATE_DAYS <= ahead <= PLAN_DAYS:
        yield f"a plan that does not reach {day}"
    elif dated.status == "carried_out" and dated.origin.published <= undated.origin.published:
        yield "a plan made after that exchange had taken place"


def _reach(report: Report, event: Event) -> int:
    if report.status == "carried_out":
        return LATE_DAYS
    repeats = report.status == "announced" and relation(report, event, "to_ukraine") != "same"
    return PLAN_REPEATED if repeats else PLAN_APART


def _published_apart(one: Report, other: Report) -> int:
    return abs((one.origin.published - other.origin.published).days)


def _day_score(report: Report, event: Event) -> tuple[float, str]:
    if report.date and event.date:
        if report.date == event.date:
            return 0.75, f"the same day, {event.date}"
        return 0.6, f"different days ({report.date}, {event.date}): a plan that slipped, or the same figures"
    day = report.date or event.date
    if not day:
        return 0.6 - 0.004 * _published_apart(report, event.reports[0]), "two reports of one plan without a day"
    undated = event.reports[0] if report.date else report
    apart = abs((day - undated.origin.published.date()).days)
    return 0.62 - 0.02 * apart, f"no day in one report, published {apart} days from {day}"


def _figure_marks(report: Report, event: Event) -> Iterator[tuple[float, str]]:
    for slot, mark in (("to_ukraine", 0.15), ("to_russia", 0.05)):
        found = relation(report, event, slot)
        if found == "same":
            yield mark, f"the same {slot}: {report.facts[slot]}"
        elif found == "planned":
            yield mark / 2, f"{slot} by and large as planned: {report.facts[slot]}"
        elif found == "other":
            yield -mark, f"another {slot}: {report.facts[slot]}, a second claim"


def _ordinal_marks(report: Report, event: Event) -> Iterator[tuple[float, str]]:
    mine, theirs = report.facts.get("ordinal"), event.facts.get("ordinal")
    if other_ordinal(report, event):
        yield -0.2, f"number {mine}, not {theirs}"
    elif mine is not None and theirs is not None:
        yield 0.1, f"the same number in the count: {mine}"
