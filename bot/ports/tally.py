"""What is counted while we work, for those who watch over us; and what the store tells them of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol


class Tally(Protocol):
    """Counts what happens. It costs next to nothing, never fails, and is called on the event loop alone.

    Names and labels are those of `bot.adapters.metrics`; a label that is not known there counts as "other".
    """

    def count(self, name: str, *labels: str, by: float = 1.0) -> None:
        """Count that something happened."""
        ...

    def measure(self, name: str, value: float, *labels: str) -> None:
        """Add a value to those that something had, seconds mostly."""
        ...

    def note(self, name: str, value: float, *labels: str) -> None:
        """Say what something is now."""
        ...


class Uncounted:
    """Counts nothing: nobody watches."""

    def count(self, name: str, *labels: str, by: float = 1.0) -> None:
        """Forget it."""

    def measure(self, name: str, value: float, *labels: str) -> None:
        """Forget it."""

    def note(self, name: str, value: float, *labels: str) -> None:
        """Forget it."""


UNCOUNTED: Final[Tally] = Uncounted()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How the store stands.

    outbox      how many deliveries are pending, retry, sending or unknown
    oldest      since when the oldest delivery that is due waits, None where none is
    sources     how many listed sources are well, failing, new (never read yet) or ended
    overdue     how many of them have been due for more than a minute
    success     when any of them was last read
    size        bytes of the database
    """

    outbox: Mapping[str, int] = field(default_factory=dict)
    oldest: datetime | None = None
    sources: Mapping[str, int] = field(default_factory=dict)
    overdue: int = 0
    success: datetime | None = None
    size: int = 0


class Watched(Protocol):
    """A store as those see it who watch over us."""

    async def ping(self) -> None:
        """Read next to nothing; raise VistkaError where that fails."""
        ...

    async def figures(self, now: datetime) -> Figures:
        """Return how the store stands; as quick beside a million posts that were sent as beside none."""
        ...
