"""A folder without any setting, for commands that read them, and a feed server beside a command."""

from __future__ import annotations

import os
import threading
from asyncio import Event, get_running_loop, run
from collections.abc import Iterator
from functools import partial

import pytest

from tests.feedserver import FeedServer, feed_server


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in list(os.environ):
        if name.startswith("VISTKA_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FeedServer]:
    """Run a feed server beside the command, which brings its own event loop."""
    monkeypatch.setenv("VISTKA_FETCH_ALLOW", "127.0.0.0/8")
    ready, started = threading.Event(), []

    async def serve() -> None:
        async with feed_server() as running:
            stop = Event()
            started.extend([running, partial(get_running_loop().call_soon_threadsafe, stop.set)])
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=run, args=(serve(),))
    thread.start()
    ready.wait(10)
    yield started[0]
    started[1]()
    thread.join()
