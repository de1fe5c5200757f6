"""Counts by month and side."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.render.counts import Counted, statistics
from bot.core.render.markup import LIMIT, units
from tests.botapi.markup import parse_html
from tests.core.render.test_pages import EVENTS, short
from tests.examples import BOOKS, exchange, strike
from tests.golden_files import assert_golden

NOW = datetime(2025, 6, 18, 12, tzinfo=UTC)
BELGOROD = strike(id=20, date=date(2025, 5, 2), facts={"region": "RU-BEL", "killed": 1, "injured": 3})


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
def test_counts_read_as_their_golden_files(language):
    book = BOOKS[language]
    year = tuple(map(short, (BELGOROD, exchange(), strike())))
    stats = statistics(["Lines: 12"], Counted(year, {"strike": 2}), NOW.year, book, charts=True)
    assert_golden(f"{language}/answer-stats.html", stats.text)


def test_charts_are_offered_where_there_are_any():
    def offered(*, charts: bool) -> int:
        return len(statistics([], Counted((), {}), NOW.year, BOOKS["en"], charts=charts).buttons)

    assert (offered(charts=True), offered(charts=False)) == (1, 0)


@given(events=EVENTS, language=st.sampled_from(("en", "uk", "ru")))
def test_counts_are_within_the_limits_and_parse(events, language):
    counted = Counted(tuple(map(short, events)), {"swap": 10**9})
    message = statistics(["x" * 300] * 8, counted, NOW.year, BOOKS[language], charts=True)
    told, entities = parse_html(message.text)
    assert 0 < units(told) <= LIMIT
    assert len(entities) <= 100
