"""What the daemon does on its own, one module per scheduled job, and what a job is given to do it with.

Each module ends in `JOB: Job = ...` and is found by this folder. A job sequences: it asks the core what to do and lets
the ports do it; it never learns which adapter stands behind a port.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from bot.core.kinds import Kind
from bot.core.model import Action, Alarm, Event, FactChange, Message, Source
from bot.polling import Polling
from bot.ports import (
    Alarms,
    Archive,
    Backups,
    Clock,
    Diary,
    Fetch,
    Outbox,
    Publish,
    Queries,
    Queue,
    Store,
    Subscribe,
    Subscriptions,
)
from bot.ports.tally import UNCOUNTED, Tally

JobRole: TypeAlias = Literal["scheduler", "sender"]
"""Who runs a job where the work is spread over processes: one of a sort at a time, under a lease of its name."""


class Render(Protocol):
    """Events into messages: `bot.core.render` with the words of every language bound to it."""

    def __call__(self, event: Event, language: str, action: Action, changes: Sequence[FactChange] = ()) -> Message:
        """Return what readers are to see: the event's newest state, or for a reply the changes that they have not heard of."""
        ...

    def digest(self, events: Sequence[Event], language: str) -> Message:
        """Return several events in one message."""
        ...

    def notice(self, event: Event, language: str, doubts: Sequence[str], feedback: Mapping[str, int]) -> Message:
        """Return what an admin is to see: the event, why it is doubtful, and how many readers called it what."""
        ...

    def alarms(self, alarms: Sequence[Alarm], language: str) -> Message:
        """Return what the admins are to hear of."""
        ...


def never() -> bool:
    """Return False: nobody has told the jobs to stop."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """What jobs get: the ports, the configured sources and the few settings they need.

    sources            the enabled sources, which a reload changes
    render             how a delivery looks
    polling            how a source is polled, and `queue` where it waits for that
    hubs               those who push what is new in feeds, None where nobody can reach us
    admins             the users who hear of what ails the bot, in this `language`
    resend_unknown     whether what may have arrived, where nobody can tell, is sent again; else it is presumed delivered
    backups            where the store is backed up, and `archive` where old news go, None where the operator named no folder
    tally              where what happens is counted
    stopping           whether the daemon was told to stop: what is under way ends, nothing new is begun
    """

    clock: Clock
    fetch: Fetch
    store: Store
    outbox: Outbox
    queries: Queries
    subscriptions: Subscriptions
    alarms: Alarms
    diary: Diary
    kinds: Mapping[str, Kind]
    publish: Publish
    render: Render
    sources: Collection[Source]
    polling: Polling
    queue: Queue
    admins: tuple[int, ...] = ()
    language: str = "en"
    resend_unknown: bool = False
    stopping: Callable[[], bool] = never
    hubs: Subscribe | None = None
    backups: Backups | None = None
    archive: Archive | None = None
    tally: Tally = UNCOUNTED


@dataclass(frozen=True, slots=True)
class Job:
    """A scheduled job: `run` is called every `seconds`, never twice at the same time; by the process of its role.

    The first time is `after` so many seconds: what looks at everything does not hold up the first poll.
    An `early` one needs no words and nobody to send to, and begins while these are loaded.
    """

    name: str
    seconds: float
    run: Callable[[Ports], Awaitable[None]]
    role: JobRole = "scheduler"
    after: float = 0.0
    early: bool = False
