"""`vistka events list`: the events there are, as a table in a terminal and as lines with tabs elsewhere."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from typing import Final

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli._events.opening import load_books, opened, wishes
from bot.core.export import Entry, certainty
from bot.core.render.markup import ZERO_WIDTH_SPACE, plain, unmarked
from bot.core.render.phrases import Phrasebook
from bot.core.render.post import headline, unique_origins
from bot.exporting import Whereabouts
from bot.ports import Wanted
from bot.settings import load_settings

FIELDS: Final = ("event", "date", "kind", "status", "sure", "sources", "headline")
SIGNS: Final = {"unconfirmed": "yellow", "withdrawn": "red", "taken back": "red", "merged": "dim"}


@click.command("list")
@wishes
@click.option("--limit", type=click.IntRange(1), help="Only so many, the ones with the highest numbers.")
def list_(wanted: Wanted, limit: int | None) -> None:
    """List the events that readers may see: a table in a terminal, lines with tabs elsewhere."""
    settings = load_settings()
    books = load_books()
    book = books.get(settings.language) or books["en"]

    async def read() -> list[Sequence[str]]:
        async with opened(settings, book) as (exporting, _):
            return [_row(entry, book) async for entry in exporting.every(wanted, Whereabouts())]

    rows = asyncio.run(read())
    shown = rows[-limit:] if limit else rows
    if sys.stdout.isatty():
        Console(highlight=False).print(_table(shown))
    else:
        for row in shown:
            click.echo("\t".join(row))


def _row(entry: Entry, book: Phrasebook) -> Sequence[str]:
    event = entry.event
    if entry.state != "told":
        told = f"-> {event.merged_into}" if event.merged_into else ""
        return str(event.id), "", event.kind, "", entry.state.replace("_", " "), "", told
    sure = certainty(event)
    words = plain(unmarked(headline(event, book)).replace(ZERO_WIDTH_SPACE, ""))
    day, sources = event.date.isoformat() if event.date else "", str(len(unique_origins(event)))
    return str(event.id), day, event.kind, event.status.replace("_", " "), sure, sources, words


def _table(rows: Sequence[Sequence[str]]) -> Table:
    table = Table(*FIELDS, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(cell, SIGNS.get(cell, "")) for cell in row))
    return table
