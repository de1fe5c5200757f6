"""A guarded, bounded question to the open web.

Each address on the way, the first and those of redirects alike, goes through the guard. What comes back is bounded in time
(the deadline counts from when it is the question's turn, over all redirects), in speed, and in size after inflation; its
headers are 128 at most, of 8 KiB each. No cookie is kept, and no proxy or password of the surroundings is used.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.adapters.http.guard import PORTS, BlockedAddressError, Guard, Network, is_inside
from bot.adapters.http.inflating import Body, CodingError, CutError, TooLargeError, coding_of
from bot.adapters.http.metering import ASKING, Meter
from bot.adapters.http.naming import Names
from bot.adapters.http.redirects import MOST_KNOWN, LostError, Way
from bot.adapters.http.turns import NoTurnError, Turns
from bot.core.model import Request, Response
from bot.core.schedule import NOT_MODIFIED, retry_after
from bot.ports import PermanentError, TemporaryError, VistkaError

CONNECT_WITHIN: Final = 10.0
"""Seconds in which somebody has to be there."""
SLOW_BYTES: Final = 1 << 10
SLOW_SECONDS: Final = 8.0
"""A body of which no more than so many bytes come in this time is given up: it is hopeless long before the deadline."""
LARGE: Final = 1 << 20
MOST_LARGE: Final = 4
"""Bodies of more than `LARGE` bytes that are let in at the same time: all at once they would fill memory, and keep the loop."""

_OK = range(200, 300)
_TRY_LATER = frozenset({408, 425, 429}) | frozenset(range(500, 600))
_GONE = 410
_A_PART = 206
_CONDITIONS = frozenset({"if-none-match", "if-modified-since"})
_SECRETS = frozenset({"authorization", "cookie"})
_LISTS = frozenset({"link", "cache-control"})
"""Headers that add up where there are several of a name; of others the last one counts."""
_NO_SUCH_NAME = frozenset({socket.EAI_NONAME, socket.EAI_NODATA})


@dataclass(frozen=True, slots=True)
class HttpFetch:
    """The `Fetch` port. `deadline` is in seconds for the whole of a fetch, redirects included.

    `session` lets the networks in `allow` through; `outside` does not, and is for where redirects of others lead to.
    """

    session: aiohttp.ClientSession
    outside: aiohttp.ClientSession
    allow: tuple[Network, ...]
    deadline: float
    most_bytes: int
    turns: Turns = field(default_factory=Turns)
    large: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_LARGE))

    def closed(self) -> HttpFetch:
        """Return the same door, with the same turns, as it is for what lets nobody into the networks in `allow`."""
        return replace(self, session=self.outside, allow=())

    async def fetch(self, request: Request) -> Response:
        """Return the answer, 304 included.

        Raises TemporaryError for trouble that may pass and PermanentError for what another try does not change.
        """
        try:
            way = Way(request.url, form=bool(request.form))
        except LostError as error:
            raise PermanentError(f"{shown(request.url)}: {error}") from None
        try:
            return await self._answer(request, way)
        except TemporaryError as error:
            error.host = way.host if way.host != way.start else ""
            raise
        except PermanentError as error:
            error.gone = error.gone and way.lasts
            raise

    async def _answer(self, request: Request, way: Way) -> Response:
        try:
            return await self._follow(request, way)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise _failure(shown(request.url), error, self.deadline) from None
        except (LostError, CodingError, TooLargeError) as error:
            raise PermanentError(f"{shown(request.url)}: {error}") from None
        except (NoTurnError, CutError) as error:
            raise TemporaryError(f"{shown(request.url)}: {error}") from None

    async def _follow(self, request: Request, way: Way) -> Response:
        """Ask when it is the host's turn, and again where redirects lead to, for as long as the deadline leaves time."""
        left, loop = self.deadline, asyncio.get_running_loop()
        while True:
            host = way.host
            await self.turns.take(host)
            began = loop.time()
            try:
                async with asyncio.timeout(left) as clock:
                    answer = await self._ask(request, way, clock)
            finally:
                self.turns.leave(host)
            if answer is not None:
                return answer
            left -= loop.time() - began

    async def _ask(self, request: Request, way: Way, clock: asyncio.Timeout) -> Response | None:
        """Return the answer of the address where the way is, None for a redirect."""
        meter = Meter()
        ASKING.set(meter)
        strange = way.strayed and not is_inside(way.start, self.allow)
        async with (self.outside if strange else self.session).request(
            "POST" if request.form else "GET",
            _address(way.url),
            headers=self._headers(request.headers, way),
            data=request.form or None,
            allow_redirects=False,
        ) as answer:
            target = answer.headers.get("Location", "")
            if way.follows(answer.status) and target:
                way.go(answer.status, target)
                return None
            headers = _by_name(answer.headers)
            _check_status(request, answer.status, headers)
            return Response(str(answer.url), answer.status, headers, await self._body(answer, meter, clock), way.moved)

    def _headers(self, headers: Mapping[str, str], way: Way) -> Mapping[str, str]:
        """Return what is sent along: nothing secret to another place, and a goodbye where the connection is not kept."""
        if way.abroad:
            headers = {name: value for name, value in headers.items() if name.lower() not in _SECRETS}
        return headers if self.turns.is_regular(way.host) else {**headers, "Connection": "close"}

    async def _body(self, answer: aiohttp.ClientResponse, meter: Meter, clock: asyncio.Timeout) -> bytes:
        if answer.status == NOT_MODIFIED:
            return b""
        body = Body(coding_of(",".join(answer.headers.getall("Content-Encoding", ()))), self.most_bytes)
        body.expect(answer.content_length or 0)
        meter.expect(self.most_bytes)
        try:
            async with asyncio.timeout(SLOW_SECONDS) as patience:
                await self._take_in(answer.content, body, meter, (clock, patience))
        except TimeoutError:
            raise CutError(f"sends less than {SLOW_BYTES >> 10} KiB in {SLOW_SECONDS:g} s") from None
        return body.whole()

    async def _take_in(
        self, content: aiohttp.StreamReader, body: Body, meter: Meter, clocks: tuple[asyncio.Timeout, asyncio.Timeout]
    ) -> None:
        """Take in what comes, by a clock for all of it and one that begins anew with each so many bytes."""
        now, wanted, is_large = asyncio.get_running_loop().time, SLOW_BYTES, False
        try:
            async for chunk in content.iter_any():
                body.take(chunk)
                if meter.is_mostly_frames(body.received):
                    raise CutError("comes in too small pieces")
                if body.received >= wanted:
                    wanted = body.received + SLOW_BYTES
                    clocks[1].reschedule(now() + SLOW_SECONDS)
                if body.held > LARGE and not is_large:
                    await self._turn_of_large(*clocks)
                    is_large = True
        finally:
            if is_large:
                self.large.release()

    async def _turn_of_large(self, *clocks: asyncio.Timeout) -> None:
        """Wait until few enough large bodies are under way; the clocks stand still meanwhile."""
        now = asyncio.get_running_loop().time
        left = [(clock.when() or 0.0) - now() for clock in clocks]
        for clock in clocks:
            clock.reschedule(None)
        await self.large.acquire()
        for clock, seconds in zip(clocks, left, strict=True):
            clock.reschedule(now() + seconds)


