"""What we serve over HTTP: bodies of bounded size at the paths that somebody answers for, and nothing else.

It speaks plain HTTP and is meant to stand behind a proxy that has the certificate. What is refused is refused without a
word about why, and nothing of a request is logged: its path and headers may be secrets.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeAlias

import structlog
from aiohttp import web

from bot.ports import PermanentError

log = structlog.get_logger()

MOST_BYTES = 1 << 20
"""The largest body that is read; an update of Telegram has some tens of kilobytes at most."""
LAST_WORDS = 5.0
"""Seconds that requests under way get at a stop."""
TOO_LARGE, BROKEN = 413, 500


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was posted to us: the last part of its path, its headers by name in lower case, its body."""

    name: str
    headers: Mapping[str, str]
    body: bytes


Answer: TypeAlias = Callable[[Asked], Awaitable[int]]
"""Takes what was posted and returns the status to answer with."""


@asynccontextmanager
async def open_server(address: str, answer: Answer, *, most_bytes: int = MOST_BYTES) -> AsyncIterator[str]:
    """Listen on HOST:PORT for as long as the context lasts; port 0 takes a free one. Yields the URL.

    Raises PermanentError where the address cannot be listened on.
    """
    runner = web.AppRunner(_application(answer, most_bytes), access_log=None, shutdown_timeout=LAST_WORDS)
    await runner.setup()
    host, _, port = address.rpartition(":")
    try:
        try:
            await web.TCPSite(runner, host, int(port)).start()
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise PermanentError(f"VISTKA_HTTP: cannot listen on {address} ({reason}); choose another") from None
        yield f"http://{host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _application(answer: Answer, most_bytes: int) -> web.Application:
    async def serve(request: web.Request) -> web.Response:
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return web.Response(status=TOO_LARGE)
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            status = await answer(Asked(request.path.rpartition("/")[2], headers, body))
        except Exception:
            log.exception("request failed")
            status = BROKEN
        return web.Response(status=status)

    application = web.Application(client_max_size=most_bytes)
    application.router.add_post("/{path:.*}", serve)
    return application
