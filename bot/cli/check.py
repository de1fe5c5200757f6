"""`vistka check`: what is wrong with the settings, sources, words, database and token, and what to do about it."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

import click
from rich.console import Console
from rich.markup import escape

import bot.core.sources
from bot.adapters.languages import spoken_languages
from bot.adapters.process import is_gone
from bot.adapters.sources import SourcesError, load_sources, read_sources, read_text
from bot.adapters.store import open_store
from bot.adapters.telegram import pushing, whoami
from bot.app import refuse_unspoken
from bot.cli._reading import load_reader
from bot.cli._sources.listing import known_feeds
from bot.cli._sources.looking import now
from bot.core.model import Lease
from bot.plugins import discover
from bot.ports import TemporaryError, VistkaError
from bot.settings import Settings, load_settings

Check = Callable[[Settings], Awaitable[str]]


@click.command()
def check() -> None:
    """Check the settings, sources, words, database and token; exit 1 where one of them needs mending."""
    settings = load_settings()
    console = Console(highlight=False)
    where = "the environment and .env" if Path(".env").exists() else "the environment"
    console.print(f"[green]✓[/] settings: read from {where}")
    sys.exit(0 if asyncio.run(_all(settings, console)) else 1)


async def _all(settings: Settings, console: Console) -> bool:
    """Run every check, print a line for each, and return whether all went well."""
    results = [await _one(name, run, settings, console) for name, run in CHECKS.items()]
    return all(results)


async def _one(name: str, run: Check, settings: Settings, console: Console) -> bool:
    try:
        line = await run(settings)
    except VistkaError as error:
        console.print(f"[red]✗[/] {name}: {escape(str(error))}", soft_wrap=True)
        return False
    console.print(f"[green]✓[/] {name}: {escape(line)}", soft_wrap=True)
    return True


async def _sources(settings: Settings) -> str:
    types = [source_type.name for source_type in discover(bot.core.sources, "SOURCE")]
    sources = load_sources(settings.sources, types)
    if not sources:
        raise SourcesError(
            "none is switched on; 'vistka sources list' names those there are, 'vistka sources enable' one"
        )
    languages = sorted({source.language for source in sources})
    return f"{len(sources)} to poll, in {', '.join(languages)}"


async def _feeds(settings: Settings) -> str:
    """Say how the sources do, as far as the database knows."""
    types = [source_type.name for source_type in discover(bot.core.sources, "SOURCE")]
    known = await known_feeds(settings, read_sources("sources", read_text(settings.sources), types))
    counts = Counter(known.condition(source, now()) for source in known.sources)
    trouble = sum(count for condition, count in counts.items() if condition not in ("ok", "never"))
    told = f"{counts['ok']} do well, {counts['never']} not read yet, {trouble} in trouble"
    return f"{told}; 'vistka sources list --trouble' names them" if trouble else told


async def _words(settings: Settings) -> str:
    refuse_unspoken(settings.language, spoken_languages())
    reader = await asyncio.to_thread(load_reader)
    return f"ready for {', '.join(kind.name for kind in reader.kinds)}"


async def _database(settings: Settings) -> str:
    store = await open_store(settings.database_url.get_secret_value())
    try:
        stats = await store.stats()
    finally:
        await store.close()
    return f"up to date, {stats.items} items, {sum(stats.events.values())} events, {stats.chats} chats"


async def _daemon(settings: Settings) -> str:
    """Say who does what one process at a time does."""
    store = await open_store(settings.database_url.get_secret_value())
    try:
        leases = [lease for lease in await store.leases() if lease.holder]
    finally:
        await store.close()
    return "; ".join(map(_held, leases)) or "none runs on this database"


def _held(lease: Lease) -> str:
    ended = lease.holder is not None and is_gone(lease.holder)
    after = ", which has ended: the next one takes over at once" if ended else ""
    return f"{lease.name} since {lease.since:%Y-%m-%d %H:%M} UTC is {lease.holder}{after}"


async def _token(settings: Settings) -> str:
    if settings.telegram_token is None:
        return "not set, so posts go to the terminal; VISTKA_TELEGRAM_TOKEN takes one from @BotFather"
    return f"belongs to @{await whoami(settings.telegram_token.get_secret_value(), settings.telegram_api)}"


async def _updates(settings: Settings) -> str:
    """Say how updates come in, and what Telegram last complained of when it pushed them."""
    if settings.telegram_token is None:
        return "none without a token"
    known = await pushing(settings.telegram_token.get_secret_value(), settings.telegram_api)
    if not settings.webhook_url:
        other = f"; another program has them pushed to {urlsplit(known.url).hostname}, which is ended at the start"
        wish = "and nothing has to be reached from outside; VISTKA_WEBHOOK_URL has them pushed"
        return f"polled, {wish}{other if known.url else ''}"
    host = urlsplit(settings.webhook_url).netloc
    if not known.url.startswith(f"{settings.webhook_url}/"):
        return f"will be pushed to {host}, and on to {settings.http}, once the daemon runs"
    if known.last_error_message and known.pending_update_count:
        raise TemporaryError(
            f"{known.pending_update_count} wait, since pushing them to {host} fails ({known.last_error_message}); see that "
            f"its proxy hands everything under VISTKA_WEBHOOK_URL on to {settings.http}"
        )
    return f"pushed to {host}, and on to {settings.http}; {known.pending_update_count} wait"


CHECKS: dict[str, Check] = {
    "sources": _sources,
    "words": _words,
    "feeds": _feeds,
    "database": _database,
    "daemon": _daemon,
    "token": _token,
    "updates": _updates,
}

COMMAND: click.Command = check
