"""The one way an item goes: read, looked up, matched, folded, planned, recorded.

The poll job, `vistka replay` and the demo all hand their items to `Intake.take`. Reading may happen side by side; from
the look-up to the record one lock holds, because two items about one new event that were joined at the same time would
make two events of it. Each item is one transaction of the store, so that a crash loses or doubles nothing.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.kinds import Kind
from bot.core.match import match
from bot.core.merge import change, combine, fold
from bot.core.model import Action, Change, Decision, Event, Item, Placed, Report, Subscription
from bot.core.text.likeness import sketch
from bot.core.text.normalise import clean
from bot.core.trust import FLOOD, floods
from bot.ports import Joined, Planned, Read, Store, TemporaryError

STALE_AFTER = timedelta(days=3)
"""How long after its day a report of an event no longer makes it a new post."""

ATTEMPTS = 3
"""How often an item is joined again when another process changed one of its events in between."""


@dataclass(frozen=True, slots=True)
class Joining:
    """One report of an item, why it went where it went, the event as stored, who is to hear of it, and why or why not."""

    report: Report
    decision: Decision
    event: Event
    change: Change
    planned: tuple[Planned, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one item. `error` says why it could not be read; it is then stored as seen."""

    item: Item
    joinings: tuple[Joining, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a batch: the unseen items in order, known ones left out."""

    taken: tuple[Taken, ...]

    @property
    def items(self) -> int:
        """Return how many items were new."""
        return len(self.taken)

    @property
    def reports(self) -> int:
        """Return how many reports the items gave."""
        return sum(len(taken.joinings) for taken in self.taken)

    @property
    def opened(self) -> int:
        """Return how many events are new."""
        return sum(joining.change.weight == "new" for taken in self.taken for joining in taken.joinings)

    @property
    def deliveries(self) -> int:
        """Return how many posts, edits and replies were planned."""
        return sum(len(joining.planned) for taken in self.taken for joining in taken.joinings)

    @property
    def errors(self) -> tuple[str, ...]:
        """Return what could not be read, a line each."""
        return tuple(taken.error for taken in self.taken if taken.error)


class Intake:
    """Takes items in. Everything outside comes in through the ports; the time is an argument."""

    def __init__(
        self, read: Read, store: Store, kinds: Iterable[Kind], *, stale_after: timedelta = STALE_AFTER
    ) -> None:
        self._read = read
        self._store = store
        self._kinds = {kind.name: kind for kind in kinds}
        self._stale_after = stale_after
        self._lock = asyncio.Lock()
        self._founded: defaultdict[str, deque[datetime]] = defaultdict(lambda: deque(maxlen=FLOOD))

    async def take(self, items: Sequence[Item], *, quiet_before: datetime | None = None) -> Summary:
        """Read, join and store the items that are new; those published before `quiet_before` are never posted."""
        unseen = await self._store.unseen(items)
        return Summary(tuple([await self._take_one(item, quiet_before) for item in unseen]))

    async def _take_one(self, item: Item, quiet_before: datetime | None) -> Taken:
        reports, error = await self._reports(item)
        quiet = quiet_before is not None and item.published < quiet_before
        for attempt in range(ATTEMPTS):
            try:
                async with self._lock:
                    return Taken(item, await self._record(item, reports, quiet=quiet), error)
            except TemporaryError:
                if not await self._store.unseen([item]):
                    break
                if attempt + 1 == ATTEMPTS:
                    raise
        return Taken(item)

    async def _record(self, item: Item, reports: Sequence[Report], *, quiet: bool) -> tuple[Joining, ...]:
        subscriptions = () if quiet or not reports else await self._store.subscriptions()
        drafts = await self._join(reports)
        mad = self._is_mad(item, drafts)
        joined = [await self._plan(draft, () if mad and draft.alone else subscriptions) for draft in drafts]
        events = await self._store.record(item, joined)
        return tuple(
            _joining(draft, each, event, self._why(draft, each, quiet=quiet, mad=mad))
            for draft, each, event in zip(drafts, joined, events, strict=True)
        )

    def _is_mad(self, item: Item, drafts: Sequence[_Draft]) -> bool:
        """Tell whether the item's source floods us with events of its own; another voice lets them be told after all."""
        if not any(draft.alone for draft in drafts):
            return False
        founded = self._founded[item.source.id]
        flooding = floods(founded, item.published)
        founded.append(item.published)
        return flooding

    def _why(self, draft: _Draft, joined: Joined, *, quiet: bool, mad: bool) -> str:
        if mad and draft.alone:
            return "not told: its source founds too many events that nobody else tells"
        return why(joined.change, joined.planned, quiet=quiet, fresh=self._is_fresh(joined.change.event))

    def _is_fresh(self, event: Event) -> bool:
        """Tell whether the event's newest report speaks of a day (its own, where none is known) that is not long past."""
        return event.updated.date() - (event.date or event.opened.date()) <= self._stale_after

    async def _reports(self, item: Item) -> tuple[tuple[Report, ...], str]:
        """Return the main reports; an item that the reading fails on must not hold up the rest of its feed."""
        try:
            reports = await self._read.read(item)
        except Exception as error:  # noqa: BLE001
            return (), f"item {item.id} of {item.source.id} could not be read: {type(error).__name__}: {error}"
        told = [report for report in reports if report.role == "main" and report.kind in self._kinds]
        wording = sketch(clean(f"{item.summary} {item.body or ''}")) if told else ()
        return tuple(replace(report, origin=replace(report.origin, wording=wording)) for report in told), ""

    async def _join(self, reports: Sequence[Report]) -> list[_Draft]:
        drafts: list[_Draft] = []
        for report in reports:
            kind = self._kinds[report.kind]
            own = [draft for draft in drafts if draft.kind is kind]
            twin = _twin(kind, report, own)
            if twin:
                drafts[drafts.index(twin)] = _draft(kind, combine(twin.report, report), twin.before, twin.decision)
                continue
            taken = {draft.before.id for draft in own if draft.before}
            stored = await self._store.candidates(kind.lookup(report))
            candidates = {event.id: event for event in stored if event.id not in taken}
            decision = match(kind, report, candidates.values())
            before = candidates[decision.event_id] if decision.event_id is not None else None
            drafts.append(_draft(kind, report, before, decision))
        return drafts

    async def _plan(self, draft: _Draft, subscriptions: Sequence[Subscription]) -> Joined:
        event = draft.change.event
        posted = await self._store.posted_chats(event.id) if event.id and subscriptions else frozenset()
        planned = plan(draft.change, subscriptions, posted, fresh=self._is_fresh(event))
        return Joined(draft.change, draft.kind.index(draft.report), (Placed(draft.report, draft.decision),), planned)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A report with its decision and change, before anything is stored."""

    kind: Kind
    report: Report
    before: Event | None
    decision: Decision
    change: Change

    @property
    def alone(self) -> bool:
        """Tell whether the report founds an event that it cannot vouch for."""
        return self.before is None and not self.change.event.confirmed


def _draft(kind: Kind, report: Report, before: Event | None, decision: Decision) -> _Draft:
    after = fold(kind, (*(before.reports if before else ()), report))
    return _Draft(kind, report, before, decision, change(kind, before, after))


def _twin(kind: Kind, report: Report, drafts: Sequence[_Draft]) -> _Draft | None:
    """Return the draft of the same item that the report speaks of too: an item tells one event once."""
    alone = [replace(fold(kind, [draft.report]), id=number) for number, draft in enumerate(drafts)]
    decision = match(kind, report, alone)
    return None if decision.event_id is None else drafts[decision.event_id]


def _joining(draft: _Draft, joined: Joined, event: Event, reason: str) -> Joining:
    return Joining(draft.report, draft.decision, event, joined.change, joined.planned, reason)


def plan(
    change: Change, subscriptions: Iterable[Subscription], posted: Collection[tuple[int, int]], *, fresh: bool
) -> tuple[Planned, ...]:
    """Return who is to hear of a change, and how.

    A chat without the event's post gets one where it wants the event and it is fresh; a chat that has one gets a silent
    edit, and before it a reply where the change is material: what the post says already needs no reply.
    """
    if change.weight == "none" or not any(report.role == "main" for report in change.event.reports):
        return ()
    planned: list[Planned] = []
    for subscription in subscriptions:
        actions = _actions(change, subscription, fresh=fresh, posted=_place(subscription) in posted)
        planned.extend(Planned(*_place(subscription), subscription.language, action) for action in actions)
    return tuple(planned)


def why(change: Change, planned: Sequence[Planned], *, quiet: bool, fresh: bool) -> str:
    """Return in words why a change is told, or why nobody hears of it."""
    if planned:
        told = Counter(each.action for each in planned)
        return f"told ({', '.join(f'{action} {number}' for action, number in sorted(told.items()))})"
    if quiet:
        return "not told: published before the horizon"
    if change.weight == "none":
        return "not told: nothing new"
    return "not told: no chat wants it" if fresh else "not told: its day is long past"


def _actions(change: Change, subscription: Subscription, *, fresh: bool, posted: bool) -> tuple[Action, ...]:
    if posted:
        return ("reply", "edit") if change.weight == "material" else ("edit",)
    return ("post",) if fresh and wants(subscription, change.event) else ()


def _place(subscription: Subscription) -> tuple[int, int]:
    return subscription.chat_id, subscription.thread_id


def wants(subscription: Subscription, event: Event) -> bool:
    """Tell whether a chat wants the event: its kind, its region (or country) and how sure it is."""
    if event.kind not in subscription.kinds or not (event.confirmed or subscription.unconfirmed == "mark"):
        return False
    region = str(event.facts.get("region", ""))
    return not region or not subscription.regions or bool({region, region[:2]} & set(subscription.regions))
