"""Which event a report belongs to: the best of the candidates that share a key with it, or a new one.

The report is compared with what an event is anchored by, its founding report and the members that state the event's own
day, never with whatever was joined to it on weaker grounds: otherwise one loose member draws in the next, and a week of
news becomes one event. The same report and candidates give the same answer in whatever order they come.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.core.kinds import Comparison, Kind
from bot.core.model import Decision, Event, Report

THRESHOLD = 0.5
"""The score from which a report joins an event; below it two events are less wrong than one."""


def match(kind: Kind, report: Report, candidates: Iterable[Event]) -> Decision:
    """Return the event that the report belongs to, or none; the reasons are those of the best candidate."""
    compared = [
        (kind.compare(report, anchored(event)), event)
        for event in candidates
        if event.kind == kind.name and event.reports and not _both_registered(report, event)
    ]
    fitting = [(found, event) for found, event in compared if not found.veto and found.score >= THRESHOLD]
    if fitting:
        found, event = min(fitting, key=lambda pair: (-pair[0].score, pair[1].opened, pair[1].id))
        return Decision(event.id, found.score, found.reasons)
    return Decision(None, 0.0, _why_new(compared))


def _both_registered(report: Report, event: Event) -> bool:
    """Tell whether both stand in the register, whose rows are different events however alike they look."""
    return report.origin.tier == "register" and any(each.origin.tier == "register" for each in event.reports)


def anchored(event: Event) -> Event:
    """Return the event with only the reports and claims that it stands on."""
    founder = event.reports[0]
    anchors = tuple(
        report for report in event.reports if report is founder or (event.date and report.date == event.date)
    )
    items = {(report.origin.source_id, report.origin.item_id) for report in anchors}
    claims = {
        slot: tuple(claim for claim in said if (claim.origin.source_id, claim.origin.item_id) in items)
        for slot, said in event.claims.items()
    }
    return replace(event, reports=anchors, claims=claims)


def _why_new(compared: list[tuple[Comparison, Event]]) -> tuple[str, ...]:
    if not compared:
        return ("no event is stored under its keys",)
    ranked = sorted(compared, key=lambda pair: (-pair[0].score, pair[1].opened, pair[1].id))
    return tuple(f"not event {event.id}: {'; '.join(found.reasons)}" for found, event in ranked[:3])
