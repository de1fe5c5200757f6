"""The one way an item goes: read, looked up, matched, folded, planned, recorded.

The poll job, `vistka replay` and the demo all hand their items to `Intake.take`. Reading may happen side by side; from
the look-up to the record one lock holds. Each item is one transaction of the store, so that a crash loses or doubles nothing.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.kinds import Kind
from bot.core.model import Change, Decision, Event, Item, Planned, Report
from bot.core.policy import EDIT_FLOOR, Flooding, flood
from bot.core.trust import FLOOD
from bot.joining import Draft, Joiner, told_in
from bot.ports import Clock, Read, Store, TemporaryError
from bot.telling import Telling

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
    """Takes items in. Everything outside comes in through the ports; the time is an argument.

    `admins` are the users who are asked where something is doubtful, in `language`. Digests are planned by
    `clock`, without one by the time of the news; two edits of one post are `edit_floor` apart.
    """

    def __init__(  # noqa: PLR0913  (what is told is told by these)
        self,
        read: Read,
        store: Store,
        kinds: Iterable[Kind],
        *,
        admins: Sequence[int] = (),
        language: str = "en",
        clock: Clock | None = None,
        edit_floor: timedelta = EDIT_FLOOR,
    ) -> None:
        self.joiner = Joiner(store, kinds)
        self.telling = Telling(store, admins=admins, language=language, clock=clock, edit_floor=edit_floor)
        self._read = read
        self._store = store
        self._founded: defaultdict[str, deque[datetime]] = defaultdict(lambda: deque(maxlen=FLOOD + 1))

    async def take(self, items: Sequence[Item], *, quiet_before: datetime | None = None) -> Summary:
        """Read, join and store the items that are new; those published before `quiet_before` are never posted."""
        unseen = await self._store.unseen(items)
        return Summary(tuple([await self._take_one(item, quiet_before) for item in unseen]))

    async def _take_one(self, item: Item, quiet_before: datetime | None) -> Taken:
        reports, error = await self._reports(item)
        quiet = quiet_before is not None and item.published < quiet_before
        for attempt in range(ATTEMPTS):
            try:
                async with self.joiner.lock:
                    return Taken(item, await self._record(item, reports, quiet=quiet), error)
            except TemporaryError:
                if not await self._store.unseen([item]):
                    break
                if attempt + 1 == ATTEMPTS:
                    raise
        return Taken(item)

    async def _reports(self, item: Item) -> tuple[tuple[Report, ...], str]:
        """Return the main reports; an item that the reading fails on must not hold up the rest of its feed."""
        try:
            reports = await self._read.read(item)
        except Exception as error:  # noqa: BLE001
            return (), f"item {item.id} of {item.source.id} could not be read: {type(error).__name__}: {error}"
        return told_in(item, reports, self.joiner.kinds.values()), ""

    async def _record(self, item: Item, reports: Sequence[Report], *, quiet: bool) -> tuple[Joining, ...]:
        drafts = await self.joiner.take(reports)
        told = await self.telling.tell(drafts, quiet=quiet, flooding=self._flooding(item, drafts))
        events = await self._store.record(item, [each.joined for each in told])
        if any(draft.alone and not draft.before for draft in drafts):
            self._founded[item.source.id].append(item.published)
        joinings = (
            Joining(placed.report, placed.decision, event, each.joined.change, each.joined.planned, each.reason)
            for each, event in zip(told, events, strict=True)
            for placed in each.joined.placed
            if placed.report in reports
        )
        return tuple(sorted(joinings, key=lambda each: each.report.position))

    def _flooding(self, item: Item, drafts: Sequence[Draft]) -> Flooding:
        """Tell whether the item's source floods us with events of its own; another voice lets them be told after all.

        What it says again of those events does not count, but is not told either while the flood lasts.
        """
        alone = [draft for draft in drafts if draft.alone]
        flooding = flood(tuple(self._founded[item.source.id]), item.published) if alone else ""
        return "lasts" if flooding and all(draft.before for draft in alone) else flooding
