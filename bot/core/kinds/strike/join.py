"""Which reports speak of one strike: where to look for its event, what fits, what rules it out, what matters.

A strike is one attacker, one day (a night has the morning's) and one first-level region; the totals of a night over the
whole country are an event of their own. Death tolls grow, so on one day figures never tell two strikes apart. Where a
report has no day, or one outlet dates a night by its evening, figures that only one strike can have find the event.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from math import inf

from bot.core.kinds import Comparison, Relation, has_moved, slips, span
from bot.core.kinds.strike.likeness import common_places, figures, places, weigh_figures
from bot.core.model import Event, Fact, FactChange, Report, Weight

LATE_DAYS = 3
"""How many days afterwards a report without a day still speaks of a strike."""

AROUND = (-LATE_DAYS, LATE_DAYS)

SPANS = 4_096
"""Spans of days whose keys are kept: the reports of one week look for one another again and again."""

DAYS_APART = {1: 5.5, 2: 7.0, 3: 8.0}
"""How much has to speak for one strike whose reports name days so far apart; in the units of `likeness.weigh_figures`."""

SAME_PLACE, FOLLOWED = 1.5, 0.5
LONE = 2.0
"""How much less is asked where no other strike is near: on a region that is hit every night two days are two strikes."""

NAMESAKE = 3.0
"""How much the figures have to say where two regions have a place of one name, or a day is a month off."""

SAME_MARK, GROWN_MARK, MOST_WEIGHT = 0.2, 0.1, 5.0
"""What an equal figure, and one that has grown, add to a score at most, and from which weight on.

Two equal figures of a neighbouring day outweigh the day alone where that day's own figures are others.
"""

EVERYWHERE = "all"
"""Stands in a key for the region of a report that names none."""


def index(report: Report) -> frozenset[str]:
    """Return the keys under which an event with this report is stored: attacker, day and region, and the roll-up."""
    if report.date:
        days = (report.date, *slips(report))
        keys = {key for day in days for key in _keys_of_day(report, day)}
    else:
        days = (report.origin.published.date(),)
        keys = {f"{_key(report, days[0], _region(report))}:undated"}
    return frozenset(keys if "region" in report.facts else keys | _nowhere_keys(report, days))


def lookup(report: Report) -> frozenset[str]:
    """Return the keys under which this report's event may be stored: its region (or any) on the days around."""
    region, published = _region(report), report.origin.published.date()
    if report.date:
        meant = (_key(report, day, region) for day in slips(report))
        days = _keys(report, region, report.date, AROUND).union(meant)
        undated = _keys(report, region, report.date, (-1, LATE_DAYS), ":undated")
    else:
        days = _keys(report, region, published, (-LATE_DAYS, 1))
        undated = _keys(report, region, published, AROUND, ":undated")
    return days.union(undated, _place_keys(report))


def around(report: Report) -> frozenset[str]:
    """Return the keys of all events that this report may look for, or whose reports may look for it."""
    stored = ((_region(report), ""), (_region(report), ":undated"), (EVERYWHERE, ":nowhere"))
    meant = (report.date or report.origin.published.date(), *slips(report))
    keys = (_keys(report, region, day, AROUND, tail) for day in meant for region, tail in stored)
    return frozenset(_place_keys(report)).union(*keys)


def compare(report: Report, event: Event) -> Comparison:
    """Say how well the report fits the event, or why they cannot be one."""
    veto = next(_vetoes(report, event), None)
    if veto:
        return Comparison(0.0, veto=True, reasons=(veto,))
    marks = [_day_mark(report, event), *_figure_marks(report, event), *_place_marks(report, event)]
    total = sum(mark for mark, _ in marks)
    lone = _is_lone(report, event)
    score = round(min(max(total, 0.0), 1.0), 3)
    return Comparison(score, veto=False, reasons=tuple(words for _, words in marks), lone=lone)


def _is_lone(report: Report, event: Event) -> bool:
    """Tell whether they are one strike only if no other is near: what they share does not outweigh that the days differ."""
    if report.date and event.date:
        apart = abs((report.date - event.date).days)
        return apart > 0 and _slack(report, event, apart) < 0
    undated = event.reports[0] if report.date else report
    day = report.date or event.date
    return bool(day) and day != undated.origin.published.date() and weigh_figures(report, event).weight < NAMESAKE


def weigh(before: Event | None, _after: Event, facts: Sequence[FactChange]) -> Weight:
    """Return how much changed figures matter: the first deaths, or a jump from what was last heard, are news."""
    if before is None:
        return "new"
    if any(_is_material(before, fact) for fact in facts):
        return "material"
    return "minor" if facts else "none"


def kin(event: Event) -> frozenset[str]:
    """Return the keys of all strikes of the same side on the same day, the night's totals among them."""
    return frozenset({_key(event.reports[0], event.date, EVERYWHERE)}) if event.date else frozenset()


def hangs(event: Event, other: Event) -> Relation:
    """Tell whether a strike on a region belongs to the night whose totals the other event gives."""
    mine, theirs = str(event.facts.get("region", "")), str(other.facts.get("region", ""))
    same = event.date == other.date is not None and event.facts.get("attacker") == other.facts.get("attacker")
    return "night" if same and len(mine) > len(theirs) > 0 and mine.startswith(f"{theirs}-") else ""


def _is_material(before: Event, fact: FactChange) -> bool:
    if fact.slot == "killed" and not fact.before:
        return bool(fact.after)
    return fact.slot in ("killed", "injured", "drones", "missiles") and has_moved(before, fact)


