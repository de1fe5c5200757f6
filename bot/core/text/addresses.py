"""What stands in an address: one notion of a host, by which feeds take turns, are told to be neighbours, and are waited for."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

TELEGRAM: Final = frozenset({"t.me", "telegram.me", "telegram.dog"})
"""The hosts of channels' previews."""


def host_of(url: str) -> str:
    """Return the host that serves an address, as name servers have it; "" where it names none.

    Neither user, port nor the dot behind the name makes another host, nor whether its letters are written or encoded.
    """
    try:
        return spelt(urlsplit(url).hostname or "")
    except ValueError:
        return ""


def spelt(host: str) -> str:
    """Return a host, in small letters, in the spelling in which it is compared."""
    name = host.rstrip(".")
    try:
        return name if name.isascii() else name.encode("idna").decode()
    except UnicodeError:
        return name
