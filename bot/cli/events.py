"""`vistka events`: list the events, and export them as CSV, JSON, GeoJSON or a calendar."""

from __future__ import annotations

import click

from bot.cli._events.listing import list_
from bot.cli._events.writing import export


@click.group()
def events() -> None:
    """List the events of the database of VISTKA_DATABASE_URL, and export them for others.

    What is printed is what readers of the posts may see: nothing that an editor holds back.
    """


for each in (export, list_):
    events.add_command(each)

COMMAND: click.Command = events