def _region(report: Report) -> str:
    return str(report.facts.get("region", EVERYWHERE))


def _key(report: Report, day: date, region: str) -> str:
    return f"strike:{report.facts.get('attacker', '')}:{region}:{day.isoformat()}"


def _keys(report: Report, region: str, day: date, days: tuple[int, int], tail: str = "") -> frozenset[str]:
    """Return the keys of a region on the days from the first to the last of `days` after a day."""
    return _spanned(report.facts.get("attacker", ""), region, day, days, tail)


@lru_cache(SPANS)
def _spanned(attacker: Fact, region: str, day: date, days: tuple[int, int], tail: str) -> frozenset[str]:
    return frozenset(f"strike:{attacker}:{region}:{each.isoformat()}{tail}" for each in span(day, *days))


def _keys_of_day(report: Report, day: date) -> Iterator[str]:
    yield _key(report, day, _region(report))
    yield _key(report, day, EVERYWHERE)
    yield from _place_keys(report)


def _nowhere_keys(report: Report, days: Iterable[date]) -> set[str]:
    """Return the keys under which reports without a region are found by those that they may look for."""
    return {f"{_key(report, day, EVERYWHERE)}:nowhere" for day in days}


def _place_keys(report: Report) -> set[str]:
    """Return the keys under which a place of the same name is found, whichever region it was taken for."""
    return {_key(report, report.date, f"@{place}") for place in places(report)} if report.date else set()


def _vetoes(report: Report, event: Event) -> Iterator[str]:
    if report.facts.get("attacker") != event.facts.get("attacker"):
        yield "the other side struck"
    yield from _region_vetoes(report, event)
    if report.date and event.date:
        yield from _day_vetoes(report, event, abs(report.date - event.date).days)
    else:
        yield from _undated_vetoes(report, event)


def _region_vetoes(report: Report, event: Event) -> Iterator[str]:
    mine, theirs = report.facts.get("region"), event.facts.get("region")
    if mine == theirs:
        return
    if not common_places(report, event):
        yield (
            f"different regions: {mine} and {theirs}"
            if mine and theirs
            else "one names no region, and they share no place"
        )
    elif mine and theirs and weigh_figures(report, event).weight < NAMESAKE:
        yield f"places of one name in {mine} and {theirs}, without figures that only one strike can have"


def _day_vetoes(report: Report, event: Event, apart: int) -> Iterator[str]:
    if apart and _slack(report, event, apart) < -LONE:
        yield f"different days, {report.date} and {event.date}, without figures that only one strike can have"
    elif _is_late(report, event) and weigh_figures(report, event).clash:
        yield f"told days after {event.date} and with other figures: its day is doubtful"


def _is_late(report: Report, event: Event) -> bool:
    return event.date is not None and (report.origin.published.date() - event.date).days > LATE_DAYS


def _slack(report: Report, event: Event, apart: int) -> float:
    """Return by how much what the two have in common outweighs that they name different days, one of which is then wrong.

    A slip of the month or the year is no further than the day that was meant.
    """
    found = weigh_figures(report, event)
    if found.clash or not found.weight:
        return -inf
    if apart > LATE_DAYS:
        return (
            found.weight - NAMESAKE if event.date in slips(report) or report.date in slips(event.reports[0]) else -inf
        )
    return found.weight + _circumstances(report, event) - DAYS_APART[apart]


def _circumstances(report: Report, event: Event) -> float:
    """Return what a common place says, and that one of the two is dated by its publication, as a day is that nobody named."""
    if not common_places(report, event):
        return 0.0
    followed = any(each.date == each.origin.published.date() for each in (report, event.reports[0]))
    return SAME_PLACE + (FOLLOWED if followed else 0.0)


def _undated_vetoes(report: Report, event: Event) -> Iterator[str]:
    undated = event.reports[0] if report.date else report
    published = undated.origin.published.date()
    day = report.date or event.date
    ahead = (day - published).days if day else (event.reports[0].origin.published.date() - published).days
    if not -LATE_DAYS <= ahead <= (1 if day else LATE_DAYS):
        yield f"published too far from {day or 'the other report'} to mean the same strike"


def _day_mark(report: Report, event: Event) -> tuple[float, str]:
    if report.date and event.date:
        if report.date == event.date:
            return 0.8, f"the same day and region, {event.date}"
        return 0.6, f"one strike under two dates, {report.date} and {event.date}"
    undated = event.reports[0] if report.date else report
    published = undated.origin.published.date()
    day = report.date or event.date or event.reports[0].origin.published.date()
    return 0.6 - 0.03 * abs((day - published).days), f"no day in one report, published on {published} next to {day}"


def _figure_marks(report: Report, event: Event) -> Iterator[tuple[float, str]]:
    """Yield what the figures add; on one day a different figure is only another claim."""
    dated = bool(report.date and event.date)
    for found in figures(report, event):
        if found.relation == "other":
            yield (-0.05 if dated else -0.15), f"{found.words} is another claim"
        else:
            most = SAME_MARK if found.relation == "same" else GROWN_MARK
            yield min(most * found.weight / MOST_WEIGHT, most), found.words


def _place_marks(report: Report, event: Event) -> Iterator[tuple[float, str]]:
    common = common_places(report, event)
    if common:
        yield 0.05, f"the same place: {', '.join(sorted(common))}"
