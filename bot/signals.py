"""What a process is told from outside by signals: to stop (SIGTERM, SIGINT), and to read its list of sources again (SIGHUP).

From a terminal SIGHUP is the terminal's end, and stops it. Elsewhere it is what `systemctl reload` says; it never ends a daemon, whatever
that is doing just then.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

import structlog

from bot.app import House
from bot.ports import VistkaError

LOG = structlog.get_logger(__name__)
NAMED = 20


def told_to_stop() -> asyncio.Event:
    """Return what is set when the process is told to stop."""
    told, loop = asyncio.Event(), asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, told.set)
    loop.add_signal_handler(signal.SIGHUP, told.set if _has_terminal() else _nothing_to_read)
    return told


@asynccontextmanager
async def rereading(house: House) -> AsyncIterator[None]:
    """Read the sources of a house again whenever the process is told to, for as long as the context lasts."""
    if _has_terminal():
        yield
        return
    told, loop = asyncio.Event(), asyncio.get_running_loop()
    reading = asyncio.create_task(_reread(house, told))
    loop.add_signal_handler(signal.SIGHUP, told.set)
    try:
        yield
    finally:
        loop.add_signal_handler(signal.SIGHUP, _nothing_to_read)
        reading.cancel()


async def _reread(house: House, told: asyncio.Event) -> None:
    """Read as often as told to, once for what was told meanwhile; a list that cannot be read changes nothing."""
    while await told.wait():
        told.clear()
        before = dict(house.ports.polling.sources)
        try:
            await house.reread()
        except VistkaError as error:
            remedy = "the list as it was read last is polled on; mend it and say SIGHUP again"
            LOG.error("sources not read again", reason=str(error), remedy=remedy)  # noqa: TRY400  (the line says it all)
            continue
        now = house.ports.polling.sources
        changed = [name for name in now.keys() & before.keys() if now[name] != before[name]]
        LOG.info(
            "sources read again",
            sources=len(now),
            new=_some(now.keys() - before.keys()),
            gone=_some(before.keys() - now.keys()),
            changed=_some(changed),
        )


def _some(names: Collection[str]) -> str:
    """Return names for a line of the log, which has no room for all of a long list."""
    first = ", ".join(sorted(names)[:NAMED])
    return f"{first} and {len(names) - NAMED} more" if len(names) > NAMED else first


def _nothing_to_read() -> None:
    LOG.info(
        "no sources to read again",
        reason="this process has read none yet: another one does its work, or it starts or ends",
    )


def _has_terminal() -> bool:
    return sys.stdin.isatty()
