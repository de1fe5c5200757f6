"""The schema's version: brought up to ours where it is older, refused where it is newer.

The step runs in one transaction that holds the database's write lock, so that two daemons started at once do it once.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, exc, text

from bot.adapters.store.engine import Database, shown
from bot.ports import PermanentError, TemporaryError

_SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 0x56495354


async def upgrade(url: URL, revision: str = "head") -> None:
    """Bring the schema to the revision; raise PermanentError where the program does not know the schema found."""
    database = Database(url, migrating=True)
    try:
        async with database.write() as connection:
            if database.is_postgresql:
                await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            await connection.run_sync(_upgrade, shown(url), revision)
    except TemporaryError as error:
        raise PermanentError(_opening(url, str(error))) from None
    finally:
        await database.close()


def _upgrade(connection: Connection, name: str, revision: str) -> None:
    config = configuration(connection)
    scripts = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_revision()
    if current == scripts.as_revision_number(revision):
        return
    if current is not None and current not in {script.revision for script in scripts.walk_revisions()}:
        raise PermanentError(
            f"{name} has schema {current}, newer than this program: update Vistka, or restore an older backup"
        )
    try:
        command.upgrade(config, revision)
    except exc.ProgrammingError as error:
        raise PermanentError(f"{name} cannot be set up: {error.orig}; name an empty database") from None


def configuration(connection: Connection) -> Config:
    """Return Alembic's configuration for a connection; there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _opening(url: URL, said: str) -> str:
    path = Path(url.database or "")
    if url.drivername.startswith("sqlite") and not path.absolute().parent.is_dir():
        return f"{shown(url)}: there is no folder {path.absolute().parent}; make it or change VISTKA_DATABASE_URL"
    return said
