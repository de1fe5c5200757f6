"""What a process does when it is told to read its sources again, at any time."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from structlog.testing import capture_logs

from bot.adapters.sources import SourcesError
from bot.core.model import Source
from bot.signals import NAMED, rereading, told_to_stop


def a_source(number: int, **changes: str) -> Source:
    return Source(**{"id": f"s{number:02}", "name": "Pier", "type": "rss", "url": "", "language": "en"} | changes)


class House:
    """A house whose list is `listed` by now; one without is a fault."""

    def __init__(self, *polled: Source) -> None:
        self.ports: Any = SimpleNamespace(polling=SimpleNamespace(sources={each.id: each for each in polled}))
        self.listed: list[Source] = []
        self.read = asyncio.Event()

    async def reread(self) -> None:
        self.read.set()
        if not self.listed:
            raise SourcesError("sources.toml: it is no TOML")
        self.ports.polling.sources = {each.id: each for each in self.listed}


async def tell(house: Any) -> None:
    house.read.clear()
    os.kill(os.getpid(), signal.SIGHUP)
    await asyncio.wait_for(house.read.wait(), 10)


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  (the loop calls what a signal is for)
            await asyncio.sleep(0)


async def test_what_is_new_gone_and_changed_is_logged():
    house: Any = House(a_source(0), a_source(1), a_source(2))
    house.listed = [a_source(1), a_source(2, name="Quay"), *map(a_source, range(3, 3 + NAMED + 2))]
    with capture_logs() as logs:
        async with rereading(house):
            await tell(house)
    new = ", ".join(f"s{number:02}" for number in range(3, 3 + NAMED))
    assert logs == [
        {
            "event": "sources read again",
            "log_level": "info",
            "sources": 2 + NAMED + 2,
            "new": f"{new} and 2 more",
            "gone": "s00",
            "changed": "s02",
        }
    ]


async def test_a_list_with_a_fault_changes_nothing_and_is_read_when_it_is_mended():
    house: Any = House(a_source(0))
    with capture_logs() as logs:
        async with rereading(house):
            await tell(house)
            assert [*house.ports.polling.sources] == ["s00"]
            house.listed = [a_source(1)]
            await tell(house)
    assert [*house.ports.polling.sources] == ["s01"]
    assert [(line["event"], line.get("reason")) for line in logs] == [
        ("sources not read again", "sources.toml: it is no TOML"),
        ("sources read again", None),
    ]


async def test_who_has_no_sources_yet_or_any_more_says_so_and_goes_on():
    stop = told_to_stop()
    house: Any = House(a_source(0))
    with capture_logs() as logs:
        os.kill(os.getpid(), signal.SIGHUP)
        await until(lambda: len(logs) == 1)
        async with rereading(house):
            pass
        os.kill(os.getpid(), signal.SIGHUP)
        await until(lambda: len(logs) == 2)
    assert [line["event"] for line in logs] == ["no sources to read again"] * 2
    assert not stop.is_set()
    assert not house.read.is_set()
