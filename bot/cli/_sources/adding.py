"""`vistka sources add`: from an address that somebody knows to a source that is polled."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast, get_args

import click
from rich.console import Console
from rich.text import Text

from bot.adapters.http import shown
from bot.adapters.languages import FIRST, language_of, read_languages
from bot.adapters.sources import TIERS, SourcesError
from bot.adapters.sourcesfile import table_of, with_tables
from bot.cli._sources.lists import Lists, open_lists
from bot.cli._sources.looking import Looked, open_eyes, source_types
from bot.core.discovery import address_of, fault_in, id_of
from bot.core.model import Side, Source, Tier
from bot.core.render.markup import plain
from bot.core.text.language import STRANGE
from bot.core.text.normalise import clean
from bot.ports import TemporaryError
from bot.settings import Settings, load_settings

TITLES = 3
"""Newest titles of a feed that are shown."""
TELLING = 20
"""Items by whose words the language is guessed."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody says of a source himself; "" leaves it to what is found."""

    id: str = ""
    name: str = ""
    type: str = ""
    language: str = ""
    tier: str = "outlet"
    side: str = "independent"
    owner: str = ""


@click.command()
@click.argument("url")
@click.option("--id", "source_id", default="", help="Its id, never changed later; made of the host where left out.")
@click.option("--name", default="", help="Its name; that of the feed where left out.")
@click.option(
    "--type",
    "kind",
    default="",
    type=click.Choice(["", *source_types()]),
    show_default=False,
    help="Its type; found out where left out.",
)
@click.option(
    "--language",
    default="",
    type=click.Choice(["", *read_languages()]),
    show_default=False,
    help="Its language; guessed from the items where left out.",
)
@click.option("--tier", default="outlet", type=click.Choice(TIERS), help="How far it is trusted.", show_default=True)
@click.option(
    "--side", default="independent", type=click.Choice(get_args(Side)), help="Whose it is.", show_default=True
)
@click.option("--owner", default="", help="The group whose outlets count as one voice.")
@click.option("--pick", default=None, type=click.IntRange(min=1), help="Which of several feeds to take.")
def add(url: str, pick: int | None, source_id: str, kind: str, **said: str) -> None:
    """Add the feed at URL, or behind it: a feed, a page that names one, or a Telegram channel (@name or t.me/name)."""
    settings = load_settings()
    lists = open_lists(settings, source_types(), begin=True)
    lists.own()
    if fault := fault_in(url):
        named = url.strip() if url.strip().startswith("@") else shown(address_of(url)) if url.strip() else "the address"
        raise SourcesError(f"{plain(named)}: {fault}")
    _refuse_known(lists, source_id, address_of(url))
    found = asyncio.run(_found(url, settings))
    found = [each for each in found if not kind or each.source.type == kind]
    if not found:
        raise SourcesError(f"{shown(address_of(url))}: the feed there is of another type than {kind}; leave --type out")
    chosen = _chosen(found, pick)
    source = _source(chosen, Wanted(id=source_id, type=kind, **said), lists)
    _refuse_known(lists, source.id, source.url)
    lists.change(with_tables(lists.text, [table_of(source)]))
    _show(chosen, source)


async def _found(url: str, settings: Settings) -> list[Looked]:
    async with open_eyes(settings) as eyes:
        try:
            return await eyes.find(url)
        except TemporaryError as error:
            bare = "" if "://" in url else ", or say http:// if the site has no https"
            raise TemporaryError(f"{error}; check how it is written, try again later{bare}") from None


def _chosen(found: Sequence[Looked], pick: int | None) -> Looked:
    """Return the one that is wanted; ask a person, tell a program."""
    if len(found) == 1:
        return found[0]
    if not pick:
        for number, each in enumerate(found, 1):
            click.echo(
                f"{number}. {_name(each)} ({_counted(each)}): {shown(each.source.url)}",
                err=True,
            )
        if not sys.stdin.isatty():
            raise SourcesError(f"there are {len(found)} feeds; say which one with --pick 1 to {len(found)}")
        pick = click.prompt("Which one", type=click.IntRange(1, len(found)), default=1, err=True)
    if pick > len(found):
        raise SourcesError(f"there are only {len(found)} feeds; say which one with --pick 1 to {len(found)}")
    return found[pick - 1]


def _name(looked: Looked) -> str:
    return plain(clean(looked.feed.title if looked.feed else ""), 100) or plain(looked.title, 100) or looked.source.name


def _source(looked: Looked, wanted: Wanted, lists: Lists) -> Source:
    return Source(
        id=wanted.id or id_of(looked.source.url, lists.ids),
        name=wanted.name or _name(looked),
        type=looked.source.type,
        url=looked.source.url,
        language=wanted.language or _language(looked),
        tier=cast("Tier", wanted.tier),
        side=cast("Side", wanted.side),
        owner=wanted.owner,
    )


def _language(looked: Looked) -> str:
    items = looked.feed.items[:TELLING] if looked.feed else ()
    text = " ".join(clean(f"{item.title} {item.summary} {item.body or ''}"[:2000]) for item in items)
    said = looked.feed.language if looked.feed else ""
    guessed = language_of(otherwise=said if said in read_languages() else FIRST)(text)
    if guessed == STRANGE:
        languages = ", ".join(read_languages())
        raise SourcesError(
            f"{shown(looked.source.url)}: its items are in none of {languages}; --language says otherwise"
        )
    return guessed


def _refuse_known(lists: Lists, source_id: str, url: str) -> None:
    if source_id in lists.ids:
        raise SourcesError(f"{lists.name}: the id {source_id!r} is taken; choose another with --id")
    known = lists.known(url)
    if known is not None:
        off = "" if known.enabled else f"; 'vistka sources enable {known.source.id}' switches it on"
        raise SourcesError(f"{lists.name}: that feed is there already as {known.source.id!r}{off}")


def _counted(looked: Looked) -> str:
    count = len(looked.feed.items) if looked.feed else 0
    return "1 item" if count == 1 else f"{count} items"


def _show(looked: Looked, source: Source) -> None:
    console = Console(highlight=False)
    said = f": {source.name} · {source.type} · {source.language} · {_counted(looked)}"
    console.print(Text.assemble((source.id, "bold"), said))
    newest = sorted(looked.feed.items if looked.feed else (), key=lambda item: item.published, reverse=True)
    for item in newest[:TITLES]:
        console.print(
            Text(f"  {item.published:%Y-%m-%d %H:%M}  {plain(clean(item.title) or clean(item.summary), 100)}", "dim")
        )
    for doubt in looked.doubts():
        console.print(Text(f"  note: {doubt}", "yellow"))
