"""`vistka sources test`: what the daemon would see of its sources now, in plain words."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import replace
from datetime import timedelta

import click
from babel.dates import format_timedelta
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.adapters.store import open_store
from bot.cli._progress import progress
from bot.cli._sources.listing import database_is_there
from bot.cli._sources.lists import open_lists
from bot.cli._sources.looking import Eyes, Looked, now, open_eyes, source_types
from bot.core.model import Source
from bot.settings import Settings, load_settings

AT_ONCE = 16
HEADINGS = ("", "id", "type", "status", "items", "newest", "every", "what")


@click.command()
@click.argument("wanted", metavar="[ID|URL]...", nargs=-1)
def test(wanted: Sequence[str]) -> None:
    """Fetch and parse sources as the daemon would: those named, one at a URL, or all that are on.

    Exits with 1 where one of them fails. A source that had ended is taken up again where it answers.
    """
    settings = load_settings()
    lists = open_lists(settings, source_types())
    addresses = [each for each in wanted if "/" in each or each.startswith("@")]
    named = [lists.find(each).source for each in wanted if each not in addresses]
    sources = named if wanted else [each.source for each in lists.listed if each.enabled]
    looked = asyncio.run(_look(settings, sources, addresses))
    _show(looked, settings.poll_seconds)
    asyncio.run(_revive(settings, [each.source.id for each in looked if each.feed and each.source.id in lists.ids]))
    sys.exit(1 if any(each.error for each in looked) else 0)


async def _look(settings: Settings, sources: Sequence[Source], addresses: Sequence[str]) -> list[Looked]:
    async with open_eyes(settings) as eyes:
        found = [each for address in addresses for each in await eyes.find(address)]
        seen = {each.source.id: each async for each in _looks(eyes, sources)}
    return [*(seen[source.id] for source in sources), *found]


async def _looks(eyes: Eyes, sources: Sequence[Source]) -> AsyncIterator[Looked]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def look(source: Source) -> Looked:
        async with gate:
            return await eyes.look(source)

    for waiting in progress(
        asyncio.as_completed([look(source) for source in sources]), "looking", len(sources), alone=True
    ):
        yield await waiting


async def _revive(settings: Settings, answered: Collection[str]) -> None:
    """Let sources that ended, and that answer now, be polled again."""
    if not answered or not database_is_there(settings):
        return
    store = await open_store(settings.database_url.get_secret_value())
    try:
        states = await store.poll_states()
        for state in (states[each] for each in answered if each in states and states[each].ended is not None):
            fresh = replace(state, ended=None, failures=0, failing_since=None, error="", next_at=now())
            await store.save_poll(fresh)
            click.echo(f"{state.source_id} had ended; it is polled again", err=True)
    finally:
        await store.close()


def _show(looked: Sequence[Looked], shortest: float) -> None:
    """Print a table in a terminal, and lines with tabs elsewhere."""
    if not sys.stdout.isatty():
        for each in looked:
            click.echo("\t".join(_cells(each, shortest)))
        return
    table = Table(*HEADINGS, box=None, pad_edge=False)
    for each in looked:
        mark, *cells = _cells(each, shortest)
        table.add_row(Text("✓" if mark == "ok" else "✗", "green" if mark == "ok" else "red"), *map(Text, cells))
    Console(highlight=False).print(table)


def _cells(looked: Looked, shortest: float) -> list[str]:
    items = looked.feed.items if looked.feed else ()
    return [
        "failed" if looked.error else "ok",
        looked.source.id,
        looked.source.type,
        str(looked.status or ""),
        str(len(items)) if looked.feed else "",
        _said(looked.newest.published - looked.at, ago=True) if looked.newest else "",
        _said(looked.interval(shortest)) if looked.feed else "",
        looked.error or "; ".join(looked.doubts()),
    ]


def _said(time: timedelta, *, ago: bool = False) -> str:
    return str(format_timedelta(time, add_direction=ago, locale="en", granularity="minute", format="short"))
