"""The way of a question from address to address.

Redirects lead from http to https and back, since news sites do both and what they publish is for everybody. But a password
goes to no other place than the one that it was meant for (scheme, host and port), and a way that leaves https never counts
as a move: whoever sits on the line could have said so.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

from bot.core.text.addresses import spelt

MOST: Final = 5
LASTING: Final = frozenset({301, 308})
UNCHANGED: Final = frozenset({307, 308})
"""With these the same is asked at the other address, a form included (RFC 9110, 15.4)."""
REDIRECTS: Final = LASTING | {302, 303, 307}
MOST_KNOWN: Final = 4096
"""Addresses whose parts are kept: the same are asked again and again."""

_PORTS = {"http": 80, "https": 443}
_ADVICE = "find out where its feed lives now"
_NOWHERE = "it, or where it redirects to, is no web address; they start with https:// or http://"


class LostError(Exception):
    """The way leads nowhere; the text says why."""


class Way:
    """Where a question is: at `url`, on `host`.

    `moved` is where lasting redirects alone have led from the start, "" where the first was none; `abroad` says that this
    is another place than the one that was asked first, and `strayed` that it is none that its owner may be asked at as well:
    another host, or another port than that of the start and of the web. `start` is the host that was asked first; `lasts`
    says that nothing but lasting redirects led from there. A form goes on only where it is asked for as it is, and never from
    https to http: that of a hub has the secret which it signs with.
    """

    __slots__ = ("_been", "_form", "_parts", "_start", "abroad", "host", "lasts", "moved", "start", "strayed", "url")

    def __init__(self, url: str, *, form: bool = False) -> None:
        parts, host = _beginning(url)
        self._start = self._parts = parts
        self._been = [url]
        self._form = form
        self.lasts = True
        self.url = url
        self.host = self.start = host
        self.moved = ""
        self.abroad = self.strayed = False

    def follows(self, status: int) -> bool:
        """Tell whether an answer of this status is a redirect to go by."""
        return status in (UNCHANGED if self._form else REDIRECTS)

    def go(self, status: int, location: str) -> None:
        """Go where a redirect leads; raise LostError where that is nowhere, a circle, or one redirect too many."""
        parts = _split(_joined(self.url, location))
        self.abroad = _origin(parts) != _origin(self._start)
        netloc = parts.netloc.rpartition("@")[2] if self.abroad else self._start.netloc
        url = parts._replace(netloc=netloc, fragment="").geturl()
        if url in self._been:
            raise LostError(f"its redirects lead in a circle; {_ADVICE}")
        if len(self._been) > MOST:
            raise LostError(f"more than {MOST} redirects; {_ADVICE}")
        bare = (self._parts.scheme, parts.scheme) == ("https", "http")
        if self._form and bare:
            raise LostError("it redirects from https to http, where what is posted would be open to all")
        self.lasts = self.lasts and status in LASTING and not bare
        if self.lasts:
            self.moved = url
        self._been.append(url)
        self.url, self.host, self._parts = url, _host(parts), parts
        start, here = _origin(self._start), _origin(parts)
        self.strayed = here[1] != start[1] or here[2] not in (start[2], _PORTS[parts.scheme])


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise LostError(_NOWHERE) from None


@lru_cache(MOST_KNOWN)
def _beginning(url: str) -> tuple[SplitResult, str]:
    parts = _split(url)
    return parts, _host(parts)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise LostError(_NOWHERE) from None
    if parts.scheme not in _PORTS:
        raise LostError(_NOWHERE)
    return parts


def _host(parts: SplitResult) -> str:
    host = spelt(parts.hostname or "")
    if not host:
        raise LostError(_NOWHERE)
    return host


def _origin(parts: SplitResult) -> tuple[str, str, int]:
    try:
        return parts.scheme, _host(parts), parts.port or _PORTS[parts.scheme]
    except ValueError:
        raise LostError(_NOWHERE) from None
