"""How fast Telegram may be spoken to: a decision over the times of past calls, which are handed in.

Telegram's limits are guidance (about 30 calls a second over all, 1 a second to a chat, 20 a minute to a group) and what
it really wants it says in a 429. So calls keep a little below the guidance; a refused chat waits as long as it was told;
and only when several chats are refused at once is it the bot that is too fast, and everything waits and slows down.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

ChatKey: TypeAlias = int | str
Lane: TypeAlias = Literal["reply", "delivery"]

SPACING = 1.05
MINUTE = 60.0
MOST_A_MINUTE = 18
WAVE_SECONDS = 10.0
WAVE_CHATS = 3
SLOWER = 0.7
SLOWEST = 0.2
FASTER_A_MINUTE = 1.05
REMEMBERED_CHATS = 10_000
TOKENS_NEEDED: dict[Lane, float] = {"reply": 1.0, "delivery": 2.0}
"""Posts leave one token of the bucket in place, so that people's answers do not queue behind a broadcast."""


@dataclass(slots=True)
class Pacing:
    """When a call may leave. Times are seconds of any clock that never goes back; `rate` is calls a second."""

    rate: float = 25.0
    burst: float = 5.0
    _tokens: float = field(init=False)
    _filled: float = 0.0
    _calls: dict[ChatKey, deque[float]] = field(default_factory=dict)
    _paused: dict[ChatKey, float] = field(default_factory=dict)
    _paused_all: float = 0.0
    _refusals: deque[tuple[float, ChatKey]] = field(default_factory=deque)
    _share: float = 1.0
    _slowed: float = 0.0

    def __post_init__(self) -> None:
        self._tokens = self.burst

    def wait(self, chat: ChatKey, now: float, lane: Lane = "reply") -> float:
        """Return the seconds until a call to the chat may leave; 0 for now."""
        pause = max(self._paused.get(chat, 0.0), self._paused_all) - now
        return max(0.0, pause, self._chat_wait(chat, now), self._bucket_wait(now, TOKENS_NEEDED[lane]))

    def left(self, chat: ChatKey, now: float) -> None:
        """Note that a call leaves."""
        self._forget(now)
        self._fill(now)
        self._tokens -= 1.0
        self._calls.setdefault(chat, deque(maxlen=MOST_A_MINUTE)).append(now)

    def refused(self, chat: ChatKey, seconds: float, now: float) -> None:
        """Note a 429: the chat waits; when several chats were refused within moments, all do, and the rate falls."""
        self._paused[chat] = max(self._paused.get(chat, 0.0), now + seconds)
        self._refusals.append((now, chat))
        while self._refusals[0][0] < now - WAVE_SECONDS:
            self._refusals.popleft()
        wave = {refused for _, refused in self._refusals}
        if len(wave) >= WAVE_CHATS:
            self._paused_all = max(self._paused[each] for each in wave)
            self._share = max(SLOWEST, self.share(now) * SLOWER)
            self._slowed = now
            self._refusals.clear()

    def share(self, now: float) -> float:
        """Return the part of the rate in use: it falls with refusals and creeps back with every quiet minute."""
        quiet_minutes: float = (now - self._slowed) // MINUTE
        return min(1.0, self._share * math.pow(FASTER_A_MINUTE, quiet_minutes))

    def _chat_wait(self, chat: ChatKey, now: float) -> float:
        calls = self._calls.get(chat)
        if not calls:
            return 0.0
        spacing = calls[-1] + SPACING - now
        if not _is_shared(chat) or len(calls) < MOST_A_MINUTE:
            return spacing
        return max(spacing, calls[0] + MINUTE - now)

    def _bucket_wait(self, now: float, needed: float) -> float:
        self._fill(now)
        return (needed - self._tokens) / (self.rate * self.share(now))

    def _fill(self, now: float) -> None:
        filled = self._tokens + (now - self._filled) * self.rate * self.share(now)
        self._tokens = min(self.burst, filled)
        self._filled = now

    def _forget(self, now: float) -> None:
        """Drop chats that were silent for a minute, once there are many."""
        if len(self._calls) >= REMEMBERED_CHATS:
            self._calls = {chat: calls for chat, calls in self._calls.items() if calls[-1] > now - MINUTE}
            self._paused = {chat: until for chat, until in self._paused.items() if until > now}


def _is_shared(chat: ChatKey) -> bool:
    """Return whether it is a group or channel: those have ids below 0, or names."""
    return isinstance(chat, str) or chat < 0
