"""Sightings into reports: one per attacker, day and region, each with its own figures and the words they stand in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.core.kinds.strike.doubles import told_once
from bot.core.kinds.strike.evidence import quoted
from bot.core.kinds.strike.figures import PEOPLE
from bot.core.kinds.strike.lines import Line
from bot.core.kinds.strike.sightings import Sighting
from bot.core.kinds.strike.sums import Sum, is_mere_sum, sums
from bot.core.kinds.strike.when import OLD, day_before_search, told_day
from bot.core.model import Evidence, Fact, Origin, Report

COUNTRIES = ("UA", "RU")
RECENT = timedelta(days=2)
YESTERDAY = timedelta(days=1)
LATE = timedelta(days=60)
"""How long after a blow its victims are still counted."""
DIGEST = 8
"""How many days a week's digest tells of."""


def reports(found: Sequence[Sighting], lines: Sequence[Line], origin: Origin, today: date) -> tuple[Report, ...]:
    """Return the reports of an item, the main news first, in the order in which it tells them."""
    told = _followed_up(told_once(_placed(found)), lines)
    groups = _grouped(_dated(_of_search(_of_past_day(told, today), lines), today))
    page = _page(lines, today)
    reported = [
        _report(key, group, lines, origin, background=_is_old(key, group, groups, page))
        for key, group in groups.items()
        if _is_event(key, group, groups)
    ]
    return tuple(sorted(reported, key=lambda report: report.role != "main"))


def _placed(found: Sequence[Sighting]) -> Sequence[Sighting]:
    """Return the sightings without those that take their place from the headline where another line gives it."""
    hit = {_key(seen) for seen in found if seen.hit and seen.places and not seen.headed}
    return [seen for seen in found if not (seen.headed and _key(seen) in hit)]


def _of_past_day(found: Sequence[Sighting], today: date) -> Sequence[Sighting]:
    """Return the sightings with "the past day" taken for yesterday where the item names that day and not its own."""
    days = {told.day for seen in found if (told := told_day(seen.line, today)) and told.rule != "past_day"}
    yesterday = today - YESTERDAY
    if yesterday not in days or today in days or not any(seen.line.has("past_day") for seen in found):
        return found
    return [replace(seen, day=yesterday) if seen.day == today else seen for seen in found]


def _of_search(found: Sequence[Sighting], lines: Sequence[Line]) -> Sequence[Sighting]:
    """Return the sightings of an item that gives no day with that before the night in which it says people were searched for."""
    if any(seen.day for seen in found):
        return found
    days = [day for line in lines if (day := day_before_search(line))]
    return [replace(seen, day=days[0]) for seen in found] if days else found


def _followed_up(found: Sequence[Sighting], lines: Sequence[Line]) -> Sequence[Sighting]:
    """Return the sightings with what is recalled as news of the blow where the item tells how it went on after it.

    That is the search, a rising toll or mourning, with no day of its own: "the toll rises to 11. Recall that on 2 March".
    """
    titled = any(line.has("follow_up", "toll", "rubble") for line in lines if line.sentence.field == "title")
    told = {_key(seen) for seen in found if titled or seen.line.has("follow_up", "toll", "rubble")}
    dated = {(seen.attacker, seen.region) for seen in found if seen.day and not seen.background}
    going_on = told - dated
    recalled = [seen for seen in found if seen.background and seen.day and (seen.attacker, seen.region) in going_on]
    days = {(seen.attacker, seen.region): seen.day for seen in reversed(recalled)}
    return [
        replace(seen, background=False)
        if seen.background and _key(seen) in days and seen.day == days[_key(seen)]
        else seen
        for seen in found
    ]


def _key(seen: Sighting) -> tuple[str, str]:
    return seen.attacker, seen.region


Key = tuple[str, str, date, bool]


