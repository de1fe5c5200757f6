"""The body of an answer: taken in as it comes, one layer of compression undone, never more of it than the cap.

    most bytes   of what was sent and of what it inflates to alike (8 MiB unless a door says otherwise)
    ratio        what is sent inflates to at most 200 times its size, judged from 1 MiB on: a short feed that repeats itself
                 may do better than that, and harms nobody
    layers       one: what is compressed twice hides its size from whoever looks at the first layer. Where the header owns up
                 to one layer and inside there is another, the inner one stays as it is, for the parser to refuse

Nothing is inflated further than the cap, whatever the sender promises: zlib stops there.
"""

from __future__ import annotations

import zlib
from typing import Final

MOST_RATIO: Final = 200
JUDGED_FROM: Final = 1 << 20
MOST_MEMBERS: Final = 100
"""A gzip body may be several in a row; an honest one has a few."""

_PLAIN = frozenset({"", "identity", "none", "binary", "8bit", "utf-8", "utf8"})
"""Names that stand in Content-Encoding, some by mistake, where nothing is compressed."""
_WINDOW = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}
_GZIP = b"\x1f\x8b"
_PIECE = 1 << 16
_CUT = "the answer broke off inside its compressed body"


class CodingError(Exception):
    """The body is compressed in a way that is not read; the text says in which."""


class TooLargeError(Exception):
    """The body goes beyond the cap; the text says by which measure."""


class CutError(Exception):
    """The body ends too early, or is not what it says to be; the text says how."""


def coding_of(said: str) -> str:
    """Return the one coding that a Content-Encoding header names, "" for none; raise CodingError for what is not read."""
    layers = [layer for layer in (part.strip().lower() for part in said.split(",")) if layer not in _PLAIN]
    if not layers:
        return ""
    if len(layers) > 1:
        raise CodingError(f"is compressed {len(layers)} times over")
    if layers[0] not in _WINDOW:
        raise CodingError(f"is in a coding nobody asked for ({layers[0][:20]!r})")
    return layers[0]


class Body:
    """A body on its way in. `coding` is what `coding_of` found."""

    def __init__(self, coding: str, most_bytes: int) -> None:
        self.received = 0
        self._coding = coding
        self._most = most_bytes
        self._size = 0
        self._pieces: list[bytes] = []
        self._start = b""
        self._stream: zlib._Decompress | None = None
        self._members = 0

    def expect(self, announced: int) -> None:
        """Take note of the bytes that are said to come; raise TooLargeError before the first of too many."""
        if announced > self._most:
            raise TooLargeError(f"is larger than {self._most >> 10} KiB")

    @property
    def held(self) -> int:
        """The bytes that it takes so far, inflated."""
        return self._size if self._coding else self.received

    def take(self, chunk: bytes) -> None:
        """Take in what came; raise TooLargeError beyond the cap and CutError for what cannot be inflated."""
        self.received += len(chunk)
        self.expect(self.received)
        if not self._coding:
            self._pieces.append(chunk)
            return
        try:
            self._inflate(chunk)
        except zlib.error:
            raise CutError(_CUT) from None

    def whole(self) -> bytes:
        """Return all of it once the sender is done; raise CutError where the compressed stream is not at its end."""
        if self._coding and self.received and not (self._stream and self._stream.eof):
            raise CutError(_CUT)
        return self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)

    def _inflate(self, data: bytes) -> None:
        if self._stream is None:
            self._start += data
            if len(self._start) < len(_GZIP):
                return
            data, self._stream = self._start, self._opened(self._start)
        more = True  # zlib may have taken in all there is, and hold back what did not fit
        while data or more:
            if self._stream.eof:
                if not data or not _GZIP.startswith(data[:2]) or not self._coding.endswith("gzip"):
                    return  # a tail that belongs to nothing: the stream has ended, and its checksum was right
                self._stream = self._opened(data)
            room = min(self._most - self._size + 1, _PIECE)
            piece = self._stream.decompress(data, room)
            self._keep(piece)
            data = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail
            more = len(piece) == room

    def _opened(self, data: bytes) -> zlib._Decompress:
        """Return what inflates the stream that begins so. `deflate` is sent with the frame of zlib, and by some without."""
        self._members += 1
        if self._members > MOST_MEMBERS:
            raise TooLargeError(f"is compressed in more than {MOST_MEMBERS} parts")
        framed = int.from_bytes(data[:2]) % 31 == 0 and data[0] & 15 == zlib.DEFLATED
        return zlib.decompressobj(_WINDOW[self._coding] if framed or self._coding != "deflate" else -zlib.MAX_WBITS)

    def _keep(self, piece: bytes) -> None:
        self._pieces.append(piece)
        self._size += len(piece)
        if self._size > self._most:
            raise TooLargeError(f"inflates to more than {self._most >> 10} KiB")
        if self._size > max(JUDGED_FROM, MOST_RATIO * self.received):
            raise TooLargeError(f"inflates to more than {MOST_RATIO} times what was sent")
