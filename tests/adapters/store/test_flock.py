"""The lock in a file says in a line what it cannot do."""

from __future__ import annotations

import errno
import os

import pytest

from bot.adapters.store.flock import FileLock
from bot.ports import PermanentError, TemporaryError


async def test_a_file_system_that_locks_nothing_is_named_with_what_to_do(tmp_path):
    def no_locks(_file: int, _how: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    lock = FileLock(str(tmp_path / "vistka.db-joining"), no_locks)
    with pytest.raises(
        PermanentError, match=r"cannot be locked .No locks available.; keep the database on a local disk"
    ):
        await lock.__aenter__()
    lock.close()


async def test_a_file_that_cannot_be_made_is_named(tmp_path):
    with pytest.raises(TemporaryError, match="check that its folder is writable"):
        await FileLock(str(tmp_path / "nowhere" / "vistka.db-joining")).__aenter__()
