"""The tables of what comes in: how each source does, its items, what is left of pruned ones, and who pushes news."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlmodel import Field

from bot.adapters.store.tables.base import Base, table_of
from bot.adapters.store.types import CleanText, UtcDateTime

DUE = "listed AND ended IS NULL"


class PollState(Base, table=True):
    """What is remembered of a source between two polls; `listed` while it stands in the sources file.

    `moves` and `rest` are JSON.
    """

    __table_args__ = (Index("ix_pollstate_due", "next_at", sqlite_where=text(DUE), postgresql_where=text(DUE)),)

    source_id: str = Field(primary_key=True)
    next_at: datetime = Field(sa_type=UtcDateTime)
    etag: str = Field(sa_type=CleanText)
    last_modified: str = Field(sa_type=CleanText)
    body_hash: str
    interval: float
    failures: int
    error: str = Field(sa_type=CleanText)
    first_success: datetime | None = Field(sa_type=UtcDateTime)
    last_success: datetime | None = Field(sa_type=UtcDateTime)
    last_item: datetime | None = Field(sa_type=UtcDateTime)
    configured: str = Field(default="", sa_type=CleanText)
    address: str = Field(default="", sa_type=CleanText)
    moved_to: str = Field(default="", sa_type=CleanText)
    rest: str = Field(default="", sa_type=CleanText)
    moves: str = Field(default="[]", sa_type=CleanText)
    moved_days: int = 0
    moved_on: date | None = None
    rhythm: float = 0.0
    asked_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    polled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    live_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failing_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended: datetime | None = Field(default=None, sa_type=UtcDateTime)
    listed: bool = True


class Item(Base, table=True):
    """A feed entry. `identity`, `link` and `fingerprint` are digests: any of them known means it was seen.

    `fingerprint` is empty where nobody knows what the words were. `edited` counts how often the item was read again.
    """

    id: int | None = Field(default=None, primary_key=True)
    source_id: str
    guid: str = Field(sa_type=CleanText)
    language: str
    url: str = Field(sa_type=CleanText)
    published: datetime = Field(sa_type=UtcDateTime, index=True)
    title: str = Field(sa_type=CleanText)
    summary: str = Field(sa_type=CleanText)
    body: str | None = Field(sa_type=CleanText)
    identity: str = Field(unique=True)
    link: str | None = Field(index=True)
    fingerprint: str | None = Field(index=True)
    edited: int = 0
    seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    page: str | None = Field(default=None, sa_type=CleanText)
    via: str = Field(default="", sa_type=CleanText)


class Alias(Base, table=True):
    """A digest of an id or address that an item had later, and when it was seen first."""

    digest: str = Field(primary_key=True)
    item_id: int = Field(foreign_key="item.id", index=True)
    at: datetime = Field(sa_type=UtcDateTime)


class Tombstone(Base, table=True):
    """A digest of an item that was pruned: it is known, though nothing else of it is kept; `at` is when it was met last."""

    digest: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)


class SourceDay(Base, table=True):
    """What a source brought on one day (UTC): new items, how many had no time or no link, and reports read in them."""

    source_id: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    items: int
    undated: int
    unlinked: int
    reports: int


class HubLease(Base, table=True):
    """That a hub pushes the news of a source to us: asked for, standing until a time, or being given back."""

    key: str = Field(primary_key=True)
    source_id: str = Field(sa_type=CleanText)
    hub: str = Field(sa_type=CleanText)
    topic: str = Field(sa_type=CleanText)
    secret: str
    wish: str
    next_at: datetime = Field(sa_type=UtcDateTime)
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    pushed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failures: int = 0
    error: str = Field(default="", sa_type=CleanText)


poll_state = table_of(PollState)
item = table_of(Item)
alias = table_of(Alias)
tombstone = table_of(Tombstone)
source_day = table_of(SourceDay)
hub_lease = table_of(HubLease)
