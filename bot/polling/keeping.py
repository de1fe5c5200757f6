"""What is remembered of sources also while nothing can be saved.

A full disk or a locked database must not make us ask everybody every two seconds: the state that could not be saved is kept
here, holds its source back until the time planned in it, and is saved as soon as that works again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

import structlog

from bot.core.model import PollState, QuietPoll, Source
from bot.core.schedule import quieted, shifted
from bot.ports import Polls, VistkaError

LOG = structlog.get_logger(__name__)


class Keeping:
    """Saves states, and keeps those that cannot be, unless nothing is to be `held` here: others poll the source meanwhile."""

    def __init__(self, polls: Polls, *, held: bool = True) -> None:
        self._polls = polls
        self._held = held
        self._unsaved: dict[str, PollState] = {}

    def state(self, source_id: str) -> PollState | None:
        """Return the newest state of a source that is not saved yet."""
        return self._unsaved.get(source_id)

    def held_back(self, now: datetime) -> frozenset[str]:
        """Return the sources that wait still, though the store knows nothing of it."""
        return frozenset(name for name, state in self._unsaved.items() if state.next_at > now)

    async def save(self, before: PollState, after: PollState | QuietPoll) -> None:
        """Remember the state after a poll; where that fails, here. Raises what nobody expected, or all where nothing is held."""
        name = before.source_id
        if isinstance(after, QuietPoll) and name in self._unsaved:
            after = quieted(before, after)
        try:
            await (self._polls.save_quiet(after) if isinstance(after, QuietPoll) else self._polls.save_poll(after))
        except Exception as error:
            if not self._held:
                raise
            self._unsaved[name] = quieted(before, after) if isinstance(after, QuietPoll) else after
            if not isinstance(error, VistkaError):
                raise
            LOG.warning("poll cannot be saved", source=name, error=str(error))
        else:
            self._unsaved.pop(name, None)

    async def catch_up(self, besides: Collection[str]) -> None:
        """Save what could not be saved so far, but for these sources; their polls do so."""
        waiting = [state for name, state in self._unsaved.items() if name not in besides]
        outcomes = await asyncio.gather(*map(self._polls.save_poll, waiting), return_exceptions=True)
        for state, outcome in zip(waiting, outcomes, strict=True):
            if outcome is None and self._unsaved.get(state.source_id) is state:
                del self._unsaved[state.source_id]

    def keep_to(self, sources: Mapping[str, Source]) -> None:
        """Forget sources that are polled no more, and those that start anew at another address."""
        kept = ((name, state, sources.get(name)) for name, state in self._unsaved.items())
        self._unsaved = {name: state for name, state, source in kept if source and source.url == state.configured}

    def shift(self, by: timedelta) -> None:
        """Move on all plans, as the clock was moved."""
        self._unsaved = {name: shifted(state, by) for name, state in self._unsaved.items()}
