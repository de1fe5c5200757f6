"""Work for workers, in a module that loads next to nothing."""

from __future__ import annotations

import os
import time

KEPT: list[bytearray] = []


def who() -> tuple[int, int]:
    """Return this process and the one that it comes from."""
    return os.getpid(), os.getppid()


def group() -> int:
    """Return the group of processes that signals of a terminal go to together."""
    return os.getpgrp()


def spin(seconds: float = 60.0) -> None:
    while time.process_time() < seconds:
        pass


def take(size: int) -> int:
    return len(bytearray(size))


def keep(size: int) -> int:
    KEPT.append(bytearray(size))
    return os.getpid()


def hand_back(made: bytes) -> bytes:
    return made


def fail(*_: object) -> None:
    raise SystemExit(7)
