"""How fast, and in how much memory, feeds are polled: the daemon's way beside lemon24/reader and a plain script.

`python bench/polling.py [--feeds 2000] [--rounds 3]` polls the same feeds, served by another process on another core, with
each in turn; `--flat 10000` instead polls a few feeds for so many rounds and tells how the memory goes. See bench/README.md.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
OTHERS = ROOT / ".venv/bench"
PORT = 8790
CORES = sorted(os.sched_getaffinity(0))
PHASES = {"cold": "cold", "quiet": "quiet (304)", "changed": "5 % changed"}
FLAT_FEEDS = 20


@dataclass(frozen=True, slots=True)
class Poller:
    """One of those that are compared: its name in the table, its script, what that is told, and whose Python runs it."""

    name: str
    script: str
    told: tuple[str, ...] = ()
    python: Path = Path(sys.executable)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a phase took: seconds by the clock and of processor time, and MiB at its end."""

    seconds: float
    processor: float
    mebibytes: float


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--feeds", type=int, default=2_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--flat", type=int, default=0)
    given = options.parse_args()
    if given.flat:
        _flat(given.flat)
    else:
        _compare(given.feeds, given.rounds)


def _compare(feeds: int, rounds: int) -> None:
    pollers = (
        Poller("reader", "poll_reader.py", python=_their_python()),
        Poller("aiohttp and feedparser", "poll_script.py"),
        Poller("Vistka, nothing read", "poll_vistka.py", ("deaf",)),
        Poller("Vistka", "poll_vistka.py"),
    )
    found: defaultdict[tuple[str, str], list[Figures]] = defaultdict(list)
    with _served(feeds):
        for poller in pollers * rounds:
            for line in _run(poller, feeds):
                phase = line.pop("phase")
                found[poller.name, str(phase)].append(Figures(**line))
    _print({key: _median(each) for key, each in found.items()}, [poller.name for poller in pollers], feeds, rounds)


def _their_python() -> Path:
    """Return the Python of an environment that has reader, which is made where it is missing."""
    python = OTHERS / "bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", OTHERS], check=True)
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
        subprocess.run([*install, "-r", ROOT / "bench/requirements.lock"], check=True)
    return python


@contextmanager
def _served(feeds: int) -> Iterator[None]:
    """Serve the feeds, by a process on the last core, for as long as the context lasts."""
    command = [sys.executable, ROOT / "bench/feeds.py", str(PORT), str(feeds)]
    server = subprocess.Popen(_pinned(CORES[-1], command), stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        if server.stdout.readline().strip() != "ready":
            raise SystemExit("the server of feeds does not start")
        yield
    finally:
        server.terminate()
        server.wait()


def _run(poller: Poller, feeds: int) -> Iterator[dict[str, float]]:
    """Run a poller with all that it starts on the first core, and yield what it tells."""
    with tempfile.TemporaryDirectory() as folder:
        command = [poller.python, ROOT / "bench" / poller.script, str(PORT), str(feeds), folder, *poller.told]
        with subprocess.Popen(_pinned(CORES[0], command), stdout=subprocess.PIPE, text=True) as running:
            assert running.stdout is not None
            yield from map(json.loads, running.stdout)
        if running.returncode:
            raise SystemExit(f"{poller.name} failed")


def _pinned(core: int, command: Sequence[object]) -> list[str]:
    return ["taskset", "-c", str(core), *map(str, command)]


def _median(rounds: Sequence[Figures]) -> Figures:
    return Figures(
        median(each.seconds for each in rounds),
        median(each.processor for each in rounds),
        median(each.mebibytes for each in rounds),
    )


def _print(found: dict[tuple[str, str], Figures], names: Sequence[str], feeds: int, rounds: int) -> None:
    reader, script = names[:2]
    print(
        f"{feeds} feeds on one core, medians of {rounds} rounds; processor time is that of all processes of a poller\n"
    )
    print(
        f"{'':24}{'':13}{'feeds/s':>9}{'ms a feed':>11}{'of processor':>14}{'x reader':>10}{'x script':>10}{'MiB':>7}"
    )
    for name in names:
        for phase, title in PHASES.items():
            own = found[name, phase]
            ratios = (found[other, phase].seconds / own.seconds for other in (reader, script))
            print(
                f"{name if phase == 'cold' else '':24}{title:13}{feeds / own.seconds:9.0f}{own.seconds / feeds * 1e3:11.2f}"
                f"{own.processor / feeds * 1e3:14.2f}{''.join(f'{ratio:10.2f}' for ratio in ratios)}{own.mebibytes:7.0f}"
            )


def _flat(rounds: int) -> None:
    with _served(FLAT_FEEDS):
        for line in _run(Poller("Vistka", "poll_vistka.py", (str(rounds),)), FLAT_FEEDS):
            print(f"after {line['round']:6} rounds {line['mebibytes']:7.1f} MiB", flush=True)


if __name__ == "__main__":
    main()
