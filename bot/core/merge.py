"""All reports of one event folded into the event, and what a further report changed.

The fold sorts the reports by the time they were published and walks them once, so that neither the order in which they
arrived nor repeats matter. Every figure is kept as a claim; which one is shown follows these rules:

- a count is the latest claim by an official of the side that it concerns, else of the most trusted tier; of two outlets
  the later replaces the earlier once more voices say it, or hours have passed, so that a post does not flicker between
  two counts ("175", "197 with those on top") with each outlet that comes in; what took place outweighs what was planned;
- a count that grows is raised by any later claim, and lowered only by one that is trusted as much and comes hours after
  it: outlets that lag behind with an older toll do not lower it, a correction does;
- a set is the union of what was named; a flag holds once it was raised; a text is as trusted as a count;
- the day is the one that reports of the event's status state most, weighed by trust;
- an exchange that was carried out stays so; otherwise the latest word, announced or postponed, holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import accumulate, pairwise
from typing import TypeAlias

from bot.core.kinds import Kind, Slot
from bot.core.model import Change, Claim, Event, Fact, FactChange, Origin, Report, Side, Status, Weight
from bot.core.trust import CONCERNED, TRUST, confirmed, trust_in, voice

CORRECTION = timedelta(hours=12)
"""How long a figure has to go unrepeated before another of equal trust is a correction and no lag."""


Trail: TypeAlias = tuple["Shown", ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A value that is shown from the moment an origin brought it; a trail is what was shown one after the other."""

    value: Fact
    origin: Origin
    planned: bool = False


def fold(kind: Kind, reports: Iterable[Report]) -> Event:
    """Return the event that the reports make, with id 0 and revision 1; raise ValueError where there are none."""
    ordered = unique(reports)
    if not ordered:
        raise ValueError("an event needs at least one report")
    claims = {slot.name: said for slot in kind.slots if (said := _claims(slot.name, ordered))}
    trails = {slot.name: _trail(slot, ordered) for slot in kind.slots if slot.name in claims}
    states = tuple(_states(ordered))
    return Event(
        id=0,
        kind=kind.name,
        date=states[-1].day,
        status=states[-1].status,
        disputed=any(report.disputed for report in ordered),
        confirmed=states[-1].confirmed,
        facts={name: trail[-1].value for name, trail in trails.items()},
        claims=claims,
        reports=ordered,
        opened=ordered[0].origin.published,
        updated=ordered[-1].origin.published,
        history=_history({**_counts(kind, trails), **_state_trails(states)}, ordered[0].origin),
    )


def unique(reports: Iterable[Report]) -> tuple[Report, ...]:
    """Return the reports without repeats in the order in which they were published, alike for every arrival order."""
    grouped = _grouped(reports)
    groups = (grouped[key] for key in sorted(grouped))
    return tuple(report for group in groups for report in (sorted(group, key=_rest) if len(group) > 1 else group))


def change(kind: Kind, before: Event | None, after: Event) -> Change:
    """Return what the fold `after` did to the stored event: its id and next revision, changed facts and their weight.

    Besides the kind's slots a changed fact can be "date", "status", "confirmed" and "disputed".
    """
    if before is None:
        return Change(after, (), kind.weigh(None, after, ()), ("a new event",))
    known = _grouped(before.reports)
    added = [report.origin for report in after.reports if report not in known.get(_moment(report), ())]
    if not added:
        same = replace(after, id=before.id, revision=before.revision, news=before.news)
        return Change(same, (), "none", ("nothing new",))
    facts = tuple(_differences(before, after, added[-1]))
    weight, reason = _weight(kind, before, after, facts)
    news = facts if weight == "material" else before.news
    event = replace(after, id=before.id, revision=before.revision + 1, news=news)
    return Change(event, facts, weight, (reason, *(_words(fact) for fact in facts)))


