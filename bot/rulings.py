"""What admins decide about events, and what readers call them: checked, joined, told and recorded like an item.

A ruling is kept beside the reports and binds how they are joined, so taking it back leaves the events as if it had never been.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.core.model import Act, Change, Event, Fact, Logged, Report, ReportId, Ruling
from bot.core.render.buttons import VOTES
from bot.intake import Intake
from bot.joining import Draft
from bot.ports import Clock, PermanentError, Queries, Ruled, Store

MOST_REMEMBERED = 1000
"""How far back a ruling can be taken back."""


class Rulings:
    """The Rule port. It goes the way of the intake, whose joiner and telling it uses."""

    def __init__(self, intake: Intake, store: Store, queries: Queries, clock: Clock) -> None:
        self._joiner = intake.joiner
        self._telling = intake.telling
        self._store = store
        self._queries = queries
        self._clock = clock

    async def rule(  # noqa: PLR0913  (each act has its own of these)
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
        """Decide on an event: `other` is the event to merge it into, `report` the one to split off, `slot` what to correct."""
        async with self._joiner.turn():
            event = await self._event(event_id)
            about = [event, await self._event(other)] if act == "merge" else [event]
            ruling = replace(_ruling(act, about, report), by=by, at=self._clock.now(), slot=slot, value=value)
            _refuse_repeat(ruling, event)
            drafts = await self._joiner.rule(self._joiner.kinds[event.kind], about, made=ruling)
            _refuse_failure(ruling, drafts)
            told = await self._telling.tell(drafts)
            events = await self._store.rule(ruling, [each.joined for each in told])
            (newest,) = await self._queries.rulings(0, 1)
        return Ruled(newest.ruling, events)

    async def undo(self, by: int, ruling_id: int = 0) -> Ruled:
        """Take a ruling back: the one of that number, or (0) the newest that is in force."""
        async with self._joiner.turn():
            ruling = await self._in_force(ruling_id)
            holders = [await self._store.holder(each) for each in (ruling.report, ruling.other) if each]
            about = list({each.id: each for each in holders if each}.values())
            if not about:
                raise PermanentError(
                    f"what ruling {ruling.id} is about was taken back by its source; there is nothing to undo"
                )
            drafts = await self._joiner.rule(self._joiner.kinds[about[0].kind], about, undone=ruling.id)
            told = await self._telling.tell(drafts)
            events = await self._store.undo(ruling, by, self._clock.now(), [each.joined for each in told])
        return Ruled(ruling, events)

    async def feedback(self, event_id: int, user_id: int, what: str) -> bool:
        """Keep that a reader called an event "wrong" or "duplicate", and tell the admins; return whether that is new."""
        if what not in VOTES:
            raise PermanentError(f"nobody can call an event {what!r}; there are {', '.join(VOTES)}")
        async with self._joiner.turn():
            event = await self._event(event_id)
            found = Change(replace(event, revision=event.revision + 1), (), "sources", (f"a reader calls it {what}",))
            draft = Draft(self._joiner.kinds[event.kind], event, found)
            (told,) = await self._telling.tell([draft], readers=True)
            admins = tuple(each for each in told.joined.planned if each.audience == "admins")
            return await self._store.complain(replace(told.joined, planned=admins), user_id, what, self._clock.now())

    async def _event(self, number: int) -> Event:
        """Return the event of that number, or the one that it was merged into."""
        event = await self._store.event(number)
        if event is None:
            raise PermanentError(f"there is no event {number}")
        if event.merged_into:
            return await self._event(event.merged_into)
        if not event.reports:
            raise PermanentError(f"event {event.id} was taken back by its source; there is nothing to decide")
        return event

    async def _in_force(self, number: int) -> Ruling:
        log: Sequence[Logged] = await self._queries.rulings(0, MOST_REMEMBERED)
        for logged in log:
            if not logged.undone_by and number in (0, logged.ruling.id):
                return logged.ruling
        raise PermanentError(f"there is no ruling {number} in force" if number else "there is no ruling to take back")


def _ruling(act: Act, about: Sequence[Event], report: ReportId | None) -> Ruling:
    """Return the ruling, still without its value; raise PermanentError where it makes no sense."""
    event = about[0]
    subject, other = event.reports[0].id, None
    if act == "merge":
        if event.id == about[1].id:
            raise PermanentError(f"event {event.id} is that event already")
        if event.kind != about[1].kind:
            raise PermanentError(f"event {event.id} is a {event.kind}, event {about[1].id} a {about[1].kind}")
        other = about[1].reports[0].id
    elif act == "split":
        subject, other = _parted(event, report)
    return Ruling(id=0, act=act, report=subject, by=0, at=event.opened, other=other)


def _parted(event: Event, report: ReportId | None) -> tuple[ReportId, ReportId]:
    """Return the report that leaves the event, and one that it leaves behind."""
    rest: list[Report] = [each for each in event.reports if each.id != report]
    if report is None or len(rest) == len(event.reports):
        raise PermanentError(f"that report does not stand in event {event.id}")
    if not rest:
        raise PermanentError(f"event {event.id} has one report alone, which nothing can be split from")
    return report, rest[0].id


def _refuse_failure(ruling: Ruling, drafts: Sequence[Draft]) -> None:
    """Refuse a ruling after which two reports do not stand as it says, since a report of one item bars the other's."""
    together = any({ruling.report, ruling.other} <= {each.id for each in draft.event.reports} for draft in drafts)
    if ruling.other and together != (ruling.act == "merge"):
        raise PermanentError("that cannot be done: reports of one item, or other rulings, stand against it")


def _refuse_repeat(ruling: Ruling, event: Event) -> None:
    """Refuse what is in force already, so that a button pressed twice does nothing twice."""
    if ruling.act in ("post", "hold", "reject") and event.verdict == ruling.act:
        raise PermanentError(f"event {event.id}: that is decided already")
