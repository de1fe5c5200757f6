"""`vistka run`: the daemon, or one role of it. Without a token it previews its posts in the terminal."""

from __future__ import annotations

import asyncio

import click

from bot.adapters.lean import uncollected, without

with uncollected(), without("rich", "pygments"):  # structlog and httpx load them for looks that a daemon does not have
    from bot.adapters.logs import set_up_logs
    from bot.roles import ROLES, Role, run_as
    from bot.settings import load_settings


@click.command()
@click.option(
    "--role",
    type=click.Choice(ROLES),
    default="all",
    show_default=True,
    help="The share of the work that this process does; with PostgreSQL it may be spread over many.",
)
def run(role: Role) -> None:
    """Run the daemon until SIGTERM or Ctrl-C.

    Settings come from VISTKA_... variables or .env (see .env.example). Without VISTKA_TELEGRAM_TOKEN posts go to the
    terminal.
    """
    settings = load_settings()
    token = settings.telegram_token.get_secret_value() if settings.telegram_token else ""
    set_up_logs((token,))
    asyncio.run(run_as(role, settings))


COMMAND: click.Command = run
