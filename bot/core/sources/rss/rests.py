"""When a feed asks not to be polled: `ttl`, `skipHours` and `skipDays` of RSS, and the syndication module."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from bot.core.model import Rest

LONGEST_LIST: Final = 4096
"""Bytes of `skipHours` and `skipDays` that are looked at."""

_PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 7 * 86_400, "monthly": 30 * 86_400, "yearly": 365 * 86_400}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HOURS = 24
"""Also how early versions of RSS write midnight."""
_ITEM = re.compile(rb"<item[\s>]", re.IGNORECASE)
_LISTED = re.compile(rb">\s*([a-zA-Z0-9]{1,9})\s*<")


def rest_of(feed: Mapping[str, Any], body: bytes) -> Rest:
    """Return when a feed asks not to be polled; what cannot be read asks for nothing.

    The lists are read from the bytes, because feedparser keeps the last entry of each alone; those that stand in the text
    of an item are about something else.
    """
    first = _ITEM.search(body)
    body = body[: first.start()] if first else body
    hours = (int(hour) for hour in _listed(body, b"skipHours") if hour.isdigit() and int(hour) <= _HOURS)
    days = (_DAYS.index(day) for day in _listed(body, b"skipDays") if day in _DAYS)
    return Rest(_seconds(feed), frozenset(hour % _HOURS for hour in hours), frozenset(days))


def _listed(body: bytes, name: bytes) -> list[str]:
    start = body.find(b"<" + name)
    end = body.find(b"</" + name, start)
    if start < 0 or end < 0:
        return []
    return [word.decode().lower() for word in _LISTED.findall(body[start : min(end + 1, start + LONGEST_LIST)])]


def _seconds(feed: Mapping[str, Any]) -> float:
    """Return for how long an answer is good: the `ttl` in minutes, else the period of updates by their number in it.

    "Once an hour" is what WordPress writes into every feed whatever its site does: it says nothing.
    """
    if minutes := _count(feed.get("ttl")):
        return 60.0 * minutes
    period = _PERIODS.get(str(feed.get("sy_updateperiod") or "").strip().lower(), 0)
    seconds = period / (_count(feed.get("sy_updatefrequency")) or 1)
    return 0.0 if seconds == _PERIODS["hourly"] else seconds


def _count(value: object) -> int:
    text = str(value or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len("525600") else 0
