"""What the daemon does on its own, one module per scheduled job, and what a job is given to do it with.

Each module ends in `JOB: Job = ...` and is found by this folder. A job sequences: it asks the core what to do and lets
the ports do it; it never learns which adapter stands behind a port.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.kinds import Kind
from bot.core.model import Action, Alarm, Event, FactChange, Item, Message, Source
from bot.core.sources import SourceType
from bot.intake import Summary
from bot.ports import Alarms, Clock, Fetch, Outbox, Parse, Publish, Queries, Store, Subscriptions


class Take(Protocol):
    """The one way an item goes: `bot.intake`."""

    async def take(self, items: Sequence[Item], *, quiet_before: datetime | None = None) -> Summary:
        """Read, join and store the items; those published before `quiet_before` are stored and joined, never posted."""
        ...


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

    sources            the enabled sources
    types              source types by name
    render             how a delivery looks
    jitter             a number from 0 to 1, another at each call, that spreads what would otherwise coincide
    horizon_hours      older items of a source's first poll are never posted
    shortest_seconds   no source is polled more often than this
    at_once            how many sources are polled at the same time
    admins             the users who hear of what ails the bot, in this `language`
    resend_unknown     whether what may have arrived, where nobody can tell, is sent again; else it is presumed delivered
    stopping           whether the daemon was told to stop: what is under way ends, nothing new is begun
    """

    clock: Clock
    fetch: Fetch
    parse: Parse
    store: Store
    outbox: Outbox
    queries: Queries
    subscriptions: Subscriptions
    alarms: Alarms
    kinds: Mapping[str, Kind]
    publish: Publish
    intake: Take
    render: Render
    sources: tuple[Source, ...]
    types: Mapping[str, SourceType]
    jitter: Callable[[], float]
    horizon_hours: float = 6.0
    shortest_seconds: float = 60.0
    at_once: int = 32
    admins: tuple[int, ...] = ()
    language: str = "en"
    resend_unknown: bool = False
    stopping: Callable[[], bool] = never


@dataclass(frozen=True, slots=True)
class Job:
    """A scheduled job: `run` is called every `seconds`, never twice at the same time."""

    name: str
    seconds: float
    run: Callable[[Ports], Awaitable[None]]
