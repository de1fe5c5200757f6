"""Counts by month and side, and the list of feeds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import PollState, Source
from bot.core.render.buttons import read_press
from bot.core.render.counts import Counted, ago, sources, statistics
from bot.core.render.markup import LIMIT, units
from tests.botapi.markup import parse_html
from tests.core.render.test_pages import EVENTS, short
from tests.examples import BOOKS, exchange, strike
from tests.golden_files import assert_golden

NOW = datetime(2025, 6, 18, 12, tzinfo=UTC)
BELGOROD = strike(id=20, date=date(2025, 5, 2), facts={"region": "RU-BEL", "killed": 1, "injured": 3})
FEEDS = (
    Source("bereg", "Берег News", "rss", "https://bereg.example/feed", "uk", "outlet", "UA"),
    Source("vestnik", "Северный <Вестник>", "rss", "https://vestnik.example/feed", "ru", "official", "RU"),
    Source("wire", "Sloboda Wire", "rss", "https://wire.example/feed", "en", "agency", "independent"),
)
STATES = {
    "bereg": PollState(
        source_id="bereg", next_at=NOW, last_success=NOW - timedelta(minutes=5), last_item=NOW - timedelta(hours=2)
    ),
    "vestnik": PollState(
        source_id="vestnik", next_at=NOW, failures=4, error="404", last_success=NOW - timedelta(days=3)
    ),
}


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
def test_counts_and_feeds_read_as_their_golden_files(language):
    book = BOOKS[language]
    year = tuple(map(short, (BELGOROD, exchange(), strike())))
    stats = statistics(["Lines: 12"], Counted(year, {"strike": 2}), NOW.date(), book, charts=True)
    assert_golden(f"{language}/answer-stats.html", stats.text)
    assert_golden(f"{language}/answer-sources.html", sources(FEEDS, STATES, NOW, book).text)


def test_charts_are_offered_where_there_are_any():
    def offered(*, charts: bool) -> int:
        return len(statistics([], Counted((), {}), NOW.date(), BOOKS["en"], charts=charts).buttons)

    assert (offered(charts=True), offered(charts=False)) == (1, 0)


def test_a_feed_that_fails_or_is_silent_is_marked():
    text = sources(FEEDS, STATES, NOW, BOOKS["en"]).text
    lines = {line.split(" ")[0]: line for line in text.splitlines()[3:]}
    assert "Sloboda" in lines["⏳"]
    assert "Вестник" in lines["⚠️"]
    assert "404" not in text
    late = {"bereg": replace(STATES["bereg"], last_success=NOW - timedelta(hours=13))}
    assert "⚠️ <a" in sources(FEEDS[:1], late, NOW, BOOKS["en"]).text


def test_many_feeds_come_in_pages_none_of_them_twice():
    many = [replace(FEEDS[0], id=f"s{n}", name=f"Feed {n:02}") for n in range(45)]
    shown = []
    for offset in (0, 20, 40):
        message = sources(many, {}, NOW, BOOKS["en"], offset)
        shown += [line for line in message.text.splitlines() if "Feed" in line]
        assert all(read_press(button.data) for row in message.buttons for button in row)
    assert len(shown) == len(set(shown)) == 45
    assert "41–45 of 45" in message.text
    assert sources(many, {}, NOW, BOOKS["en"], 900) == sources(many, {}, NOW, BOOKS["en"])


@pytest.mark.parametrize(("language", "said"), [("en", "2 hours ago"), ("uk", "2 години тому"), ("ru", "2 часа назад")])
def test_a_moment_is_so_long_ago(language, said):
    assert ago(NOW - timedelta(hours=2), NOW, BOOKS[language]) == said
    assert "1 " in ago(NOW + timedelta(days=1), NOW, BOOKS[language])


FEED = st.builds(
    Source,
    id=st.text(max_size=9),
    name=st.text(max_size=300),
    type=st.just("rss"),
    url=st.text(max_size=300) | st.just("https://x.example/" + "a" * 900),
    language=st.just("uk"),
    tier=st.sampled_from(("official", "register", "agency", "outlet", "aggregator")),
    side=st.sampled_from(("UA", "RU", "independent", "international")),
)


@given(
    feeds=st.lists(FEED, max_size=60),
    offset=st.integers(0, 80),
    events=EVENTS,
    language=st.sampled_from(("en", "uk", "ru")),
)
def test_counts_and_feeds_are_within_the_limits_and_parse(feeds, offset, events, language):
    counted = Counted(tuple(map(short, events)), {"swap": 10**9})
    for message in (
        sources(feeds, STATES, NOW, BOOKS[language], offset),
        statistics(["x" * 300] * 8, counted, NOW.date(), BOOKS[language], charts=True),
    ):
        told, entities = parse_html(message.text)
        assert 0 < units(told) <= LIMIT
        assert len(entities) <= 100
