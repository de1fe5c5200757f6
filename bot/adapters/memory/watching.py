"""What those who watch over us ask the store."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from bot.adapters.memory.tables import IN_FLIGHT, WAITING, Part, Row
from bot.core.model import PollState
from bot.ports.tally import Figures

OVERDUE = timedelta(minutes=1)


class Watching(Part):
    """The port `Watched`."""

    async def ping(self) -> None:
        """Be there."""

    def unwritten(self) -> str:
        """Return "": nothing keeps memory from being written."""
        return ""

    async def figures(self, now: datetime) -> Figures:
        """Return how the store stands."""
        rows = [row for row in self._tables.open.values() if row.state in WAITING | IN_FLIGHT]
        states = [state for name, state in self._tables.polls.items() if name not in self._tables.unlisted]
        due = min((row.delivery.id for row in rows if _is_due(row, now)), default=0)
        return Figures(
            outbox=Counter(row.state for row in rows),
            oldest=self._planned(self._tables.open[due]) if due else None,
            sources=Counter(map(_state, states)),
            overdue=sum(state.next_at < now - OVERDUE and not state.ended for state in states),
            success=max((state.last_success for state in states if state.last_success), default=None),
        )

    def _planned(self, row: Row) -> datetime | None:
        revision = self._tables.revisions[row.delivery.event_id].get(row.delivery.revision)
        return revision.at if revision else None


def _is_due(row: Row, now: datetime) -> bool:
    return row.state in WAITING and (row.not_before is None or row.not_before <= now)


def _state(state: PollState) -> str:
    if state.ended:
        return "ended"
    if state.failures:
        return "failing"
    return "well" if state.last_success else "new"
