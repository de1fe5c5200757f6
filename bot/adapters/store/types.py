"""Column types that keep what a database would lose: the zone of a time, and text no database takes as it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, String, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

_ZONE = len("+00:00")


_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time. SQLite would drop the zone and hand back local digits, so it is given UTC without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the time in UTC as the database keeps it."""
        if value is None:
            return None
        stored = _in_utc(value)
        return stored.replace(tzinfo=None) if dialect.name == "sqlite" else stored

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        """Return what writes the time; SQLite's text in one step."""
        return _to_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the stored time, aware and in UTC."""
        return None if value is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """Return what reads the stored time; SQLite's text in one step, as every event that is looked at has two."""
        return _of_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _in_utc(value: datetime) -> datetime:
    """Return the time in UTC; a naive time is a mistake of ours."""
    if value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        msg = f"a time without a zone cannot be stored: {value}"
        raise ValueError(msg)
    return value.astimezone(UTC)


def _to_text(value: datetime | None) -> str | None:
    return None if value is None else _in_utc(value).isoformat(" ", "microseconds")[:-_ZONE]


def _of_text(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(f"{stored}+00:00")


class CleanText(TypeDecorator[str]):
    """Text from outside: NUL characters and lone surrogates, which PostgreSQL or UTF-8 refuse, become U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the text as every database takes it."""
        return _cleaned(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:  # noqa: ARG002
        """Return what writes the text, in one step: an item has six of them."""
        return _cleaned


def clean(text: str) -> str:
    """Return the text with what cannot be stored replaced by U+FFFD."""
    if "\0" not in text:
        with suppress(UnicodeEncodeError):
            text.encode()  # tells of lone surrogates ten times as fast as a search for them
            return text
    return _UNSTORABLE.sub("\ufffd", text)


def _cleaned(value: str | None) -> str | None:
    return None if value is None else clean(value)


class ByteOrder(TypeDecorator[str]):
    """Text that is compared byte by byte, so that all that begins alike stands together: SQLite does so anyway."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """Return a string without the sorting rules of a language."""
        return dialect.type_descriptor(String(collation="C" if dialect.name == "postgresql" else None))
