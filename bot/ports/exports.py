"""What goes out to others than readers of posts: every event by its number, and those that were told of last."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.model import Event
from bot.ports.asking import Wanted


@dataclass(frozen=True, slots=True)
class Version:
    """What is shown of an event is the same for as long as this is: its number, revision, and when that came about."""

    number: int
    revision: int
    changed: datetime


class Exports(Protocol):
    """Events to be written out, those that were merged, withdrawn or held back among them. Reads only.

    Of what is wanted kinds, days and regions count.
    """

    async def numbered(self, wanted: Wanted, after: int, limit: int) -> tuple[Version, ...]:
        """Return the wanted events whose number is above one, in the order of their numbers."""
        ...

    async def newest(self, wanted: Wanted, limit: int) -> tuple[Version, ...]:
        """Return the wanted events of which the newest reports tell, newest first."""
        ...

    async def events(self, numbers: Sequence[int]) -> tuple[Event, ...]:
        """Return these events, in the order given; what there is not is left out."""
        ...

    async def messages(self, numbers: Collection[int], chats: Collection[int]) -> Mapping[int, tuple[int, int]]:
        """Return of events that stand in one of these chats the chat and the id of the message: of several the lowest."""
        ...
