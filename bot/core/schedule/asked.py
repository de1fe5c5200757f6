"""What publishers ask for: in headers how long an answer is good for, in feeds when they rest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from bot.core.model import Rest

GONE: Final = 24 * 3600.0
"""Seconds; nobody can put us off for longer."""

_LEAST = 60.0
_WEEK = 7 * 24
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age=\"?(\d{1,9})")


def asked_pause(headers: Mapping[str, str], rest: Rest, now: datetime) -> float:
    """Return the seconds for which the publisher says that nothing will change, 0 where it says nothing.

    The longest of Cache-Control max-age, Expires, and what the feed itself says. What caches between us are told
    (s-maxage) is not meant for us.
    """
    control = headers.get("cache-control", "")
    fresh = _MAX_AGE.search(control) if control else None
    age = int(fresh[1]) if fresh and "no-cache" not in control and "no-store" not in control else 0
    expires = 0.0 if fresh or "expires" not in headers else _seconds_until(headers["expires"], headers, now)
    return max(float(age), expires, rest.seconds)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of a Retry-After header, given in seconds or as a date, within a minute and a day.

    A date counts from the answer's own Date, so that clocks need not agree.
    """
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    seconds = float(value[:9]) if value.isascii() and value.isdigit() else _seconds_until(value, headers)
    return min(max(seconds, _LEAST), GONE)


def allowed(rest: Rest, time: datetime) -> datetime:
    """Return the first moment from `time` on at which the feed does not rest.

    A feed that rests at all hours of all days does not mean it.
    """
    if not rest.hours and not rest.days:
        return time
    whole = time.replace(minute=0, second=0, microsecond=0)
    hours = (whole + timedelta(hours=step) for step in range(_WEEK))
    return next((max(hour, time) for hour in hours if not _rests(rest, hour)), time)


def _rests(rest: Rest, hour: datetime) -> bool:
    return hour.hour in rest.hours or hour.weekday() in rest.days


def _seconds_until(date: str, headers: Mapping[str, str], now: datetime | None = None) -> float:
    """Measure by the server's own clock where it shows one; a date in the past or unreadable is 0."""
    then, start = _http_date(date), _http_date(headers.get("date", "")) or now
    return max(0.0, (then - start).total_seconds()) if then and start else 0.0


def _http_date(text: str) -> datetime | None:
    try:
        then = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return then if then.tzinfo else then.replace(tzinfo=UTC)
