"""What items turn into: further ids of one item, reports that an edit took back; and words that are told in a new way.

The digests of words that were stored say nothing any more. They become empty, which is taken for unread: an item is known by its
id and address, and its words are learned when it is seen again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the column; nothing was ever taken back."""
    op.create_table(
        "alias",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_alias_item_id"),
        sa.PrimaryKeyConstraint("digest", name="pk_alias"),
    )
    op.create_index("ix_alias_item_id", "alias", ["item_id"])
    with op.batch_alter_table("report") as table:
        table.add_column(sa.Column("gone", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE item SET fingerprint = '' WHERE fingerprint IS NOT NULL")