def combine(first: Report, second: Report) -> Report:
    """Return one report for two of one item that speak of the same event; what the first says stands."""
    return replace(
        first,
        date=first.date or second.date,
        disputed=first.disputed or second.disputed,
        facts={**second.facts, **first.facts},
        evidence=(*first.evidence, *second.evidence),
    )


Moment: TypeAlias = tuple[datetime, str, str]


def _grouped(reports: Iterable[Report]) -> dict[Moment, list[Report]]:
    """Return the reports without repeats, by when and where they were published."""
    grouped: dict[Moment, list[Report]] = {}
    for report in reports:
        group = grouped.setdefault(_moment(report), [])
        if report not in group:
            group.append(report)
    return grouped


def _moment(report: Report) -> Moment:
    return report.origin.published, report.origin.source_id, report.origin.item_id


def _rest(report: Report) -> str:
    """Return what tells apart reports of one item, in an order of its own."""
    facts = sorted(report.facts.items())
    return repr((report.role, report.date, report.status, report.disputed, facts, report.evidence, report.origin))


def _claims(name: str, reports: Sequence[Report]) -> tuple[Claim, ...]:
    said = ((report, report.facts.get(name)) for report in reports)
    return tuple(Claim(name, value, report.origin) for report, value in said if value is not None)


def _trail(slot: Slot, reports: Sequence[Report]) -> Trail:
    """Return the values shown one after the other as the reports came in."""
    said = (
        Shown(_canonical(report.facts[slot.name]), report.origin, report.status != "carried_out")
        for report in reports
        if slot.name in report.facts
    )
    if slot.type == "set":
        return _steps(accumulate(said, _union))
    if slot.type == "flag":
        return _steps(accumulate(said, _raised))
    return _steps(accumulate(said, partial(_grow, slot.concerns)) if slot.grows else _settle(slot.concerns, said))


def _steps(shown: Iterable[Shown]) -> Trail:
    steps: list[Shown] = []
    for step in shown:
        if not steps or steps[-1].value != step.value:
            steps.append(step)
    return tuple(steps)


def _canonical(value: Fact) -> Fact:
    return tuple(sorted(set(value))) if isinstance(value, tuple) else value


def _union(shown: Shown, later: Shown) -> Shown:
    known, named = (value if isinstance(value, tuple) else () for value in (shown.value, later.value))
    return shown if set(named) <= set(known) else Shown(_canonical((*known, *named)), later.origin)


def _raised(shown: Shown, later: Shown) -> Shown:
    return shown if shown.value else later


def _settle(concerns: Side | None, said: Iterable[Shown]) -> Iterator[Shown]:
    """Yield the value shown after each claim; a voice backs only what it said last."""
    last: dict[str, Fact] = {}
    voices: Counter[Fact] = Counter()
    shown: Shown | None = None
    for later in said:
        before = last.get(voice(later.origin))
        last[voice(later.origin)] = later.value
        voices.subtract([] if before is None else [before])
        voices[later.value] += 1
        shown = later if shown is None or _outweighs(concerns, shown, later, voices) else shown
        yield shown


def _outweighs(concerns: Side | None, shown: Shown, later: Shown, voices: Mapping[Fact, int]) -> bool:
    more = _trust(concerns, later) - _trust(concerns, shown)
    if more or later.value == shown.value:
        return more >= 0
    if later.origin.tier == "official" or later.origin.published - shown.origin.published >= CORRECTION:
        return True
    return voices[later.value] > voices[shown.value]


def _grow(concerns: Side | None, shown: Shown, later: Shown) -> Shown:
    if not isinstance(later.value, int) or not isinstance(shown.value, int) or later.value > shown.value:
        return later
    more = _trust(concerns, later) - _trust(concerns, shown)
    corrects = later.value == shown.value or later.origin.published - shown.origin.published >= CORRECTION
    return later if more > 0 or (more == 0 and corrects) else shown


