"""What a report, one that left, or a ruling did to an event, and how much that matters to a reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.kinds import Kind, Slot
from bot.core.merge.folding import kind_slots
from bot.core.merge.reports import without
from bot.core.merge.rulings import VERDICTS
from bot.core.model import Change, Event, Fact, FactChange, Report, Ruling, Weight


def change(kind: Kind, before: Event | None, after: Event) -> Change:
    """Return what became of the stored event: the one `after` with its id and next revision, changed facts, their weight.

    Besides the kind's slots a changed fact can be "date", "status", "confirmed", "disputed", "verdict" and "merged_into".
    Where nothing changed at all the weight is "none" and the event keeps its revision.
    """
    if before is None:
        return Change(after, (), kind.weigh(None, after, ()), ("a new event",))
    after = replace(after, id=before.id, revision=before.revision, news=before.news, founded=_founded(before, after))
    added, left = without(after.reports, before.reports), without(before.reports, after.reports)
    grows = frozenset(slot.name for slot in kind.slots if slot.grows)
    facts = tuple(_differences(before, after, added, grows))
    if not (added or left or facts or after.rulings != before.rulings or after.ranges != before.ranges):
        return Change(after, (), "none", ("nothing new",))
    weight, reason = _weight(kind, before, after, facts)
    reasons = tuple(filter(None, (reason, *_moves(added, left), *(_words(fact) for fact in facts)))) or ("ruled upon",)
    news = facts if weight == "material" else before.news
    return Change(replace(after, revision=before.revision + 1, news=news), facts, weight, reasons)


def absorbed(event: Event, into: int) -> Event:
    """Return what is left of an event that turned out to be event `into`: what its post last showed, and no reports."""
    husk = replace(event, merged_into=into, claims={}, reports=(), history=(), ranges={}, rulings=(), founded={})
    return replace(husk, verdict="", founders=())


def withdrawn(event: Event) -> Event:
    """Return what is left of an event that all its sources took back: what its post last showed, and no reports.

    It keeps what founded it, so that it is the same event again should they think better of it; so do the rulings on it.
    """
    return replace(event, claims={}, reports=(), history=(), ranges={}, verdict="reject", founders=())


def _founded(before: Event, after: Event) -> dict[tuple[str, str, int], int]:
    """Return the numbers that reports of the event once founded, of the stored ones those whose report is still there."""
    here = {report.id for report in after.reports}
    return {**{report: number for report, number in before.founded.items() if report in here}, **after.founded}


def _differences(before: Event, after: Event, added: Sequence[Report], grows: frozenset[str]) -> Iterator[FactChange]:
    old, new = _shown(before), _shown(after)
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            found = FactChange(name, old.get(name), new.get(name), *_cause(name, new.get(name), before, after, added))
            yield replace(found, corrected=not _has_grown(found, grows) and _is_corrected(found, before, after))


def _shown(event: Event) -> dict[str, Fact]:
    own: dict[str, Fact] = {"status": event.status, "confirmed": event.confirmed, "disputed": event.disputed}
    day = event.date.isoformat() if event.date else ""
    stated: dict[str, Fact] = {"date": day, "verdict": event.verdict, "merged_into": event.merged_into}
    return {**event.facts, **own, **{name: value for name, value in stated.items() if value}}


def _cause(name: str, value: Fact | None, before: Event, after: Event, added: Sequence[Report]) -> tuple[datetime, str]:
    """Return when and by whom a value came to be shown; by nobody where an editor's ruling, or its end, did it."""
    spoken = after.reports or before.reports
    if name == "verdict" and spoken and (_is_withdrawn(before) or _is_withdrawn(after)):
        return spoken[-1].origin.published, spoken[-1].origin.name
    ruled = [each for each in after.rulings if _sets(each, name)]
    if ruled and ruled[-1] not in before.rulings:
        return ruled[-1].at, ""
    if ruled or name in ("verdict", "merged_into") or any(_sets(each, name) for each in _taken_out(before, after)):
        return max(before.updated, after.updated), ""
    step = next((each for each in reversed(after.history) if each.slot == name and each.after == value), None)
    brought = {(report.origin.published, report.origin.name) for report in added}
    if step and (not brought or (step.at, step.source) in brought):
        return step.at, step.source
    cause = (added or after.reports)[-1].origin
    return cause.published, cause.name


def _taken_out(before: Event, after: Event) -> Iterator[Ruling]:
    """Yield the rulings that were taken back; one whose report left the event went with it."""
    here = {report.id for report in after.reports}
    return (each for each in before.rulings if each not in after.rulings and each.report in here)


