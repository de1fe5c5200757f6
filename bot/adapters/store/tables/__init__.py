"""The tables: what is kept between two runs of the daemon.

Facts, claims and evidence are JSON in one column, tagged by the kind beside them, so that a new event kind needs no
migration; what is searched for has columns and indexes of its own. Rows meet values in `rows` and nowhere else.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlmodel import Field

from bot.adapters.store.tables.base import Base, table_of
from bot.adapters.store.tables.base import metadata as metadata
from bot.adapters.store.tables.feeds import DUE as DUE
from bot.adapters.store.tables.feeds import alias as alias
from bot.adapters.store.tables.feeds import hub_lease as hub_lease
from bot.adapters.store.tables.feeds import item as item
from bot.adapters.store.tables.feeds import poll_state as poll_state
from bot.adapters.store.tables.feeds import source_day as source_day
from bot.adapters.store.tables.feeds import tombstone as tombstone
from bot.adapters.store.types import ByteOrder, CleanText, UtcDateTime

WAITING = "state IN ('pending', 'retry')"
IN_FLIGHT = "state IN ('sending', 'unknown')"
TOGETHER = "digest IS NOT NULL"
HELD = "state = 'retry'"
GATHERED = f"gathered AND {WAITING}"
LIVING_POST = "action = 'post' AND state <> 'dead'"
IN_FORCE = "undone_at IS NULL"
UNTOLD = "NOT told"
UNDONE = "NOT done"
DONE = "done"

UNDATED = date.min
"""The date of an event without one: where NULL sorts is the one thing databases do not agree on."""


class Event(Base, table=True):
    """An event as last folded. `fold` is JSON: facts, claims, history and the order of its reports.

    One that turned out to be another one has `merged_into`, and neither reports nor keys. Without a date it has UNDATED.
    """

    __table_args__ = (
        Index(None, "date"),
        Index(None, "kind", "date"),
        Index(None, "region", "date"),
        Index(None, "kind", "region", "date"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    date: date
    region: str
    status: str
    disputed: bool
    confirmed: bool
    opened: datetime = Field(sa_type=UtcDateTime)
    updated: datetime = Field(sa_type=UtcDateTime, index=True)
    revision: int
    fold: str = Field(sa_type=CleanText)
    verdict: str
    merged_into: int


class BlockingKey(Base, table=True):
    """A key under which later reports find the event."""

    key: str = Field(primary_key=True)
    event_id: int = Field(primary_key=True, foreign_key="event.id", index=True)


class Word(Base, table=True):
    """A word of an event's headlines or places, folded, by whose beginning it is found: compared byte by byte."""

    __table_args__ = ({"sqlite_with_rowid": False},)

    word: str = Field(primary_key=True, sa_type=ByteOrder)
    event_id: int = Field(primary_key=True, foreign_key="event.id", index=True)


