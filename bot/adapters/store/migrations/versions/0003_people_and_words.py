"""More to choose in subscriptions; buttons, questions, alarms and pushed updates; events by day, region and word."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.adapters.recording import words_in

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

UNDATED = date(1, 1, 1)
BATCH = 500
EVENT = sa.table("event", sa.column("id", sa.Integer), sa.column("date", sa.Date), sa.column("fold", sa.Text))
REPORT = sa.table("report", sa.column("event_id", sa.Integer), sa.column("report", sa.Text))
WORD = sa.table("word", sa.column("word", sa.String), sa.column("event_id", sa.Integer))


def upgrade() -> None:
    """Add what is new; say of subscriptions what they were until now, and find the words of the events there are."""
    _subscriptions()
    _handles()
    _awaited()
    _alarms()
    _inbox()
    _days()
    _words()


def _subscriptions() -> None:
    with op.batch_alter_table("subscription") as table:
        table.add_column(sa.Column("least", sa.String(), nullable=False, server_default="{}"))
        table.add_column(sa.Column("sides", sa.String(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("updates", sa.String(), nullable=False, server_default="ring"))
        table.add_column(sa.Column("zone", sa.String(), nullable=False, server_default="Europe/Kyiv"))
        table.add_column(sa.Column("digest", sa.String()))
        table.add_column(sa.Column("quiet", sa.String()))
        table.add_column(sa.Column("owner", sa.BigInteger(), nullable=False, server_default="0"))
        table.add_column(sa.Column("title", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_subscription_owner", "subscription", ["owner"])


def _handles() -> None:
    op.create_table(
        "handle",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("issued", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_handle"),
    )
    op.create_index("ix_handle_chat_id_user_id_issued", "handle", ["chat_id", "user_id", "issued"])
    op.create_index("ix_handle_expires", "handle", ["expires"])


def _awaited() -> None:
    op.create_table(
        "awaited",
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "user_id", name="pk_awaited"),
    )


def _alarms() -> None:
    op.create_table(
        "alarm",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("phrase", sa.String(), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_alarm"),
    )
    _partial("ix_alarm_untold", "alarm", ["at", "key"], "NOT told")


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("update_id", name="pk_inbox"),
    )
    _partial("ix_inbox_waiting", "inbox", ["update_id"], "NOT done")
    _partial("ix_inbox_done", "inbox", ["at"], "done")


def _days() -> None:
    op.execute(sa.update(EVENT).where(EVENT.c.date.is_(None)).values(date=UNDATED))
    with op.batch_alter_table("event") as table:
        table.alter_column("date", existing_type=sa.Date(), nullable=False)
    op.create_index("ix_event_date", "event", ["date"])
    op.create_index("ix_event_region_date", "event", ["region", "date"])


def _words() -> None:
    """The words are what the program of today finds in a headline: it is the one that will look for them."""
    byte_order = sa.String().with_variant(sa.String(collation="C"), "postgresql")
    op.create_table(
        "word",
        sa.Column("word", byte_order, nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", "event_id", name="pk_word"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_word_event_id"),
        sqlite_with_rowid=False,
    )
    for events in _batches():
        values = [{"word": word, "event_id": number} for number, texts in _said(events) for word in words_in(texts)]
        if values:
            op.get_bind().execute(sa.insert(WORD), values)
    op.create_index("ix_word_event_id", "word", ["event_id"])


def _batches() -> Iterator[Sequence[Any]]:
    last = 0
    while (
        found := op.get_bind()
        .execute(sa.select(EVENT.c.id, EVENT.c.fold).where(EVENT.c.id > last).order_by(EVENT.c.id).limit(BATCH))
        .all()
    ):
        yield found
        last = found[-1].id


def _said(events: Sequence[Any]) -> Iterator[tuple[int, list[str]]]:
    """Yield the places and headlines of events; older programs kept no headline."""
    said: dict[int, list[str]] = {row.id: list(json.loads(row.fold)["facts"].get("places", ())) for row in events}
    reports = sa.select(REPORT.c.event_id, REPORT.c.report).where(REPORT.c.event_id.in_(said))
    for row in op.get_bind().execute(reports):
        said[row.event_id].append(json.loads(row.report)["origin"].get("title", ""))
    yield from said.items()


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