def _sets(ruling: Ruling, name: str) -> bool:
    """Tell whether a ruling decides what is shown under a name."""
    return ruling.slot == name if ruling.act == "correct" else name == "verdict" and ruling.act in VERDICTS


def _has_grown(found: FactChange, grows: frozenset[str]) -> bool:
    """Tell whether a toll rose, which corrects nothing even where the source of the lower one has edited its item."""
    both = isinstance(found.before, int) and isinstance(found.after, int)
    return both and bool(found.source) and found.slot in grows and found.before < found.after  # type: ignore[operator]


def _is_corrected(found: FactChange, before: Event, after: Event) -> bool:
    """Tell whether the old value was wrong: an editor set another, or nobody who said it speaks of this event any more."""
    if found.slot in ("verdict", "merged_into"):
        return False
    return not found.source or not _said(found.slot, found.before, before) <= _said(found.slot, found.before, after)


def _said(name: str, value: Fact | None, event: Event) -> set[Fact]:
    """Return the value, or those of its elements, that somebody says."""
    if name == "date":
        said: set[Fact] = {report.date.isoformat() for report in event.reports if report.date}
    else:
        said = {each for claim in event.claims.get(name, ()) for each in _elements(claim.value)}
    return said & set(_elements(value))


def _elements(value: Fact | None) -> tuple[Fact, ...]:
    if isinstance(value, tuple):
        return value
    return () if value is None else (value,)


def _weight(kind: Kind, before: Event, after: Event, facts: Sequence[FactChange]) -> tuple[Weight, str]:
    """Return how much it matters and why, "" where nothing that is shown changed."""
    changed = {fact.slot: fact for fact in facts}
    material = next(_material(kind, before, after, changed), None)
    if material and not after.merged_into:
        return "material", material
    weight = kind.weigh(before, after, [fact for fact in facts if fact.slot in kind_slots(kind)])
    if weight != "none":
        return weight, f"{weight} change of facts"
    minor = next(_minor(before, after, changed), "")
    return ("minor" if minor else "sources"), minor


def _minor(before: Event, after: Event, changed: Mapping[str, FactChange]) -> Iterator[str]:
    """Yield why a change is worth a silent edit, whatever the kind."""
    if after.merged_into:
        yield f"it is the same as event {after.merged_into}"
    if before.merged_into:
        yield f"it is not event {before.merged_into} after all"
    if "verdict" in changed:
        yield f"an editor ruled: {after.verdict or 'no verdict any more'}"
    if before.ranges != after.ranges:
        yield "the ends of a range changed"
    if changed:
        yield "other details"


def _material(kind: Kind, before: Event, after: Event, changed: Mapping[str, FactChange]) -> Iterator[str]:
    """Yield why a change matters, whatever the kind."""
    if "verdict" in changed and "reject" in (before.verdict, after.verdict):
        yield _ruled_out(before, after)
    if "status" in changed:
        yield f"the status is now {after.status}"
    if "date" in changed and before.date:
        yield "the day moved"
    if after.confirmed and not before.confirmed:
        yield "now confirmed"
    for slot in kind.slots:
        if slot.type == "count" and slot.name in changed and _is_taken_back(slot, changed[slot.name]):
            yield f"{slot.name} was corrected"


def _is_withdrawn(event: Event) -> bool:
    """Tell whether all sources of an event took it back."""
    return not event.reports and not event.merged_into


def _ruled_out(before: Event, after: Event) -> str:
    if _is_withdrawn(after):
        return "its sources took it back"
    if _is_withdrawn(before):
        return "it is told again"
    return "an editor withdrew it" if after.verdict == "reject" else "an editor let it stand again"


def _is_taken_back(slot: Slot, fact: FactChange) -> bool:
    """Tell whether a count was wrong: an editor set another, or a toll, which only grows, is lower than it was."""
    if not isinstance(fact.before, int) or not isinstance(fact.after, int):
        return False
    return not fact.source or (slot.grows and fact.after < fact.before)


def _moves(added: Sequence[Report], left: Sequence[Report]) -> Iterator[str]:
    """Yield in words how many reports came and went, and that some were edited."""
    edited = {each.id for each in added} & {each.id for each in left}
    added, left = ([each for each in those if each.id not in edited] for those in (added, left))
    if edited:
        yield "a report was edited" if len(edited) == 1 else f"{len(edited)} reports were edited"
    if added:
        yield "one more report" if len(added) == 1 else f"{len(added)} more reports"
    if left:
        yield "one report less" if len(left) == 1 else f"{len(left)} reports less"


def _words(fact: FactChange) -> str:
    return f"{fact.slot}: {fact.before} -> {fact.after}" + (" (corrected)" if fact.corrected else "")
