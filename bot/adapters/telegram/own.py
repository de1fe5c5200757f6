"""Remembers which messages are the bot's answers to people, so that no search for a lost post ever writes over one.

Every call passes here with its answer before its chat gets the next one: what is known here is known in time. Of an answer
whose own fate is unknown no id is known; below the next message of ours in that chat nothing may be searched any more.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

import httpx
from telegram.error import BadRequest, NetworkError

NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)
OWN_NUMBERING = -1_000_000_000_000
"""Channels and supergroups have ids below this one, and number their messages themselves: any id that is seen there
tells where to look for a post whose answer is lost."""
REMEMBERED, REMEMBERED_CHATS = 100, 10_000


def may_have_arrived(error: BaseException) -> bool:
    """Return whether a call that failed like this, or was given up, may have taken effect."""
    if not isinstance(error, NetworkError):
        return not isinstance(error, Exception)
    return not isinstance(error, BadRequest) and not isinstance(error.__cause__, NEVER_LEFT)


@dataclass(slots=True)
class _Own:
    """The newest answers of one chat, and the id above which it is known which messages are answers."""

    answers: deque[int] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    clear_above: float = 0


@dataclass(slots=True)
class Answers:
    """The answers in chats that number their own messages; of many chats those that got one lately."""

    _chats: dict[int, _Own] = field(default_factory=dict)

    def answered(self, chat_id: int, message_id: int) -> None:
        """Note an answer."""
        own = self._of(chat_id)
        if own.answers.maxlen == len(own.answers):
            own.clear_above = max(own.clear_above, own.answers[0])
        own.answers.append(message_id)
        self.arrived(chat_id, message_id)

    def arrived(self, chat_id: int, message_id: int) -> None:
        """Note any message of ours: what is in doubt stands below it."""
        if self.clear_above(chat_id) == math.inf:
            self._chats[chat_id].clear_above = message_id

    def doubtful(self, chat_id: int) -> None:
        """Note an answer that may stand there or not."""
        self._of(chat_id).clear_above = math.inf

    def holds(self, chat_id: object, message_id: object) -> bool:
        """Return whether the message is an answer."""
        own = self._chats.get(chat_id) if isinstance(chat_id, int) else None
        return own is not None and message_id in own.answers

    def clear_above(self, chat_id: int) -> float:
        """Return the id above which all answers are known."""
        return self._chats[chat_id].clear_above if chat_id in self._chats else 0

    def _of(self, chat_id: int) -> _Own:
        if len(self._chats) >= REMEMBERED_CHATS and chat_id not in self._chats:
            del self._chats[next(iter(self._chats))]
        self._chats[chat_id] = self._chats.pop(chat_id, _Own())
        return self._chats[chat_id]
