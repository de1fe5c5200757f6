"""The dates of feeds: zones by name, and months in Ukrainian and Russian, each of which would put a night attack on the wrong day."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

LONGEST_DATE: Final = 64
"""In characters; what is longer is no date."""
MOST_WORDED: Final = 100
"""Dates of one feed that are read in three languages."""

_NAMED_ZONE = re.compile(r"\d\s+\(?(?!GMT|UTC|UT\b|AM|PM)([A-Z]{3,5})\)?$")
_HOURS_EAST = {"WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "TRT": 3, "MSD": 4}


class Dates:
    """The dates of one feed. Relative ones count from `now`; one without a zone is in UTC.

    At most `MOST_WORDED` are read in three languages, which takes 2 ms each; the others count as missing.
    """

    __slots__ = ("_left", "_now")

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._left = MOST_WORDED

    def read(self, text: str, parsed: Any) -> datetime | None:
        """Read a date by feedparser's own reading where that can be trusted, else in three languages.

        feedparser takes a zone that it does not know for UTC, and knows English months only.
        """
        zone = _NAMED_ZONE.search(text)
        if parsed is not None and (zone is None or zone[1] in _HOURS_EAST):
            seconds = calendar.timegm(parsed) - 3600 * (_HOURS_EAST[zone[1]] if zone else 0)
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
        if len(text) > LONGEST_DATE or self._left <= 0:
            return None
        self._left -= 1
        return _in_three_languages(text, self._now)


def _in_three_languages(text: str, now: datetime) -> datetime | None:
    import dateparser  # noqa: PLC0415  (large, and few feeds have dates that are not in English)

    settings = {"TIMEZONE": "UTC", "RETURN_AS_TIMEZONE_AWARE": True, "RELATIVE_BASE": now.replace(tzinfo=None)}
    time: datetime | None = dateparser.parse(text, languages=["en", "uk", "ru"], settings=settings)
    return time
