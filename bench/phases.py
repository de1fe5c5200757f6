"""What a poller of the polling benchmark tells: for each phase the time, the processor time, and the memory at its end.

Only the standard library is used: `reader` runs in an environment of its own.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def processes(number: int | str = "self") -> Iterator[Path]:
    """Yield the folders in /proc of a process and of all that it started."""
    folder = Path(f"/proc/{number}")
    yield folder
    for task in folder.glob("task/*/children"):
        for child in task.read_text(encoding="ascii").split():
            yield from processes(child)


def processor_seconds(number: int | str = "self") -> float:
    """Return the processor time of a process and of all that it started, those that have ended included."""
    return sum(_ticks(folder) for folder in processes(number)) / TICKS


def _ticks(folder: Path) -> int:
    try:
        fields = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(map(int, fields[11:15]))


def mebibytes(number: int | str = "self") -> float:
    """Return the memory of a process and of all that it started, what they share counted once."""
    return sum(_kibibytes(folder) for folder in processes(number)) / 1024


def _kibibytes(folder: Path) -> int:
    try:
        found = re.search(r"^Pss:\s+(\d+)", (folder / "smaps_rollup").read_text(encoding="ascii"), re.MULTILINE)
    except OSError:
        return 0
    return int(found[1]) if found else 0


@contextmanager
def phase(name: str) -> Iterator[None]:
    """Measure what is done meanwhile, and print it as a line of JSON."""
    began, spent = time.perf_counter(), processor_seconds()
    yield
    took = {"seconds": time.perf_counter() - began, "processor": processor_seconds() - spent}
    print(json.dumps({"phase": name, **took, "mebibytes": mebibytes()}), flush=True)


def control(port: int, command: str) -> list[int]:
    """Tell the server something; return how many whole answers it gave, and how many 304."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", f"/ctl/{command}")
        return [*map(int, connection.getresponse().read().split())]


def check(port: int, feeds: int, rows: int, items: int) -> None:
    """Make sure that a poller asked as it should, and that it stored everything."""
    changed = feeds // 20
    assert control(port, "seen") == [feeds + changed, feeds + feeds - changed], control(port, "seen")
    assert rows == feeds * items + changed, rows
