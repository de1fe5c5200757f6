"""Updates that are pushed to the bot, as the real server pushes them: in order within a chat, again until taken.

The real server talks HTTPS to one of four ports. A bot behind a proxy listens elsewhere, in tests on loopback:
`Pusher.at` ("http://127.0.0.1:1234") stands in for the scheme and host of the address that the bot gave.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from tests.botapi.refusal import bad_request
from tests.botapi.updates import UpdateQueue

HEADER = "X-Telegram-Bot-Api-Secret-Token"
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
PORTS = (443, 80, 88, 8443)
MOST_CONNECTIONS = 100
PATIENCE = aiohttp.ClientTimeout(total=10)


def check_webhook(given: Mapping[str, Any]) -> None:
    """Refuse what the real server refuses; an empty address takes the webhook away."""
    url, secret = urlsplit(given["url"]), given.get("secret_token")
    if not given["url"]:
        return
    if url.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (url.port or 443) not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if secret is not None and not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    if not 1 <= given.get("max_connections", 40) <= MOST_CONNECTIONS:
        raise bad_request("max_connections must be between 1 and 100")


@dataclass(slots=True)
class Pusher:
    """Pushes what waits. `pause` is how long it waits before it tries again, in seconds."""

    updates: UpdateQueue
    at: str = ""
    pause: float = 0.05
    _under_way: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _busy: set[int] = field(default_factory=set)
    _session: aiohttp.ClientSession | None = None

    async def run(self) -> None:
        """Push until cancelled."""
        async with aiohttp.ClientSession(timeout=PATIENCE) as self._session:
            try:
                while True:
                    self.updates.changed.clear()
                    self._begin()
                    await self.updates.changed.wait()
            finally:
                for task in self._under_way.values():
                    task.cancel()

    async def deliver(self, raw: Mapping[str, Any], secret: str | None = None) -> int:
        """Push one update by hand and return the status, 0 without an answer."""
        told = self.updates.hooked.get("secret_token", "") if secret is None else secret
        path = urlsplit(self.updates.webhook).path or "/"
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):
            async with aiohttp.ClientSession(timeout=PATIENCE) as session:
                headers = {HEADER: told} if told else {}
                async with session.post(self.at + path, json=raw, headers=headers) as response:
                    return response.status
        return 0

    def _begin(self) -> None:
        """Start pushing the oldest update of each chat that has none under way."""
        if not (self.at and self.updates.webhook):
            return
        for update_id, raw in list(self.updates.waiting.items()):
            chat = chat_of(raw)
            full = len(self._under_way) >= self.updates.hooked.get("max_connections", 40)
            if chat not in self._busy and not full:
                self._busy.add(chat)
                self._under_way[update_id] = asyncio.create_task(self._push(update_id, chat, raw))

    async def _push(self, update_id: int, chat: int, raw: Mapping[str, Any]) -> None:
        status = await self.deliver(raw)
        if 200 <= status < 300:
            self.updates.waiting.pop(update_id, None)
            self.updates.confirmed = max(self.updates.confirmed, update_id)
        else:
            self.updates.failed(f"Wrong response from the webhook: {status}" if status else "Connection refused")
            await asyncio.sleep(self.pause)
        self._busy.discard(chat)
        del self._under_way[update_id]
        self.updates.changed.set()


def chat_of(raw: Mapping[str, Any]) -> int:
    """Return the chat (or person) to which an update belongs, 0 where it has none."""
    for payload in raw.values():
        if isinstance(payload, dict):
            message = payload.get("message", payload)
            owner = (message if isinstance(message, dict) else payload).get("chat") or payload.get("from") or {}
            return int(owner.get("id", 0)) if isinstance(owner, dict) else 0
    return 0
