"""Rulings, revisions and feedback; reports that move between events; deliveries to readers and to admins."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

IN_FORCE = sa.text("undone_at IS NULL")
LIVING_POST = sa.text("action = 'post' AND state <> 'dead'")
UNKNOWN_DECISION = '{"event_id":null,"score":0.0,"reasons":[],"rival":0.0}'


def upgrade() -> None:
    """Add what is new, and say of what is there what it was until now."""
    _events()
    _reports()
    _rulings()
    _revisions()
    _feedback()
    _outbox()


def _events() -> None:
    op.add_column("event", sa.Column("verdict", sa.String(), nullable=False, server_default=""))
    op.add_column("event", sa.Column("merged_into", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_blockingkey_event_id", "blockingkey", ["event_id"])


def _reports() -> None:
    # A place among the reports of an item is taken once from now on.
    op.execute(
        "UPDATE report SET position = -id WHERE EXISTS (SELECT 1 FROM report AS other"
        " WHERE other.item_id = report.item_id AND other.position = report.position AND other.id < report.id)"
    )
    with op.batch_alter_table("report") as table:
        table.drop_constraint("uq_report_item_id_event_id_position", type_="unique")
        table.add_column(sa.Column("decision", sa.Text(), nullable=False, server_default=UNKNOWN_DECISION))
        table.create_unique_constraint("uq_report_item_id_position", ["item_id", "position"])


def _rulings() -> None:
    op.create_table(
        "ruling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer()),
        sa.Column("ruling", sa.Text(), nullable=False),
        sa.Column("undone_by", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_ruling"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_ruling_event_id"),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_ruling_report_id"),
        sa.ForeignKeyConstraint(["other_id"], ["report.id"], name="fk_ruling_other_id"),
    )
    for name, column in (("ix_ruling_report", "report_id"), ("ix_ruling_other", "other_id")):
        op.create_index(name, "ruling", [column], sqlite_where=IN_FORCE, postgresql_where=IN_FORCE)


def _revisions() -> None:
    op.create_table(
        "revision",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("weight", sa.String(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", "number", name="pk_revision"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_revision_event_id"),
    )


def _feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("event_id", "user_id", "what", name="pk_feedback"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_feedback_event_id"),
    )


def _outbox() -> None:
    with op.batch_alter_table("delivery") as table:
        table.drop_constraint("uq_delivery_event_id_chat_id_thread_id_action_revision", type_="unique")
        table.add_column(sa.Column("audience", sa.String(), nullable=False, server_default="readers"))
        table.add_column(sa.Column("under", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("floor", sa.Float(), nullable=False, server_default="0"))
        table.add_column(sa.Column("claimed", sa.DateTime(timezone=True)))
    _one_living_post()
    place = ["event_id", "chat_id", "thread_id", "audience"]
    op.create_index("ix_delivery_place", "delivery", [*place, "action"])
    op.create_index(
        "uq_delivery_post", "delivery", place, unique=True, sqlite_where=LIVING_POST, postgresql_where=LIVING_POST
    )


def _one_living_post() -> None:
    """A chat has one living post of an event: the newest, where two chats that became one had one each."""
    op.execute(
        "UPDATE delivery SET state = 'dead', reason = 'another post took its place'"
        " WHERE action = 'post' AND state <> 'dead' AND EXISTS (SELECT 1 FROM delivery AS other"
        " WHERE other.event_id = delivery.event_id AND other.chat_id = delivery.chat_id"
        " AND other.thread_id = delivery.thread_id AND other.action = 'post' AND other.state <> 'dead'"
        " AND other.id > delivery.id)"
    )
