"""`vistka sources import` and `export`: lists of feeds from and for other readers."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import click

from bot.adapters.languages import language_of, read_languages
from bot.adapters.opml import MOST_BYTES, Outline, OutlineError, read_apart, write_outlines
from bot.adapters.sources import Listed, SourcesError, read_sources
from bot.adapters.sourcesfile import table_of, with_tables
from bot.cli._sources.lists import Lists, open_lists, place_of
from bot.cli._sources.looking import source_types
from bot.core.discovery import address_of, fault_in, id_of
from bot.core.model import Source
from bot.core.render.markup import plain
from bot.core.text.language import STRANGE
from bot.core.text.normalise import clean
from bot.settings import load_settings

SOUND_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
TRUST = ("tier", "side", "owner", "wire")
"""What decides whose word confirms an event: the operator says it, and no list that anybody may have written."""
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
@click.option("--trusted", is_flag=True, help="Take over how far the list trusts them: it is an export of your own.")
def import_(file: IO[bytes], language: str, *, off: bool, trusted: bool) -> None:
    """Add the feeds of an OPML file ("-" is standard input) to the list.

    They are not fetched: 'vistka sources test' does that.
    """
    lists = open_lists(load_settings(), source_types(), begin=True)
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
    taken = _Taking(lists, language, off=off, trusted=trusted)
    for outline in outlines.feeds:
        taken.take(outline)
    if taken.tables:
        lists.change(with_tables(lists.text, taken.tables))
    if taken.disbelieved:
        click.echo(
            f"{taken.disbelieved} of them say how far they are to be trusted; only --trusted believes it", err=True
        )
    left_out = len(outlines.others) + taken.refused
    click.echo(f"{len(taken.tables)} added, {taken.known} known already, {left_out} left out")
    if taken.tables:
        guessed = f"{taken.guessed} languages were guessed by names, --language says them; " if taken.guessed else ""
        click.echo(f"{guessed}nothing was fetched: 'vistka sources test' reads each of them once", err=True)


class _Taking:
    """Takes feeds of a list over as sources; what cannot be one costs one line on standard error."""

    def __init__(self, lists: Lists, language: str, *, off: bool, trusted: bool) -> None:
        self.tables: list[str] = []
        self.known = self.refused = self.disbelieved = self.guessed = 0
        self._types = lists.types
        self._places = {place_of(each.source.url) for each in lists.listed}
        self._language = language
        self._off = off
        self._trusted = trusted
        self._taken = lists.ids
        self._guess = language_of()

    def take(self, outline: Outline) -> None:
        """Take one over."""
        place = place_of(address_of(outline.url))
        if place in self._places:
            self.known += 1
            return
        source = self._source(outline)
        table = table_of(source, enabled=not (self._off or outline.off))
        fault = fault_in(outline.url) or self._fault(table)
        if fault:
            self.refused += 1
            click.echo(f"left out: {plain(outline.title or outline.url)}: {fault}", err=True)
            return
        self._taken |= {source.id}
        self._places.add(place)
        self.disbelieved += not self._trusted and any((outline.own or {}).get(name) for name in TRUST)
        self.guessed += not self._language and outline.language not in read_languages()
        self.tables.append(table)

    def _fault(self, table: str) -> str:
        """Return what keeps a table from being read, "" for nothing."""
        try:
            read_sources("", table, self._types)
        except SourcesError as error:
            return str(error).partition(": ")[2]
        return ""

    def _source(self, outline: Outline) -> Source:
        url = address_of(outline.url)
        name = plain(clean(outline.title)) or (urlsplit(url).hostname if "[" not in url else "") or "feed"
        source = Source(id_of(url, self._taken), name, _type(url), url, self._language_of(outline, name))
        return self._with_own(source, outline)

    def _with_own(self, source: Source, outline: Outline) -> Source:
        """Return the source with what an export of ours says of it; the id that it had where that is sound and free."""
        said = outline.own or {}
        own: dict[str, Any] = {name: value for name, value in said.items() if self._trusted or name not in TRUST}
        if own.get("id") in self._taken or not SOUND_ID.fullmatch(own.get("id", "")):
            own.pop("id", None)
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
