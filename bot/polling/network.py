"""Which hosts are to be left alone for now, and whether it is we who reach nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.core.model import Alarm, PollState
from bot.core.schedule import Reach, unreachable
from bot.ports import Alarms, TemporaryError, VistkaError

LOG = structlog.get_logger(__name__)

KEY = "polling:cut_off"
_MOST_BLAMED = 2_000


class Network:
    """What polls tell of the hosts that were asked, and of the way there.

    A host in trouble is left alone by all its sources, for as long as it says, else for `pause` seconds. There are so many
    `hosts` in all.
    """

    def __init__(self, hosts: int, pause: float, alarms: Alarms | None = None) -> None:
        self.hosts = hosts
        self._pause = timedelta(seconds=pause)
        self._alarms = alarms
        self._resting: dict[str, datetime] = {}
        self._reach = Reach()
        self._blamed: dict[str, PollState] = {}
        self._stands = True  # for all that is known: it may be from before a restart

    @property
    def cut_off(self) -> bool:
        """Tell whether we reach nobody at all."""
        return self._reach.cut_off

    @property
    def troubles(self) -> bool:
        """Tell whether anything is held against anybody, so that an answer is to be told of."""
        return self._stands or bool(self._resting) or self._reach.since is not None

    def rests_until(self, host: str, now: datetime) -> datetime | None:
        """Return until when a host is to be left alone, None where it may be asked."""
        until = self._resting.get(host)
        return until if until is not None and until > now else None

    async def answered(self, host: str, now: datetime) -> None:
        """Remember that a host answered: whatever was held against it, or against the network, is over."""
        self._resting.pop(host, None)
        if self._reach.since is not None:
            ended, self._reach = self._reach, Reach()
            self._blamed.clear()
            if ended.cut_off:
                minutes = round((now - (ended.since or now)).total_seconds() / 60)
                LOG.warning("sources can be reached again", minutes=minutes)
        if self._stands:
            await self._tell(None)

    async def troubled(
        self, host: str, error: TemporaryError, before: PollState, now: datetime
    ) -> tuple[PollState, ...]:
        """Remember that a poll failed, from the state `before`; return the states of those wrongly blamed.

        There are some at the moment at which it shows that we are cut off.
        """
        if error.unreachable:
            was, self._reach = self._reach, unreachable(self._reach, host, self.hosts, now)
            if self.cut_off:
                return () if was.cut_off else await self._lose(now)
            if len(self._blamed) < _MOST_BLAMED:
                self._blamed.setdefault(before.source_id, before)
        self._resting[host] = now + (self._pause if error.delay is None else timedelta(seconds=error.delay))
        return ()

    def blameless(self, state: PollState) -> PollState:
        """Return the state without what was held against the source since anybody last answered."""
        before = self._blamed.get(state.source_id, state)
        return replace(state, failures=before.failures, failing_since=before.failing_since, error=before.error)

    def shift(self, by: timedelta) -> None:
        """Move on what is remembered of the future, as the clock was moved."""
        self._resting = {host: until + by for host, until in self._resting.items()}

    async def _lose(self, now: datetime) -> tuple[PollState, ...]:
        LOG.warning("no source can be reached", hosts=len(self._reach.lost), remedy="look at this machine's network")
        await self._tell(Alarm(KEY, "alarm.cut_off", {"hosts": str(len(self._reach.lost))}, now))
        self._resting.clear()
        return tuple(self._blamed.values())

    async def _tell(self, alarm: Alarm | None) -> None:
        """Raise the alarm, or end it; an end that cannot be saved is tried again with the next answer."""
        self._stands = True
        if self._alarms is not None:
            try:
                await (self._alarms.clear(KEY) if alarm is None else self._alarms.raise_alarm(alarm))
            except VistkaError as error:
                LOG.warning("alarm cannot be saved", error=str(error))
                return
        self._stands = alarm is not None