def _dated(found: Sequence[Sighting], today: date) -> Iterator[Sighting]:
    """Give every sighting a day: its own, that of its region, or that of the item."""
    days = _days_by_region(found, today)
    lead = next((seen.day for seen in found if seen.line.lead and seen.day and not seen.background), None)
    names: dict[int, set[str]] = defaultdict(set)
    for seen in found:
        names[seen.at].update((*seen.places, seen.place))
    first = _first_day(found, days) or today
    for seen in found:
        known = _of_place(names[seen.at], days.get((seen.attacker, seen.region), []), seen.at)
        own = seen.day if _is_blow(seen) or not known else None
        if own or not seen.background:
            yield replace(seen, day=own or _nearest(known, seen.at) or lead or first, dated=bool(own))


def _first_day(found: Sequence[Sighting], days: Mapping[tuple[str, str], list[Told]]) -> date | None:
    """Return the day of the first region that the item speaks of, else that of the first line under the headline."""
    own = days.get(_key(found[0])) if found else None
    body = next((seen for seen in found if not seen.line.lead), None)
    return own[0][1] if own else body.day if body and body.hit and not body.background else None


def _is_blow(seen: Sighting) -> bool:
    return seen.hit or bool(seen.figures)


Told = tuple[int, date, tuple[str, ...]]
"""A line that dates a blow, the day it gives, and the settlements it names."""


def _of_place(names: set[str], known: Sequence[Told], at: int) -> Sequence[Told]:
    """Return the lines that date a blow on one of these very settlements, all of the region where none has done so yet."""
    same = [told for told in known if names & set(told[2])]
    late = all(line > at for line, _, _ in same) and any(line <= at for line, _, _ in known)
    return known if late or not same else same


def _nearest(known: Sequence[Told], at: int) -> date | None:
    """Return the day given last before a line, else the newest one given after it."""
    before = [day for line, day, _ in known if line <= at]
    return before[-1] if before else max((day for _, day, _ in known), default=None)


def _days_by_region(found: Sequence[Sighting], today: date) -> Mapping[tuple[str, str], list[Told]]:
    """Return, for each attacker and region, the lines that date a blow there, with the day they give.

    A line that names no place and no figure dates a blow only where no other does, and only a recent one.
    """
    days: dict[tuple[str, str], list[Told]] = defaultdict(list)
    dated = [seen for seen in found if seen.day and not seen.background]
    for seen in dated:
        if seen.day and _is_blow(seen):
            days[seen.attacker, seen.region].append((seen.at, seen.day, seen.places))
    for seen in dated:
        key = seen.attacker, seen.region
        told = seen.line.has("attack", "happened")
        if seen.day and key not in days and told and today - seen.day <= _reach(seen):
            days[key].append((seen.at, seen.day, seen.places))
    return days


def _reach(seen: Sighting) -> timedelta:
    """Return how far back a line without a place may date a blow: further where it tells of its victims."""
    return OLD if seen.line.has(*PEOPLE) else RECENT


def _grouped(found: Iterator[Sighting]) -> Mapping[Key, list[Sighting]]:
    groups: dict[Key, list[Sighting]] = defaultdict(list)
    for seen in found:
        assert seen.day is not None
        groups[seen.attacker, seen.region, seen.day, seen.background].append(seen)
    return groups


def _is_event(key: Key, group: Sequence[Sighting], groups: Mapping[Key, list[Sighting]]) -> bool:
    """Return whether a group is an event of its own, and not a line of a nationwide list or a target without a blow."""
    attacker, region, day, background = key
    if background and (attacker, region, day, False) in groups:
        return False
    if region in COUNTRIES:
        regions = [other for each, other in groups.items() if each[0] == attacker and each[1] not in COUNTRIES]
        return any(seen.figures or seen.hit for seen in group) and not is_mere_sum(
            group, regions, several=region == "RU"
        )
    return any(seen.hit for seen in group) and not _is_aim(key, group, groups)


def _is_aim(key: Key, group: Sequence[Sighting], groups: Mapping[Key, list[Sighting]]) -> bool:
    """Return whether a region is only where the attacker's ministry says its night was aimed at, with no town that was hit."""
    attacker, _, day, _ = key
    claimed = all(seen.line.has("ru_defence") and not seen.places for seen in group if seen.hit)
    return attacker == "RU" and claimed and (attacker, "UA", day, False) in groups


