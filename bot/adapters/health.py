"""Tells how we do: `/healthz` whether we live, `/readyz` whether we do what we are here for, a plain line for each matter.

Both are for the machine, its network and nobody else: `near` leaves others with what they get where there is nothing. The
lines are of our own wording and hold no address and no secret.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Protocol, TypeAlias

from bot.adapters.http import Asked, Route, Said
from bot.adapters.secrecy import redacted
from bot.ports import VistkaError

Check: TypeAlias = Callable[[], Awaitable[str]]
"""Returns what is wrong, "" where nothing is."""

ANSWER_WITHIN = 5.0
"""Seconds in which the database has to answer; who asks for our health waits ten at least."""
LONGEST_QUIET = 60.0
"""Seconds in which some job begins, whatever else goes on: the most frequent ones begin every other second."""
WELL, UNWELL, UNKNOWN = 200, 503, 404
NEIGHBOURS = tuple(
    ip_network(network)
    for network in (
        "127.0.0.0/8",
        "::1/128",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "169.254.0.0/16",
        "fc00::/7",
        "fe80::/10",
    )
)
"""The networks that are nobody's on the open web: loopback, private, shared and of the link (RFC 6890)."""
PASSED_ON = ("forwarded", "via", "x-real-ip", "true-client-ip", "cf-connecting-ip")


class Pinged(Protocol):
    """A store that can be asked whether it is there."""

    async def ping(self) -> None:
        """Read next to nothing; raise VistkaError where that fails."""
        ...


class Health:
    """What is looked at to know whether we live, and what we still wait for until we are ready."""

    def __init__(self) -> None:
        self._checks: dict[str, Check] = {}
        self._vital: set[str] = set()
        self._beyond: set[str] = set()
        self._lacking: dict[str, str] = {"start": "under way"}

    def look_at(self, name: str, check: Check, *, vital: bool = False, beyond: bool = False) -> None:
        """Look at this too. What is `vital` only a new start mends; what is `beyond` us none does: we live, and are not ready."""
        self._checks[name] = check
        for wanted, names in ((vital, self._vital), (beyond, self._beyond)):
            if wanted:
                names.add(name)

    def look_away(self, name: str) -> None:
        """Look at this no longer."""
        self._checks.pop(name, None)
        self._vital.discard(name)
        self._beyond.discard(name)

    def lack(self, name: str, reason: str) -> None:
        """Be not ready, for this reason."""
        self._lacking[name] = reason

    def have(self, name: str) -> None:
        """Wait for this no longer."""
        self._lacking.pop(name, None)

    def lacks(self, name: str) -> bool:
        """Tell whether we wait for this."""
        return name in self._lacking

    @property
    def lacking(self) -> tuple[str, ...]:
        """What we wait for, a line each."""
        return tuple(f"{name}: {reason}" for name, reason in self._lacking.items())

    async def complaints(self, *, vital: bool = False, beyond: bool = False) -> tuple[str, ...]:
        """Return what is wrong, a line each; only of what is `vital` where that is wanted, of what is `beyond` us only then."""
        names = [name for name in self._checks if name in self._vital or not vital]
        names = [name for name in names if name not in self._beyond or beyond]
        found = await asyncio.gather(*(self._checks[name]() for name in names))
        return tuple(f"{name}: {said}" for name, said in zip(names, found, strict=True) if said)

    async def alive(self, _: Asked) -> Said:
        """Answer whether we live."""
        return _said(await self.complaints())

    async def ready(self, _: Asked) -> Said:
        """Answer whether we do what we are here for."""
        return _said((*self.lacking, *await self.complaints(beyond=True)))


def health_routes(health: Health) -> tuple[Route, Route]:
    """Return who answers those who look after us."""
    return (
        Route(answer=health.alive, admit=near("/healthz"), method="GET"),
        Route(answer=health.ready, admit=near("/readyz"), method="GET"),
    )


def near(path: str) -> Callable[[Asked], int]:
    """Return what lets in our own network alone, at a path: no address of the open web, and nobody whom a proxy passed on."""
    return lambda asked: WELL if asked.path == path and is_near(asked) else UNKNOWN


def is_near(asked: Asked) -> bool:
    """Tell whether who asks is of our own network, and not passed on by somebody who is."""
    if any(name in PASSED_ON or name.startswith("x-forwarded") for name in asked.headers):
        return False
    try:
        address = ip_address(asked.peer.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in network for network in NEIGHBOURS)


def answering(store: Pinged, within: float = ANSWER_WITHIN) -> Check:
    """Return a check that the database answers."""

    async def check() -> str:
        try:
            async with asyncio.timeout(within):
                await store.ping()
        except TimeoutError:
            return f"no answer within {within:g} s"
        except VistkaError as error:
            return redacted(str(error))
        return ""

    return check


def written(unwritten: Callable[[], str]) -> Check:
    """Return a check that what is written is kept, by why it was not the last time."""

    async def check() -> str:
        return redacted(unwritten())

    return check


def begun(quiet_for: Callable[[], float], longest: float = LONGEST_QUIET) -> Check:
    """Return a check that jobs begin, by how many seconds none has."""

    async def check() -> str:
        quiet = quiet_for()
        return f"none has begun for {quiet:.0f} s" if quiet > longest else ""

    return check


def _said(complaints: tuple[str, ...]) -> Said:
    lines = complaints or ("ok",)
    return Said("".join(f"{line}\n" for line in lines).encode(), UNWELL if complaints else WELL)
