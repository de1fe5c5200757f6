"""One process of the fleet in bench/workers.py: python bench/role.py scheduler|worker AT_ONCE BEAT SILENT NUMB.

It is what `vistka run --role` is, with settings from the environment; only how much a worker takes on, and when it counts as dead, are
given, since nobody has half a minute for each of a hundred kills. Says "ready" when it is.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import structlog

from bot.adapters.queue.heart import Heart
from bot.roles import schedule, work
from bot.settings import load_settings


def announce(_logger: object, _level: str, line: dict[str, object]) -> dict[str, object]:
    """Say on standard output that the process is ready; leave everything else as it is."""
    if line["event"] in ("working", "scheduling"):
        print("ready", flush=True)
    return line


async def main(role: str, at_once: int, heart: Heart) -> None:
    """Do the work of the role until told to stop."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    settings = load_settings()
    await (
        schedule(settings, stop, heart=heart)
        if role == "scheduler"
        else work(settings, stop, at_once=at_once, heart=heart)
    )


if __name__ == "__main__":
    structlog.configure(
        processors=[
            announce,
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), Heart(*map(float, sys.argv[3:6]))))
