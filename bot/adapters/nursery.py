"""The other side of the workers: the nursery, a process that has loaded what the work needs, and the workers it brings forth.

A worker is a fork of the nursery: there in milliseconds, and it shares what the nursery has loaded, so that one more worker
takes a few MiB. Nothing in here may start a thread before it forks, or import what the work does not need.
"""

from __future__ import annotations

import gc
import os
import pickle
import resource
import signal
import socket
import struct
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final, NoReturn

HEADER: Final = struct.Struct("!Q")
"""The length that goes before every message between the daemon and a worker."""
FORK, REAP = b"f", b"r"
"""What the nursery is asked for: a worker at the socket that comes along, and how the worker of that number ended."""
ASKED: Final = struct.Struct("!cq")
BEHIND = 10
"""How far workers stand back where the machine is busy: somebody waits for the loop, nobody for a feed."""
GROWN = 32 << 20
"""Bytes of address space that a worker may keep between two pieces of work: what libraries do not give back goes with it."""
COLLECTIONS = (2_000, 20, 20)
"""What a feed is read into lives for milliseconds, but hangs together in rings, of 2 KiB an object: a worker that looked for them
ten times less often would hold 50 MiB, and be no quicker."""
_PAGE = resource.getpagesize()


@dataclass(frozen=True, slots=True)
class Limits:
    """What one piece of work may take, and how long its worker is kept.

    seconds     by the clock; `processor` of processor time
    memory      bytes of address space beyond what the worker has when it is born
    calls       after which it is replaced, because what libraries leave behind in memory is never given back
    idle        seconds without work after which it goes; with the last one the nursery goes
    """

    seconds: float = 10.0
    processor: float = 10.0
    memory: int = 1 << 30
    calls: int = 500
    idle: float = 120.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a piece of work: what it made, or the error that it raised; `spent` is when the worker is to be replaced."""

    made: Any = None
    error: Exception | None = None
    spent: bool = False


def nurse(control: socket.socket, load: Callable[[], object], limits: Limits) -> None:
    """Load what the work needs, then fork workers and tell how they ended, until the daemon is gone."""
    os.nice(BEHIND)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.SIG_IGN)
    load()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTIONS)
    while True:
        asked, passed, _, _ = socket.recv_fds(control, ASKED.size, 1)
        if len(asked) < ASKED.size:
            return
        kind, number = ASKED.unpack(asked)
        control.sendall(HEADER.pack(_fork(control, passed[0], limits) if kind == FORK else _reap(number)))


def _fork(control: socket.socket, passed: int, limits: Limits) -> int:
    """Bring forth a worker at the socket that was passed; return its number."""
    worker = os.fork()
    if not worker:
        control.close()
        try:
            serve(socket.socket(fileno=passed), limits)
        finally:
            os._exit(1)
    os.close(passed)
    return worker


def _reap(worker: int) -> int:
    """Wait for the end of a worker and return how it came; 0 for one of an earlier nursery."""
    try:
        return os.waitpid(worker, 0)[1]
    except ChildProcessError:
        return 0


def serve(daemon: socket.socket, limits: Limits) -> NoReturn:
    """Do one piece of work after the other until the daemon hangs up."""
    born = _size()
    most = born + limits.memory
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    while (asked := received(daemon)) is not None:
        work, given = pickle.loads(asked)  # noqa: S301  the daemon wrote it
        del asked
        answer = _bounded(limits, work, given)
        del given
        spent = isinstance(answer.error, MemoryError) or _size() - born > GROWN
        written = _written(replace(answer, spent=spent))
        daemon.sendall(HEADER.pack(len(written)))
        daemon.sendall(written)
    os._exit(0)


def _bounded(limits: Limits, work: Callable[..., Any], given: Sequence[object]) -> Answer:
    """Work within the limits: both alarms end the process, wherever it is, unless they are called off in time."""
    signal.setitimer(signal.ITIMER_REAL, limits.seconds)
    signal.setitimer(signal.ITIMER_PROF, limits.processor)
    try:
        return Answer(work(*given))
    except Exception as error:  # noqa: BLE001  whatever it is, the daemon decides what to make of it
        return Answer(error=error.with_traceback(None))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.setitimer(signal.ITIMER_PROF, 0)


def _written(answer: Answer) -> bytes:
    try:
        return pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001  an error of a library may hold what cannot be passed on
        return pickle.dumps(
            Answer(error=RuntimeError(f"{type(error).__name__} in passing on what was made"), spent=True)
        )


def received(daemon: socket.socket) -> bytearray | None:
    """Return the next message, or nothing when the daemon has hung up."""
    header = _exactly(daemon, HEADER.size)
    return _exactly(daemon, HEADER.unpack(header)[0]) if header else None


def _exactly(daemon: socket.socket, length: int) -> bytearray | None:
    found = bytearray(length)
    view = memoryview(found)
    while view:
        got = daemon.recv_into(view)
        if not got:
            return None
        view = view[got:]
    return found


def _size() -> int:
    """Return the bytes of address space of this process."""
    with open("/proc/self/statm", "rb") as numbers:  # noqa: PTH123  pathlib would be loaded for this alone
        return int(numbers.read().split()[0]) * _PAGE


def main() -> None:
    """Run as a process: what to load and the limits come first, by the socket whose number is the argument."""
    control = socket.socket(fileno=int(sys.argv[1]))
    asked = received(control)
    if asked is not None:
        load, limits = pickle.loads(asked)  # noqa: S301  the daemon wrote it
        with suppress(BrokenPipeError):
            nurse(control, load, limits)
    os._exit(0)
