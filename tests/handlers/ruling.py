"""Holds a few events and rules on them at once: the Rule port and the questions about it, without a store or a matching."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.core.model import Act, Decision, Event, Fact, Logged, Placed, Posted, ReportId, Revision, Ruling
from bot.ports import PermanentError, Ruled

AT = datetime(2025, 6, 10, 14, 5, tzinfo=UTC)


@dataclass(slots=True)
class Judge:
    """Events by number; `log` has the rulings, the newest last; `votes` who called which event what."""

    events: dict[int, Event] = field(default_factory=dict)
    log: list[Logged] = field(default_factory=list)
    votes: set[tuple[int, int, str]] = field(default_factory=set)
    changes: dict[int, tuple[Revision, ...]] = field(default_factory=dict)
    chats: tuple[Posted, ...] = (Posted(1, 0, "readers", 0), Posted(2, 0, "readers", 0))

    @classmethod
    def over(cls, *events: Event) -> Judge:
        """Return a judge who holds the events under their own numbers."""
        return cls({event.id: event for event in events})

    async def rule(
        self,
        act: Act,
        event_id: int,
        by: int,
        *,
        other: int = 0,
        report: ReportId | None = None,
        slot: str = "",
        value: Fact | None = None,
    ) -> Ruled:
        event = self.events[event_id]
        subject = report or event.reports[0].id
        ruling = Ruling(id=len(self.log) + 1, act=act, report=subject, by=by, at=AT, slot=slot, value=value)
        self.log.append(Logged(ruling, event_id))
        return Ruled(ruling, self._after(ruling, event, other))

    def _after(self, ruling: Ruling, event: Event, other: int) -> tuple[Event, ...]:
        event = replace(event, rulings=(*event.rulings, ruling))
        if ruling.act in ("post", "hold", "reject"):
            event = replace(event, verdict=ruling.act)
        elif ruling.act == "correct":
            event = replace(event, facts={**event.facts, ruling.slot: ruling.value})
        elif ruling.act == "merge":
            return self._keep(
                replace(self.events[other], rulings=(ruling,)), replace(event, merged_into=other, reports=())
            )
        elif ruling.act == "split":
            parted = next(each for each in event.reports if each.id == ruling.report)
            rest = tuple(each for each in event.reports if each is not parted)
            return self._keep(replace(event, reports=rest), replace(event, id=max(self.events) + 1, reports=(parted,)))
        return self._keep(event)

    def _keep(self, *events: Event) -> tuple[Event, ...]:
        self.events.update({event.id: event for event in events})
        return events

    async def undo(self, by: int, ruling_id: int = 0) -> Ruled:
        for place, logged in enumerate(self.log):
            if logged.ruling.id == ruling_id and not logged.undone_by:
                self.log[place] = replace(logged, undone_by=by, undone_at=AT)
                event = self.events[logged.event_id]
                return Ruled(logged.ruling, self._keep(replace(event, verdict="", rulings=())))
        raise PermanentError(f"ruling {ruling_id} is gone")

    async def feedback(self, event_id: int, user_id: int, what: str) -> bool:
        if (event_id, user_id, what) in self.votes:
            return False
        self.votes.add((event_id, user_id, what))
        return True

    async def event(self, event_id: int) -> Event | None:
        return self.events.get(event_id)

    async def candidates(self, keys: Collection[str]) -> tuple[Event, ...]:
        return tuple(event for event in self.events.values() if not event.merged_into) if keys else ()

    async def revisions(self, event_id: int, after: int = 0) -> tuple[Revision, ...]:
        return tuple(each for each in self.changes.get(event_id, ()) if each.number > after)

    async def placed(self, event_id: int) -> tuple[Placed, ...]:
        joined = Decision(event_id, 0.875, ("the same day", "to_ukraine close to 1207"), 0.25)
        founded = Decision(None, 0.0, ("no event is stored under its keys",))
        reports = self.events[event_id].reports
        return tuple(Placed(report, joined if place else founded) for place, report in enumerate(reports))

    async def rulings(self, event_id: int = 0, limit: int = 20) -> tuple[Logged, ...]:
        return tuple(each for each in reversed(self.log) if event_id in (0, each.event_id))[:limit]

    async def waiting(self, limit: int = 20) -> tuple[Event, ...]:
        return tuple(event for event in self.events.values() if not event.confirmed and not event.verdict)[:limit]

    async def latest(self, limit: int, kinds: Collection[str] = (), offset: int = 0) -> tuple[Event, ...]:
        return tuple(self.events.values())[offset : offset + limit]

    async def posted(self, event_id: int) -> tuple[Posted, ...]:
        return self.chats
