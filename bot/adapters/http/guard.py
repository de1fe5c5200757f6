"""Which addresses may be talked to.

The check is made on the socket that is about to connect, where no spelling, redirect or second look-up of the name can go
round it: the address that is checked is the one that is connected to.
"""

from __future__ import annotations

import socket
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

import aiohttp

from bot.adapters.http.metering import Metered

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
_PRIVATE_ZONES = (".local", ".localhost", ".internal", ".lan", ".home.arpa")
"""What names end in that no registry sells."""
_GLOBAL_UNICAST = IPv6Network("2000::/3")


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


def is_inside(host: str, allow: Collection[Network]) -> bool:
    """Tell by its name alone whether a host is one of the operator's own: an address that is allowed, or a name of no public zone.

    What a name of a public zone leads to is up to whoever owns it.
    """
    name = host.rstrip(".").lower()
    try:
        address = ip_address(name)
    except ValueError:
        return bool(allow) and ("." not in name or name.endswith(_PRIVATE_ZONES))
    return any(_unmapped(address) in network for network in allow)


def _unmapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


@dataclass(frozen=True, slots=True)
class Guard:
    """Makes sockets for public addresses, on ports where the web is served, and for the networks allowed by name."""

    allow: tuple[Network, ...] = ()
    ports: frozenset[int] = PORTS

    def __call__(self, addr_info: aiohttp.AddrInfoType) -> socket.socket:
        """Return a socket for the address that is about to be connected to; raise BlockedAddressError."""
        family, kind, protocol, _, address = addr_info
        if not self.lets_through(ip_address(address[0]), int(address[1])):
            raise BlockedAddressError
        return Metered(family, kind, protocol)

    def lets_through(self, address: IPv4Address | IPv6Address, port: int) -> bool:
        """Return whether a connection may be made."""
        if any(_unmapped(address) in network for network in self.allow):
            return True
        return port in self.ports and is_public(address)