@asynccontextmanager
async def open_fetch(  # noqa: PLR0913  (what an operator may choose, and what tests have to)
    *,
    version: str,
    contact: str = "",
    allow: tuple[Network, ...] = (),
    ports: frozenset[int] = PORTS,
    deadline: float = 20.0,
    most_bytes: int = 8 << 20,
    names: AbstractResolver | None = None,
    turns: Turns | None = None,
) -> AsyncIterator[HttpFetch]:
    """Open the door: one session, whose TLS context is the one that the whole process has.

    `contact` is an address or page in the User-Agent, so that a feed's owner can reach the operator; `names` looks host
    names up.
    """
    agent = f"Vistka/{version} (+{contact})" if contact else f"Vistka/{version}"
    resolver = names or Names()
    try:
        async with _session(agent, resolver, Guard(allow, ports)) as session, AsyncExitStack() as stack:
            outside = session
            if allow:
                outside = await stack.enter_async_context(_session(agent, resolver, Guard((), ports)))
            yield HttpFetch(session, outside, allow, deadline, most_bytes, turns or Turns())
    finally:
        await resolver.close()


def _session(agent: str, resolver: AbstractResolver, guard: Guard) -> aiohttp.ClientSession:
    """Return a session of its own connections: one that the guard let through is not used by whom it would have stopped."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, resolver=resolver, socket_factory=guard),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": agent, "Accept-Encoding": "gzip, deflate"},
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_WITHIN),
        trust_env=False,
        auto_decompress=False,
    )


_address = lru_cache(MOST_KNOWN)(URL)


def shown(url: str) -> str:
    """Return an address as it may stand in a message: without user, password, query and fragment."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "the address"
    host = parts.netloc.rpartition("@")[2]
    return (f"{parts.scheme}://{host}{parts.path}" if host else "the address")[:200]


