"""How many calls Telegram takes: so many a second over all, one a second in a chat, twenty a minute in a group or channel.

Telegram publishes these as guidance; here they are kept to the letter, over windows that slide, so that a bot that
never meets a refusal here keeps within them wherever the windows begin. Sends, edits, copies, forwards and deletions
count; looking something up does not. Before it refuses, the real server holds a call silently for up to some seconds
(`holds`); what is held counts from when it is let through. `burst` is how many calls a chat may take at once before
one a second is all it gets.
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from dataclasses import dataclass, field

COUNTED = ("send", "edit", "copy", "forward", "delete", "pin")
UNCOUNTED = frozenset({"sendChatAction", "deleteWebhook", "deleteMyCommands"})
SECOND, MINUTE = 1.0, 60.0


@dataclass(frozen=True, slots=True)
class Refused:
    """A call that came too early: when, in which chat, and by which limit."""

    at: float
    chat_id: object
    limit: str
    wait: float


@dataclass(slots=True)
class Limits:
    """The windows, and every refusal. Off unless `on`. Times are seconds of the server's clock."""

    on: bool = False
    per_second: int = 30
    spacing: float = SECOND
    per_minute: int = 20
    burst: int = 1
    holds: float = 0.0
    refused: list[Refused] = field(default_factory=list)
    held: list[float] = field(default_factory=list)
    counted: int = 0
    _all: list[float] = field(default_factory=list)
    _chats: dict[object, list[float]] = field(default_factory=lambda: defaultdict(list))

    def take(self, method: str, chat_id: object, now: float) -> tuple[float, float]:
        """Count a call; return how long to hold it and, where it is refused, how long it has to wait (else 0)."""
        if not self.on or not method.startswith(COUNTED) or method in UNCOUNTED:
            return 0.0, 0.0
        self._forget(now)
        at, limit = self._earliest(chat_id, now)
        if at - now > self.holds:
            self.refused.append(Refused(now, chat_id, limit, at - now))
            return 0.0, at - now
        if at > now:
            self.held.append(at - now)
        self.counted += 1
        insort(self._all, at)
        if chat_id is not None:
            insort(self._chats[chat_id], at)
        return at - now, 0.0

    def _earliest(self, chat_id: object, now: float) -> tuple[float, str]:
        """Return when the call fits into every window, and the last of the windows that it had to wait for."""
        chat = self._chats[chat_id] if chat_id is not None else []
        waits = {
            "all": _free(self._all, self.per_second, SECOND, now),
            "chat": _free(chat, self.burst, self.spacing * self.burst, now),
            "minute": _free(chat, self.per_minute, MINUTE, now) if _is_shared(chat_id) else now,
        }
        limit = max(waits, key=waits.__getitem__)
        return waits[limit], limit if waits[limit] > now else ""

    def _forget(self, now: float) -> None:
        self._all = [at for at in self._all if at > now - SECOND]
        for chat_id in [chat_id for chat_id, times in self._chats.items() if times[-1:] < [now - MINUTE]]:
            del self._chats[chat_id]


def _free(times: list[float], most: int, window: float, now: float) -> float:
    """Return when fewer than `most` calls have been within the window."""
    return max(now, times[-most] + window) if len(times) >= most else now


def _is_shared(chat_id: object) -> bool:
    """Return whether it is a group or channel: those have ids below 0, or names."""
    return isinstance(chat_id, str) or (isinstance(chat_id, int) and chat_id < 0)
