"""Whom items were passed on from, so that what is replayed from the store is read as it came; of older items nobody knows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    with op.batch_alter_table("item") as table:
        table.add_column(sa.Column("via", sa.Text(), nullable=False, server_default=""))
