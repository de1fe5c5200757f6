"""A lock that one process has at a time, kept in a file beside the database; the system gives it back when its process ends."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import Callable

from bot.ports import PermanentError, TemporaryError

_LOOK = 0.02
"""Seconds between two looks at whether another process has given it back."""


class FileLock:
    """Held from the beginning to the end of a block. Within a process its holders have to take turns by themselves."""

    def __init__(self, path: str, lock: Callable[[int, int], None] = fcntl.flock) -> None:
        self._path = path
        self._lock = lock
        self._file = -1

    async def __aenter__(self) -> None:
        if self._file < 0:
            self._file = self._opened()
        while not self._taken():  # noqa: ASYNC110  (another process gives it back)
            await asyncio.sleep(_LOOK)

    async def __aexit__(self, *failure: object) -> None:
        self._lock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close the file."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _opened(self) -> int:
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise TemporaryError(
                f"{self._path}: {error.strerror}; check that its folder is writable and has room"
            ) from None

    def _taken(self) -> bool:
        try:
            self._lock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            raise PermanentError(
                f"{self._path}: cannot be locked ({error.strerror}); keep the database on a local disk, or use PostgreSQL"
            ) from None
        return True
