"""What an event is, whatever its kind: planned, done or called off; on which day; whether that is confirmed.

- Confirmed is what is shown: of the reports, those of the status shown count. Who tells of the deed says that there was a
  plan as well; who tells of a plan does not say that it was carried out.
- Once confirmed a status moves only to one that is confirmed itself, by what was published since; a deed does not move.
- Until then the latest word holds, but for a deed: once anybody told of it, it is taken back only by an official of either
  side who says on an own channel that it was put off, or that it did not take place.
- The day is the one that reports of the event's status state most, weighed by trust; of equals the one stated first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.merge.trails import Trail, steps
from bot.core.model import Origin, Report, Status
from bot.core.trust import BACKED, TRUST, Witnesses, is_office


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
    course = Course(reports[0].status)
    for report in reports:
        course.hear(report)
        if report.date:
            for ballot in (votes[""], votes.setdefault(report.status, Counter())):
                ballot[report.date] += 1 + TRUST[report.origin.tier]
        yield State(report.origin, course.status, _leading(votes.get(course.status) or votes[""]), course.sure)


class Course:
    """The status that is shown, who backs it and each other one, and the last word that is none of a deed."""

    __slots__ = ("backing", "status", "word")

    def __init__(self, status: Status) -> None:
        self.status = status
        self.word: Status | None = None
        self.backing: dict[Status, Witnesses] = {}

    @property
    def sure(self) -> bool:
        """Tell whether the status that is shown is confirmed."""
        return self._is_sure(self.status)

    def hear(self, report: Report) -> None:
        """Take in one more report, and show its status where that holds."""
        sure = self.sure
        for status in BACKED[report.status]:
            self.backing.setdefault(status, Witnesses()).hear(report)
        if report.status != "carried_out" and not _is_denial(report):
            self.word = report.status
        status = self._after(report, sure=sure)
        if status != self.status and (self._is_sure(status) or self.status == "carried_out"):
            self.backing = {status: self.backing.get(status, Witnesses())}
        self.status = status

    def _is_sure(self, status: Status) -> bool:
        return status in self.backing and self.backing[status].sure

    def _after(self, report: Report, *, sure: bool) -> Status:
        """Return the status that is shown once a report is in; `sure`: what was shown until then is confirmed."""
        if self.status == "carried_out":
            return self._taken_back(report) if not sure and is_office(report.origin) else self.status
        if _is_denial(report):
            return self.status
        return report.status if not sure or self._is_sure(report.status) else self.status

    def _taken_back(self, report: Report) -> Status:
        """Return what a deed is that no two voices told of, where an official may say that there was none."""
        denied, off = report.disputed, report.status == "postponed"
        return self.word or self.status if denied != off else self.status


def _is_denial(report: Report) -> bool:
    """Tell whether an official of either side denies what the report is about."""
    return report.disputed and is_office(report.origin)


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
