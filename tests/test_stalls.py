"""No feed within the limits keeps the loop from its turn, from the answer to the last row."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.memory import Memory
from bot.adapters.parser_pool import ParserPool, open_parser
from bot.adapters.store import open_store
from bot.completing import Completer
from bot.core.model import Item, Report, Request, Response, Source
from bot.intake import Intake
from bot.polling import Polling
from tests.polled import TYPES, HandClock

LONGEST_STALL = 0.1
"""Seconds of the loop's own processor time between two turns."""

UNITS = {
    "words": ("слово ", 15, 250_000),
    "entities": ("&amp;lt;", 8, 120_000),
    "prefixes of entities": ("&a", 3, 200_000),
    "links": ("http://a.b/?c ", 8, 250_000),
    "many": ("слово ", 100, 4_000),
}
"""What texts are made of, how many items there are, and the bytes of each: the parser takes them all.

Told in the thread of the loop, words of all but one kept it for more than `LONGEST_STALL`, up to four times that."""


class Answers:
    """Answers every request with one body."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    async def fetch(self, request: Request) -> Response:
        return Response(request.url, 200, {}, self.body)


class Nothing:
    """Reads nothing in any item, and promises nothing."""

    async def read(self, item: Item) -> tuple[Report, ...]:
        return ()

    async def promising(self, items: Sequence[Item]) -> tuple[bool, ...]:
        return (False,) * len(items)


@pytest.fixture
async def parser() -> AsyncIterator[ParserPool]:
    async with open_parser(TYPES) as pool:
        yield pool


def body(unit: str, items: int, size: int, mark: str) -> bytes:
    """Return a feed of some items of so many bytes of one unit; its query of an address is long as well."""
    text = (unit * (size // len(unit.encode()) + 1)).encode()[:size].decode("utf-8", "ignore")
    query = "&amp;".join(f"{letter}=1" for letter in "abcdefghijklmnopqrstuvwxyz" * 15)
    entries = (
        f"<item><title>{place}</title><guid>{place}</guid><link>https://x.example/{place}?{query}</link>"
        f"<description><![CDATA[{place} {mark} {text}]]></description><pubDate>Tue, 10 Jun 2025 09:00:00 +0300</pubDate></item>"
        for place in range(items)
    )
    return f"<rss version='2.0'><channel><title>x</title>{''.join(entries)}</channel></rss>".encode()


def house(parser: ParserPool, store: Any, fetch: Answers, sources: Sequence[Source]) -> Polling:
    nothing, memory = Nothing(), Memory()
    pages: Any = Completer(gate=nothing, door=lambda source: fetch, articles=None)  # type: ignore[arg-type]
    intake = Intake(nothing, store, [], complete=pages)
    return Polling(
        sources, TYPES, fetch=fetch, parse=parser, intake=intake, polls=memory, diary=memory, alarms=memory, clock=HandClock()
    )  # fmt: skip


async def longest_stall(polling: Polling, source: str) -> float:
    """Poll a source, and return the loop's longest time between two turns."""
    poll = asyncio.ensure_future(polling.poll(source))
    turns = [time.thread_time()]
    while not poll.done():
        await asyncio.sleep(0.001)
        turns.append(time.thread_time())
    await poll
    return max(after - before for before, after in pairwise(turns))


@pytest.mark.parametrize("name", UNITS)
async def test_a_poll_of_a_feed_within_the_limits_leaves_the_loop_its_turns(
    name: str, parser: ParserPool, tmp_path: Path
):
    source = Source("one", "One", "rss", "https://x.example/feed", "uk")
    store = await open_store(f"sqlite:///{tmp_path}/vistka.db")
    fetch = Answers(b"")
    try:
        polling = house(parser, store, fetch, [source])
        for mark in ("told", "edited"):
            fetch.body = body(*UNITS[name], mark)
            assert await longest_stall(polling, source.id) <= LONGEST_STALL, mark
        said = [item.summary.split()[1] async for item in store.items()]
        assert said == ["edited"] * UNITS[name][1]
    finally:
        await store.close()
