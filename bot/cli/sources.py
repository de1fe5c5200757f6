"""`vistka sources`: list, add, remove, test, import and export the feeds that are polled."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bot.adapters.sources import SourcesError, read_text
from bot.adapters.sourcesfile import switched, without, write_text
from bot.cli._sources.adding import add
from bot.cli._sources.listing import list_
from bot.cli._sources.lists import open_lists
from bot.cli._sources.looking import source_types
from bot.cli._sources.swapping import export, import_
from bot.cli._sources.testing import test
from bot.ports import VistkaError
from bot.settings import PREFIX, load_settings

OWN = Path("sources.toml")


@click.group()
def sources() -> None:
    """List, add, remove, test, import and export the feeds that are polled.

    They stand in the file that VISTKA_SOURCES names; without one the bundled list is polled.
    """


@sources.command()
@click.option("--env", is_flag=True, help="Name the file in .env without asking.")
def init(*, env: bool) -> None:
    """Make a sources file of your own out of the bundled list."""
    settings = load_settings()
    path = settings.sources or OWN
    if path.exists():
        raise VistkaError(f"{path}: it is there already; {PREFIX}SOURCES={path} has it polled")
    write_text(path, read_text(None), instead_of=None)
    click.echo(f"{path} is written")
    line = f"{PREFIX}SOURCES={path}"
    if settings.sources is None and (
        env or (sys.stdin.isatty() and click.confirm(f"Add {line} to .env", default=True))
    ):
        _add_to_env(line)
    elif settings.sources is None:
        click.echo(f"Now put this line into .env or the environment: {line}")


def _add_to_env(line: str) -> None:
    path = Path(".env")
    before = path.read_text(encoding="utf-8") if path.exists() else None
    separator = "" if not before or before.endswith("\n") else "\n"
    write_text(path, f"{before or ''}{separator}{line}\n", instead_of=before)
    click.echo(f".env has it: {line}")


@sources.command()
@click.argument("source_id", metavar="ID")
def remove(source_id: str) -> None:
    """Take a source out of the list; what was read in it stays."""
    lists = open_lists(load_settings(), source_types())
    lists.find(source_id)
    lists.own()
    if len(lists.ids) == 1:
        raise SourcesError(
            f"{lists.name}: {source_id!r} is its only source; 'vistka sources disable {source_id}' switches it off"
        )
    lists.change(without(lists.name, lists.text, source_id))


@sources.command()
@click.argument("source_id", metavar="ID")
def enable(source_id: str) -> None:
    """Switch a source on."""
    _switch(source_id, enabled=True)


@sources.command()
@click.argument("source_id", metavar="ID")
def disable(source_id: str) -> None:
    """Switch a source off; it stays in the list."""
    _switch(source_id, enabled=False)


def _switch(source_id: str, *, enabled: bool) -> None:
    lists = open_lists(load_settings(), source_types())
    if lists.find(source_id).enabled == enabled:
        click.echo(f"{source_id} is {'on' if enabled else 'off'} already")
        return
    lists.own()
    lists.change(switched(lists.name, lists.text, source_id, enabled=enabled))


for each in (add, export, import_, list_, test):
    sources.add_command(each)

COMMAND: click.Command = sources
