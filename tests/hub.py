"""A WebSub hub on loopback for tests: takes subscriptions, asks back whether they were meant, pushes what it is told to."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import io
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import aiohttp
from aiohttp import web


@dataclass
class Hub:
    """Answers questions with `status` and asks back at once, unless it is told to be `silent`.

    `public` is where it thinks that subscribers are; what it sends there arrives at `actual`.
    """

    url: str
    client: aiohttp.ClientSession
    public: str = ""
    actual: str = ""
    status: int = 202
    lease: str = "3600"
    silent: bool = False
    method: str = "sha256"
    asked: list[dict[str, str]] = field(default_factory=list)
    answers: list[tuple[int, str]] = field(default_factory=list)
    subscribed: dict[str, dict[str, str]] = field(default_factory=dict)
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, request: web.BaseRequest) -> web.Response:
        form = {name: values[0] for name, values in parse_qs((await request.read()).decode()).items()}
        self.asked.append(form)
        if self.status == 202 and not self.silent:
            await self.ask_back(form)
        return web.Response(status=self.status, headers={"Retry-After": "7200"} if self.status == 429 else {})

    async def ask_back(self, form: Mapping[str, str], **changes: str) -> tuple[int, str]:
        """Ask whether a question was meant, or something else; return what the subscriber says."""
        query = {
            "hub.mode": form["hub.mode"],
            "hub.topic": form["hub.topic"],
            "hub.challenge": "the word of the hub",
            "hub.lease_seconds": self.lease,
        } | {f"hub.{name}": value for name, value in changes.items()}
        async with self.client.get(self._reach(form["hub.callback"]), params=query) as answer:
            said = answer.status, await answer.text()
        self.answers.append(said)
        if said == (200, query["hub.challenge"]):
            if query["hub.mode"] == "subscribe":
                self.subscribed[form["hub.callback"]] = dict(form)
            else:
                self.subscribed.pop(form["hub.callback"], None)
        self.answered.set()
        return said

    async def push(self, body: bytes, *, callback: str = "", headers: Mapping[str, str] | None = None) -> int:
        """Push news to a subscriber, signed unless other headers are given; return the status that it answers with."""
        callback = callback or next(iter(self.subscribed))
        if headers is None:
            secret = self.subscribed[callback]["hub.secret"].encode()
            digest = hmac.new(secret, body, getattr(hashlib, self.method)).hexdigest()
            headers = {"X-Hub-Signature": f"{self.method}={digest}", "Content-Type": "application/rss+xml"}
        async with self.client.post(self._reach(callback), data=io.BytesIO(body), headers=headers) as answer:
            assert await answer.read() == b""
            return answer.status

    def _reach(self, callback: str) -> str:
        return callback.replace(self.public, self.actual, 1)


@asynccontextmanager
async def hub_server() -> AsyncIterator[Hub]:
    """Serve a hub on a free port of loopback until the block ends."""
    async with aiohttp.ClientSession() as client:
        hub = Hub("", client)
        runner = web.ServerRunner(web.Server(hub.answer, access_log=None), shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            hub.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
            yield hub
        finally:
            await runner.cleanup()
