"""Which backups are kept: the last week day by day, and a month of weeks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.core.retention import DAILY, WEEKLY, kept

FIRST = datetime(2026, 1, 1, 3, tzinfo=UTC)
DAY = timedelta(days=1)


def after(days: int, made: set[datetime]) -> set[datetime]:
    """Make a backup on each of so many days, and thin them each time."""
    for day in range(days):
        made = set(kept(made | {FIRST + day * DAY}))
    return made


def test_a_week_is_kept_day_by_day_and_the_four_before_by_their_last():
    made = sorted(after(60, set()))
    last = FIRST + 59 * DAY  # a Sunday
    assert last.isoweekday() == 7
    assert made[-DAILY:] == [last - day * DAY for day in range(DAILY - 1, -1, -1)]
    assert made[:-DAILY] == [last - week * 7 * DAY for week in range(WEEKLY, 0, -1)]


def test_never_more_than_eleven_are_kept_and_the_oldest_is_three_weeks_old_or_more():
    for days in range(40, 60):
        made = after(days, set())
        assert len(made) <= DAILY + WEEKLY
        assert max(made) - min(made) >= 21 * DAY


def test_of_one_day_the_last_is_kept():
    made = [FIRST + timedelta(hours=hour) for hour in range(5)]
    assert kept(made) == {made[-1]}


def test_after_a_long_pause_what_there_is_stays():
    made = after(5, set())
    assert kept(made | {FIRST + 300 * DAY}) >= made
    assert kept(()) == frozenset()
