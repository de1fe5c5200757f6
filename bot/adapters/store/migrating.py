"""The steps from one schema to the next, taken by Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

_SCRIPTS = Path(__file__).parent / "migrations"


def configuration(connection: Connection | None) -> Config:
    """Return Alembic's configuration for a connection; there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def migrate(connection: Connection, revision: str) -> None:
    """Take the steps that lead to a revision, within the transaction of the connection."""
    command.upgrade(configuration(connection), revision)
