"""What we serve over HTTP: one listener for all who answer there, and nothing else.

It speaks plain HTTP and is meant to stand behind a proxy that has the certificate. Who answers says what asks for him and
whom he lets in before the body is read; bodies are bounded in size and in time. What is refused is refused without a word
about why, and nothing of a request is logged: its path, query and headers may be secrets.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

import structlog
from aiohttp import web

from bot.ports import PermanentError

log = structlog.get_logger()

MOST_BYTES = 1 << 20
"""The largest body that is read, where who answers says nothing else."""
READ_WITHIN = 20.0
"""Seconds in which a body has to be here."""
LINGER = 2.0
"""Seconds for which the body of a request that was refused is still read away, so that who sends it hears the answer."""
IDLE = 75.0
"""Seconds that a connection is kept with nothing on it."""
LAST_WORDS = 5.0
"""Seconds that requests under way get at a stop."""
MUTE = logging.getLogger(f"{__name__}.mute")
"""What aiohttp would write about malformed requests holds pieces of them."""
MUTE.disabled = True
OK, LATE, TOO_LARGE, CODED, BROKEN, BUSY, UNKNOWN, NOT_SO = 200, 408, 413, 415, 500, 503, 404, 405
HARMLESS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: the last part of its path, the part before, query, headers by name in lower case, and the body of a POST.

    `path` is all of it, and `peer` the address that the connection came from, which may be a proxy's.
    """

    name: str
    headers: Mapping[str, str]
    body: bytes = b""
    folder: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    path: str = ""
    peer: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer with something in it, as plain text that nobody keeps unless it says otherwise; `headers` go with it."""

    body: bytes
    status: int = OK
    type: str = "text/plain"
    headers: Mapping[str, str] = field(default_factory=dict)


Answer: TypeAlias = Callable[[Asked], Awaitable["int | Said"]]
"""Takes a request and returns the status to answer with, or more."""
Admit: TypeAlias = Callable[[Asked], int]
"""Looks at a request whose body is not read yet: 200 lets it in, 404 leaves it to others, anything else refuses it."""


def everybody(_: Asked) -> int:
    """Let in whoever asks."""
    return OK


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Who answers what: requests of a method that `admit` lets in. The first that knows a request answers it.

    Who answers GET answers HEAD too, of which what is said is not sent.
    Of a POST `at_once` bodies are taken in and answered at the same time; others wait for their turn unread. Of one name no
    more than `each` do either or wait, where that is said; more are to come later.
    """

    answer: Answer
    admit: Admit = everybody
    method: Literal["GET", "POST"] = "POST"
    most_bytes: int = MOST_BYTES
    at_once: int = 64
    each: int | None = None


class Listener:
    """One address (`url`), and who answers there. They come and go; what nobody answers is unknown."""

    def __init__(self, url: str = "") -> None:
        self.url = url
        self._routes: dict[Route, asyncio.Semaphore] = {}
        self._under_way: Counter[str] = Counter()

    @contextmanager
    def answering(self, *routes: Route) -> Iterator[None]:
        """Let these answer for as long as the context lasts."""
        self._routes.update({route: asyncio.Semaphore(route.at_once) for route in routes})
        try:
            yield
        finally:
            for route in routes:
                del self._routes[route]

    async def serve(self, request: web.Request) -> web.Response:
        """Answer a request; what goes wrong inside is logged and shown to nobody."""
        try:
            said = await self._said(request)
        except TimeoutError:
            said = LATE
        except web.HTTPRequestEntityTooLarge:
            said = TOO_LARGE
        except Exception:
            log.exception("request failed")
            said = BROKEN
        if isinstance(said, int):
            return web.Response(status=said, headers=HARMLESS)
        headers = {**HARMLESS, **said.headers}
        return web.Response(
            body=said.body, status=said.status, content_type=said.type, charset="utf-8", headers=headers
        )

    async def _said(self, request: web.Request) -> int | Said:
        asked = _asked(request)
        status, route = self._admitted("GET" if request.method == "HEAD" else request.method, asked)
        if route is None:
            return status
        if route.method == "GET":
            return await route.answer(asked)
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            return CODED
        if route.each is not None and self._under_way[asked.name] >= route.each:
            return BUSY
        self._under_way[asked.name] += 1
        try:
            async with self._routes[route]:
                return await route.answer(replace(asked, body=await _body(request, route.most_bytes)))
        finally:
            self._under_way -= Counter((asked.name,))

    def _admitted(self, method: str, asked: Asked) -> tuple[int, Route | None]:
        """Return who answers, or with which status the request is refused."""
        methods = {route.method for route in self._routes}
        for route in self._routes:
            status = route.admit(asked) if route.method == method else UNKNOWN
            if status != UNKNOWN:
                return status, route if status == OK else None
        return (UNKNOWN if method in methods or not methods else NOT_SO), None


def _asked(request: web.Request) -> Asked:
    folder, _, name = request.path.rpartition("/")
    headers = {key.lower(): value for key, value in request.headers.items()}
    folder = folder.rpartition("/")[2]
    peer = request.remote or ""
    return Asked(name, headers, folder=folder, query=dict(request.query), path=request.path, peer=peer)


async def _body(request: web.Request, most: int) -> bytes:
    """Return the body, read within its time and as far as it may go; what says to be larger is not read at all."""
    told = request.content_length or 0
    if told > most:
        raise web.HTTPRequestEntityTooLarge(max_size=most, actual_size=told)
    body = bytearray()
    async with asyncio.timeout(READ_WITHIN):
        async for chunk in request.content.iter_any():
            body += chunk
            if len(body) > most:
                raise web.HTTPRequestEntityTooLarge(max_size=most, actual_size=len(body))
    return bytes(body)


@asynccontextmanager
async def open_listener(address: str) -> AsyncIterator[Listener]:
    """Listen on HOST:PORT for as long as the context lasts; port 0 takes a free one.

    Raises PermanentError where the address cannot be listened on.
    """
    listener = Listener()
    runner = web.AppRunner(
        _application(listener),
        access_log=None,
        shutdown_timeout=LAST_WORDS,
        keepalive_timeout=IDLE,
        lingering_time=LINGER,
        auto_decompress=False,
        logger=MUTE,
    )
    await runner.setup()
    host, _, port = address.rpartition(":")
    try:
        try:
            await web.TCPSite(runner, host, int(port)).start()
        except (OSError, OverflowError, UnicodeError) as error:  # in use, beyond 65535, no name of a host
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise PermanentError(f"VISTKA_HTTP: cannot listen on {address} ({reason}); choose another") from None
        listener.url = f"http://{host}:{runner.addresses[0][1]}"
        yield listener
    finally:
        await runner.cleanup()


def _application(listener: Listener) -> web.Application:
    application = web.Application(client_max_size=0)
    application.router.add_route("*", "/{path:.*}", listener.serve)
    return application
