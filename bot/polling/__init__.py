"""The way a poll goes: ask, parse, hand on what is new, remember how it went.

Whatever happens to a source ends in its `PollState` and nowhere else; what the server told us to remember is saved only
after its news are stored, so that a crash between the two costs a second fetch and loses nothing. `bot.core.schedule`
decides when a source is asked again; docs/polling.md says why so.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.core.model import Feed, Item, PollState, QuietPoll, Response, Source
from bot.core.schedule import (
    LIVE,
    LIVE_LONGEST,
    LONGEST_WAIT,
    NOT_MODIFIED,
    Pace,
    condition,
    failed,
    pace,
    quiet,
    quieted,
    read,
    shifted,
    unchanged,
    unkept,
    unreached,
)
from bot.core.sources import SourceType
from bot.core.text.addresses import host_of
from bot.intake import Summary
from bot.polling.digests import digest_of
from bot.polling.keeping import Keeping
from bot.polling.manners import Manners
from bot.polling.network import Network
from bot.polling.news import day_of, log_news
from bot.ports import Alarms, Clock, Diary, Fetch, Hubs, Parse, PermanentError, Polls, TemporaryError, VistkaError
from bot.ports.failures import StoreError

__all__ = ["LONGEST_OUTAGE", "Manners", "Network", "Polling", "Take"]

LOG = structlog.get_logger(__name__)

LONGEST_OUTAGE = timedelta(days=3)
"""How far back news that nobody polled for are still told; older ones are stored and joined in silence."""

MOST_UNDER_WAY = 5_000
"""How many sources may wait for their poll or be polled at the same time."""

HEARD = timedelta(seconds=10)
"""How long it may take until another process hears that an event goes on."""

JUMP = timedelta(minutes=1)
"""A clock that goes so much faster or slower than time passes was set, or the machine slept."""


class Take(Protocol):
    """The one way an item goes: `bot.intake`."""

    async def take(
        self, items: Sequence[Item], *, quiet_before: datetime | None = None, now: datetime | None = None
    ) -> Summary:
        """Read, join and store the items that came `now`; those published before `quiet_before` are never posted."""
        ...


class Polling:
    """Polls sources, and takes what is pushed to us instead. `types` are the source types by name."""

    def __init__(  # noqa: PLR0913  (a poll goes through all of these)
        self,
        sources: Iterable[Source],
        types: Mapping[str, SourceType],
        *,
        fetch: Fetch,
        parse: Parse,
        intake: Take,
        polls: Polls,
        clock: Clock,
        manners: Manners | None = None,
        diary: Diary | None = None,
        alarms: Alarms | None = None,
        hubs: Hubs | None = None,
    ) -> None:
        self.types = types
        self.hubs = hubs
        self._fetch = fetch
        self._parse = parse
        self._intake = intake
        self._polls = polls
        self._diary = diary
        self._clock = clock
        self._manners = manners or Manners()
        self._keeping = Keeping(polls, held=self._manners.alone)
        self._gate = asyncio.Semaphore(self._manners.at_once)
        self._network = Network(0, self._manners.shortest_seconds, alarms)
        self._live_until: datetime | None = None
        self._heard: datetime | None = None
        self._under_way: dict[str, PollState] = {}
        self._doubted: frozenset[str] = frozenset()
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._passed: tuple[float, datetime] | None = None
        self._setting = asyncio.Lock()
        self._set_by = timedelta()
        self.sources: dict[str, Source] = {}
        self.reload(sources)

    def reload(self, sources: Iterable[Source]) -> None:
        """Poll these sources from now on, and no others. Whoever was given `sources` to look into finds these there."""
        polled = {source.id: source for source in sources}
        for gone in self.sources.keys() - polled.keys():
            del self.sources[gone]
        self.sources |= polled
        self._host = {source.id: host_of(source.url) for source in self.sources.values()}
        self._network.hosts = len(set(self._host.values()))
        self._keeping.keep_to(self.sources)
        self._enlisted = False

    async def due(self, limit: int = 1_000, elsewhere: Collection[str] = ()) -> tuple[tuple[str, str], ...]:
        """Return the sources that are due and not under way, and the lane (host) of each; they are under way from now on.

        Those that are polled `elsewhere`, or wait for it, are under way as well.
        """
        now = await self._now()
        if not self._enlisted:
            await self._enlist(now)
        await self._keeping.catch_up(self._under_way.keys())
        room = min(limit, MOST_UNDER_WAY - len(self._under_way) - len(elsewhere))
        besides = self._keeping.held_back(now).union(self._under_way, elsewhere)
        states = await self._polls.due(now, room, besides) if room > 0 else ()
        ready = [self._keeping.state(each.source_id) or each for each in states if each.source_id in self.sources]
        self._under_way |= {state.source_id: state for state in ready}
        return tuple((state.source_id, self._lane(state)) for state in ready)

    async def _enlist(self, now: datetime) -> None:
        """Have the store know what is polled; where that changes meanwhile, it is told again."""
        self._enlisted = True
        try:
            await self._recall(await self._polls.enlist(tuple(self.sources.values()), now), now)
        except BaseException:
            self._enlisted = False
            raise

    async def _recall(self, states: Collection[PollState], now: datetime) -> None:
        """Take up what was going on at the last stop; polls that are still to come then tell that the clock was set back since."""
        self._host |= {each.source_id: host_of(each.address) for each in states if self._is_elsewhere(each)}
        self._live_until = max((state.live_until for state in states if state.live_until), default=None)
        newest = max((state.polled_at for state in states if state.polled_at), default=now)
        if newest - now > JUMP:
            await self._shift(now - newest)

    def drop(self, source_ids: Iterable[str]) -> None:
        """Forget that sources are under way: their polls will not come."""
        for source_id in source_ids:
            self._under_way.pop(source_id, None)

    async def poll(self, source_id: str) -> None:
        """Poll one source and remember how it went. Raises only where that cannot be remembered."""
        source = self.sources.get(source_id)
        try:
            if source is not None:
                await self._poll_in_turn(source)
        finally:
            self._under_way.pop(source_id, None)
            if self.sources.get(source_id) != source:  # what is remembered is of the source as it was before a reload
                self._enlisted = False

    async def _poll_in_turn(self, source: Source) -> None:
        async with self._turns[source.id]:
            structlog.contextvars.bind_contextvars(source=source.id)
            before = await self._before(source)
            if self._manners.alone or await self._is_left_to_us(before):
                await self._poll(source, before)

    async def _is_left_to_us(self, before: PollState) -> bool:
        """Take up what other processes know, and tell whether none of them has polled a source since it was put down for us."""
        now = self._clock.now()
        if self._heard is None or now - self._heard > HEARD:
            self._heard = now
            live = (self._live_until, await self._polls.live_until())
            self._live_until = max((each for each in live if each), default=None)
        self._under_way[before.source_id] = before
        return not now < before.next_at <= now + LONGEST_WAIT

    async def pushed(self, source_id: str, response: Response) -> None:
        """Take what a hub sent of a source: the news in it, and nothing of how the source is asked.

        Before its first poll a source has no baseline: what is pushed then is left to that poll. Raises VistkaError.
        """
        source = self.sources[source_id]
        async with self._turns[source_id]:
            structlog.contextvars.bind_contextvars(source=source_id)
            now, set_by = await self._now(), self._set_by
            before = await self._before(source)
            if before.first_success is None:
                return
            feed = await self._parse.parse(source, response, now)
            after, _ = await self.receive(source, feed, before, now)
            told, before = self._caught_up(after, set_by), await self._before(source)  # its plans may have changed
            after = replace(before, last_item=told.last_item, live_until=told.live_until)
            await self._keeping.save(before, after)
            if source_id in self._under_way:
                self._under_way[source_id] = after

    async def receive(
        self, source: Source, feed: Feed, before: PollState, now: datetime
    ) -> tuple[PollState, Sequence[Item]]:
        """Hand what a feed holds to the intake; return the state with what the news changed in it, and what was new.

        Items go in by the order in which they were published. The first poll of a source is a baseline, and so is the
        past that a source brings up again later: what is older than the horizon before the last success is never posted,
        nor what a long outage hid. At a baseline an item without a time of its own counts as old.
        """
        story = sorted(feed.items, key=lambda item: item.published)
        since = max(before.last_success, now - LONGEST_OUTAGE) if before.last_success else now
        quiet_before = since - timedelta(hours=self._manners.horizon_hours)
        first_undated = len(story)
        if before.first_success is None:
            first_undated = bisect_left(story, now, key=lambda item: item.published)
        parts = ((story[first_undated:], now + timedelta(seconds=1)), (story[:first_undated], quiet_before))
        summaries = [
            await self._intake.take(items, quiet_before=before_that, now=now) for items, before_that in parts if items
        ]
        doubted = any(summary.doubted for summary in summaries)
        self._doubted = self._doubted | {source.id} if doubted else self._doubted - {source.id}
        fresh = [taken.item for summary in summaries for taken in summary.taken if not taken.edited]
        log_news(source, feed, summaries)
        if fresh and self._diary is not None:
            reports = sum(summary.reports for summary in summaries)
            await self._diary.note(day_of(source, fresh, reports, now))
        newest = max((item.published for item in feed.items), default=before.last_item)
        last = max(newest, before.last_item) if newest and before.last_item else newest
        is_telling = any(summary.deliveries for summary in summaries)
        live_until = await self._go_live(now) if is_telling else before.live_until
        return replace(before, last_item=last, live_until=live_until), fresh

    async def _poll(self, source: Source, before: PollState) -> None:
        lane, set_by = self._lane(before), self._set_by
        rests_until = self._network.rests_until(lane, self._clock.now())
        if rests_until is not None:
            await self._keeping.save(before, replace(before, next_at=max(before.next_at, rests_until)))
            return
        async with self._gate:
            now = await self._now()
            before, set_by = self._caught_up(before, set_by), self._set_by
            after = await self._after(source, before, lane, now)
        if set_by != self._set_by:
            after = self._caught_up(quieted(before, after) if isinstance(after, QuietPoll) else after, set_by)
        if isinstance(after, PollState) and after.address != before.address:
            self._host[source.id] = host_of(after.address or source.url)
            LOG.warning("source moved", source=source.id, to=host_of(after.address or source.url))
        await self._keeping.save(before, after)

    async def _after(self, source: Source, before: PollState, lane: str, now: datetime) -> PollState | QuietPoll:
        """Ask and read; return the state after it, whatever happened."""
        try:
            response = await self._ask(source, before, lane, now)
            return await self._read(source, before, response, now)
        except VistkaError as error:
            return self._failure(source, before, error, now)
        except Exception as error:
            LOG.exception("poll broke", source=source.id)
            return self._failure(source, before, error, now)

    async def _ask(self, source: Source, before: PollState, lane: str, now: datetime) -> Response:
        """Fetch what a source has, and learn from it how its host does."""
        asked = replace(source, url=before.address) if before.address else source
        try:
            response = await self._fetch.fetch(self.types[source.type].request(asked, condition(before, now)))
        except TemporaryError as error:
            lane = error.host or lane
            await self._excuse(await self._network.troubled(lane, error, before, now), now)
            if error.delay is not None:
                others = [each for each, host in self._host.items() if host == lane and each != source.id]
                await self._polls.put_off(others, now + timedelta(seconds=error.delay))
            raise
        if self._network.troubles:
            await self._network.answered(lane, now)
        return response

    async def _excuse(self, blamed: Iterable[PollState], now: datetime) -> None:
        """Take back what was held against sources while nobody could be reached; those under way do so themselves."""
        for state in blamed:
            source = self.sources.get(state.source_id)
            if source is not None and source.id not in self._under_way:
                await self._polls.save_poll(self._unreached(source, state, now))

    async def _read(
        self, source: Source, before: PollState, response: Response, now: datetime
    ) -> PollState | QuietPoll:
        """Parse and hand on what is new; return the state after it."""
        digest = before.body_hash
        if response.status != NOT_MODIFIED:
            digest = await digest_of(response.body)
        if digest == before.body_hash:
            said = (before, response, self._pace(source, now), now, self._manners.jitter())
            return quiet(*said) or unchanged(*said)
        feed = await self._parse.parse(source, response, now)
        received, fresh = await self.receive(source, feed, before, now)
        if self.hubs is not None:
            await self._heed(self.hubs, source, feed, now, missed=bool(fresh))
        bounds = self._pace(source, now)
        after = read(received, response, feed, bounds, now, jitter=self._manners.jitter(), news=bool(fresh))
        is_half = feed.cut or source.id in self._doubted  # and has to come whole again, whatever its server remembers
        return replace(after, etag="", last_modified="", body_hash="") if is_half else replace(after, body_hash=digest)

    async def _heed(self, hubs: Hubs, source: Source, feed: Feed, now: datetime, *, missed: bool) -> None:
        """Let it be known which hub a feed names, and whether that left news to be polled."""
        if missed and hubs.pushing(source.id, now):
            hubs.missed(source.id, now)
        await hubs.learn(source, feed, now)

    def _failure(self, source: Source, before: PollState, error: Exception, now: datetime) -> PollState:
        """Return the state after a failure; where we are cut off, or cannot store anything, none is counted."""
        if self._network.cut_off and isinstance(error, TemporaryError) and error.unreachable:
            return self._unreached(source, before, now)
        if isinstance(error, StoreError):
            LOG.warning("news not stored", source=source.id, error=str(error))
            return unkept(before, self._manners.shortest_seconds, now, self._manners.jitter())
        after = failed(
            before,
            str(error) if isinstance(error, VistkaError) else f"unexpected {type(error).__name__}; see the log",
            shortest=self._manners.shortest_seconds,
            now=now,
            jitter=self._manners.jitter(),
            delay=getattr(error, "delay", None),
            gone=isinstance(error, PermanentError) and error.gone,
        )
        LOG.warning("poll failed", source=source.id, error=after.error, failures=after.failures)
        return after

    def _unreached(self, source: Source, before: PollState, now: datetime) -> PollState:
        blameless = self._network.blameless(before)
        return unreached(blameless, self._pace(source, now), now, self._manners.jitter())

    async def _go_live(self, now: datetime) -> datetime:
        """Begin or go on to follow an event: when none was going on so far, nobody waits for long any more."""
        if not self._is_live(now):
            await self._polls.hasten(now, LIVE_LONGEST)
        self._live_until = now + LIVE
        return self._live_until

    def _is_live(self, now: datetime) -> bool:
        return self._live_until is not None and self._live_until > now

    def _pace(self, source: Source, now: datetime) -> Pace:
        pushed = self.hubs is not None and self.hubs.pushing(source.id, now)
        return pace(source, self._manners.shortest_seconds, live=self._is_live(now), pushed=pushed)

    async def _before(self, source: Source) -> PollState:
        """Return what is remembered of a source; read together with others where it was found due."""
        known = self._under_way.get(source.id) or self._keeping.state(source.id) or await self._polls.state(source.id)
        return known or PollState(source_id=source.id, next_at=self._clock.now(), configured=source.url)

    def _is_elsewhere(self, state: PollState) -> bool:
        """Tell whether a source that is polled lives at another address than the list of sources says."""
        source = self.sources.get(state.source_id)
        return bool(state.address) and source is not None and source.url == state.configured

    def _lane(self, state: PollState) -> str:
        return host_of(state.address) if state.address else self._host.get(state.source_id, "")

    async def _now(self) -> datetime:
        """Return the time, and move all plans first where the clock was set or the machine slept.

        So nothing is asked in a burst, nothing waits for a day, and no plan made by the new clock is moved again.
        """
        if self._manners.elapsed is None:
            return self._clock.now()
        async with self._setting:
            now, elapsed = self._clock.now(), self._manners.elapsed()
            if self._passed is not None:
                jump = (now - self._passed[1]) - timedelta(seconds=elapsed - self._passed[0])
                if abs(jump) > JUMP:
                    await self._shift(jump)
            self._passed = elapsed, now
            return now

    async def _shift(self, jump: timedelta) -> None:
        """Move all plans; raises VistkaError where that cannot be saved, and nothing is asked before it is."""
        LOG.warning("the clock was set", seconds=round(jump.total_seconds()))
        await self._polls.shift(jump)
        self._set_by += jump
        self._keeping.shift(jump)
        self._network.shift(jump)
        self._live_until = self._live_until + jump if self._live_until else None
        self._under_way |= {name: shifted(state, jump) for name, state in self._under_way.items()}

    def _caught_up(self, state: PollState, set_by: timedelta) -> PollState:
        """Return a state planned when the clock was set by so much as if it were planned by the clock as it is set now."""
        return state if set_by == self._set_by else shifted(state, self._set_by - set_by)
