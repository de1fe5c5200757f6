"""The pages of items whose feed has only a teaser, and the hubs that push what is new in a feed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the column and the table; nobody pushes yet."""
    with op.batch_alter_table("item") as table:
        table.add_column(sa.Column("page", sa.Text(), nullable=True))
    op.create_table(
        "hublease",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("wish", sa.String(), nullable=False),
        sa.Column("next_at", TIME, nullable=False),
        sa.Column("asked_at", TIME, nullable=True),
        sa.Column("until", TIME, nullable=True),
        sa.Column("pushed_at", TIME, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_hublease"),
    )
