"""What every store has to agree on when it records events, whatever it keeps them in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.model import Change, Event, ReportId
from bot.ports import Joined


def in_order(joined: Sequence[Joined]) -> list[int]:
    """Return the places of a list in the order in which it is stored, so that numbers do not depend on the list's own.

    Known events come first, by number; then the new ones, by when they begin and by their first report.
    """
    return sorted(range(len(joined)), key=lambda place: _rank(joined[place]))


def numbered(event: Event, number: int) -> Event:
    """Return the event with its number, which what founded it has from then on."""
    founded = {report: each or number for report, each in event.founded.items()}
    return replace(event, id=number, founded=founded)


def expected(change: Change) -> int:
    """Return the revision that a stored event has where nobody changed it since the change was made."""
    return change.event.revision - (change.weight != "none")


def _rank(joined: Joined) -> tuple[int, datetime, ReportId, str]:
    event = joined.change.event
    first = min((each.id for each in event.reports), default=("", "", 0))
    return event.id or 2**63, event.opened, first, event.kind