def _trust(concerns: Side | None, shown: Shown) -> int:
    """Return how far a claim is trusted; one about a plan less than any about what took place."""
    trust = trust_in(shown.origin, concerns)
    return trust - CONCERNED - 1 if shown.planned else trust


@dataclass(frozen=True, slots=True)
class State:
    """What an event is, whatever its kind, once the reports up to one origin are in."""

    origin: Origin
    status: Status
    day: date | None
    confirmed: bool


def _states(reports: Sequence[Report]) -> Iterator[State]:
    """Walk the reports and yield the state after each."""
    votes: dict[str, Counter[date]] = {"": Counter()}
    status = reports[0].status
    for report, sure in zip(reports, confirmed(reports), strict=True):
        status = "carried_out" if status == "carried_out" else report.status
        if report.date:
            for ballot in (votes[""], votes.setdefault(report.status, Counter())):
                ballot[report.date] += 1 + TRUST[report.origin.tier]
        yield State(report.origin, status, _leading(votes.get(status) or votes[""]), sure)


def _leading(votes: Counter[date]) -> date | None:
    """Return the day with most votes, of equals the one stated first; None where no report states one."""
    return max(votes, key=votes.__getitem__, default=None)


def _state_trails(states: Sequence[State]) -> dict[str, Trail]:
    days = _steps(Shown(state.day.isoformat(), state.origin) for state in states if state.day)
    status = _steps(Shown(state.status, state.origin) for state in states)
    confirmed = _steps(Shown(state.confirmed, state.origin) for state in states)
    return {"date": days, "status": status, "confirmed": confirmed}


def _counts(kind: Kind, trails: Mapping[str, Trail]) -> dict[str, Trail]:
    """Leave out the sets: that they fill up is no change of what was told before."""
    return {slot.name: trails[slot.name] for slot in kind.slots if slot.name in trails and slot.type != "set"}


def _history(trails: Mapping[str, Trail], founder: Origin) -> tuple[FactChange, ...]:
    """Return what the shown values changed to, oldest first; a count that a later item adds is a change too."""
    steps: list[FactChange] = []
    for name, trail in trails.items():
        first = trail[0] if trail else None
        if first and isinstance(first.value, int) and first.origin != founder:
            steps.append(_step(name, None, first))
        steps.extend(_step(name, shown.value, later) for shown, later in pairwise(trail))
    return tuple(sorted(steps, key=lambda step: (step.at, step.slot)))


def _step(name: str, before: Fact | None, later: Shown) -> FactChange:
    return FactChange(name, before, later.value, later.origin.published, later.origin.name)


def _differences(before: Event, after: Event, cause: Origin) -> Iterator[FactChange]:
    old, new = _shown(before), _shown(after)
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            yield FactChange(name, old.get(name), new.get(name), cause.published, cause.name)


def _shown(event: Event) -> dict[str, Fact]:
    own: dict[str, Fact] = {"status": event.status, "confirmed": event.confirmed, "disputed": event.disputed}
    return {**event.facts, **own, **({"date": event.date.isoformat()} if event.date else {})}


def _weight(kind: Kind, before: Event, after: Event, facts: Sequence[FactChange]) -> tuple[Weight, str]:
    changed = {fact.slot: fact for fact in facts}
    if "status" in changed:
        return "material", f"the status is now {after.status}"
    if "date" in changed and before.date:
        return "material", "the day moved"
    if after.confirmed and not before.confirmed:
        return "material", "now confirmed"
    weight = kind.weigh(before, after, [fact for fact in facts if fact.slot in kind_slots(kind)])
    if weight != "none":
        return weight, f"{weight} change of facts"
    return ("minor", "other details") if facts else ("sources", "one more report of the same")


def kind_slots(kind: Kind) -> frozenset[str]:
    """Return the names of the kind's slots."""
    return frozenset(slot.name for slot in kind.slots)


def _words(fact: FactChange) -> str:
    return f"{fact.slot}: {fact.before} -> {fact.after}"
