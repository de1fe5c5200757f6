"""The one way an item goes: read, looked up, matched, folded, planned, recorded.

The poll job, `vistka replay` and the demo all hand their items to `Intake.take`. Reading may happen side by side; from
the look-up to the record nobody else joins. Each item that tells something is one transaction of the store, so that a crash loses
or doubles nothing; the many that tell nothing are stored together. An edited item is read again, and what it says now stands in
place of what it said before.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.editions import Doubts
from bot.core.identity import keeping_words
from bot.core.kinds import Kind
from bot.core.model import Change, Decision, Event, Item, Planned, Report, Sifted
from bot.core.policy import EDIT_FLOOR, Flooding, flood
from bot.core.trust import FLOOD
from bot.joining import Draft, Joiner, told_in
from bot.ports import Clock, Complete, Read, ReadAll, Store, TemporaryError, VistkaError
from bot.telling import Telling, Told

ATTEMPTS = 3
"""How often an item is joined again when another process changed one of its events in between."""


AT_ONCE = 50
"""How many items are read at a time, so that the news of a long feed do not wait for all of it."""


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
    """What became of one item, new or `edited`. `error` says why it could not be read; it is then stored as seen.

    Where it is `doubted` that an edit took something back, nothing became of it so far.
    """

    item: Item
    joinings: tuple[Joining, ...] = ()
    error: str = ""
    edited: bool = False
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a batch: the new items in order, then the edited ones; those that are known as they are left out."""

    taken: tuple[Taken, ...]

    @property
    def items(self) -> int:
        """Return how many items were new."""
        return sum(not taken.edited for taken in self.taken)

    @property
    def edited(self) -> int:
        """Return how many items were read again."""
        return sum(taken.edited for taken in self.taken)

    @property
    def doubted(self) -> bool:
        """Tell whether an edit has to be seen once more before it is believed."""
        return any(taken.doubted for taken in self.taken)

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


@dataclass(frozen=True, slots=True)
class _Arrival:
    """When items came, and how old those are of which nothing is posted; `same` are edited ones that say what they said.

    `doubted` are the ids of those that are not believed yet, `mistakes` what broke over items that are left as they were.
    """

    quiet_before: datetime | None
    now: datetime
    same: list[Item] = field(default_factory=list)
    doubted: set[str] = field(default_factory=set)
    mistakes: list[Exception] = field(default_factory=list)

    def is_quiet(self, item: Item) -> bool:
        """Tell whether an item is too old to be news."""
        return self.quiet_before is not None and item.published < self.quiet_before


@dataclass(frozen=True, slots=True)
class _Told:
    """An item as it was read."""

    item: Item
    edited: bool
    reports: tuple[Report, ...]
    error: str


@dataclass(frozen=True, slots=True)
class _Written:
    """What was written of an item, and what is to be remembered of it once that is stored.

    `counts`: this version of it counts now. `founds`: an event that nobody else tells was founded.
    """

    joinings: tuple[Joining, ...] = ()
    counts: bool = False
    founds: bool = False


