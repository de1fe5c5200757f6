"""The updates that wait for the bot, and the one long poll that may ask for them."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.botapi.refusal import OTHER_POLLER, WEBHOOK

NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
MOST = 100


@dataclass(slots=True)
class UpdateQueue:
    """Updates by id. An update is kept until a later offset confirms it; `allowed` filters what is taken in at all.

    `asked` is set once a poll has come in, `changed` whenever there may be something to push. `hooked` is what the bot
    asked of its webhook, `errors` what went wrong there.
    """

    allowed: frozenset[str] | None = None
    webhook: str = ""
    hooked: Mapping[str, Any] = field(default_factory=dict)
    errors: list[tuple[int, str]] = field(default_factory=list)
    waiting: dict[int, dict[str, Any]] = field(default_factory=dict)
    last_id: int = 1000
    confirmed: int = 0
    polls: int = 0
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    _poller: asyncio.Future[None] | None = None

    def push(self, kind: str, payload: dict[str, Any], extra: dict[str, Any] | None = None) -> int:
        """Add an update and return its id; 0 where the bot did not ask for this kind."""
        if kind in NOT_BY_DEFAULT if self.allowed is None else kind not in self.allowed:
            return 0
        self.last_id += 1
        self.waiting[self.last_id] = {"update_id": self.last_id, kind: payload} | (extra or {})
        self._wake()
        self.changed.set()
        return self.last_id

    def hook(self, given: Mapping[str, Any]) -> None:
        """Set the webhook, or with an empty address take it away."""
        self.webhook, self.hooked, self.errors = given["url"], given, []
        if "allowed_updates" in given:
            self.allowed = frozenset(given["allowed_updates"]) or None
        self.changed.set()

    def failed(self, reason: str) -> None:
        """Note that a push was not taken."""
        self.errors.append((int(time.time()), reason))

    def webhook_information(self) -> dict[str, Any]:
        """Return what getWebhookInfo tells."""
        told: dict[str, Any] = {
            "url": self.webhook,
            "has_custom_certificate": False,
            "pending_update_count": len(self.waiting),
        }
        if self.webhook:
            told["max_connections"] = self.hooked.get("max_connections", 40)
        if self.allowed is not None:
            told["allowed_updates"] = sorted(self.allowed)
        if self.errors:
            told |= {"last_error_date": self.errors[-1][0], "last_error_message": self.errors[-1][1]}
        return told

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
