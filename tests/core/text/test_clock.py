"""The clock of the war."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.core.text.clock import on_clock


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2025, 6, 9, 20, 59, tzinfo=UTC), date(2025, 6, 9)),
        (datetime(2025, 6, 9, 21, 0, tzinfo=UTC), date(2025, 6, 10)),
        (datetime.max.replace(tzinfo=UTC), date.max),
    ],
)
def test_the_day_begins_at_midnight_in_kyiv_and_moscow_as_far_as_the_calendar_goes(at: datetime, day: date) -> None:
    assert on_clock(at).date() == day
