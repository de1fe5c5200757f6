"""What an event is, whatever its kind: planned, done or called off; on which day; whether that is confirmed.

- The status is "carried_out" once anybody says so; otherwise the latest word, announced or postponed, holds.
- The day is the one that reports of the event's status state most, weighed by trust; of equals the one stated first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.merge.trails import Trail, steps
from bot.core.model import Origin, Report, Status
from bot.core.trust import TRUST, confirmed


@dataclass(frozen=True, slots=True)
class State:
    """What an event is once the reports up to one origin are in."""

    origin: Origin
    status: Status
    day: date | None
    confirmed: bool


def states(reports: Sequence[Report]) -> Iterator[State]:
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


def trails(walked: Sequence[State]) -> dict[str, Trail]:
    """Return what was shown as day, status and confirmed, each one after the other."""
    return {
        "date": steps((state.day.isoformat(), state.origin) for state in walked if state.day),
        "status": steps((state.status, state.origin) for state in walked),
        "confirmed": steps((state.confirmed, state.origin) for state in walked),
    }
