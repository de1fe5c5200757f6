"""How much one sender, and one chat, may ask of the bot: a decision over token buckets, with the times handed in.

A bucket is full at first and fills at a steady rate; each update takes one token out of the sender's and, in a chat with
others, one out of the chat's. So a person may be as quick as a person is, and a program that is quicker gets no more.
What a flood costs is one look-up: neither a task, nor a row, nor an answer.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.adapters.telegram.incoming import INLINE, Incoming

Key: TypeAlias = tuple[str, int]

MOST_WAITING = 30
"""Updates of one chat that may wait for their turn behind a slow one."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """The tokens of a full bucket, and how many come back each second."""

    burst: float
    a_second: float


READER = Allowance(20, 1.0)
STAFF = Allowance(100, 5.0)
SHARED = Allowance(60, 3.0)
TYPING = Allowance(40, 4.0)
"""The inline mode asks at each letter."""
NOTICE = Allowance(1, 1 / 60)


@dataclass(slots=True)
class Bucket:
    """What is left at a time, and how many were turned away since it was last full."""

    tokens: float
    at: float
    dropped: int = 0

    def fill(self, allowance: Allowance, now: float) -> None:
        """Let the time pass."""
        self.tokens = min(allowance.burst, self.tokens + (now - self.at) * allowance.a_second)
        self.at = now
        if self.tokens >= allowance.burst:
            self.dropped = 0

    def take(self) -> int:
        """Take a token and return 0; where there is none, return how many were turned away by now."""
        if self.tokens >= 1:
            self.tokens -= 1
            return 0
        self.dropped += 1
        return self.dropped


@dataclass(slots=True)
class Guard:
    """The buckets of those seen lately. `staff` are the people with larger ones; `dropped` counts what was turned away.

    Times are seconds of any clock that never goes back.
    """

    staff: Collection[int] = frozenset()
    most_buckets: int = 10_000
    dropped: int = 0
    _buckets: dict[Key, Bucket] = field(default_factory=dict)

    def judge(self, incoming: Incoming, now: float, waiting: int = 0) -> int:
        """Return 0 for an update that may pass, else which one in a row it is that its sender, or chat, is denied.

        `waiting` is how many of its turn are not done yet. What tells of a chat's fate always passes.
        """
        if incoming.binding:
            return 0
        turned_away = self._denied(incoming, now, waiting)
        self.dropped += bool(turned_away)
        return turned_away

    def may_notify(self, chat_id: int, now: float) -> bool:
        """Tell whether a chat may be told that it is too quick: once in a while."""
        return self._bucket(("notice", chat_id), NOTICE, now).take() == 0

    def _denied(self, incoming: Incoming, now: float, waiting: int) -> int:
        sender = self._sender(incoming, now)
        if waiting >= MOST_WAITING:
            sender.dropped += 1
            return sender.dropped
        denied = sender.take()
        if denied or not incoming.shared:
            return denied
        return self._bucket(("chat", incoming.chat_id), SHARED, now).take()

    def _sender(self, incoming: Incoming, now: float) -> Bucket:
        who = incoming.sender or incoming.chat_id
        if incoming.kind == INLINE:
            return self._bucket(("typing", who), TYPING, now)
        return self._bucket(("sender", who), STAFF if who in self.staff else READER, now)

    def _bucket(self, key: Key, allowance: Allowance, now: float) -> Bucket:
        """Return a bucket as it is now; of too many the one that was unused for longest is forgotten."""
        bucket = self._buckets.pop(key, None) or Bucket(allowance.burst, now)
        self._buckets[key] = bucket
        if len(self._buckets) > self.most_buckets:
            del self._buckets[next(iter(self._buckets))]
        bucket.fill(allowance, now)
        return bucket
