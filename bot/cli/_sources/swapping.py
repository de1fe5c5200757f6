"""`vistka sources import` and `export`: lists of feeds from and for other readers."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import click

from bot.adapters.languages import language_of, read_languages
from bot.adapters.opml import MOST_BYTES, Outline, OutlineError, read_apart, write_outlines
from bot.adapters.sources import Listed, SourcesError, read_sources
from bot.adapters.sourcesfile import table_of, with_tables
from bot.cli._sources.lists import Lists, open_lists
from bot.cli._sources.looking import source_types
from bot.core.discovery import address_of, id_of
from bot.core.model import Source
from bot.core.render.markup import plain
from bot.core.text.language import STRANGE
from bot.core.text.normalise import clean
from bot.settings import load_settings

WHY = {"list": "it is another list", "page": "no feed is named for that page; 'vistka sources add' looks for one"}


@click.command("import")
@click.argument("file", type=click.File("rb"))
@click.option(
    "--language",
    default="",
    type=click.Choice(["", *read_languages()]),
    show_default=False,
    help="Of the feeds that say none; guessed from their names where left out.",
)
@click.option("--off", is_flag=True, help="Add them switched off.")
def import_(file: IO[bytes], language: str, *, off: bool) -> None:
    """Add the feeds of an OPML file ("-" is standard input) to the list.

    They are not fetched: 'vistka sources test' does that.
    """
    lists = open_lists(load_settings(), source_types())
    lists.own()
    name = Path(str(file.name)).name
    try:
        outlines = asyncio.run(read_apart(file.read(MOST_BYTES + 1)))
    except OutlineError as error:
        raise SourcesError(f"{name}: {error}") from None
    if outlines.fault:
        click.echo(f"{name}: it is no proper XML ({outlines.fault}); it was read as far as it goes", err=True)
    if outlines.more:
        click.echo(f"{name}: it has too many entries; only the first ones were read", err=True)
    for other in outlines.others:
        click.echo(f"left out: {plain(other.title or other.url)}: {WHY[other.sort]}", err=True)
    taken = _Taking(lists, language, off=off)
    for outline in outlines.feeds:
        taken.take(outline)
    if taken.tables:
        lists.change(with_tables(lists.text, taken.tables))
    click.echo(
        f"{len(taken.tables)} added, {taken.known} known already, {len(outlines.others) + taken.refused} left out"
    )


class _Taking:
    """Takes feeds of a list over as sources; what cannot be one costs one line on standard error."""

    def __init__(self, lists: Lists, language: str, *, off: bool) -> None:
        self.tables: list[str] = []
        self.known = self.refused = 0
        self._lists = lists
        self._language = language
        self._off = off
        self._taken = lists.ids
        self._guess = language_of()

    def take(self, outline: Outline) -> None:
        """Take one over."""
        if self._lists.known(address_of(outline.url)) is not None:
            self.known += 1
            return
        source = self._source(outline)
        try:
            table = table_of(source, enabled=not (self._off or outline.off))
            read_sources("", table, self._lists.types)
        except SourcesError as error:
            self.refused += 1
            click.echo(f"left out: {plain(outline.title or outline.url)}: {str(error).partition(': ')[2]}", err=True)
            return
        self._taken |= {source.id}
        self.tables.append(table)

    def _source(self, outline: Outline) -> Source:
        url = address_of(outline.url)
        name = plain(clean(outline.title)) or (urlsplit(url).hostname if "[" not in url else "") or "feed"
        source = Source(id_of(url, self._taken), name, _type(url), url, self._language_of(outline, name))
        return self._with_own(source, outline)

    def _with_own(self, source: Source, outline: Outline) -> Source:
        """Return the source with what an export of ours says of it; the id that it had where that is free."""
        own: dict[str, Any] = dict(outline.own or {})
        if own.get("id") in self._taken:
            del own["id"]
        return replace(source, **own)

    def _language_of(self, outline: Outline, name: str) -> str:
        if outline.language in read_languages():
            return outline.language
        guessed = self._language or self._guess(name)
        return read_languages()[0] if guessed == STRANGE else guessed


def _type(url: str) -> str:
    """Return the type that an address looks like; 'vistka sources test' tells where it is another."""
    if url.startswith("https://t.me/s/"):
        return "telegram_web"
    return "jsonfeed" if url.partition("?")[0].endswith(".json") else "rss"


@click.command()
@click.option("--opml", "form", flag_value="opml", default=True, help="For other readers (the default).")
@click.option("--toml", "form", flag_value="toml", help="As a sources file.")
@click.option("--all", "everything", is_flag=True, help="With those that are switched off.")
def export(form: str, *, everything: bool) -> None:
    """Print the list for other readers, or as a sources file."""
    lists = open_lists(load_settings(), source_types())
    listed: list[Listed] = [each for each in lists.listed if each.enabled or everything]
    if form == "opml":
        click.echo(write_outlines(listed, "Vistka").decode(), nl=False)
    else:
        click.echo(with_tables("", [table_of(each.source, enabled=each.enabled) for each in listed]), nl=False)
