"""`vistka backfill`: bring the register of exchanges since 2022 into the database, so that /swaps knows the history."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import click

import bot.core.kinds
from bot.adapters.register import RegisterRead, load_register
from bot.adapters.store import open_store
from bot.cli._progress import progress
from bot.intake import Intake
from bot.plugins import discover
from bot.settings import Settings, load_settings

NEVER_POSTED = datetime.max.replace(tzinfo=UTC)


@click.command()
def backfill() -> None:
    """Bring the bundled register of exchanges (2022 to 2026) into the database of VISTKA_DATABASE_URL.

    Nothing of it is posted, and a second run changes nothing: what is there already is left as it is.
    """
    new, known = asyncio.run(_backfill(load_settings()))
    click.echo(f"{new} exchanges added, {known} known already")


async def _backfill(settings: Settings) -> tuple[int, int]:
    entries = load_register()
    store = await open_store(settings.database_url.get_secret_value())
    try:
        intake = Intake(RegisterRead(entries), store, discover(bot.core.kinds, "KIND"))
        added = 0
        for entry in progress(entries, "adding", len(entries)):
            summary = await intake.take([entry.item], quiet_before=NEVER_POSTED)
            added += sum(bool(taken.joinings) for taken in summary.taken)
    finally:
        await store.close()
    return added, len(entries) - added


COMMAND: click.Command = backfill
