"""Tells systemd how we do (sd_notify(3)): that we are ready, what we wait for, that we live, and that we are about to stop.

The watchdog hears of us only while what a new start would mend is well; where it hears nothing it starts us anew.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from bot.adapters.health import Health

LEASE = "lease"
LOOK = 1.0
"""Seconds between two looks at how we do."""
LONGER = 120
"""Seconds by which a start that goes on may take longer, from each time on that we say so."""
MICRO = 1_000_000
LONGEST_STATUS = 200


@dataclass(frozen=True, slots=True)
class Service:
    """The socket of who started us, and in how many seconds he wants to hear of us at the latest, 0 where he does not."""

    address: str
    watchdog: float = 0.0

    def tell(self, *lines: str) -> bool:
        """Say this, and return whether it was taken in: nobody may be there, or have too much to read already."""
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
                line.setblocking(False)  # noqa: FBT003
                line.sendto("\n".join(lines).encode(), self.address)
        except OSError:
            return False
        return True


def service_of(environment: Mapping[str, str], process: int) -> Service | None:
    """Return who started this process and wants to be told, by the variables that he set; None where nobody does."""
    address = environment.get("NOTIFY_SOCKET", "")
    if address[:1] not in ("/", "@"):
        return None
    meant = environment.get("WATCHDOG_PID", str(process)) == str(process)
    wanted = environment.get("WATCHDOG_USEC", "")
    seconds = int(wanted) / MICRO if meant and wanted.isdecimal() else 0.0
    return Service(f"\0{address[1:]}" if address.startswith("@") else address, seconds)


async def attend(service: Service, health: Health, stop: asyncio.Event, look: float = LOOK) -> None:
    """Tell until the stop what changes, and that we live, twice in the time in which that is wanted."""
    pause = min(look, service.watchdog / 2) if service.watchdog else look
    told, is_ready = "", False
    while not stop.is_set():
        status = "; ".join(health.lacking) or "at work"
        ready = is_ready or not health.lacking or health.lacks(LEASE)
        lines = [f"STATUS={status[:LONGEST_STATUS]}"] if status != told else []
        if ready != is_ready:
            lines.append("READY=1")
        if not ready:
            lines.append(f"EXTEND_TIMEOUT_USEC={LONGER * MICRO}")
        if service.watchdog and not await health.complaints(vital=True):
            lines.append("WATCHDOG=1")
        if lines and service.tell(*lines):
            told, is_ready = status, ready
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)
    service.tell("STOPPING=1", "STATUS=stopping")
