"""What a change amounts to: whether it is news, rings, takes something back, or is too small to mention."""

from __future__ import annotations

from datetime import timedelta

from bot.core.model import Change, Event, FactChange

STALE_AFTER = timedelta(days=3)
"""How long after its day a report of an event no longer makes it a new post."""

SOON, AHEAD = timedelta(days=1), timedelta(days=31)
"""How far ahead of its newest report the day of what took place, and of what is planned, may lie to be believed.

The day in Kyiv or Moscow may be one further than in UTC. Nobody plans an exchange for a day that is months away.
"""


def is_fresh(event: Event) -> bool:
    """Tell whether the event's newest report speaks of a day (its own, where none is known) that is near enough to be news."""
    ahead = (event.date or event.opened.date()) - event.updated.date()
    return -STALE_AFTER <= ahead <= (SOON if event.status == "carried_out" else AHEAD)


def is_closed(event: Event) -> bool:
    """Tell whether the event goes to no chat that does not have it: an admin said so, or it turned out to be another one."""
    return bool(event.merged_into) or event.verdict in ("hold", "reject")


def is_news(change: Change) -> bool:
    """Tell whether there is anything to tell: background alone is no event."""
    event = change.event
    if event.verdict == "reject" and not changed(change, "verdict"):
        return False
    told = not event.reports or any(report.role == "main" for report in event.reports)
    return told and change.weight != "none"


def rings(change: Change) -> bool:
    """Tell whether a chat that has the post is to hear a sound."""
    if change.event.merged_into:
        return False
    return change.weight == "material" or was_ruled_out(change)


def takes_back(change: Change) -> bool:
    """Tell whether what the post says does not hold any more: it was called off, or is no event."""
    off = any(fact.slot == "status" and fact.after == "postponed" for fact in change.facts)
    return off or was_ruled_out(change)


def was_ruled_out(change: Change) -> bool:
    """Tell whether an admin withdrew the event, or gave it back."""
    return any(fact.slot == "verdict" and "reject" in (fact.before, fact.after) for fact in change.facts)


def is_repetition(change: Change) -> bool:
    """Tell whether a source says again what it alone says: that makes no post where the first time made none."""
    return change.weight == "sources" and len({each.origin.source_id for each in change.event.reports}) == 1


def is_small(change: Change) -> bool:
    """Tell whether nothing came in but sources and words: no figure, no range of one, nothing that every event has."""
    if change.weight in ("new", "material"):
        return False
    return change.weight == "sources" or (bool(change.facts) and all(_is_detail(fact) for fact in change.facts))


def changed(change: Change, slot: str) -> bool:
    """Tell whether the change is one of this slot."""
    return any(fact.slot == slot for fact in change.facts)


def _is_detail(fact: FactChange) -> bool:
    own = fact.slot in ("verdict", "status", "date")
    return not own and not any(isinstance(value, int) for value in (fact.before, fact.after))
