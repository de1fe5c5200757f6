"""What sources brought, day by day: by this it shows that one has gone silent, or that its feed has changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from bot.core.health import Past
from bot.core.model import SourceDay


class Diary(Protocol):
    """Counts of each source and day."""

    async def note(self, day: SourceDay) -> None:
        """Add to what is counted of a source on a day."""
        ...

    async def pasts(self, first: date, lately: date) -> Mapping[str, Past]:
        """Return what each source brought since the day `first`; what it brought from `lately` on is counted apart."""
        ...

    async def forget(self, before: date) -> None:
        """Forget the days before this one."""
        ...
