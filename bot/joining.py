"""Where reports and rulings meet what is stored: the neighbourhood is looked up, settled, and turned into what to write.

`bot.intake` comes here with the reports of an item, `bot.rulings` with what an admin decided. From the look-up to the record
nobody else joins, in this process or another, because two items about one new event that were joined at the same time would
make two events of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial

from bot.core.editions import handed_on, realigned, say_the_same
from bot.core.kinds import Kind
from bot.core.merge import Moment, absorbed, change, moment
from bot.core.model import Change, Decision, Event, Item, Placed, Planned, Report, ReportId, Ruling
from bot.core.settle import Settled, distinct, rewound, settle
from bot.core.text.likeness import sketch
from bot.core.text.normalise import clean
from bot.ports import Joined, Revised, Store

MOST_AGAIN = 400
"""Reports that are walked again at most. What comes so late that more would have to be is only put where it fits now."""


LONG = 60
"""Reports in a neighbourhood from which on settling it may take a tenth of a second."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One event before anything is stored: what stands in the store (None for a new one), and what becomes of it."""

    kind: Kind
    before: Event | None
    change: Change
    placed: tuple[Placed, ...] = ()

    @property
    def event(self) -> Event:
        """The event as it will be."""
        return self.change.event

    @property
    def alone(self) -> bool:
        """Tell whether one source alone tells of the event, however often."""
        return len({each.origin.source_id for each in self.event.reports}) == 1

    @property
    def decision(self) -> Decision | None:
        """The least sure of the decisions that brought reports here; None where nothing came."""
        return min((each.decision for each in self.placed), key=lambda each: each.score, default=None)

    def joined(self, planned: tuple[Planned, ...]) -> Joined:
        """Return what the store is to write."""
        keys = frozenset(key for report in self.event.reports for key in self.kind.index(report))
        return Joined(self.change, keys, self.placed, planned)


@dataclass(frozen=True, slots=True)
class Edit:
    """What an item says since it was edited, the events that this makes or changes, and what it leaves behind."""

    reports: tuple[Report, ...]
    drafts: tuple[Draft, ...]
    revised: Revised


def told_in(item: Item, reports: Iterable[Report], kinds: Iterable[Kind]) -> tuple[Report, ...]:
    """Return the main news among the reports of an item, each event once, in the form in which they are joined."""
    told = [each for each in reports if each.role == "main"]
    apart = [each for kind in kinds for each in distinct(kind, told)]
    wording = sketch(clean(f"{item.summary} {item.whole.body or ''}")) if apart else ()
    return tuple(
        replace(each, position=place, origin=replace(each.origin, wording=wording)) for place, each in enumerate(apart)
    )


