"""A guarded, bounded GET.

Every address on the way, first request and redirects alike, is checked on the socket that is about to connect, where no
spelling, redirect or second look-up of the name can go round the check. What comes back is bounded in time and, after
inflation, in size.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias
from urllib.parse import urlsplit

import aiohttp

from bot.core.model import Request, Response
from bot.core.schedule import NOT_MODIFIED, retry_after
from bot.ports import PermanentError, TemporaryError

Network: TypeAlias = IPv4Network | IPv6Network

PORTS: Final = frozenset({80, 443, 8080, 8443})

_NOT_PUBLIC = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",
            "100.64.0.0/10",  # shared by carriers
            "127.0.0.0/8",
            "169.254.0.0/16",  # link-local, cloud metadata
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",  # 6to4 relays
            "192.168.0.0/16",
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, broadcast
            "2001::/23",  # Teredo and other protocol assignments
            "2001:db8::/32",
            "2002::/16",  # 6to4
            "3fff::/20",
        ),
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_REDIRECTS = 5
_OK = range(200, 300)
_TRY_LATER = frozenset({408, 425, 429}) | frozenset(range(500, 600))
_GONE = 410


class BlockedAddressError(OSError):
    """The address is none that feeds live at."""

    def __str__(self) -> str:
        """Read the same for every address, so that a name with several of them fails as one."""
        return "not a public address and port"


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Return whether an address is one of the open internet, also when it is an IPv4 address in IPv6 clothes.

    Of IPv6 only global unicast counts, which leaves out NAT64, IPv4-compatible, unique-local, link-local and multicast
    addresses; a host behind NAT64 has to allow `64:ff9b::/96`.
    """
    plain = _unmapped(address)
    if isinstance(plain, IPv6Address) and plain not in _GLOBAL_UNICAST:
        return False
    return not any(plain in network for network in _NOT_PUBLIC)


def _unmapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


@dataclass(frozen=True, slots=True)
class Guard:
    """Makes sockets for public addresses and for the networks allowed by name, and for no others."""

    allow: tuple[Network, ...] = ()

    def __call__(self, addr_info: aiohttp.AddrInfoType) -> socket.socket:
        """Return a socket for the address that is about to be connected to; raise BlockedAddressError."""
        family, kind, protocol, _, address = addr_info
        if not self.lets_through(ip_address(address[0]), int(address[1])):
            raise BlockedAddressError
        return socket.socket(family=family, type=kind, proto=protocol)

    def lets_through(self, address: IPv4Address | IPv6Address, port: int) -> bool:
        """Return whether a connection may be made."""
        if any(_unmapped(address) in network for network in self.allow):
            return True
        return port in PORTS and is_public(address)


@dataclass(frozen=True, slots=True)
class HttpFetch:
    """The `Fetch` port over one session. `deadline` is in seconds for the whole of a fetch, redirects included."""

    session: aiohttp.ClientSession
    deadline: float
    most_bytes: int

    async def fetch(self, request: Request) -> Response:
        """Return the answer to a GET, 304 included.

        Raises TemporaryError for trouble that may pass and PermanentError for what another try does not change.
        """
        place = shown(request.url)
        try:
            async with asyncio.timeout(self.deadline):
                return await self._get(request, place)
        except TimeoutError:
            raise TemporaryError(f"{place}: no complete answer within {self.deadline:g} s") from None
        except aiohttp.ClientConnectorError as error:
            raise _connection_error(place, error) from None
        except aiohttp.TooManyRedirects:
            raise PermanentError(
                f"{place}: more than {_REDIRECTS} redirects; find out where its feed lives now"
            ) from None
        except (aiohttp.NonHttpUrlClientError, aiohttp.RedirectClientError, ValueError):
            raise PermanentError(f"{place}: it, or where it redirects to, is no http(s) address") from None
        except (aiohttp.ClientError, OSError) as error:
            raise TemporaryError(f"{place}: the answer broke off ({type(error).__name__})") from None

    async def _get(self, request: Request, place: str) -> Response:
        if urlsplit(request.url).scheme.lower() not in ("http", "https"):
            raise PermanentError(f"{place}: only web addresses are fetched; they start with https:// or http://")
        async with self.session.get(request.url, headers=request.headers, max_redirects=_REDIRECTS + 1) as answer:
            headers = {name.lower(): value for name, value in answer.headers.items()}
            _check_status(place, answer.status, headers, conditional=_is_conditional(request))
            return Response(str(answer.url), answer.status, headers, await self._body(answer, place))

    async def _body(self, answer: aiohttp.ClientResponse, place: str) -> bytes:
        body = bytearray()
        async for chunk in answer.content.iter_any():
            body += chunk
            if len(body) > self.most_bytes:
                answer.close()
                raise PermanentError(f"{place}: larger than {self.most_bytes >> 10} KiB")
        return bytes(body)


@asynccontextmanager
async def open_fetch(
    *,
    version: str,
    contact: str = "",
    allow: tuple[Network, ...] = (),
    deadline: float = 20.0,
    most_bytes: int = 8 << 20,
) -> AsyncIterator[HttpFetch]:
    """Open the door: one session that keeps connections, no cookies, and knows no proxy or password of its surroundings.

    `contact` is an address or page in the User-Agent, so that a feed's owner can reach the operator.
    """
    agent = f"Vistka/{version} (+{contact})" if contact else f"Vistka/{version}"
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=64, limit_per_host=2, socket_factory=Guard(allow)),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": agent, "Accept-Encoding": "gzip, deflate"},
        timeout=aiohttp.ClientTimeout(total=None),
        trust_env=False,
    ) as session:
        yield HttpFetch(session, deadline, most_bytes)


def shown(url: str) -> str:
    """Return an address as it may stand in a message: without user, password, query and fragment."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "the address"
    host = parts.netloc.rpartition("@")[2]
    return (f"{parts.scheme}://{host}{parts.path}" if host else "the address")[:200]


def _is_conditional(request: Request) -> bool:
    return any(name.lower() in ("if-none-match", "if-modified-since") for name in request.headers)


def _check_status(place: str, status: int, headers: dict[str, str], *, conditional: bool) -> None:
    """Raise unless the status is one that brings news or says there is none."""
    if status in _OK or (status == NOT_MODIFIED and conditional):
        return
    if status == NOT_MODIFIED:
        raise TemporaryError(f"{place}: answers 304 (not modified) to a question that has no condition")
    if status in _TRY_LATER:
        raise TemporaryError(f"{place}: status {status}", retry_after(headers))
    raise PermanentError(f"{place}: status {status}; see in a browser what stands there", gone=status == _GONE)


def _connection_error(place: str, error: aiohttp.ClientConnectorError) -> TemporaryError | PermanentError:
    match error:
        case aiohttp.ClientConnectorError(os_error=BlockedAddressError()):
            return PermanentError(
                f"{place}: not a public address on port 80, 443, 8080 or 8443; "
                "name its network in VISTKA_FETCH_ALLOW if it is meant"
            )
        case aiohttp.ClientConnectorDNSError():
            return TemporaryError(f"{place}: the host name has no address")
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientConnectorSSLError():
            return TemporaryError(f"{place}: the secure connection failed; its certificate is not trusted")
        case _:
            return TemporaryError(f"{place}: no connection ({error.os_error.strerror or 'network trouble'})")