class Report(Base, table=True):
    """What one item says about one event, as JSON; `position` is its place among the item's reports.

    `decision` is why it stands in its event. One that is `gone` was taken back by an edit of its item; its event is the one that it
    stood in last.
    """

    __table_args__ = (UniqueConstraint("item_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="item.id")
    event_id: int = Field(foreign_key="event.id", index=True)
    position: int
    kind: str
    report: str = Field(sa_type=CleanText)
    decision: str = Field(sa_type=CleanText)
    gone: bool = False


class Ruling(Base, table=True):
    """What an admin decided, as JSON, about which reports; on `event_id` it was made, wherever the reports stand now."""

    __table_args__ = (
        Index("ix_ruling_report", "report_id", sqlite_where=text(IN_FORCE), postgresql_where=text(IN_FORCE)),
        Index("ix_ruling_other", "other_id", sqlite_where=text(IN_FORCE), postgresql_where=text(IN_FORCE)),
    )

    id: int | None = Field(default=None, primary_key=True)
    event_id: int = Field(foreign_key="event.id")
    report_id: int = Field(foreign_key="report.id")
    other_id: int | None = Field(foreign_key="report.id")
    ruling: str = Field(sa_type=CleanText)
    undone_by: int = Field(sa_type=BigInteger)
    undone_at: datetime | None = Field(sa_type=UtcDateTime)


class Revision(Base, table=True):
    """One change of an event. `changes` is JSON: the values before and after, and the reasons."""

    event_id: int = Field(primary_key=True, foreign_key="event.id")
    number: int = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    weight: str
    changes: str = Field(sa_type=CleanText)


class Feedback(Base, table=True):
    """A reader called an event something."""

    event_id: int = Field(primary_key=True, foreign_key="event.id")
    user_id: int = Field(primary_key=True, sa_type=BigInteger)
    what: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)


class Subscription(Base, table=True):
    """What one chat, or one topic of it, wants; what is more than one value is JSON."""

    chat_id: int = Field(primary_key=True, sa_type=BigInteger)
    thread_id: int = Field(primary_key=True, sa_type=BigInteger)
    language: str
    kinds: str
    regions: str
    unconfirmed: str
    suspended: str = Field(sa_type=CleanText)
    least: str
    sides: str
    updates: str
    zone: str
    digest: str | None
    quiet: str | None
    owner: int = Field(sa_type=BigInteger, index=True)
    title: str = Field(sa_type=CleanText)


class Handle(Base, table=True):
    """What a button means that was handed out, and when it was."""

    __table_args__ = (Index(None, "chat_id", "user_id", "issued"),)

    token: str = Field(primary_key=True)
    data: str = Field(sa_type=CleanText)
    user_id: int = Field(sa_type=BigInteger)
    chat_id: int = Field(sa_type=BigInteger)
    expires: datetime = Field(sa_type=UtcDateTime, index=True)
    message_id: int = Field(sa_type=BigInteger)
    issued: datetime = Field(sa_type=UtcDateTime)


class Awaited(Base, table=True):
    """A question to which a person's next message in a chat is the answer."""

    chat_id: int = Field(primary_key=True, sa_type=BigInteger)
    user_id: int = Field(primary_key=True, sa_type=BigInteger)
    about: str = Field(sa_type=CleanText)
    message_id: int = Field(sa_type=BigInteger)
    expires: datetime = Field(sa_type=UtcDateTime)


class Alarm(Base, table=True):
    """An alarm that stands; `values` is JSON. Nobody was told of it before `told`."""

    __table_args__ = (Index("ix_alarm_untold", "at", "key", sqlite_where=text(UNTOLD), postgresql_where=text(UNTOLD)),)

    key: str = Field(primary_key=True, sa_type=CleanText)
    phrase: str
    values: str = Field(sa_type=CleanText)
    at: datetime = Field(sa_type=UtcDateTime)
    told: bool


class Inbox(Base, table=True):
    """A Telegram update that was pushed. Once done it is known by its number alone."""

    __table_args__ = (
        Index("ix_inbox_waiting", "update_id", sqlite_where=text(UNDONE), postgresql_where=text(UNDONE)),
        Index("ix_inbox_done", "at", sqlite_where=text(DONE), postgresql_where=text(DONE)),
    )

    update_id: int = Field(primary_key=True, sa_type=BigInteger)
    raw: str = Field(sa_type=CleanText)
    at: datetime = Field(sa_type=UtcDateTime)
    done: bool


class Delivery(Base, table=True):
    """One row of the outbox.

    pending -> sending -> sent | retry | dead | unknown; unknown -> sent | retry | dead; retry -> sending.
    `message_id` is the message this row made or changed; a post's `content` is the digest of what it shows now.
    `claimed` is when it last left; a reply does not leave before `floor` seconds have passed since the sound before it, an
    edit since its post was last `edited`. Posts that leave, or have left, as one message share the number of their `digest`.
    """

    __table_args__ = (
        Index(None, "chat_id", "id"),
        Index("ix_delivery_place", "event_id", "chat_id", "thread_id", "audience", "action"),
        Index(
            "uq_delivery_post",
            *("event_id", "chat_id", "thread_id", "audience"),
            unique=True,
            sqlite_where=text(LIVING_POST),
            postgresql_where=text(LIVING_POST),
        ),
        Index(
            "ix_delivery_queue",
            *("lane", "chat_id", "id", "not_before"),
            sqlite_where=text(WAITING),
            postgresql_where=text(WAITING),
        ),
        Index("ix_delivery_held", "chat_id", "not_before", sqlite_where=text(HELD), postgresql_where=text(HELD)),
        Index("ix_delivery_gathered", "not_before", sqlite_where=text(GATHERED), postgresql_where=text(GATHERED)),
        Index("ix_delivery_in_flight", "chat_id", sqlite_where=text(IN_FLIGHT), postgresql_where=text(IN_FLIGHT)),
        Index("ix_delivery_digest", "digest", sqlite_where=text(TOGETHER), postgresql_where=text(TOGETHER)),
    )

    id: int | None = Field(default=None, primary_key=True)
    event_id: int = Field(foreign_key="event.id")
    chat_id: int = Field(sa_type=BigInteger)
    thread_id: int = Field(sa_type=BigInteger)
    language: str
    action: str
    revision: int
    state: str
    attempt: int
    not_before: datetime | None = Field(sa_type=UtcDateTime)
    message_id: int = Field(sa_type=BigInteger)
    content: str
    anchor: int = Field(sa_type=BigInteger)
    reason: str = Field(sa_type=CleanText)
    audience: str
    under: int
    floor: float
    claimed: datetime | None = Field(sa_type=UtcDateTime)
    lane: int
    gathered: bool
    digest: int | None
    edited: datetime | None = Field(sa_type=UtcDateTime)


class Chat(Base, table=True):
    """A chat that deliveries go to: in which round it was served last, and the newest message id known there."""

    __table_args__ = (Index(None, "served", "number"),)

    number: int | None = Field(default=None, primary_key=True)
    chat_id: int = Field(sa_type=BigInteger, unique=True)
    served: int
    newest: int = Field(sa_type=BigInteger)


class Answer(Base, table=True):
    """One of our newest answers in a group or channel: no search for a lost post may write over it."""

    chat_id: int = Field(primary_key=True, sa_type=BigInteger)
    message_id: int = Field(primary_key=True, sa_type=BigInteger)


class Lease(Base, table=True):
    """A role that one process at a time has: which one, by the `mark` that no other has; "" where none has it."""

    name: str = Field(primary_key=True)
    number: int
    beat: int = Field(sa_type=BigInteger)
    since: datetime = Field(sa_type=UtcDateTime)
    host: str = Field(sa_type=CleanText)
    pid: int
    mark: str
    bot: int = Field(sa_type=BigInteger)


class UpdateCursor(Base, table=True):
    """One row: the next Telegram update to ask for."""

    id: int = Field(primary_key=True)
    next: int = Field(sa_type=BigInteger)


class Quarantine(Base, table=True):
    """A Telegram update that could not be handled."""

    update_id: int = Field(primary_key=True, sa_type=BigInteger)
    raw: str = Field(sa_type=CleanText)
    error: str = Field(sa_type=CleanText)


event = table_of(Event)
blocking_key = table_of(BlockingKey)
word = table_of(Word)
report = table_of(Report)
ruling = table_of(Ruling)
revision = table_of(Revision)
feedback = table_of(Feedback)
subscription = table_of(Subscription)
handle = table_of(Handle)
awaited = table_of(Awaited)
alarm = table_of(Alarm)
inbox = table_of(Inbox)
delivery = table_of(Delivery)
chat = table_of(Chat)
answer = table_of(Answer)
lease = table_of(Lease)
update_cursor = table_of(UpdateCursor)
quarantine = table_of(Quarantine)
