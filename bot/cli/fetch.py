"""`vistka fetch URL`: what the daemon would get from an address, through the real guard and limits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from urllib.parse import urlsplit

import click

import bot.core.sources
from bot.adapters.http import open_fetch
from bot.adapters.parser_pool import open_parser
from bot.cli._lines import seen
from bot.core.discovery import ACCEPT, address_of
from bot.core.model import Item, Request, Response, Source
from bot.core.sources import SourceType
from bot.plugins import discover
from bot.ports import PermanentError
from bot.settings import Settings, load_settings


@click.command()
@click.argument("url")
def fetch(url: str) -> None:
    """Fetch and parse one feed; print its items as JSON Lines.

    URL is an RSS, Atom or JSON feed, or a public Telegram channel's page (@NAME or t.me/NAME).
    """
    for item in asyncio.run(_items(url, load_settings())):
        click.echo(_line(item))


async def _items(url: str, settings: Settings) -> tuple[Item, ...]:
    types = {source_type.name: source_type for source_type in discover(bot.core.sources, "SOURCE")}
    async with (
        open_fetch(version=version("vistka"), contact=settings.contact, allow=settings.fetch_allow) as door,
        open_parser(types) as parser,
    ):
        response = await door.fetch(Request(address_of(url), {"Accept": ACCEPT}))
        host = urlsplit(response.url).hostname or "feed"
        source = Source(host, host, _guess(types, response), url, language="")
        now = datetime.now(UTC)  # noqa: TID251  one look at one feed: there is nothing to replay
        return (await parser.parse(source, response, now)).items


def _guess(types: Mapping[str, SourceType], response: Response) -> str:
    for name, source_type in types.items():
        if source_type.claims(response):
            return name
    raise PermanentError(f"{urlsplit(response.url).hostname}: it is no feed; the types are {', '.join(types)}")


def _line(item: Item) -> str:
    line = json.dumps(
        {
            "id": item.id,
            "url": item.url,
            "published": item.published.isoformat(),
            "title": item.title,
            "summary": item.summary,
            "body": item.body,
        },
        ensure_ascii=False,
    )
    return seen(line)


COMMAND: click.Command = fetch
