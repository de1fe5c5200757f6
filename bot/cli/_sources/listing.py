"""`vistka sources list`: the sources there are, and how they do where a database knows."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.adapters.http import shown
from bot.adapters.sources import Listed
from bot.adapters.store import open_store
from bot.cli._lines import seen
from bot.cli._sources.lists import open_lists
from bot.cli._sources.looking import now, source_types
from bot.core.health import PREFIX, ailing
from bot.core.model import PollState
from bot.core.render.feeds import Feeds
from bot.core.render.markup import plain
from bot.settings import Settings, load_settings

FIELDS = ("on", "id", "type", "language", "tier", "side", "does", "last_success", "name")
SIGNS = {"ok": "green", "never": "dim", "off": "dim"}


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON Lines.")
@click.option("--trouble", is_flag=True, help="Only those that are on and do not do well.")
def list_(*, as_json: bool, trouble: bool) -> None:
    """List the sources: a table in a terminal, lines with tabs elsewhere."""
    settings = load_settings()
    lists = open_lists(settings, source_types())
    known = asyncio.run(known_feeds(settings, lists.listed))
    rows = [_row(each, known, now()) for each in lists.listed]
    rows = [row for row in rows if not trouble or row["does"] not in SIGNS]
    if as_json:
        for row in rows:
            click.echo(seen(json.dumps(row, ensure_ascii=False)))
    elif sys.stdout.isatty():
        Console(highlight=False).print(_table(rows))
    else:
        for row in rows:
            click.echo("\t".join(plain(str(row[field] or "")) for field in FIELDS))


def database_is_there(settings: Settings) -> bool:
    """Tell whether there is a database to ask: a file is not made just to find it empty."""
    url = settings.database_url.get_secret_value()
    return not url.startswith("sqlite") or Path(url.partition(":///")[2]).exists()


async def known_feeds(settings: Settings, listed: Sequence[Listed]) -> Feeds:
    """Return the sources that are on with what the database remembers of them."""
    sources = [each.source for each in listed if each.enabled]
    if not database_is_there(settings):
        return Feeds(sources, {})
    store = await open_store(settings.database_url.get_secret_value())
    try:
        return Feeds(sources, await store.poll_states(), ailing(await store.standing(PREFIX)))
    finally:
        await store.close()


def _row(listed: Listed, known: Feeds, at: datetime) -> Mapping[str, object]:
    source, state = listed.source, known.states.get(listed.source.id)
    values = {
        "on": "on" if listed.enabled else "off",
        "does": known.condition(source, at) if listed.enabled else "off",
        "last_success": _moment(state),
        "error": state.error if state else "",
        "url": shown(source.url),
    }
    named = {name: getattr(source, name) for name in ("id", "type", "language", "tier", "side", "name")}
    return {field: (values | named)[field] for field in (*FIELDS, "url", "error")}


def _moment(state: PollState | None) -> str | None:
    return state.last_success.isoformat(timespec="seconds") if state and state.last_success else None


def _table(rows: Sequence[Mapping[str, object]]) -> Table:
    table = Table("id", "type", "lang", "tier", "side", "does", "last read (UTC)", "name", box=None, pad_edge=False)
    for row in rows:
        style = SIGNS.get(str(row["does"]), "yellow")
        read = str(row["last_success"] or "")[:16].replace("T", " ")
        cells = [row["type"], row["language"], row["tier"], row["side"]]
        style_of_line = "dim" if row["on"] == "off" else ""
        table.add_row(
            str(row["id"]),
            *map(str, cells),
            Text(str(row["does"]), style),
            read,
            Text(plain(str(row["name"]))),
            style=style_of_line,
        )
    return table
