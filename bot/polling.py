"""The way a poll goes: ask, parse, hand on what is new, remember how it went.

Whatever happens to a source ends in its `PollState` and nowhere else; what the server told us to remember is saved only
after its news are stored, so that a crash between the two costs a second fetch and loses nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.core.model import Feed, Item, PollState, Response, Source
from bot.core.schedule import NOT_MODIFIED, failed, host_of, spread, succeeded
from bot.core.sources import SourceType
from bot.core.websub import PUSHED_INTERVAL
from bot.intake import Summary
from bot.ports import Clock, Fetch, Hubs, Parse, PermanentError, Polls, TemporaryError, VistkaError

LOG = structlog.get_logger(__name__)

LONGEST_OUTAGE = timedelta(days=3)
"""How far back news that nobody polled for are still told; older ones are stored and joined in silence."""

MOST_UNDER_WAY = 5_000
"""How many sources may wait for their poll or be polled at the same time."""


class Take(Protocol):
    """The one way an item goes: `bot.intake`."""

    async def take(self, items: Sequence[Item], *, quiet_before: datetime | None = None) -> Summary:
        """Read, join and store the items; those published before `quiet_before` are stored and joined, never posted."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How sources are polled: what an operator may choose.

    horizon_hours      older items of a source's first poll are never posted
    shortest_seconds   no source is polled more often than this
    """

    horizon_hours: float = 6.0
    shortest_seconds: float = 60.0


class Polling:
    """Polls sources, and takes what is pushed to us instead.

    `types` are the source types by name; `jitter` is a number from 0 to 1, another at each call, that spreads what would
    otherwise coincide.
    """

    def __init__(  # noqa: PLR0913  (a poll goes through all of these)
        self,
        sources: Sequence[Source],
        types: Mapping[str, SourceType],
        *,
        fetch: Fetch,
        parse: Parse,
        intake: Take,
        polls: Polls,
        clock: Clock,
        jitter: Callable[[], float],
        manners: Manners | None = None,
        hubs: Hubs | None = None,
    ) -> None:
        self.sources = {source.id: source for source in sources}
        self.types = types
        self._fetch = fetch
        self._parse = parse
        self._intake = intake
        self._polls = polls
        self._clock = clock
        self._jitter = jitter
        self._manners = manners or Manners()
        self.hubs = hubs
        self._enlisted = False
        self._under_way: dict[str, PollState] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._resting: dict[str, datetime] = {}

    async def due(self, limit: int = 1_000) -> tuple[tuple[str, str], ...]:
        """Return the sources that are due and not under way, and the lane (host) of each; they are under way from now on."""
        now = self._clock.now()
        if not self._enlisted:
            await self._polls.enlist(tuple(self.sources.values()), now)
            self._enlisted = True
        room = min(limit, MOST_UNDER_WAY - len(self._under_way))
        states = await self._polls.due(now, room, self._under_way.keys()) if room > 0 else ()
        ready = [state for state in states if state.source_id in self.sources]
        self._under_way |= {state.source_id: state for state in ready}
        return tuple((state.source_id, self._lane(state)) for state in ready)

    def drop(self, source_ids: Sequence[str]) -> None:
        """Forget that sources are under way: their polls will not come."""
        for source_id in source_ids:
            self._under_way.pop(source_id, None)

    async def poll(self, source_id: str) -> None:
        """Poll one source and remember how it went. Raises only where that cannot be remembered."""
        source = self.sources[source_id]
        try:
            async with self._turns[source_id]:
                now = self._clock.now()
                before = self._under_way.get(source_id) or await self._polls.state(source_id)
                await self._poll(source, before or PollState(source_id=source_id, next_at=now), now)
        finally:
            self._under_way.pop(source_id, None)

    async def pushed(self, source_id: str, response: Response) -> None:
        """Take what a hub sent of a source: the news in it, and nothing of how the source is asked.

        Before its first poll a source has no baseline: what is pushed then is left to that poll. Raises VistkaError.
        """
        source = self.sources[source_id]
        async with self._turns[source_id]:
            now = self._clock.now()
            before = self._under_way.get(source_id) or await self._polls.state(source_id)
            if before is None or before.first_success is None:
                return
            feed = await self._parse.parse(source, response, now)
            after, _ = await self.receive(source, feed, before, now)
            if source_id in self._under_way:
                self._under_way[source_id] = after
            await self._polls.save_poll(after)

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
        summaries = [
            await self._intake.take(story[first_undated:], quiet_before=now + timedelta(seconds=1)),
            await self._intake.take(story[:first_undated], quiet_before=quiet_before),
        ]
        _log_news(source, feed, summaries)
        newest = max((item.published for item in feed.items), default=before.last_item)
        last = max(newest, before.last_item) if newest and before.last_item else newest
        return replace(before, last_item=last), [taken.item for summary in summaries for taken in summary.taken]

    async def _poll(self, source: Source, before: PollState, now: datetime) -> None:
        lane = self._lane(before)
        rests_until = self._resting.get(lane, now)
        if rests_until > now:
            await self._polls.put_off([source.id], rests_until)
            return
        try:
            after = self._relying(await self._read(source, before, now), now)
        except VistkaError as error:
            after = self._failure(before, error, now)
            LOG.warning("poll failed", source=source.id, error=str(error), failures=after.failures)
            if isinstance(error, TemporaryError) and error.delay is not None:
                self._resting[lane] = now + timedelta(seconds=error.delay)
        except Exception as error:
            after = self._failure(before, error, now)
            LOG.exception("poll broke", source=source.id)
        await self._polls.save_poll(spread(after, self._jitter(), now))

    async def _read(self, source: Source, before: PollState, now: datetime) -> PollState:
        """Fetch, parse and hand on what is new; return the state after it."""
        response = await self._fetch.fetch(self.types[source.type].request(source, before))
        digest = hashlib.sha256(response.body).hexdigest()
        shortest = self._manners.shortest_seconds
        if response.status == NOT_MODIFIED or digest == before.body_hash:
            return succeeded(before, response, (), news=False, shortest=shortest, now=now)
        feed = await self._parse.parse(source, response, now)
        received, fresh = await self.receive(source, feed, before, now)
        if self.hubs is not None:
            await self._heed(self.hubs, source, feed, now, missed=bool(fresh))
        after = succeeded(received, response, feed.items, news=bool(fresh), shortest=shortest, now=now)
        return replace(after, body_hash=digest)

    async def _heed(self, hubs: Hubs, source: Source, feed: Feed, now: datetime, *, missed: bool) -> None:
        """Let it be known which hub a feed names, and whether that left news to be polled."""
        if missed and hubs.pushing(source.id, now):
            hubs.missed(source.id, now)
        await hubs.learn(source, feed, now)

    def _relying(self, after: PollState, now: datetime) -> PollState:
        """Return a state in which the source is polled more rarely where its news are pushed."""
        if self.hubs is None or not self.hubs.pushing(after.source_id, now):
            return after
        return replace(after, next_at=max(after.next_at, now + PUSHED_INTERVAL))

    def _failure(self, before: PollState, error: Exception, now: datetime) -> PollState:
        return failed(
            before,
            str(error) if isinstance(error, VistkaError) else f"unexpected {type(error).__name__}; see the log",
            shortest=self._manners.shortest_seconds,
            now=now,
            delay=getattr(error, "delay", None),
            gone=isinstance(error, PermanentError) and error.gone,
        )

    def _lane(self, state: PollState) -> str:
        return host_of(state.address or self.sources[state.source_id].url)


def _log_news(source: Source, feed: Feed, summaries: Sequence[Summary]) -> None:
    for error in (error for summary in summaries for error in summary.errors):
        LOG.error("item cannot be read", error=error)
    LOG.info(
        "polled",
        source=source.id,
        items=len(feed.items),
        fresh=sum(summary.items for summary in summaries),
        reports=sum(summary.reports for summary in summaries),
        events=sum(summary.opened for summary in summaries),
        deliveries=sum(summary.deliveries for summary in summaries),
    )
