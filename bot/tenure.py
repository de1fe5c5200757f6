"""Has one process at a time do what only one may: a seat is waited for, held while it is renewed, and left at the end.

No time of day is compared, since clocks are set and those of two machines differ. Who waits looks again and again, and takes a
lease that nobody has, whose process has ended, or that was not renewed for as long as it lasts, exactly as it saw it. Time in
which it could not look does not count: a machine that slept, or is busy, holds up the other one too. Who holds it renews it beside
the event loop, which stands still for seconds while words are loaded; stops trusting in it well before it runs out; and asks whether
it is still theirs before anything leaves. Who stands still for a minute is of no use, and lets it run out.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog

from bot.core.model import Holder, Lease
from bot.ports import Clock, LeaseLostError, Leases, VistkaError

LOG = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: between two renewals, for which one is trusted in, after which others see none, and between their looks.

    A lease is trusted in for less than it lasts by longer than a message may take to arrive that left at the last moment. It is
    renewed no more by one whose event loop stood `still` for so long.
    """

    renew: float = 5.0
    trust: float = 15.0
    lasts: float = 30.0
    look: float = 1.0
    still: float = 60.0

    @property
    def longest_look(self) -> float:
        """As how many seconds without a renewal two looks in a row count at most, however far apart they were."""
        return self.lasts / 5


PACE = Pace()


