"""What is remembered of feeds: how politely they are asked, where they moved to, what they brought by day; tombstones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns and tables; sources known so far are taken as listed, their items as never edited."""
    _widen_polls()
    with op.batch_alter_table("item") as table:
        table.add_column(sa.Column("edited", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("seen_at", TIME, nullable=True))
    op.create_table(
        "tombstone",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_tombstone"),
    )
    op.create_table(
        "sourceday",
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("undated", sa.Integer(), nullable=False),
        sa.Column("unlinked", sa.Integer(), nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", "day", name="pk_sourceday"),
    )


def _widen_polls() -> None:
    with op.batch_alter_table("pollstate") as table:
        for name in ("configured", "address", "moved_to", "rest"):
            table.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("moves", sa.Text(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("moved_days", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("moved_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("rhythm", sa.Float(), nullable=False, server_default="0"))
        for name in ("asked_until", "polled_at", "live_until", "failing_since", "ended"):
            table.add_column(sa.Column(name, TIME, nullable=True))
        table.add_column(sa.Column("listed", sa.Boolean(), nullable=False, server_default=sa.true()))
    due = sa.text("listed AND ended IS NULL")
    op.create_index("ix_pollstate_due", "pollstate", ["next_at"], sqlite_where=due, postgresql_where=due)
