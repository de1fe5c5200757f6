"""What one process at a time does, and which one it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

SCHEDULER, SENDER = "scheduler", "sender"
"""Who puts the sources that are due into the queue, and who talks with Telegram. One outbox has one sender, whatever its bot."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A process, as people find it; `mark` is one that no other process of this number has, before or after.

    `bot` is the number of the bot that it speaks for, 0 where it speaks for none.
    """

    host: str
    pid: int
    mark: str
    bot: int = 0

    def __str__(self) -> str:
        """Return where it is, for people."""
        speaks = f", for bot {self.bot}" if self.bot else ""
        return f"process {self.pid} on {self.host}{speaks}"


@dataclass(frozen=True, slots=True)
class Lease:
    """Who holds a role, None where nobody does, `since` when (by the holder's clock, for people).

    The `number` grows with each holder: what a former one writes is told by its lower number. `beat` grows with each
    renewal: a lease whose beat stands still has nobody who renews it.
    """

    name: str
    holder: Holder | None
    number: int
    beat: int
    since: datetime

    def is_open_to(self, holder: Holder, stale: Lease | None = None) -> bool:
        """Tell whether it may be taken: nobody's, one's own, or still exactly the one that was found `stale`."""
        if self.holder is None or (self.holder.pid, self.holder.mark) == (holder.pid, holder.mark):
            return True
        return stale is not None and (self.number, self.beat) == (stale.number, stale.beat)
