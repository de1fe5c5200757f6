"""The dates of feeds: zones by name, and months in Ukrainian and Russian, each of which would put a night attack on the wrong day."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

LONGEST_DATE: Final = 64
"""In characters; what is longer is no date."""

_NAMED_ZONE = re.compile(r"\d\s+\(?(?!GMT|UTC|UT\b|AM|PM)([A-Z]{3,5})\)?$")
_HOURS_EAST = {"WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "TRT": 3, "MSD": 4}


def read_time(text: str, parsed: Any, now: datetime) -> datetime | None:
    """Read a date of a feed: by feedparser's own reading where that can be trusted, else in three languages.

    feedparser takes a zone that it does not know for UTC, and knows English months only. Relative dates count from `now`;
    a date without a zone is in UTC.
    """
    zone = _NAMED_ZONE.search(text)
    if parsed is not None and (zone is None or zone[1] in _HOURS_EAST):
        seconds = calendar.timegm(parsed) - 3600 * (_HOURS_EAST[zone[1]] if zone else 0)
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    return _in_three_languages(text, now) if len(text) <= LONGEST_DATE else None


def _in_three_languages(text: str, now: datetime) -> datetime | None:
    import dateparser  # noqa: PLC0415  (25 MiB, for the few feeds whose dates are not in English)

    settings = {"TIMEZONE": "UTC", "RETURN_AS_TIMEZONE_AWARE": True, "RELATIVE_BASE": now.replace(tzinfo=None)}
    time: datetime | None = dateparser.parse(text, languages=["en", "uk", "ru"], settings=settings)
    return time
