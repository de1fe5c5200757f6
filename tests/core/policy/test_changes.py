"""What is news."""

from __future__ import annotations

import pytest

from bot.core.policy import is_fresh
from tests.reports import at, event, june, swap


@pytest.mark.parametrize(
    ("published", "day", "status", "fresh"),
    [
        (at(9), june(9), "carried_out", True),
        (at(12), june(9), "carried_out", True),
        (at(13), june(9), "carried_out", False),
        (at(9, 22), june(10), "carried_out", True),
        (at(9), june(12), "carried_out", False),
        (at(9), june(30), "announced", True),
        (at(9, month=3), june(9), "announced", False),
    ],
)
def test_news_are_of_a_day_that_is_near(published, day, status, fresh):
    assert is_fresh(event(swap("Берег", published, day, status=status))) == fresh


def test_an_undated_event_is_old_by_its_first_report():
    plans = [swap("Берег", at(day), None, status="announced") for day in (9, 13)]
    assert is_fresh(event(plans[0]))
    assert not is_fresh(event(*plans))