class Intake:
    """Takes items in. Everything outside comes in through the ports; the time is an argument.

    `admins` are the users who are asked where something is doubtful, in `language`. Digests are planned by
    `clock`, without one by the time of the news; two edits of one post are `edit_floor` apart. `complete` fetches the text
    behind teasers. What an edit takes back is taken back when it is seen again after the time of `doubts`.
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
        complete: Complete | None = None,
        doubts: Doubts | None = None,
    ) -> None:
        self.joiner = Joiner(store, kinds)
        self.telling = Telling(store, admins=admins, language=language, clock=clock, edit_floor=edit_floor)
        self._read = read
        self._store = store
        self._complete = complete
        self._doubts = doubts or Doubts()
        self._founded: defaultdict[str, deque[datetime]] = defaultdict(lambda: deque(maxlen=FLOOD + 1))

    async def take(
        self, items: Sequence[Item], *, quiet_before: datetime | None = None, now: datetime | None = None
    ) -> Summary:
        """Read, join and store those items of one source that are new or were edited, in the order in which they come.

        Of those published before `quiet_before` nothing is posted that has no post. `now` is when the items came; without it
        that was when the newest of them was published.
        """
        if not items:
            return Summary(())
        now = now or max(item.published for item in items)
        sifted = await self._store.sift(items, now)
        self._doubts.settle(items, sifted.edited)
        return await self.receive(sifted, quiet_before=quiet_before, now=now)

    async def receive(self, sifted: Sifted, *, quiet_before: datetime | None = None, now: datetime) -> Summary:
        """Take the items of an answer that came `now` and has been sifted.

        A mistake of ours over one of them is raised when the others are stored: it must not hold up the rest of a feed.
        """
        arrival = _Arrival(quiet_before, now)
        whole = await self._completed((*sifted.new, *sifted.edited), arrival)
        story = [(item, place >= len(sifted.new)) for place, item in enumerate(whole)]
        taken: list[Taken] = []
        for start in range(0, len(story), AT_ONCE):
            taken += await self._take_some(story[start : start + AT_ONCE], arrival)
        if arrival.mistakes:
            raise arrival.mistakes[0]
        return Summary(tuple(taken))

    async def _take_some(self, some: Sequence[tuple[Item, bool]], arrival: _Arrival) -> list[Taken]:
        """Read items together, and join those that tell something; the others are stored together."""
        items = [item for item, _ in some]
        read = await self._reports(items)
        told = [_Told(item, edited, *said) for item, (_, edited), said in zip(items, some, read, strict=True)]
        taken = [one for each in told if (one := await self._take_if_it_can_be(each, arrival))]
        silent = [each.item for each in told if not each.edited and not each.reports]
        if silent or arrival.same:
            await self._store.remember(silent, tuple(arrival.same), arrival.now)
            arrival.same.clear()
        return taken

    async def _completed(self, items: Sequence[Item], arrival: _Arrival) -> Sequence[Item]:
        """Return the items with the text behind their teasers; where it cannot be had an edited one keeps what it had."""
        news = [] if self._complete is None else [item for item in items if not arrival.is_quiet(item)]
        if self._complete is None or not news:
            return items
        bare = [keeping_words(item, page=None) for item in news]
        whole = dict(zip(map(id, news), await self._complete.complete(bare), strict=True))
        return [
            keeping_words(each, page=each.page or item.page) for item in items for each in (whole.get(id(item), item),)
        ]

    async def _reports(self, items: Sequence[Item]) -> list[tuple[tuple[Report, ...], str]]:
        """Return the main reports; an item that the reading fails on must not hold up the rest of its feed."""
        if isinstance(self._read, ReadAll):
            read = await self._read.read_all(items)
        else:
            read = tuple([await self._read_one(item) for item in items])
        return [self._main(item, said) for item, said in zip(items, read, strict=True)]

    async def _read_one(self, item: Item) -> tuple[Report, ...] | Exception:
        try:
            return await self._read.read(item)
        except Exception as error:  # noqa: BLE001  (it is named in the summary)
            return error

    def _main(self, item: Item, said: tuple[Report, ...] | Exception) -> tuple[tuple[Report, ...], str]:
        if isinstance(said, Exception):
            return (), f"item {item.id} of {item.source.id} could not be read: {type(said).__name__}: {said}"
        return told_in(item, said, self.joiner.kinds.values()), ""

    async def _take_if_it_can_be(self, told: _Told, arrival: _Arrival) -> Taken | None:
        try:
            return await self._take_one(told, arrival)
        except VistkaError:
            raise
        except Exception as mistake:  # noqa: BLE001  (it is raised at the end)
            arrival.mistakes.append(mistake)
            return None

    async def _take_one(self, told: _Told, arrival: _Arrival) -> Taken:
        """Join and store what one item tells; what an edit did not change, or what could not be read, stays as it is."""
        if told.error and told.edited:
            arrival.same.append(told.item)
        if told.error or not (told.reports or told.edited):
            return Taken(told.item, (), told.error, edited=told.edited)
        write = self._revise if told.edited else self._record
        for attempt in range(ATTEMPTS):
            try:
                async with self.joiner.turn():
                    written = await write(told, arrival)
                self._remember(told.item, written)
                doubted = told.item.id in arrival.doubted
                return Taken(told.item, written.joinings, edited=told.edited, doubted=doubted)
            except TemporaryError:
                again = await self._store.sift([told.item], arrival.now)
                if not (again.edited if told.edited else again.new):
                    break
                if attempt + 1 == ATTEMPTS:
                    raise
        return Taken(told.item, edited=told.edited)

    def _remember(self, item: Item, written: _Written) -> None:
        """Remember what is stored, which on a server it is at the end of the turn only."""
        if written.counts:
            self._doubts.believe(item)
        if written.founds:
            self._founded[item.source.id].append(item.published)

    async def _record(self, told: _Told, arrival: _Arrival) -> _Written:
        drafts = await self.joiner.take(told.reports)
        planned = await self._tell(told.item, drafts, arrival)
        events = await self._store.record(told.item, [each.joined for each in planned], arrival.now)
        return _written(told.reports, planned, events)

    async def _revise(self, told: _Told, arrival: _Arrival) -> _Written:
        edit = await self.joiner.revise(told.item, told.reports)
        if edit is None:
            arrival.same.append(told.item)
            return _Written()
        suspect = edit.revised.gone or self._doubts.is_old(told.item)
        if suspect and self._doubts.doubtful(told.item, arrival.now):
            arrival.doubted.add(told.item.id)
            return _Written()
        planned = await self._tell(told.item, edit.drafts, arrival, at=arrival.now)
        joined = [each.joined for each in planned]
        events = await self._store.revise(told.item, edit.revised, joined, arrival.now)
        return _written(edit.reports, planned, events)

    async def _tell(
        self, item: Item, drafts: Sequence[Draft], arrival: _Arrival, at: datetime | None = None
    ) -> tuple[Told, ...]:
        flooding = self._flooding(item, drafts)
        return await self.telling.tell(drafts, quiet=arrival.is_quiet(item), flooding=flooding, at=at)

    def _flooding(self, item: Item, drafts: Sequence[Draft]) -> Flooding:
        """Tell whether the item's source floods us with events of its own; another voice lets them be told after all.

        What it says again of those events does not count, but is not told either while the flood lasts.
        """
        alone = [draft for draft in drafts if draft.alone]
        flooding = flood(tuple(self._founded[item.source.id]), item.published) if alone else ""
        return "lasts" if flooding and all(draft.before for draft in alone) else flooding


def _written(reports: Sequence[Report], told: Sequence[Told], events: Sequence[Event]) -> _Written:
    """Return what became of the reports."""
    joinings = (
        Joining(placed.report, placed.decision, event, each.joined.change, each.joined.planned, each.reason)
        for each, event in zip(told, events, strict=True)
        for placed in each.joined.placed
        if placed.report in reports
    )
    founds = any(each.draft.alone and not each.draft.before for each in told)
    return _Written(tuple(sorted(joinings, key=lambda each: each.report.position)), counts=True, founds=founds)
