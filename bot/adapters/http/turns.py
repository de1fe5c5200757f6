"""Whose turn it is: one request at a time per host, in order of arrival, and not too many hosts at once.

What a caller waits here is the doing of those before it and is not charged to the host's time to answer. A turn lasts for
one request: a redirect waits for the turn of the host that it leads to, so that two hosts that point at each other cannot
hold each other up.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque

AT_ONCE = 64
PATIENCE = 120.0
"""Seconds after which nobody waits any longer: six requests that took all their time went before."""
MOST_KEPT = 256
"""Hosts whose connections are kept open: those asked last."""


class NoTurnError(Exception):
    """The turn did not come in time."""


class Turns:
    """One request at a time per host. What is remembered is as much as is under way or waits, and the hosts asked last."""

    def __init__(self, at_once: int = AT_ONCE, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}
        self._slots = asyncio.Semaphore(at_once)
        self._regulars: OrderedDict[str, None] = OrderedDict()

    async def take(self, host: str) -> None:
        """Wait for the turn; raise NoTurnError where it does not come."""
        if host not in self._waiting and not self._slots.locked():
            self._waiting[host] = deque()
            await self._slots.acquire()
            return
        try:
            async with asyncio.timeout(self._patience):
                await self._line_up(host)
        except TimeoutError:
            raise NoTurnError(f"no turn within {self._patience:g} s, so much is asked of its host") from None

    def leave(self, host: str) -> None:
        """End the turn; the next in the line has it."""
        self._slots.release()
        self._pass_on(host)

    def is_regular(self, host: str) -> bool:
        """Return whether a host was asked lately, and take note that it is asked now.

        A connection to such a host is worth keeping; one to each of thousands would hold a file and, with TLS, some 50 KiB
        each, for a poll a quarter of an hour later that finds it closed.
        """
        known = host in self._regulars
        self._regulars[host] = None
        self._regulars.move_to_end(host)
        if len(self._regulars) > MOST_KEPT:
            self._regulars.popitem(last=False)
        return known

    async def _line_up(self, host: str) -> None:
        """Have the turn of the host first and a slot second: who has a slot waits for nobody."""
        if host in self._waiting:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting[host].append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                if not turn.cancelled():
                    self._pass_on(host)
                raise
        else:
            self._waiting[host] = deque()
        try:
            await self._slots.acquire()
        except asyncio.CancelledError:
            self._pass_on(host)
            raise

    def _pass_on(self, host: str) -> None:
        line = self._waiting[host]
        while line:
            turn = line.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        del self._waiting[host]
