"""How much may come over the wire for one question, whatever it turns out to be.

The cap on bodies does not see what never becomes one: replies before the reply, the frames of a body that is cut into
single bytes. A flood of those is much more work than its bytes, so they are counted on the socket, and taken in small
pieces: between two pieces everybody else has his turn.

    before the answer's headers are read   512 KiB
    after that                             the cap on the body and an eighth of it, for the frames it comes in
    frames                                 from 512 KiB on, at most three bytes for each byte of the body
"""

from __future__ import annotations

import socket
from contextvars import ContextVar
from typing import Any, Final

PIECE: Final = 1 << 16
BEFORE: Final = 1 << 19
MOST_FRAMES: Final = 3


class Meter:
    """What one question may still bring."""

    __slots__ = ("most", "taken")

    def __init__(self, most: int = BEFORE) -> None:
        self.most = most
        self.taken = 0

    def expect(self, body: int) -> None:
        """Let a body of so many bytes follow: the headers are there."""
        self.most = self.taken + body + body // 8

    def count(self, number: int) -> None:
        """Count bytes that came; raise ConnectionAbortedError beyond what may come."""
        self.taken += number
        if self.is_full:
            raise ConnectionAbortedError("more came than anybody asked for")

    @property
    def is_full(self) -> bool:
        """Whether more came than may."""
        return self.taken > self.most

    def is_mostly_frames(self, received: int) -> bool:
        """Return whether far more came than what `received` bytes of a body need."""
        return self.taken > max(BEFORE, MOST_FRAMES * received)


ASKING: ContextVar[Meter | None] = ContextVar("ASKING", default=None)
"""The meter of the question that is being asked: a connection is kept for many, and what it sends out says for which."""


class Metered(socket.socket):
    """A socket that counts what it takes in for the question that went out last."""

    def __init__(self, family: int, kind: int, protocol: int) -> None:
        super().__init__(family, kind, protocol)
        self._meter = ASKING.get() or Meter()

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """Take in a piece."""
        data = super().recv(min(size, PIECE), flags)
        self._meter.count(len(data))
        return data

    def recv_into(self, buffer: Any, size: int = 0, flags: int = 0, /) -> int:
        """Take in a piece where it is wanted."""
        number = super().recv_into(buffer, min(size or len(buffer), PIECE), flags)
        self._meter.count(number)
        return number

    def send(self, data: Any, flags: int = 0, /) -> int:
        """Send what a question has to say."""
        self._meter = ASKING.get() or self._meter
        return super().send(data, flags)
