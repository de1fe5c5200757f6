"""Sets bombs off in workers of the real kind, one worker for each, and tells what each took of the machine.

`python -m tests.blasts NAME...` prints one line of JSON a bomb: `name`, `outcome`, `seconds` of processor time, `growth` in MiB.
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import bot.core.sources
from bot.adapters import article, parser_pool
from bot.adapters.nursery import HEADER, Limits, received, serve
from bot.core.model import Feed, Response, Source
from bot.plugins import discover
from tests.bombs import BOMBS, Bomb, items, rss

NOW = datetime(2025, 6, 10, 12, tzinfo=UTC)
TYPES = {each.name: each for each in discover(bot.core.sources, "SOURCE")}
MOST_SECONDS, MOST_GROWTH = 1.0, 64.0
LIMITS = parser_pool.LIMITS


@dataclass(frozen=True, slots=True)
class Blast:
    """What came of a bomb."""

    name: str
    outcome: str
    seconds: float
    growth: float


def set_off(bombs: Iterable[Bomb], limits: Limits = LIMITS) -> Iterator[Blast]:
    """Yield what each bomb took, beside a worker that only read an ordinary feed."""
    parser_pool.read_once([each.parse for each in TYPES.values()])
    load_articles()
    ordinary = _blast(Bomb("ordinary", "rss", lambda: rss(items(50))), limits, 0.0)
    for bomb in bombs:
        yield _blast(bomb, limits, ordinary.growth)


def load_articles() -> None:
    """Read a page, so that what reads pages is loaded."""
    try:
        article.read_article(b"<html><body><p>The ferry is back.</p></body></html>")
    except ValueError:
        return


def _work(bomb: Bomb) -> tuple[Callable[..., object], tuple[object, ...]]:
    if bomb.type == "article":
        return article.read_article, (bomb.body(),)
    source = Source("mine", "Mine", bomb.type, "https://a.example/rss", "uk")
    return TYPES[bomb.type].parse, (source, Response(source.url, 200, bomb.headers, bomb.body()), NOW)


def _blast(bomb: Bomb, limits: Limits, warm: float) -> Blast:
    """Hand a bomb to a fork of this process, as the nursery's are. Another fork makes it, so that this one stays small."""
    here, there = socket.socketpair()
    worker = _forked(lambda: serve(there, limits), here)
    there.close()
    heard, told = os.pipe()
    teller = _forked(lambda: os.write(told, _outcome(here, bomb).encode()))
    here.close()
    os.close(told)
    with os.fdopen(heard) as line:
        outcome = line.read()
    _, status, usage = os.wait4(worker, 0)
    os.waitpid(teller, 0)
    ended = os.waitstatus_to_exitcode(status)
    outcome = outcome or (f"ended by {signal.Signals(-ended).name}" if ended < 0 else f"ended with {ended}")
    return Blast(bomb.name, outcome, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024 - warm)


def _forked(work: Callable[[], object], *not_its: socket.socket) -> int:
    child = os.fork()
    if not child:
        for each in not_its:
            each.close()
        work()
        os._exit(0)
    return child


def _outcome(worker: socket.socket, bomb: Bomb) -> str:
    """Return what the worker made of a bomb, nothing where it ended."""
    asked = pickle.dumps(_work(bomb), pickle.HIGHEST_PROTOCOL)
    worker.sendall(HEADER.pack(len(asked)))
    worker.sendall(asked)
    answer = received(worker)
    worker.close()
    if answer is None:
        return ""
    made = pickle.loads(answer)
    if made.error is not None:
        return f"{type(made.error).__name__}: {made.error}"
    return f"{len(made.made.items)} items" if isinstance(made.made, Feed) else "read"


if __name__ == "__main__":
    for blast in set_off([BOMBS[name] for name in sys.argv[1:]] or BOMBS.values()):
        sys.stdout.write(json.dumps(asdict(blast)) + "\n")
        sys.stdout.flush()
