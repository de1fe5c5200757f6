"""Which reports speak of one strike: where to look for its event, what fits, what rules it out, what matters.

A strike is one attacker, one day (a night has the morning's) and one first-level region; the totals of a night over the
whole country are an event of their own. Death tolls grow, so on one day figures never tell two strikes apart. Where a
report has no day, or one outlet dates a night by its evening, figures that only one strike can have find the event.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from bot.core.kinds import Comparison, Relation, is_jump
from bot.core.model import Event, FactChange, Report, Weight

LATE_DAYS = 3
"""How many days afterwards a report without a day still speaks of a strike."""

TELLING = {"drones": 10, "drones_downed": 10, "missiles": 5, "missiles_downed": 5, "killed": 3, "injured": 5}
"""From which size on an equal figure is unlikely to be chance."""

DECISIVE = {"drones": 50, "drones_downed": 50}
"""From which size on an equal figure alone decides that neighbouring days are one night."""

TOLLS = {"killed": 10, "injured": 40}
"""Tolls, and from which size on one that is nearly the same means the same strike, even days later."""

MASS = {"killed": 10, "injured": 100}
"""From which size on a toll is so rare that on the next day even its double is the same one, grown."""

EVERYWHERE = "all"
"""Stands in a key for the region of a report that names none."""


def index(report: Report) -> frozenset[str]:
    """Return the keys under which an event with this report is stored: attacker, day and region, and the roll-up."""
    if report.date:
        return frozenset({_key(report, report.date, _region(report)), _key(report, report.date, EVERYWHERE)})
    published = report.origin.published.date()
    return frozenset({f"{_key(report, published, _region(report))}:undated"})


def lookup(report: Report) -> frozenset[str]:
    """Return the keys under which this report's event may be stored: its region (or any) on the days around."""
    region = _region(report)
    if report.date:
        days, undated = _span(report.date, -LATE_DAYS, LATE_DAYS), _span(report.date, -1, LATE_DAYS)
    else:
        published = report.origin.published.date()
        days, undated = _span(published, -LATE_DAYS, 1), _span(published, -LATE_DAYS, LATE_DAYS)
    keys = {_key(report, day, region) for day in days}
    return frozenset(keys | {f"{_key(report, day, region)}:undated" for day in undated})


def around(report: Report) -> frozenset[str]:
    """Return the keys of all events that this report may look for, or whose reports may look for it."""
    region, day = _region(report), report.date or report.origin.published.date()
    keys = {_key(report, each, region) for each in _span(day, -LATE_DAYS, LATE_DAYS)}
    return frozenset(keys | {f"{key}:undated" for key in keys})


def compare(report: Report, event: Event) -> Comparison:
    """Say how well the report fits the event, or why they cannot be one."""
    veto = next(_vetoes(report, event), None)
    if veto:
        return Comparison(0.0, veto=True, reasons=(veto,))
    marks = [_day_mark(report, event), *_figure_marks(report, event), *_place_marks(report, event)]
    total = sum(mark for mark, _ in marks)
    return Comparison(round(min(max(total, 0.0), 1.0), 3), veto=False, reasons=tuple(words for _, words in marks))


def weigh(before: Event | None, _after: Event, facts: Sequence[FactChange]) -> Weight:
    """Return how much changed figures matter: the first deaths, or a jump in the toll or the launches, are news."""
    if before is None:
        return "new"
    if any(_is_material(fact) for fact in facts):
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


def _is_material(fact: FactChange) -> bool:
    if fact.slot == "killed" and not fact.before:
        return bool(fact.after)
    return fact.slot in (*TOLLS, "drones", "missiles") and is_jump(fact.before, fact.after)


def _region(report: Report) -> str:
    return str(report.facts.get("region", EVERYWHERE))


def _key(report: Report, day: date, region: str) -> str:
    return f"strike:{report.facts.get('attacker', '')}:{region}:{day.isoformat()}"


def _span(day: date, first: int, last: int) -> tuple[date, ...]:
    numbers = range(day.toordinal() + first, day.toordinal() + last + 1)
    return tuple(date.fromordinal(number) for number in numbers if 0 < number <= date.max.toordinal())


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
    if mine and theirs and mine != theirs:
        yield f"different regions: {mine} and {theirs}"
    elif mine != theirs and not _common_places(report, event):
        yield "one names no region, and they share no place"


