"""Column types that keep what a database would lose: the zone of a time, and text no database takes as it is."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time. SQLite would drop the zone and hand back local digits, so it is given UTC without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the time in UTC as the database keeps it; a naive time is a mistake of ours."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = f"a time without a zone cannot be stored: {value}"
            raise ValueError(msg)
        stored = value.astimezone(UTC)
        return stored.replace(tzinfo=None) if dialect.name == "sqlite" else stored

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the stored time, aware and in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class CleanText(TypeDecorator[str]):
    """Text from outside: NUL characters and lone surrogates, which PostgreSQL or UTF-8 refuse, become U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the text as every database takes it."""
        return None if value is None else clean(value)


def clean(text: str) -> str:
    """Return the text with what cannot be stored replaced by U+FFFD."""
    if text.isascii() and "\x00" not in text:
        return text
    whole = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    return whole.replace("\x00", "\ufffd")