class Joiner:
    """Drafts the events that reports or rulings change. Whoever stores a draft has the `turn` from before it was made."""

    def __init__(self, store: Store, kinds: Iterable[Kind], *, most_again: int = MOST_AGAIN) -> None:
        self._lock = asyncio.Lock()
        self.kinds = {kind.name: kind for kind in kinds}
        self._store = store
        self._most_again = most_again

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Let nobody else join before the block ends: those of this process line up here, and one of them with other processes."""
        async with self._lock, self._store.joining():
            yield

    async def take(self, reports: Sequence[Report]) -> tuple[Draft, ...]:
        """Return the events that the reports of one item make or change."""
        drafts: list[Draft] = []
        for name, kind in self.kinds.items():
            fresh = [each for each in reports if each.kind == name]
            drafts += await self._take(kind, fresh) if fresh else ()
        return tuple(drafts)

    async def _take(self, kind: Kind, fresh: Sequence[Report]) -> tuple[Draft, ...]:
        since = min(map(moment, fresh))
        events, since_then = await self._neighbourhood(kind, fresh, since)
        rulings = _in_force(events)
        return await self._drafts(kind, events, await _settled(kind, events, fresh, rulings, since_then))

    async def revise(self, item: Item, reports: Sequence[Report]) -> Edit | None:
        """Return what an edit of an item changes, None where it says what it said."""
        standing = [each for each in await self._store.holders(item) if not each.merged_into]
        own = (item.source.id, item.id)
        former = [each for event in standing for each in event.reports if each.id[:2] == own]
        fresh = realigned(self.kinds, former, reports)
        if say_the_same(former, fresh):
            return None
        gone = tuple(sorted({each.id for each in former} - {each.id for each in fresh}))
        drafts: list[Draft] = []
        handed: list[Ruling] = []
        for kind in self.kinds.values():
            events, since = await self._around_edit(kind, standing, (*former, *fresh))
            if not events and not any(each.kind == kind.name for each in fresh):
                continue
            in_force = {each.id: each for each in _in_force(events)}
            others = {each.id: each for each in handed_on(in_force.values(), events, gone)}
            handed += others.values()
            mine = [each for each in fresh if each.kind == kind.name]
            rulings = list((in_force | others).values())
            before = {each.id for each in former}
            drafts += await self._drafts(
                kind, events, await _settled(kind, events, mine, rulings, since, former=before)
            )
        return Edit(fresh, tuple(drafts), Revised(gone, tuple(handed)))

    async def _around_edit(
        self, kind: Kind, standing: Iterable[Event], reports: Iterable[Report]
    ) -> tuple[tuple[Event, ...], Moment | None]:
        """Return the events that may have to do with what an item said, or says, of a kind, and what to walk again."""
        mine = [each for each in reports if each.kind == kind.name]
        if not mine:
            return (), None
        events, since = await self._neighbourhood(kind, mine, min(map(moment, mine)))
        own = {each.id: each for each in standing if each.kind == kind.name}
        return tuple((own | {each.id: each for each in events}).values()), since

    async def rule(
        self, kind: Kind, about: Sequence[Event], *, made: Ruling | None = None, undone: int = 0
    ) -> tuple[Draft, ...]:
        """Return the events that a ruling changes, or the end of one, in the order in which they are to be stored."""
        events: tuple[Event, ...] = tuple(about)
        since = _effect(made or next(each for each in _in_force(events) if each.id == undone), events)
        if since:
            reports = [each for event in about for each in event.reports]
            around, again = await self._neighbourhood(kind, reports, since)
            # Where too much would have to be walked again, the events that the ruling names are walked by themselves.
            events, since = (around, again) if again else (events, since)
        rulings = [each for each in _in_force(events) if each.id != undone] + ([made] if made else [])
        return await self._drafts(kind, events, await _settled(kind, events, (), rulings, since))

    async def _neighbourhood(
        self, kind: Kind, reports: Sequence[Report], since: Moment
    ) -> tuple[tuple[Event, ...], Moment | None]:
        """Return the events that may look at these reports or at what may change with them, and what to walk again."""
        events: dict[int, Event] = {}
        asked: set[str] = set()
        wanted = set[str]().union(*map(kind.around, reports))
        while wanted:
            asked |= wanted
            events |= {event.id: event for event in await self._store.candidates(wanted)}
            since = rewound(events.values(), since)
            later = [each for event in events.values() for each in event.reports if moment(each) >= since]
            if len(later) > self._most_again:
                return tuple(events.values()), None
            wanted = set[str]().union(*map(kind.around, later)) - asked
        return tuple(events.values()), since

    async def _drafts(self, kind: Kind, events: Sequence[Event], settled: Iterable[Settled]) -> tuple[Draft, ...]:
        known = {event.id: event for event in events}
        drafts: list[Draft] = []
        for each in settled:
            before = await self._before(each.event.id, known)
            drafts.append(Draft(kind, before, change(kind, before, each.event), each.placed))
            for number in each.absorbed:
                husk = absorbed(known[number], each.event.id)
                drafts.append(Draft(kind, known[number], change(kind, known[number], husk)))
        return tuple(drafts)

    async def _before(self, number: int, known: dict[int, Event]) -> Event | None:
        """Return the stored event of that number; one that had been merged away comes back to life."""
        return known.get(number) or (await self._store.event(number) if number else None)


async def _settled(
    kind: Kind,
    events: Sequence[Event],
    fresh: Sequence[Report],
    rulings: Sequence[Ruling],
    since: Moment | None,
    *,
    former: Collection[ReportId] = (),
) -> tuple[Settled, ...]:
    """Return the walk's outcome; a long walk goes on beside the event loop, so that nobody waits for an answer meanwhile."""
    walk = partial(settle, kind, events, fresh, rulings, since, former=former)
    return await asyncio.to_thread(walk) if sum(len(event.reports) for event in events) > LONG else walk()


def _in_force(events: Iterable[Event]) -> list[Ruling]:
    return list({ruling.id: ruling for event in events for ruling in event.rulings}.values())


def _effect(ruling: Ruling, events: Iterable[Event]) -> Moment | None:
    """Return from when on a ruling binds the walk, None where it changes nothing but what is shown.

    Two reports are tied or parted once the later of them is there; another day is looked for from the event's beginning.
    """
    reports = [report for event in events for report in event.reports]
    if ruling.act == "correct" and ruling.slot == "date":
        return min(map(moment, reports))
    if ruling.act not in ("merge", "split"):
        return None
    return max(moment(report) for report in reports if report.id in (ruling.report, ruling.other))