def _day_vetoes(report: Report, event: Event, apart: int) -> Iterator[str]:
    if apart and not (apart == 1 and _same_night(report, event)) and not _same_toll(report, event, apart):
        yield f"different days, {report.date} and {event.date}, without figures that only one strike can have"
    elif _is_late(report, event) and "other" in dict(_relations(report, event)).values():
        yield f"told days after {event.date} and with other figures: its day is doubtful"


def _is_late(report: Report, event: Event) -> bool:
    return event.date is not None and (report.origin.published.date() - event.date).days > LATE_DAYS


def _same_night(report: Report, event: Event) -> bool:
    """Tell whether neighbouring days are one night: two telling figures, or a decisive one, are equal, none differs."""
    relations = dict(_relations(report, event))
    telling = [slot for slot, found in relations.items() if found == "telling"]
    decisive = any(_at_least(report, slot, size) for slot, size in DECISIVE.items() if slot in telling)
    return "other" not in relations.values() and (decisive or len(telling) > 1)


def _same_toll(report: Report, event: Event, apart: int) -> bool:
    """Tell whether a follow-up that is dated by its publication counts the same victims: a large toll, nearly equal."""
    followed = any(each.date == each.origin.published.date() for each in (report, event.reports[0]))
    relations = dict(_relations(report, event))
    if apart > LATE_DAYS or not followed or "other" in relations.values() or not _common_places(report, event):
        return False
    return any(_at_least(report, slot, size) and _near(report, event, slot, apart) for slot, size in TOLLS.items())


def _at_least(report: Report, slot: str, size: int) -> bool:
    value = report.facts.get(slot)
    return isinstance(value, int) and value >= size


def _near(report: Report, event: Event, slot: str, apart: int) -> bool:
    mine, theirs = report.facts.get(slot), event.facts.get(slot)
    if not isinstance(mine, int) or not isinstance(theirs, int):
        return False
    low, high = sorted((mine, theirs))
    return (high - low) * 5 <= low or (apart == 1 and low >= MASS[slot] and high <= 2 * low)


def _undated_vetoes(report: Report, event: Event) -> Iterator[str]:
    undated = event.reports[0] if report.date else report
    published = undated.origin.published.date()
    day = report.date or event.date
    ahead = (day - published).days if day else (event.reports[0].origin.published.date() - published).days
    if not -LATE_DAYS <= ahead <= (1 if day else LATE_DAYS):
        yield f"published too far from {day or 'the other report'} to mean the same strike"


def _relations(report: Report, event: Event) -> Iterator[tuple[str, str]]:
    """Yield for each figure that both state: "telling" or "same" where equal, "grown" by time, else "other"."""
    for slot, size in TELLING.items():
        mine = report.facts.get(slot)
        claims = tuple((claim.value, claim.origin.published) for claim in event.claims.get(slot, ()))
        theirs = tuple((value, at) for value, at in claims if isinstance(value, int))
        if not isinstance(mine, int) or not theirs:
            continue
        if any(mine == value for value, _ in theirs):
            yield slot, "telling" if mine >= size else "same"
        elif slot in TOLLS and _grown(mine, report.origin.published, theirs):
            yield slot, "grown"
        else:
            yield slot, "other"


def _grown(mine: int, at: datetime, theirs: Sequence[tuple[int, datetime]]) -> bool:
    """Tell whether a different toll is an earlier or later count of the same: figure and time rise together."""
    return all((mine > value) == (at > then) for value, then in theirs)


def _common_places(report: Report, event: Event) -> frozenset[str]:
    mine, theirs = report.facts.get("places", ()), event.facts.get("places", ())
    return frozenset(mine if isinstance(mine, tuple) else ()) & frozenset(theirs if isinstance(theirs, tuple) else ())


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
    for slot, relation in _relations(report, event):
        figure = f"{slot} {report.facts[slot]}"
        if relation == "grown":
            yield 0.02, f"{figure} fits a toll that grows"
        elif relation == "other":
            yield (0.0 if dated else -0.15), f"{figure} is another claim"
        else:
            yield (0.1 if relation == "telling" else 0.03), f"the same {figure}"


def _place_marks(report: Report, event: Event) -> Iterator[tuple[float, str]]:
    common = _common_places(report, event)
    if common:
        yield 0.05, f"the same place: {', '.join(sorted(common))}"
