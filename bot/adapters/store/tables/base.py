"""What all tables share: how constraints are called, and a metadata of our own."""

from __future__ import annotations

from pydantic import ConfigDict
from sqlalchemy import MetaData, Table
from sqlmodel import SQLModel

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Base(SQLModel):
    """Keeps our tables apart from any other user of SQLModel. Rows are never checked by it, so that it prepares no checking."""

    model_config = ConfigDict(defer_build=True)  # type: ignore[assignment]
    metadata = metadata


def table_of(row: type[Base]) -> Table:
    """Return the table that a class of rows stands for."""
    return metadata.tables[row.__name__.lower()]
