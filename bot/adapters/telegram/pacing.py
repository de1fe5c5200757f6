"""How fast Telegram may be spoken to: a decision over the times of past calls, which are handed in.

Telegram takes about 30 calls a second over all, 1 a second in a chat, 20 a minute in a group or channel; what it really
wants it says in a 429. When it counts a call nobody knows, but no later than it answers. So a call takes up room from
the moment it leaves until a whole window after its answer: however long calls take on their way, no window at the other
end ever holds too many. A chat has one call under way.

Answers to people go before posts. As long as people ask, posts leave some of the room to them. A refused chat waits as
long as it was told; only when several chats are refused at once is it the bot that is too fast, and everything waits and
slows down.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

ChatKey: TypeAlias = int | str
Lane: TypeAlias = Literal["answer", "post", "reply", "edit", "search", "digest"]
"""Who goes first: answers to people, then what the outbox sends, in its order. A search looks for a lost post by edits."""
LANES: tuple[Lane, ...] = get_args(Lane)

A_SECOND, A_MINUTE = 1.0, 60.0
MOST_A_SECOND, MOST_A_MINUTE = 30, 20
EVENNESS = 2.0
"""Calls leave this many times as fast as they may at most: spread over the second, so that an answer's turn is near."""
KEPT_A_SECOND, KEPT_A_MINUTE = 5, 2
"""The room that posts leave to answers: of each second while people ask, and in each group at any time."""
ASKING = 10.0
"""Seconds after an answer for which people count as asking."""
WAVE_SECONDS = 10.0
WAVE_CHATS = 3
SLOWER = 0.7
SLOWEST = 0.2
FASTER_A_MINUTE = 1.05
RECOVERED = math.ceil(math.log(1 / SLOWEST, FASTER_A_MINUTE))
"""Quiet minutes after which the slowest rate is whole again. More are not counted: those of ten days are too large a power."""
REMEMBERED_CHATS = 10_000


@dataclass(slots=True)
class _Chat:
    """What is known of one chat: whether a call is under way, when the last ones were answered, until when it waits."""

    busy: bool = False
    answered: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_A_MINUTE))
    paused: float = -math.inf


@dataclass(slots=True)
class Pacing:
    """When a call may leave. Times are seconds of any clock that never goes back; `rate` is calls a second."""

    rate: int = MOST_A_SECOND
    spacing: float = A_SECOND
    _under_way: int = 0
    _answered: deque[float] = field(default_factory=deque)
    _left: float = -math.inf
    _asked: float = -math.inf
    _chats: dict[ChatKey, _Chat] = field(default_factory=dict)
    _paused: float = -math.inf
    _refusals: deque[tuple[float, ChatKey]] = field(default_factory=deque)
    _share: float = 1.0
    _slowed: float = 0.0

    def wait(self, chat: ChatKey | None, now: float, lane: Lane = "answer") -> float:
        """Return the seconds until a call to the chat may leave: 0 for now, infinity for not before another is answered."""
        return max(self.chat_wait(chat, now, lane), self.room_wait(now, lane))

    def chat_wait(self, chat: ChatKey | None, now: float, lane: Lane = "answer") -> float:
        """Return the seconds for which the chat itself has to wait."""
        known = self._chats.get(chat) if chat is not None else None
        if chat is None or known is None:
            return 0.0
        if known.busy:
            return math.inf
        until = known.paused
        if known.answered:
            until = max(until, known.answered[-1] + self.spacing)
        most = MOST_A_MINUTE if lane == "answer" else MOST_A_MINUTE - KEPT_A_MINUTE
        if _is_shared(chat) and len(known.answered) >= most:
            until = max(until, known.answered[-most] + A_MINUTE)
        return max(0.0, until - now)

    def room_wait(self, now: float, lane: Lane = "answer") -> float:
        """Return the seconds until there is room for one more call over all."""
        self._forget_answered(now)
        room = max(1, int(self.rate * self.share(now)))
        if lane != "answer" and now < self._asked + ASKING:
            room = max(1, room - KEPT_A_SECOND)
        even = max(self._left + A_SECOND / (room * EVENNESS), self._paused) - now
        over = self._under_way + len(self._answered) - room
        if over >= len(self._answered):
            return math.inf
        full = self._answered[over] + A_SECOND - now if over >= 0 else 0.0
        return max(0.0, even, full)

    def left(self, chat: ChatKey | None, now: float, lane: Lane = "answer") -> None:
        """Note that a call leaves."""
        self._forget_chats(now)
        self._under_way += 1
        self._left = now
        if lane == "answer":
            self._asked = now
        if chat is not None:
            self._chats.setdefault(chat, _Chat()).busy = True

    def answered(self, chat: ChatKey | None, now: float) -> None:
        """Note that a call that left has its answer, or will never have one."""
        self._under_way -= 1
        self._answered.append(now)
        if chat is not None:
            known = self._chats[chat]
            known.busy = False
            known.answered.append(now)

    def refused(self, chat: ChatKey, seconds: float, now: float) -> None:
        """Note a 429: the chat waits; when several chats were refused within moments, all do, and the rate falls."""
        known = self._chats.setdefault(chat, _Chat())
        known.paused = max(known.paused, now + seconds)
        self._refusals.append((now, chat))
        while self._refusals[0][0] < now - WAVE_SECONDS:
            self._refusals.popleft()
        wave = {refused for _, refused in self._refusals}
        if len(wave) >= WAVE_CHATS:
            self._paused = max(self._chats[each].paused for each in wave if each in self._chats)
            self._share = max(SLOWEST, self.share(now) * SLOWER)
            self._slowed = now
            self._refusals.clear()

    def share(self, now: float) -> float:
        """Return the part of the rate in use: it falls with refusals and creeps back with every quiet minute."""
        quiet_minutes = min((now - self._slowed) // A_MINUTE, RECOVERED)
        return min(1.0, self._share * math.pow(FASTER_A_MINUTE, quiet_minutes))

    def resting(self, now: float) -> Iterator[ChatKey]:
        """Yield the chats to which no post may leave now."""
        for chat in self._chats:
            if self.chat_wait(chat, now, "post") > 0:
                yield chat

    def _forget_answered(self, now: float) -> None:
        while self._answered and self._answered[0] <= now - A_SECOND:
            self._answered.popleft()

    def _forget_chats(self, now: float) -> None:
        """Drop chats that were silent for a minute, once there are many."""
        if len(self._chats) >= REMEMBERED_CHATS:
            lately = now - A_MINUTE
            self._chats = {
                chat: known
                for chat, known in self._chats.items()
                if known.busy or known.paused > now or (known.answered and known.answered[-1] > lately)
            }


def _is_shared(chat: ChatKey) -> bool:
    """Return whether it is a group or channel: those have ids below 0, or names."""
    return isinstance(chat, str) or chat < 0
