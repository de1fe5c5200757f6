"""The processes of the fleet in bench/workers.py: python bench/role.py AT_ONCE BEAT SILENT NUMB.

Each line of standard input, "scheduler" or "worker", has a process of that role forked from this one, which has loaded all they
need: a real process, there in a moment. It is what `vistka run --role` is, with settings from the environment; only how much a
worker takes on, and when it counts as dead, are given. Its number is said once it is ready.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import structlog

import bot.adapters.lexicons
import bot.adapters.queue.worker
import bot.core.kinds
from bot.adapters.lexicons import reader_over
from bot.adapters.queue.heart import Heart
from bot.plugins import discover
from bot.roles import schedule, work
from bot.settings import load_settings


def announce(_logger: object, _level: str, line: dict[str, object]) -> dict[str, object]:
    """Say on standard output that the process is ready; leave everything else as it is."""
    if line["event"] in ("working", "scheduling"):
        os.write(1, b"%d\n" % os.getpid())
    return line


async def main(role: str, at_once: int, heart: Heart) -> None:
    """Do the work of the role until told to stop."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    settings = load_settings()
    if role == "scheduler":
        await schedule(settings, stop, heart=heart)
    else:
        await work(settings, stop, at_once=at_once, heart=heart)


def fork(role: str, at_once: int, heart: Heart) -> None:
    """Start a process; it never returns from here."""
    if os.fork():
        return
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        asyncio.run(main(role, at_once, heart))
    finally:
        os._exit(0)


if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody here waits for them
    logfmt = structlog.processors.LogfmtRenderer()
    look = [announce, structlog.processors.add_log_level, structlog.processors.format_exc_info, logfmt]
    structlog.configure(processors=look, logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    loaded = reader_over(discover(bot.core.kinds, "KIND"), sources=())
    bot.adapters.lexicons.reader_over = lambda *_, **__: loaded
    for line in sys.stdin:
        fork(line.strip(), int(sys.argv[1]), Heart(*map(float, sys.argv[2:5])))
