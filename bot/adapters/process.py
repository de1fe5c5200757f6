"""Which process this is, so that another one of the same machine can tell whether it still runs.

A process is known by the boot of its machine, its namespace, its number and when it was started (proc(5)): no two that ever
ran share all four. Where the system does not say, a random mark stands for it, of which nobody can tell anything.
"""

from __future__ import annotations

import os
import secrets
import socket
import time
from pathlib import Path

from bot.core.model import Holder

_PROCESSES = Path("/proc")
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_STATE, _STARTED = 0, 19
"""Places among the fields of /proc/PID/stat that stand behind the name, which may hold anything."""
_ENDED = ("Z", "X", "x")
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def own(bot: int = 0) -> Holder:
    """Return this process, that speaks for a bot."""
    return Holder(socket.gethostname(), os.getpid(), _mark(), bot)


def is_gone(holder: Holder, processes: Path = _PROCESSES) -> bool:
    """Tell whether a process has surely ended: False for one of another machine, or of another container.

    Where a system shows nobody the `processes` of others (hidepid, systemd's `ProtectProc`), one that is not shown may run.
    """
    return _runs(holder, processes) is False


def is_alive(holder: Holder) -> bool:
    """Tell whether a process surely runs: False for one of another machine, or of another container."""
    return _runs(holder) is True


def steady() -> float:
    """Return seconds on a clock that nobody sets, and that goes on while the machine sleeps."""
    return time.clock_gettime(_CLOCK)


def _runs(holder: Holder, processes: Path = _PROCESSES) -> bool | None:
    """Tell whether a process runs, None where that is not seen from here."""
    here, _, _ = _mark().rpartition("/")
    there, _, started = holder.mark.rpartition("/")
    if not here or here != there:
        return None
    shown = _started(holder.pid, processes)
    if shown is None:
        return None if _is_there(holder.pid) else False
    return started == shown


def _mark() -> str:
    try:
        namespace = Path("/proc/self/ns/pid").readlink()
        started = _started(os.getpid()) or ""
        return f"{_BOOT.read_text().strip()}/{namespace}/{started}"
    except OSError:
        return secrets.token_hex(16)


def _is_there(pid: int) -> bool:
    """Tell whether there is a process of this number, whoever's it is; one that may not be asked is there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _started(pid: int, processes: Path = _PROCESSES) -> str | None:
    """Return when a process was started, in ticks of the machine; "" for one that has ended, None where none is shown."""
    try:
        fields = (processes / f"{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return "" if fields[_STATE] in _ENDED else fields[_STARTED]