@dataclass(frozen=True, slots=True)
class _Page:
    """What the item as a whole says about its days: those that the headline tells of, and the oldest that can be news."""

    today: date
    headlined: frozenset[date]
    oldest: date


def _page(lines: Sequence[Line], today: date) -> _Page:
    """Return the days of an item: a digest tells of a whole week, and what the title tells of the dead may be long past."""
    week = any(line.has("digest") for line in lines if line.lead)
    days = {today - timedelta(days=back) for back in range(DIGEST)} if week else set()
    titles = [line for line in lines if line.sentence.field == "title" and not line.has("trial", "anniversary")]
    late = any(line.has("killed", "died_later", "rubble") for line in titles)
    late = late and not any(line.has("swap") for line in lines)
    return _Page(today, frozenset(days | _headlined(lines)), today - (LATE if late else OLD))


def _is_old(key: Key, group: Sequence[Sighting], groups: Mapping[Key, list[Sighting]], page: _Page) -> bool:
    """Return whether a group is context: long past, or before the news and not in the headline, or before one just there.

    What the title tells of the dead may be news of a blow long past, if there is no newer one.
    """
    attacker, region, day, background = key
    newer = [other for other in groups if other[2] > day and not other[3]]
    again = any(other[:2] == (attacker, region) for other in newer)
    leading = [seen for seen in group if seen.line.lead and (seen.hit or seen.figures)]
    titled = any(seen.line.sentence.field == "title" for seen in leading)
    dated = any(seen.dated for seen in group)
    daily = page.today - day <= YESTERDAY and any(
        seen.line.has("past_day") for each in groups.values() for seen in each
    )
    told = (told_day(seen.line, page.today) for seen in group)
    daily = daily or any(each and each.rule.startswith("yesterday") and each.day == day for each in told)
    past = dated and bool(newer) and not (leading or daily or day in page.headlined)
    last = not newer and any(seen.line.sentence.field == "title" for seen in group)
    first = page.oldest if last else page.today - OLD
    return background or day < first or (again and not titled) or past


def _headlined(lines: Sequence[Line]) -> set[date]:
    """Return the days that the headline names: "Two days under fire: *Friday* and *Saturday*"."""
    title = [line for line in lines if line.sentence.field == "title"]
    return {told.day for line in title for told in line.sentence.dates if told.precision == "day"}


def _report(key: Key, group: Sequence[Sighting], lines: Sequence[Line], origin: Origin, *, background: bool) -> Report:
    attacker, region, day, _ = key
    facts: dict[str, Fact] = {"attacker": attacker, "region": region}
    figures = sums(group)
    facts.update({slot: each.value for slot, each in figures.items()})
    if places := tuple(dict.fromkeys(name for seen in group for name in seen.places)):
        facts["places"] = places
    if targets := _kinds_of_target(group):
        facts["targets"] = targets
    disputed = any(seen.line.has("dispute") for seen in group)
    return Report(
        kind="strike",
        origin=origin,
        role="background" if background else "main",
        date=day,
        disputed=disputed,
        facts=facts,
        evidence=(*_of_figures(figures), *quoted(facts, day, group, lines, disputed=disputed)),
    )


def _kinds_of_target(group: Sequence[Sighting]) -> tuple[str, ...]:
    """Return what was hit; "the plant" is the refinery where one is named, and industry elsewhere."""
    told = {name for seen in group for name in seen.targets}
    plant = {"industrial"} if "plant" in told and "oil" not in told else set()
    return tuple(sorted(told - {"plant"} | plant))


def _of_figures(figures: Mapping[str, Sum]) -> Iterator[Evidence]:
    for slot, each in figures.items():
        yield from (
            seen.line.sentence.evidence(slot, figure.rule, figure.first, figure.last) for seen, figure in each.told
        )
