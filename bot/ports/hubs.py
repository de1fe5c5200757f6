"""Hubs that push what is new in feeds: what is kept of them, and what others are told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from bot.core.model import Feed, Source
from bot.core.websub import Challenge, HubLease


class HubLeases(Protocol):
    """What is kept of the hubs that push to us."""

    async def hub_leases(self) -> tuple[HubLease, ...]:
        """Return all leases, by key."""
        ...

    async def save_hub_lease(self, lease: HubLease) -> None:
        """Add a lease or replace the one of its key."""
        ...

    async def end_hub_lease(self, key: str) -> None:
        """Forget a lease."""
        ...


class Hubs(Protocol):
    """What polling has to do with hubs."""

    async def learn(self, source: Source, feed: Feed, now: datetime) -> None:
        """Remember which hub a feed names, to be asked later."""
        ...

    def pushing(self, source_id: str, now: datetime) -> bool:
        """Tell at once whether news of a source come by themselves, and reliably."""
        ...

    def missed(self, source_id: str, now: datetime) -> None:
        """Note that a poll brought news that ought to have been pushed."""
        ...


class Subscribe(Hubs, Protocol):
    """What the hubs have to do with us."""

    async def tend(self) -> None:
        """Ask hubs for what is due: new leases, renewals, and that they stop."""
        ...

    def known(self, key: str) -> bool:
        """Tell whether somebody was given this callback."""
        ...

    async def answered(self, key: str, said: Challenge) -> bool:
        """Take what a hub asks back; return whether that was meant."""
        ...

    def admits(self, key: str) -> bool:
        """Tell whether something may be pushed there now: not too much, and not too much at the same time."""
        ...

    async def take(self, key: str, headers: Mapping[str, str], body: bytes) -> None:
        """Take what was pushed: what is signed is read and handed on, anything else is dropped.

        Raises TemporaryError where it should be pushed again.
        """
        ...
