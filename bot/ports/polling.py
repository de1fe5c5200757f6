"""How feeds are polled: what is remembered of each, and the queue in which those wait that are due."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.core.model import PollState, QuietPoll, Source


class Polls(Protocol):
    """What is remembered of the sources between two polls."""

    async def enlist(self, sources: Sequence[Source], now: datetime) -> tuple[PollState, ...]:
        """Let these sources, and no others, be polled: those never seen before are due now.

        A source whose configured address changed starts anew; what is remembered of the others stays. Returns what was
        remembered of all sources ever polled.
        """
        ...

    async def due(self, now: datetime, limit: int, besides: Collection[str] = ()) -> tuple[PollState, ...]:
        """Return up to `limit` sources to poll now, those that have waited longest first, without those named.

        A source that would wait longer than anything makes it wait is due too: the clock went back meanwhile. Those
        named are taken as they are at the call, whatever becomes of `besides` during it.
        """
        ...

    async def state(self, source_id: str) -> PollState | None:
        """Return what is remembered of one source."""
        ...

    async def poll_states(self) -> Mapping[str, PollState]:
        """Return what is remembered of every source ever polled, by source id."""
        ...

    async def live_until(self) -> datetime | None:
        """Return how long an event that any source told of counts as going on."""
        ...

    async def save_poll(self, state: PollState) -> None:
        """Remember a poll; many that are saved at the same time share one transaction."""
        ...

    async def save_quiet(self, poll: QuietPoll) -> None:
        """Remember a poll that changed hardly anything, of a source whose state is kept; as quick as it can be."""
        ...

    async def put_off(self, source_ids: Collection[str], until: datetime) -> None:
        """Let sources wait until then, or longer where they do so anyway."""
        ...

    async def hasten(self, now: datetime, within: timedelta) -> None:
        """Let no healthy source wait longer than that, unless its publisher asked for it; spread them over that time."""
        ...

    async def shift(self, by: timedelta) -> None:
        """Move on when every source is polled next: the clock was set forward by so much, or (negative) back."""
        ...


class Queue(Protocol):
    """Where sources that are due wait for their poll: those of one lane (a host) take turns, lanes run side by side."""

    @property
    def is_afar(self) -> bool:
        """Whether other processes poll what is put in."""
        ...

    async def put(self, sources: Sequence[tuple[str, str]]) -> Sequence[bool]:
        """Let sources (id, lane) be polled when their turn comes; tell of each whether it is new: it may wait or be under way."""
        ...

    async def elsewhere(self) -> Collection[str]:
        """Return the sources that wait for other processes, or are polled by them."""
        ...

    async def sweep(self) -> Sequence[str]:
        """Give up the polls of processes that were killed or have been silent for long; return their sources, due still."""
        ...

    async def idle(self) -> None:
        """Wait until nothing waits and nothing is under way."""
        ...
