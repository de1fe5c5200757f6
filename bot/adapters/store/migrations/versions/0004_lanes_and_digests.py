"""Lanes, digests and fairness in the outbox; a row for each chat that deliveries go to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WAITING = "state IN ('pending', 'retry')"
DELIVERY = sa.table("delivery", sa.column("action", sa.String), sa.column("lane", sa.Integer))
LANE = sa.case((DELIVERY.c.action == "reply", 1), else_=2)


def upgrade() -> None:
    """Add what is new; nobody was gathered until now, and every chat has been served as long ago as any other."""
    _deliveries()
    _chats()


def _deliveries() -> None:
    for name in ("ix_delivery_queue", "ix_delivery_waiting"):
        op.drop_index(name, "delivery")
    with op.batch_alter_table("delivery") as table:
        table.add_column(sa.Column("lane", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("gathered", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("digest", sa.Integer()))
        table.add_column(sa.Column("edited", sa.DateTime(timezone=True)))
    op.execute(sa.update(DELIVERY).where(DELIVERY.c.action != "post").values(lane=LANE))
    _partial("ix_delivery_queue", ["lane", "chat_id", "id", "not_before"], WAITING)
    _partial("ix_delivery_held", ["chat_id", "not_before"], "state = 'retry'")
    _partial("ix_delivery_gathered", ["not_before"], f"gathered AND {WAITING}")
    _partial("ix_delivery_digest", ["digest"], "digest IS NOT NULL")


def _chats() -> None:
    op.create_table(
        "chat",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("served", sa.Integer(), nullable=False),
        sa.Column("newest", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_chat"),
        sa.UniqueConstraint("chat_id", name="uq_chat_chat_id"),
    )
    op.create_index("ix_chat_served_number", "chat", ["served", "number"])
    op.execute(
        "INSERT INTO chat (chat_id, served, newest)"
        " SELECT chat_id, 0, MAX(message_id) FROM delivery GROUP BY chat_id ORDER BY MIN(id)"
    )


def _partial(name: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, "delivery", columns, sqlite_where=condition, postgresql_where=condition)