def _by_name(headers: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in headers.items():
        key = name.lower()
        found[key] = f"{found[key]}, {value}" if key in found and key in _LISTS else value
    return found


def _check_status(request: Request, status: int, headers: Mapping[str, str]) -> None:
    """Raise unless the status is one that brings news or says there is none."""
    if status == _A_PART:
        raise TemporaryError(f"{shown(request.url)}: status 206, a part of an answer for which nobody asked")
    if status in _OK:
        return
    if status == NOT_MODIFIED:
        if not _CONDITIONS.isdisjoint(map(str.lower, request.headers)):
            return
        raise TemporaryError(f"{shown(request.url)}: answers 304 (not modified) to a question that has no condition")
    if status in _TRY_LATER:
        raise TemporaryError(f"{shown(request.url)}: status {status}", retry_after(headers))
    raise PermanentError(
        f"{shown(request.url)}: status {status}; see in a browser what stands there", gone=status == _GONE
    )


def _failure(place: str, error: Exception, deadline: float) -> VistkaError:
    """Return what to tell of the trouble that a question met."""
    match error:
        case aiohttp.ClientConnectorError():
            return _no_connection(place, error)
        case aiohttp.ConnectionTimeoutError():
            return TemporaryError(f"{place}: no connection within {CONNECT_WITHIN:g} s", unreachable=True)
        case TimeoutError():
            return TemporaryError(f"{place}: no complete answer within {deadline:g} s")
        case aiohttp.ClientResponseError():
            return TemporaryError(f"{place}: the answer is no HTTP, or has too many or too long headers")
        case aiohttp.ClientError() | OSError() if not isinstance(error, ValueError):
            meter = ASKING.get()
            reason = "far too much came" if meter and meter.is_full else type(error).__name__
            return TemporaryError(f"{place}: the answer broke off ({reason})")
        case _:
            return PermanentError(f"{place}: it, or where it redirects to, is no web address")


def _no_connection(place: str, error: aiohttp.ClientConnectorError) -> VistkaError:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        reason = getattr(error.certificate_error, "verify_message", "").rstrip(".") or "it does not fit"
        return TemporaryError(f"{place}: its certificate is not trusted ({reason})")
    match error.os_error:
        case BlockedAddressError():
            return PermanentError(
                f"{place}: not a public address on port 80, 443, 8080 or 8443; "
                "name its network in VISTKA_FETCH_ALLOW if it is meant"
            )
        case socket.gaierror(errno=number) if number in _NO_SUCH_NAME:
            return TemporaryError(f"{place}: the host name has no address")
        case socket.gaierror():
            return TemporaryError(f"{place}: the host name cannot be looked up", unreachable=True)
        case ssl.SSLError(reason=reason):
            return TemporaryError(f"{place}: no secure connection ({(reason or 'TLS').replace('_', ' ').lower()})")
        case OSError(errno=number, strerror=reason):
            refused = number == errno.ECONNREFUSED
            return TemporaryError(f"{place}: no connection ({reason or 'network trouble'})", unreachable=not refused)
