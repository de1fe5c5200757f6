"""Names to addresses, in threads that nothing else depends on.

A name server that does not answer holds up a look-up for many seconds, and the threads that the rest of the process shares
are few: a handful of such names would stop the look-ups of all others, and whatever else waits for a thread.
"""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from aiohttp.abc import AbstractResolver, ResolveResult

AT_ONCE = 32
WITHIN = 10.0
"""Seconds for one look-up."""


class Names(AbstractResolver):
    """Looks names up as the operating system does."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, "names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of a name; raise OSError where it has none and TimeoutError where nobody says."""
        look_up = partial(
            socket.getaddrinfo, host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG
        )
        async with asyncio.timeout(WITHIN):
            found = await asyncio.get_running_loop().run_in_executor(self._threads, look_up)
        return [
            ResolveResult(
                hostname=host, host=str(address[0]), port=port, family=kind, proto=protocol, flags=socket.AI_NUMERICHOST
            )
            for kind, _, protocol, _, address in found
        ]

    async def close(self) -> None:
        """Let the threads go; a look-up that hangs is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)
