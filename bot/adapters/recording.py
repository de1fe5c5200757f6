"""What every store has to agree on when it records events, whatever it keeps them in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.core.model import Change, ReportId
from bot.ports import Joined


def in_order(joined: Sequence[Joined]) -> list[int]:
    """Return the places of a list in the order in which it is stored, so that numbers do not depend on the list's own.

    Known events come first, by number; then the new ones, by when they begin and by their founder.
    """
    return sorted(range(len(joined)), key=lambda place: _rank(joined[place]))


def founder(joined: Joined) -> ReportId | None:
    """Return the report that founds the event, None where the event stood before."""
    if joined.founder or joined.change.event.id or not joined.placed:
        return joined.founder
    return joined.placed[0].report.id


def expected(change: Change) -> int:
    """Return the revision that a stored event has where nobody changed it since the change was made."""
    return change.event.revision - (change.weight != "none")


def _rank(joined: Joined) -> tuple[int, datetime, ReportId, str]:
    event = joined.change.event
    return event.id or 2**63, event.opened, founder(joined) or ("", "", 0), event.kind