class Tenure:
    """Leases as long as they are ours. `ended` is set when it is time to stop, or one of them was lost."""

    def __init__(
        self, leases: Leases, held: Sequence[Lease], asked: float, *, pace: Pace, steady: Callable[[], float]
    ) -> None:
        self.ended = asyncio.Event()
        self.lost: LeaseLostError | None = None
        self._leases = leases
        self._held = {lease.name: lease for lease in held}
        self._sure_until = asked + pace.trust
        self._pace = pace
        self._steady = steady
        self._pulse = steady()
        self._home = asyncio.get_running_loop()
        self._asking = asyncio.Lock()

    def __getitem__(self, name: str) -> Lease:
        """Return the lease of a role."""
        return self._held[name]

    def __contains__(self, name: str) -> bool:
        """Tell whether a role is ours."""
        return name in self._held

    async def sure(self) -> None:
        """Return at once where everything is surely still ours, else when that is known again.

        Raises LeaseLostError, and TemporaryError where nobody can tell.
        """
        if self.lost:
            raise self.lost
        if self._steady() < self._sure_until:
            return
        async with self._asking:
            if self._steady() >= self._sure_until:
                try:
                    await self._renew(self._leases)
                except LeaseLostError:
                    self.ended.set()
                    raise

    async def live(self) -> None:
        """Show for as long as it goes on that the event loop does."""
        while True:
            self._pulse = self._steady()
            await asyncio.sleep(self._pace.look)

    async def keep(self, leases: Leases) -> None:
        """Renew for as long as nothing is lost and the event loop goes on; this may run in another loop."""
        while not self.lost:
            await asyncio.sleep(self._pace.renew)
            still = self._steady() - self._pulse
            if still <= self._pace.still:
                await self._keep(leases)
            elif still <= self._pace.still + self._pace.renew:
                LOG.error("lease not renewed", reason=f"the event loop stands still, for {still:.0f} s so far")
        self._home.call_soon_threadsafe(self.ended.set)

    async def _keep(self, leases: Leases) -> None:
        try:
            await self._renew(leases)
        except LeaseLostError as error:
            LOG.error("lease lost", reason=str(error))  # noqa: TRY400  (the line says it all)
        except VistkaError as error:
            LOG.warning("lease not renewed", reason=str(error))
        except Exception:
            LOG.exception("lease not renewed")

    async def give_back(self) -> None:
        """Let the next one have them at once."""
        for lease in self._held.values():
            with contextlib.suppress(VistkaError):
                await self._leases.release(lease)

    async def _renew(self, leases: Leases) -> None:
        asked = self._steady()
        try:
            for lease in self._held.values():
                await leases.renew(lease)
        except LeaseLostError as error:
            self.lost = error
            raise
        self._sure_until = max(self._sure_until, asked + self._pace.trust)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A lease as it was seen last, when that was, and for how many seconds it has been watched and was like that."""

    lease: Lease
    at: float
    waited: float = 0.0


@dataclass(slots=True, eq=False, kw_only=True)
class Seat:
    """Roles that this process, the `holder`, wants all at once or not at all.

    `is_gone` tells of a holder that its process has surely ended; `told` is called with the lease that is waited for, and with
    None when it is so no longer; `holds` with the roles that are held, which are all or none. `steady` is a clock in seconds that nobody sets.
    """

    leases: Leases
    names: Sequence[str]
    holder: Holder
    clock: Clock
    steady: Callable[[], float]
    is_gone: Callable[[Holder], bool]
    told: Callable[[Lease | None], None]
    holds: Callable[[Sequence[str]], None]
    pace: Pace = PACE
    _waits_for: Lease | None = None
    _seen: dict[str, _Seen] = field(default_factory=dict)

    @asynccontextmanager
    async def held(self, stop: asyncio.Event) -> AsyncIterator[Tenure | None]:
        """Wait until the seat is free and take it for as long as the context lasts; None where told to stop meanwhile."""
        tenure = await self._wait(stop)
        if tenure is None:
            yield None
            return
        tasks = [asyncio.create_task(tenure.live()), asyncio.create_task(_pass_on(stop, tenure.ended))]
        try:
            async with self.leases.beside(tenure.keep):
                self.holds(self.names)
                yield tenure
        finally:
            self.holds(())
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            await tenure.give_back()

    async def work(self, stop: asyncio.Event, task: Callable[[Tenure], Awaitable[None]]) -> None:
        """Do a task whenever the seat is ours, for as long as it is, until told to stop."""
        while not stop.is_set():
            async with self.held(stop) as tenure:
                if tenure:
                    await task(tenure)

    async def _wait(self, stop: asyncio.Event) -> Tenure | None:
        trouble = ""
        while not stop.is_set():
            try:
                tenure = await self._try()
            except VistkaError as error:
                if trouble != str(error):
                    trouble = str(error)
                    LOG.warning("leases not known", reason=trouble)
                tenure = None
            if tenure:
                self._wait_for(None)
                return tenure
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self.pace.look)
        return None

    async def _try(self) -> Tenure | None:
        """Take all leases, or none."""
        found = {lease.name: lease for lease in await self.leases.leases()}
        for lease in found.values():
            if lease.name in self.names and not lease.is_open_to(self.holder) and not self._is_stale(lease):
                self._wait_for(lease)
                return None
        asked, held = self.steady(), list[Lease]()
        for name in self.names:
            lease = await self.leases.take(name, self.holder, self.clock.now(), found.get(name))
            if lease.holder != self.holder:
                await Tenure(self.leases, held, asked, pace=self.pace, steady=self.steady).give_back()
                self._wait_for(lease)
                return None
            held.append(lease)
        return Tenure(self.leases, held, asked, pace=self.pace, steady=self.steady)

    def _is_stale(self, lease: Lease) -> bool:
        """Tell whether nobody renews a lease any more: seen by our own clock, unless its process has ended anyway."""
        now, seen = self.steady(), self._seen.get(lease.name)
        if seen is None or seen.lease != lease:
            seen = _Seen(lease, now)
        waited = seen.waited + min(now - seen.at, self.pace.longest_look)
        self._seen[lease.name] = _Seen(lease, now, waited)
        return waited >= self.pace.lasts or (lease.holder is not None and self.is_gone(lease.holder))

    def _wait_for(self, lease: Lease | None) -> None:
        """Say once whom we wait for."""
        before, self._waits_for = self._waits_for, lease
        if (before and before.holder) == (lease and lease.holder):
            return
        self.told(lease)
        if lease:
            LOG.warning(
                "waiting, since another process does this already",
                role=lease.name,
                holder=str(lease.holder),
                since=lease.since.isoformat(timespec="seconds"),
                remedy="nothing has to be done: this one takes over when that one ends",
            )


async def _pass_on(stop: asyncio.Event, ended: asyncio.Event) -> None:
    await stop.wait()
    ended.set()
