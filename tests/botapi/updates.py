"""The updates that wait for the bot, and the one long poll that may ask for them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.botapi.refusal import OTHER_POLLER, WEBHOOK

NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
MOST = 100


@dataclass(slots=True)
class UpdateQueue:
    """Updates by id. An update is kept until a later offset confirms it; `allowed` filters what is taken in at all.

    `asked` is set once a poll has come in.
    """

    allowed: frozenset[str] | None = None
    webhook: str = ""
    waiting: dict[int, dict[str, Any]] = field(default_factory=dict)
    last_id: int = 1000
    confirmed: int = 0
    polls: int = 0
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    _poller: asyncio.Future[None] | None = None

    def push(self, kind: str, payload: dict[str, Any], extra: dict[str, Any] | None = None) -> int:
        """Add an update and return its id; 0 where the bot did not ask for this kind."""
        if kind in NOT_BY_DEFAULT if self.allowed is None else kind not in self.allowed:
            return 0
        self.last_id += 1
        self.waiting[self.last_id] = {"update_id": self.last_id, kind: payload} | (extra or {})
        self._wake()
        return self.last_id

    async def poll(
        self, offset: int = 0, limit: int = MOST, wait: float = 0, allowed: Sequence[str] | None = None
    ) -> list[dict[str, Any]]:
        """Confirm everything before the offset and return what waits, after up to `wait` seconds where nothing does."""
        if self.webhook:
            raise WEBHOOK
        self._end_other_poll()
        self.polls += 1
        self.asked.set()
        if allowed is not None:
            self.allowed = frozenset(allowed) or None
        self._confirm(offset)
        if not self.waiting and wait > 0:
            await self._wait(wait)
        return list(self.waiting.values())[: min(max(limit, 1), MOST)]

    def close(self) -> None:
        """Let a waiting poll go."""
        self._wake()

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            offset = self.last_id + 1 + offset
        for update_id in [known for known in self.waiting if known < offset]:
            del self.waiting[update_id]
            self.confirmed = update_id

    async def _wait(self, seconds: float) -> None:
        poller = self._poller = asyncio.get_running_loop().create_future()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(poller, seconds)
        if self._poller is poller:
            self._poller = None

    def _wake(self) -> None:
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(None)

    def _end_other_poll(self) -> None:
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(OTHER_POLLER)
