"""The reports of an event in the one order that the fold walks them in, and two reports of one item made one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from bot.core.model import Report

Moment: TypeAlias = tuple[datetime, str, str, int]


def unique(reports: Iterable[Report]) -> tuple[Report, ...]:
    """Return the reports without repeats in the order in which they were published, alike for every arrival order."""
    grouped = by_moment(reports)
    groups = (grouped[key] for key in sorted(grouped))
    return tuple(report for group in groups for report in (sorted(group, key=_rest) if len(group) > 1 else group))


def without(reports: Iterable[Report], others: Iterable[Report]) -> tuple[Report, ...]:
    """Return the reports that are not among the others."""
    known = by_moment(others)
    return tuple(report for report in reports if report not in known.get(moment(report), ()))


def combine(first: Report, second: Report) -> Report:
    """Return one report for two of one item that speak of the same event; what the first says stands."""
    return replace(
        first,
        date=first.date or second.date,
        disputed=first.disputed or second.disputed,
        facts={**second.facts, **first.facts},
        evidence=(*first.evidence, *second.evidence),
        speakers={
            **{slot: said for slot, said in second.speakers.items() if slot not in first.facts},
            **first.speakers,
        },
    )


def moment(report: Report) -> Moment:
    """Return when a report was published, and what it is known by."""
    return report.origin.published, *report.id


def by_moment(reports: Iterable[Report]) -> dict[Moment, list[Report]]:
    """Return the reports without repeats; several of one moment are versions of one report."""
    grouped: dict[Moment, list[Report]] = {}
    for report in reports:
        group = grouped.setdefault(moment(report), [])
        if report not in group:
            group.append(report)
    return grouped


def _rest(report: Report) -> str:
    """Return what tells apart versions of a report, in an order of its own."""
    facts = sorted(report.facts.items())
    said = sorted((slot, repr(speaker)) for slot, speaker in report.speakers.items())
    return repr((report.role, report.date, report.status, report.disputed, facts, report.evidence, report.origin, said))
