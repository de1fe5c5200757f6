"""The first tables: polls, items, events with their reports, subscriptions, the outbox, Telegram's updates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

WAITING = sa.text("state IN ('pending', 'retry')")
IN_FLIGHT = sa.text("state IN ('sending', 'unknown')")


def upgrade() -> None:
    """Make the tables, those that others refer to first."""
    _polls()
    _items()
    _events()
    _reports()
    _subscriptions()
    _outbox()
    _updates()


def _polls() -> None:
    op.create_table(
        "pollstate",
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.String(), nullable=False),
        sa.Column("interval", sa.Float(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("first_success", sa.DateTime(timezone=True)),
        sa.Column("last_success", sa.DateTime(timezone=True)),
        sa.Column("last_item", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("source_id", name="pk_pollstate"),
    )


def _items() -> None:
    op.create_table(
        "item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("guid", sa.Text(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("published", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("body", sa.Text()),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("link", sa.String()),
        sa.Column("fingerprint", sa.String()),
        sa.PrimaryKeyConstraint("id", name="pk_item"),
        sa.UniqueConstraint("identity", name="uq_item_identity"),
    )
    op.create_index("ix_item_published", "item", ["published"])
    op.create_index("ix_item_link", "item", ["link"])
    op.create_index("ix_item_fingerprint", "item", ["fingerprint"])


def _events() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("date", sa.Date()),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("disputed", sa.Boolean(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("opened", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("fold", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
    )
    op.create_index("ix_event_kind_date", "event", ["kind", "date"])
    op.create_index("ix_event_kind_region_date", "event", ["kind", "region", "date"])
    op.create_index("ix_event_updated", "event", ["updated"])
    op.create_table(
        "blockingkey",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "event_id", name="pk_blockingkey"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_blockingkey_event_id"),
    )


def _reports() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_report"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_report_item_id"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_report_event_id"),
        sa.UniqueConstraint("item_id", "event_id", "position", name="uq_report_item_id_event_id_position"),
    )
    op.create_index("ix_report_event_id", "report", ["event_id"])


def _subscriptions() -> None:
    op.create_table(
        "subscription",
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("kinds", sa.String(), nullable=False),
        sa.Column("regions", sa.String(), nullable=False),
        sa.Column("unconfirmed", sa.String(), nullable=False),
        sa.Column("suspended", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "thread_id", name="pk_subscription"),
    )


def _outbox() -> None:
    unique = ("event_id", "chat_id", "thread_id", "action", "revision")
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True)),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("anchor", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_delivery_event_id"),
        sa.UniqueConstraint(*unique, name="uq_delivery_event_id_chat_id_thread_id_action_revision"),
    )
    op.create_index("ix_delivery_chat_id_id", "delivery", ["chat_id", "id"])
    _partial("ix_delivery_queue", ["id"], WAITING)
    _partial("ix_delivery_waiting", ["chat_id", "id"], WAITING)
    _partial("ix_delivery_in_flight", ["chat_id"], IN_FLIGHT)


def _updates() -> None:
    op.create_table(
        "updatecursor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("next", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_updatecursor"),
    )
    op.create_table(
        "quarantine",
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("update_id", name="pk_quarantine"),
    )


def _partial(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, "delivery", columns, sqlite_where=where, postgresql_where=where)
