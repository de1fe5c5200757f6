"""Has something go on in a thread with an event loop of its own, since ours stands still at times: while words are loaded, say.

What goes on there may share nothing with ours that belongs to a loop: no connection, no lock, no event.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from threading import Thread
from typing import Any

import structlog

LOG = structlog.get_logger(__name__)
LAST_WORDS = 5.0
"""Seconds that what goes on apart gets to end when it is cut off."""


@asynccontextmanager
async def apart(
    name: str, work: Callable[[], Coroutine[Any, Any, None]], last_words: float = LAST_WORDS
) -> AsyncIterator[None]:
    """Have `work` go on for as long as the context lasts, and cut it off at the end; one that hangs even then is left alone."""
    home, ended, loop = asyncio.get_running_loop(), asyncio.Event(), asyncio.new_event_loop()
    task = loop.create_task(work())

    def run() -> None:
        try:
            with contextlib.suppress(asyncio.CancelledError):
                loop.run_until_complete(task)
        finally:
            loop.close()
            with contextlib.suppress(RuntimeError):  # it was waited for no longer
                home.call_soon_threadsafe(ended.set)

    Thread(target=run, name=name, daemon=True).start()
    try:
        yield
    finally:
        with contextlib.suppress(RuntimeError):  # it came to its end by itself
            loop.call_soon_threadsafe(task.cancel)
        try:
            await asyncio.wait_for(ended.wait(), last_words)
        except TimeoutError:
            LOG.warning("left behind", thread=name, seconds=last_words)
