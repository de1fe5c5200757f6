"""`vistka items`: print the stored items as JSON Lines, so that `vistka items | vistka replay` replays news of one's own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import click

import bot.core.sources
from bot.adapters.register import REGISTER
from bot.adapters.sources import load_sources
from bot.adapters.store import open_store
from bot.cli._lines import write_line
from bot.core.model import Item, Source
from bot.core.render.lines import item_fields
from bot.plugins import discover
from bot.settings import Settings, load_settings

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--since", type=_DAY, metavar="DAY", help="Leave out what was published before this day (UTC).")
@click.option("--until", type=_DAY, metavar="DAY", help="Leave out what was published after this day (UTC).")
def items(since: datetime | None, until: datetime | None) -> None:
    """Print the items in the database of VISTKA_DATABASE_URL in the order in which they were published.

    Each line says of its source what the sources list says now; of one that is no longer there, its id alone.
    """
    first = since.replace(tzinfo=UTC) if since else None
    last = until.replace(tzinfo=UTC) + timedelta(days=1, microseconds=-1) if until else None
    settings = load_settings()
    asyncio.run(_print(settings, first, last))


async def _print(settings: Settings, first: datetime | None, last: datetime | None) -> None:
    types = [source_type.name for source_type in discover(bot.core.sources, "SOURCE")]
    sources = {source.id: source for source in (REGISTER, *load_sources(settings.sources, types))}
    store = await open_store(settings.database_url.get_secret_value())
    try:
        async for item in store.items(first, last):
            write_line(item_fields(_of(item, sources)))
    finally:
        await store.close()


def _of(item: Item, sources: Mapping[str, Source]) -> Item:
    return replace(item, source=sources.get(item.source.id, item.source))


COMMAND: click.Command = items
