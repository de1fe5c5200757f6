"""An index on when tombstones were met, so that those of long ago are found without reading all."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_tombstone_at", "tombstone", ["at"])
