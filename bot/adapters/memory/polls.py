"""What is remembered of sources between two polls."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.adapters.memory.tables import Part
from bot.core.model import PollState, QuietPoll, Source
from bot.core.schedule import LONGEST_WAIT, enlisted, hastened, quieted, shifted


class Polls(Part):
    """The Polls port."""

    async def enlist(self, sources: Sequence[Source], now: datetime) -> tuple[PollState, ...]:
        """Let these sources, and no others, be polled: those never seen before are due now; return what was remembered."""
        known = tuple(self._tables.polls.values())
        for source in sources:
            state = enlisted(source, self._tables.polls.get(source.id), now)
            if state is not None:
                await self.save_poll(state)
        self._tables.unlisted = self._tables.polls.keys() - {source.id for source in sources}
        return known

    async def due(self, now: datetime, limit: int, besides: Collection[str] = ()) -> tuple[PollState, ...]:
        """Return up to `limit` sources to poll now, those that have waited longest first, without those named."""
        waiting = (state for state in self._listed() if not now < state.next_at <= now + LONGEST_WAIT)
        ready = [state for state in waiting if state.source_id not in besides]
        return tuple(sorted(ready, key=lambda state: state.next_at)[:limit])

    async def state(self, source_id: str) -> PollState | None:
        """Return what is remembered of one source."""
        return self._tables.polls.get(source_id)

    async def poll_states(self) -> Mapping[str, PollState]:
        """Return what is remembered of every source ever polled, by source id."""
        return dict(self._tables.polls)

    async def live_until(self) -> datetime | None:
        """Return how long an event that any source told of counts as going on."""
        return max((state.live_until for state in self._tables.polls.values() if state.live_until), default=None)

    async def save_poll(self, state: PollState) -> None:
        """Remember a poll."""
        self._tables.polls[state.source_id] = state

    async def save_quiet(self, poll: QuietPoll) -> None:
        """Remember a poll that changed hardly anything."""
        before = self._tables.polls.get(poll.source_id)
        if before is not None:
            await self.save_poll(quieted(before, poll))

    async def put_off(self, source_ids: Collection[str], until: datetime) -> None:
        """Let sources wait until then, or longer where they do so anyway."""
        for state in (self._tables.polls[each] for each in source_ids if each in self._tables.polls):
            if state.next_at < until:
                await self.save_poll(replace(state, next_at=until, asked_until=until))

    async def hasten(self, now: datetime, within: timedelta) -> None:
        """Let no healthy source wait longer than that, unless its publisher asked for it; spread them over that time."""
        waiting = [state for state in self._listed() if state.next_at > now + within and not state.failures]
        for state in hastened(sorted(waiting, key=lambda state: state.next_at), now, within):
            await self.save_poll(state)

    async def shift(self, by: timedelta) -> None:
        """Move on when every source is polled next: the clock was set forward by so much, or (negative) back."""
        for state in tuple(self._listed()):
            await self.save_poll(shifted(state, by))

    def _listed(self) -> Iterator[PollState]:
        """Yield the sources that are polled at all."""
        polls, unlisted = self._tables.polls, self._tables.unlisted
        return (state for name, state in polls.items() if name not in unlisted and state.ended is None)
