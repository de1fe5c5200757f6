"""What both commands need: the wished events out of options, and the store opened for as long as they read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from functools import wraps
from typing import Any

import click

import bot.core.kinds
from bot.adapters.borders import load_atlas
from bot.adapters.names import load_asked_names, load_place_names, load_region_names
from bot.adapters.phrases import load_phrasebooks
from bot.adapters.points import load_points
from bot.adapters.store import open_store
from bot.cli._sources.listing import database_is_there
from bot.core.export import Edition
from bot.core.render.phrases import Phrasebook
from bot.core.text.arguments import NotUnderstoodError, read_region
from bot.exporting import Exporting
from bot.plugins import discover
from bot.ports import VistkaError, Wanted
from bot.settings import Settings, bot_number

COUNTRIES = ("UA", "RU")
_DAY = click.DateTime(["%Y-%m-%d"])
OPTIONS = (
    click.option("--kind", "kinds", multiple=True, help="Only events of this kind, such as swap; may be repeated."),
    click.option("--since", type=_DAY, metavar="DAY", help="Leave out events before this day."),
    click.option("--until", type=_DAY, metavar="DAY", help="Leave out events after this day."),
    click.option("--region", "regions", multiple=True, help="Only events of this region or country: Kharkiv, RU."),
)


def wishes(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say which events are `wanted`."""

    @wraps(command)
    def wishing(
        *, kinds: Sequence[str], since: datetime | None, until: datetime | None, regions: Sequence[str], **others: Any
    ) -> None:
        command(wanted=_wanted(kinds, since, until, regions), **others)

    wished: Callable[..., None] = wishing
    for option in reversed(OPTIONS):
        wished = option(wished)
    return wished


def _wanted(kinds: Sequence[str], since: datetime | None, until: datetime | None, regions: Sequence[str]) -> Wanted:
    """Return the wish of the options; raise UsageError for a kind or region that there is not."""
    known = [kind.name for kind in discover(bot.core.kinds, "KIND")]
    for kind in kinds:
        if kind not in known:
            raise click.UsageError(f"--kind: there is no kind {kind!r}; there are {', '.join(known)}")
    return Wanted(tuple(kinds), _day(since), _day(until), tuple(map(_region, regions)))


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _region(name: str) -> str:
    if name.upper() in COUNTRIES:
        return name.upper()
    try:
        code, _ = read_region((name,), load_asked_names())
    except NotUnderstoodError:
        code = ""
    if not code:
        raise click.UsageError(f"--region: there is no region {name!r}; write it as in the news, or by its code: UA-63")
    return code


def load_books() -> dict[str, Phrasebook]:
    """Return the words of every language."""
    return load_phrasebooks(load_region_names(), load_place_names())


@asynccontextmanager
async def opened(settings: Settings, book: Phrasebook) -> AsyncIterator[tuple[Exporting, Edition]]:
    """Open the store to write events out of it."""
    kinds = {kind.name: kind for kind in discover(bot.core.kinds, "KIND")}
    edition = Edition(kinds, book, load_points(load_atlas()), bot_number(settings))
    if not database_is_there(settings):
        raise VistkaError("there is no database yet; VISTKA_DATABASE_URL names it, and 'vistka run' makes it")
    store = await open_store(settings.database_url.get_secret_value())
    try:
        yield Exporting(store, edition), edition
    finally:
        await store.close()
