"""An event while its reports come in one after the other: at each of them what their fold gives, at the price of the last.

Joining asks after each report what its event says by now. A fold walks all of them from the first, and a walk over fifty reports
of one strike would fold that strike fifty times. The rules of `figures` and `states` hear the reports one by one as well, so
here they go on from where they were. What only readers ask for is left out: history, ranges, and what editors ruled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice, pairwise

from bot.core.kinds import Kind, Slot
from bot.core.merge import figures
from bot.core.merge.reports import moment
from bot.core.merge.said import Said, weighed
from bot.core.merge.states import State, states
from bot.core.merge.trails import canonical
from bot.core.model import Claim, Event, Fact, Report, Status


class Growing:
    """An event so far. Reports come in the order of their publication, the first at once."""

    __slots__ = ("_day", "_disputed", "_kind", "_reports", "_slots", "_state", "_strands", "_walked")

    def __init__(self, kind: Kind, first: Report) -> None:
        self._kind = kind
        self._reports = [first]
        self._slots = {slot.name: slot for slot in kind.slots}
        self._strands: dict[str, Strand] = {}
        self._walked = states(self._reports)
        self._state = self._heard(first)
        self._day = self._state.day
        self._disputed = first.disputed

    def reaches(self, reports: Iterable[Report]) -> bool:
        """Tell whether all these reports come after those that are in, one after the other."""
        return all(earlier < later for earlier, later in pairwise(map(moment, (self._reports[-1], *reports))))

    def hear(self, report: Report) -> None:
        """Take in the next report."""
        self._reports.append(report)
        self._state = self._heard(report)
        self._day = self._state.day or self._day
        self._disputed = self._disputed or report.disputed

    def _heard(self, report: Report) -> State:
        for name in report.facts:
            if name in self._slots:
                self._strands.setdefault(name, Strand(self._slots[name])).hear(report)
        return next(self._walked)

    def event(self) -> Event:
        """Return the event with id 0 and revision 1, as far as joining asks for it."""
        first, last, status = self._reports[0], self._reports[-1], self._state.status
        return Event(
            id=0,
            kind=self._kind.name,
            date=self._day,
            status=status,
            disputed=self._disputed,
            confirmed=self._state.confirmed,
            facts={name: strand.shown(status) for name, strand in self._strands.items()},
            claims={name: tuple(strand.claims) for name, strand in self._strands.items()},
            reports=tuple(self._reports),
            opened=first.origin.published,
            updated=last.origin.published,
        )


class Strand:
    """What the reports so far say of a slot, and what is shown of it; nothing is weighed while all say the same."""

    __slots__ = ("_agreed", "_line", "_shown", "_slot", "_stating", "_status", "_weighed", "claims")

    def __init__(self, slot: Slot) -> None:
        self.claims: list[Claim] = []
        self._slot = slot
        self._stating: list[Report] = []
        self._agreed = True
        self._status: Status | None = None
        self._line: Iterator[Said] = iter(())
        self._weighed = 0
        self._shown: Fact = 0

    def hear(self, report: Report) -> None:
        """Take in what the next report says."""
        name = self._slot.name
        self._stating.append(report)
        self.claims.extend(figures.claims(name, (report,)))
        self._agreed = self._agreed and report.facts[name] == self._stating[0].facts[name]

    def shown(self, status: Status) -> Fact:
        """Return what is shown in an event of this status; another one weighs plans anew."""
        if self._agreed:
            return canonical(self._stating[0].facts[self._slot.name])
        if status != self._status:
            self._status, self._weighed = status, 0
            self._line = iter(figures.shown(self._slot, (weighed(self._slot, each, status) for each in self._stating)))
        for said in islice(self._line, len(self._stating) - self._weighed):
            self._shown = said.value
        self._weighed = len(self._stating)
        return self._shown
