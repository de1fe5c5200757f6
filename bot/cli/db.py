"""`vistka db`: bring the database up to date, back it up, make it of a backup, and check whether it is sound."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

import bot.core.kinds
from bot.adapters.store import is_server, parse
from bot.adapters.store.keeping import Finding, back_up, backup_name, backups_in, findings, restore, thin
from bot.adapters.store.schema import revisions
from bot.adapters.store.upgrading import bring_up_to_date
from bot.cli._progress import bar
from bot.cli._sources.looking import now
from bot.plugins import discover
from bot.settings import Settings, load_settings

KIB = 1 << 10


@click.group()
def db() -> None:
    """Bring the database up to date, back it up, make it of a backup, and check whether it is sound.

    It is the one of VISTKA_DATABASE_URL.
    """


@db.command("upgrade")
def upgrade_() -> None:
    """Bring the schema up to that of this program, as the daemon does when it starts; all of it or nothing."""
    url = parse(load_settings().database_url.get_secret_value())
    asyncio.run(bring_up_to_date(url))
    click.echo(f"schema {revisions()[-1]}")


@db.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
@click.option("--keep", type=click.IntRange(min=1), metavar="N", help="Keep the newest N backups of the folder alone.")
def backup(folder: Path | None, keep: int | None) -> None:
    """Write a backup into FOLDER, by default that of VISTKA_BACKUPS, while the daemon goes on.

    One file holds all tables, and can be made a SQLite or a PostgreSQL database of again. It is read again before it counts.
    """
    settings = load_settings()
    into, at = folder or settings.backups, now().replace(microsecond=0)
    if into is None:
        raise click.UsageError("name a FOLDER, or set VISTKA_BACKUPS")
    path = into / backup_name(at)
    with bar("backing up") as told:
        made = back_up(parse(settings.database_url.get_secret_value()), path, at, told)
    click.echo(f"{path}: {made.rows:,} rows, {path.stat().st_size / KIB:,.0f} KiB, schema {made.schema}")
    if keep:
        gone = thin(into, list(backups_in(into))[-keep:])
        click.echo(f"{gone} older ones taken away")


@db.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Let go what the database holds.")
def restore_(file: Path, *, replace: bool) -> None:
    """Make the database of a backup FILE, all of it or nothing. Stop the daemon first.

    An older backup is brought up to date. What waited to be sent when it was made is not sent any more.
    """
    url = parse(load_settings().database_url.get_secret_value())
    with bar("restoring") as told:
        made = restore(url, file, now(), replace=replace, told=told)
    click.echo(f"{made.rows:,} rows of {made.made:%Y-%m-%d %H:%M} UTC, schema {made.schema}, now {revisions()[-1]}")


@db.command()
def check() -> None:
    """Check whether the database is sound, events are what their reports make, and backups are made; exit 1 where not."""
    settings = load_settings()
    url = parse(settings.database_url.get_secret_value())
    kinds = {kind.name: kind for kind in discover(bot.core.kinds, "KIND")}
    console = Console(highlight=False)
    with bar("checking") as told:
        found = [*findings(url, now(), kinds, settings.backups, told), *_queue(settings)]
    for each in found:
        _print(console, each)
    sys.exit(1 if any(each.bad for each in found) else 0)


def _queue(settings: Settings) -> Iterator[Finding]:
    """Yield what is found out about what workers need, which a file has no room for."""
    url = settings.database_url.get_secret_value()
    if is_server(parse(url)):
        from bot.adapters.queue.checking import queue_findings  # noqa: PLC0415  (who needs no workers does not load it)

        yield from queue_findings(url)


def _print(console: Console, found: Finding) -> None:
    sign = "[red]✗[/]" if found.bad else "[green]✓[/]"
    console.print(f"{sign} {found.about}: {escape(found.line)}", soft_wrap=True)


COMMAND: click.Command = db
