"""Work that must not stall the event loop or bring the daemon down: done in processes of their own, within limits.

A worker that takes too long or too much memory is ended by the kernel, by limits that it sets itself; only the work in hand
fails, and a fresh worker takes its place within milliseconds. Workers come when there is work for them and go when there
has been none for a while.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import TypeVar, cast

from bot.adapters.nursery import ASKED, FORK, HEADER, REAP, Answer, Limits
from bot.ports.tally import UNCOUNTED, Tally

__all__ = ["Limits", "OverLimitError", "Workers"]

Made = TypeVar("Made")
_PATH_FIRST = "import sys; sys.path[:] = sys.argv[2:]; from bot.adapters.nursery import main; main()"
_CHUNK = 1 << 20
_TOO_MUCH = "it took too much memory, or broke what reads it"


class OverLimitError(Exception):
    """The work took more than it may: the worker was ended."""


class WorkerlessError(Exception):
    """There is nobody to do the work: the process that brings workers forth does not start."""


class _Line:
    """One end of a pair of connected sockets; the other goes to another process."""

    def __init__(self) -> None:
        self._mine, self._theirs = socket.socketpair()
        self._mine.setblocking(False)  # noqa: FBT003

    def handed_over(self) -> int:
        """Return the file of the other end, which is to be let go of once another process has it."""
        return self._theirs.fileno()

    def let_go(self) -> None:
        """Close the other end here, so that this one notices when the other process ends."""
        self._theirs.close()

    async def send(self, message: bytes) -> None:
        """Send a message."""
        await asyncio.get_running_loop().sock_sendall(self._mine, message)

    def pass_on(self, message: bytes, other: _Line) -> None:
        """Send a short message along with the other end of another line."""
        socket.send_fds(self._mine, [message], [other.handed_over()])

    async def receive(self, length: int) -> bytearray:
        """Return so many bytes; raise EOFError where the other side hung up."""
        loop, found = asyncio.get_running_loop(), bytearray()
        while len(found) < length:
            piece = await loop.sock_recv(self._mine, min(length - len(found), _CHUNK))
            if not piece:
                raise EOFError
            found += piece
        return found

    def is_open(self) -> bool:
        """Return whether nobody has hung up."""
        try:
            return bool(self._mine.recv(1, socket.MSG_PEEK))
        except BlockingIOError:
            return True
        except OSError:
            return False

    def close(self) -> None:
        """Hang up."""
        self._mine.close()
        self._theirs.close()


class _Worker:
    """One process, as the daemon sees it."""

    def __init__(self, line: _Line, number: int) -> None:
        self.line = line
        self.number = number
        self.calls = 0
        self.leaving: asyncio.TimerHandle | None = None

    async def work(self, work: Callable[..., object], given: Sequence[object]) -> Answer:
        """Hand a piece of work over and wait for what comes of it; raise EOFError or OSError where the worker ended."""
        self.calls += 1
        asked = pickle.dumps((work, given), pickle.HIGHEST_PROTOCOL)
        header = HEADER.pack(len(asked))
        if len(asked) > _CHUNK:
            await self.line.send(header)
            header = b""
        await self.line.send(header + asked if header else asked)
        del asked
        (length,) = HEADER.unpack(await self.line.receive(HEADER.size))
        return cast(Answer, pickle.loads(await self.line.receive(length)))  # noqa: S301  our own worker wrote it


class _Nursery:
    """The process that workers are forked from. It starts with the first of them."""

    def __init__(self, load: Callable[[], object], limits: Limits) -> None:
        self._told = pickle.dumps((load, limits))
        self._one_at_a_time = asyncio.Lock()
        self._line: _Line | None = None
        self._process: subprocess.Popen[bytes] | None = None

    async def fork(self) -> _Worker:
        """Return a new worker."""
        async with self._one_at_a_time:
            if self._process is not None and self._process.poll() is not None:
                self._leave()
            line = _Line()
            try:
                return _Worker(line, await self._ask(FORK, 0, line))
            except (EOFError, OSError):
                line.close()
                raise WorkerlessError("no worker process comes up; standard error tells why") from None
            finally:
                line.let_go()

    async def reap(self, worker: _Worker) -> int:
        """Wait until a worker has ended, and return how: 0, or less the signal that ended it; 0 where nobody can tell."""
        async with self._one_at_a_time:
            if self._line is None:
                return 0
            try:
                return os.waitstatus_to_exitcode(await self._ask(REAP, worker.number))
            except (EOFError, OSError):
                return 0

    async def close(self, unless: Callable[[], object] = bool) -> None:
        """Let the nursery go, unless it turns out to be needed meanwhile; the next worker starts another one."""
        async with self._one_at_a_time:
            if unless():
                return
            self._leave()
            if self._process is not None:
                await asyncio.to_thread(self._process.wait)
                self._process = None

    async def _ask(self, kind: bytes, number: int, other: _Line | None = None) -> int:
        """Ask, and return the answer. Where that fails the nursery is given up: nobody could tell what it answers next."""
        try:
            line = self._line = self._line or await self._opened()
            if other is None:
                await line.send(ASKED.pack(kind, number))
            else:
                line.pass_on(ASKED.pack(kind, number), other)
            return int(HEADER.unpack(await line.receive(HEADER.size))[0])
        except BaseException:
            self._leave()
            raise

    async def _opened(self) -> _Line:
        if self._process is not None:
            await asyncio.to_thread(self._process.wait)
        line = _Line()
        self._process = await asyncio.to_thread(_started, line.handed_over())
        line.let_go()
        await line.send(HEADER.pack(len(self._told)) + self._told)
        return line

    def _leave(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def _started(passed: int) -> subprocess.Popen[bytes]:
    """Start a nursery in a group of its own: Ctrl-C at a terminal is for the daemon alone, which ends it when it has ended its work."""
    command = [sys.executable, "-c", _PATH_FIRST, str(passed), *sys.path]
    return subprocess.Popen(command, pass_fds=[passed], stdin=subprocess.DEVNULL, process_group=0)  # noqa: S603


class Workers:
    """As many worker processes as there is work for, `count` at most.

    `load` is done once before all work, out of any limit, and what it leaves in memory all workers share.
    """

    def __init__(self, count: int, limits: Limits, load: Callable[[], object] = dict, tally: Tally = UNCOUNTED) -> None:
        self._limits = limits
        self._tally = tally
        self._places = asyncio.Semaphore(count)
        self._nursery = _Nursery(load, limits)
        self._free: list[_Worker] = []
        self._workers: set[_Worker] = set()
        self._farewells: set[asyncio.Task[object]] = set()

    async def run(self, work: Callable[..., Made], *given: object) -> Made:
        """Return what a function of a module returns; raise OverLimitError, or what the function raises."""
        async with self._places:
            worker = await self._take()
            answer = None
            try:
                answer = await worker.work(work, given)
            except (EOFError, OSError):
                raise OverLimitError(self._cause(await self._part(worker))) from None
            finally:
                self._put_back(worker, answer)
        if isinstance(answer.error, MemoryError):
            raise OverLimitError(_TOO_MUCH)
        if answer.error is not None:
            raise answer.error
        return cast(Made, answer.made)

    async def close(self) -> None:
        """End the workers and wait until they are gone."""
        for worker in tuple(self._workers):
            if worker.leaving is not None:
                worker.leaving.cancel()
            await self._part(worker, kill=True)
        self._free.clear()
        await asyncio.gather(*self._farewells)
        await self._nursery.close()

    async def _take(self) -> _Worker:
        """Return the worker that was the last to be free, so that those too many go."""
        while self._free:
            worker = self._free.pop()
            if worker.leaving is not None:
                worker.leaving.cancel()
            if worker.line.is_open():
                return worker
            self._in_background(self._part(worker))
        worker = await self._nursery.fork()
        self._workers.add(worker)
        self._tally.count("worker_processes_total", "started")
        return worker

    def _put_back(self, worker: _Worker, answer: Answer | None) -> None:
        """Keep a worker for more, unless it ended, has done its share, took a lot, or was left in the middle of its work."""
        if worker not in self._workers:
            return
        if answer is None or answer.spent or worker.calls >= self._limits.calls:
            self._in_background(self._part(worker, kill=answer is None))
        else:
            worker.leaving = asyncio.get_running_loop().call_later(self._limits.idle, self._let_go, worker)
            self._free.append(worker)

    def _let_go(self, worker: _Worker) -> None:
        """Part with a worker that had nothing to do, and with the nursery where it was the last one."""
        self._free.remove(worker)
        self._in_background(self._part(worker))
        if not self._workers:
            self._in_background(self._nursery.close(unless=lambda: self._workers))  # one may just come forth

    def _in_background(self, farewell: Coroutine[None, None, object]) -> None:
        task = asyncio.get_running_loop().create_task(farewell)
        self._farewells.add(task)
        task.add_done_callback(self._farewells.discard)

    def _part(self, worker: _Worker, *, kill: bool = False) -> Coroutine[None, None, int]:
        """Hang up on a worker, so that it ends; return what tells how it did."""
        if kill:
            with suppress(ProcessLookupError):
                os.kill(worker.number, signal.SIGKILL)
        self._workers.discard(worker)
        worker.line.close()
        return self._nursery.reap(worker)

    def _cause(self, ended: int) -> str:
        """Return what of the limits a worker broke that ended so."""
        if ended == -signal.SIGALRM:
            broken, said = "time", f"it took more than {self._limits.seconds:g} s"
        elif ended == -signal.SIGPROF:
            broken, said = "processor", f"it took more than {self._limits.processor:g} s of processor time"
        else:
            broken, said = "memory", _TOO_MUCH
        self._tally.count("worker_processes_total", broken)
        return said
