"""The list of feeds: how they do, in words for readers and with the trouble for admins."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import PollState, Source
from bot.core.render.buttons import read_press
from bot.core.render.feeds import SIGNS, Feeds, ago, feeds, public
from bot.core.render.markup import LIMIT, units
from tests.botapi.markup import parse_html
from tests.examples import BOOKS
from tests.golden_files import assert_golden

NOW = datetime(2025, 6, 18, 12, tzinfo=UTC)
FEEDS = (
    Source("bereg", "Берег News", "rss", "https://bereg.example/feed", "uk", "outlet", "UA"),
    Source("vestnik", "Северный <Вестник>", "rss", "https://vestnik.example/feed?key=canary", "ru", "official", "RU"),
    Source("wire", "Sloboda Wire", "rss", "https://wire.example/feed", "en", "agency", "independent"),
    Source("step", "Степ", "telegram_web", "https://t.me/s/step", "uk", "official", "UA"),
    Source("old", "Old Post", "rss", "https://old.example/rss", "en", "outlet", "international"),
)
READ = PollState(
    source_id="bereg",
    next_at=NOW,
    interval=600.0,
    address="https://user:canary@new.example/feed",
    last_success=NOW - timedelta(minutes=5),
    last_item=NOW - timedelta(hours=2),
)
STATES = {
    "bereg": READ,
    "vestnik": PollState(
        source_id="vestnik",
        next_at=NOW,
        failures=4,
        interval=3600.0,
        error="https://vestnik.example/feed: status 404; see in a browser what stands there",
        last_success=NOW - timedelta(days=3),
    ),
    "step": PollState(
        source_id="step",
        next_at=NOW,
        interval=21600.0,
        last_success=NOW - timedelta(hours=1),
        last_item=NOW - timedelta(days=9),
    ),
    "old": PollState(
        source_id="old", next_at=NOW, ended=NOW, error="status 410", last_success=NOW - timedelta(days=30)
    ),
}
KNOWN = Feeds(FEEDS, STATES, {"step": "silent"})


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
def test_feeds_read_as_their_golden_files(language):
    book = BOOKS[language]
    assert_golden(f"{language}/answer-sources.html", feeds(KNOWN, NOW, book).text)
    assert_golden(f"{language}/answer-sources-admin.html", feeds(KNOWN, NOW, book, details=True).text)


def test_a_feed_that_ails_comes_first_and_is_marked():
    told = feeds(KNOWN, NOW, BOOKS["en"]).text.splitlines()
    assert told[1] == "✅ 1 is fine · ⚠️ 3 are in trouble · ⏳ 1 is not read yet"
    signs = [line.split(" ")[0] for line in told[4:]]
    assert (set(signs[:3]), signs[3:]) == ({"⛔", "⚠️", "🔇"}, ["✅", "⏳"])


def test_readers_are_told_no_error_and_nobody_a_secret():
    for details in (False, True):
        text = feeds(KNOWN, NOW, BOOKS["en"], details=details).text
        assert "canary" not in text
        assert ("status 404" in text) is details
        assert ("every 10 minutes" in text) is details


def test_a_feed_that_was_not_read_for_half_a_day_is_in_trouble():
    late = {"bereg": replace(READ, last_success=NOW - timedelta(hours=13))}
    assert Feeds(FEEDS, late).condition(FEEDS[0], NOW) == "failing"
    assert Feeds(FEEDS, {"bereg": replace(READ, last_success=None)}).condition(FEEDS[0], NOW) == "never"


@pytest.mark.parametrize("language", BOOKS)
def test_every_sign_has_its_words(language):
    assert all(BOOKS[language].say(f"question.sources.sign.{name}") for name in SIGNS)


@pytest.mark.parametrize(("details", "size"), [(False, 20), (True, 10)])
def test_many_feeds_come_in_pages_none_of_them_twice(details, size):
    many = Feeds([replace(FEEDS[0], id=f"s{n}", name=f"Feed {n:02}") for n in range(45)], {})
    shown = []
    for offset in range(0, 45, size):
        message = feeds(many, NOW, BOOKS["en"], offset, details=details)
        shown += [line for line in message.text.splitlines() if "Feed" in line]
        assert all(read_press(button.data) for row in message.buttons for button in row)
    assert len(shown) == len(set(shown)) == 45
    assert "41–45 of 45" in message.text
    assert feeds(many, NOW, BOOKS["en"], 900) == feeds(many, NOW, BOOKS["en"])


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:pass@x.example:8443/feed?key=1#2", "https://x.example:8443/feed"),
        ("https://[bad", ""),
        ("", ""),
    ],
)
def test_an_address_is_shown_without_what_may_be_secret(url, shown):
    assert public(url) == shown


@pytest.mark.parametrize(("language", "said"), [("en", "2 hours ago"), ("uk", "2 години тому"), ("ru", "2 часа назад")])
def test_a_moment_is_so_long_ago(language, said):
    assert ago(NOW - timedelta(hours=2), NOW, BOOKS[language]) == said
    assert "1 " in ago(NOW + timedelta(days=1), NOW, BOOKS[language])


FEED = st.builds(
    Source,
    id=st.sampled_from([*STATES, "other"]) | st.text(max_size=9),
    name=st.text(max_size=300),
    type=st.just("rss"),
    url=st.text(max_size=300) | st.just("https://x.example/" + "a" * 900),
    language=st.just("uk"),
    tier=st.sampled_from(("official", "register", "agency", "outlet", "aggregator")),
    side=st.sampled_from(("UA", "RU", "independent", "international")),
)


@given(
    many=st.lists(FEED, max_size=60),
    error=st.text(max_size=400),
    offset=st.integers(0, 80),
    details=st.booleans(),
    language=st.sampled_from(("en", "uk", "ru")),
)
def test_feeds_are_within_the_limits_and_parse(many, error, offset, details, language):
    states = {name: replace(state, error=error, failures=1) for name, state in STATES.items()}
    told, entities = parse_html(feeds(Feeds(many, states), NOW, BOOKS[language], offset, details=details).text)
    assert 0 < units(told) <= LIMIT
    assert len(entities) <= 100


def test_a_feed_that_is_left_alone_because_its_publisher_asks_for_it_is_well():
    source = FEEDS[0]
    state = PollState(source_id=source.id, next_at=NOW, first_success=NOW, last_success=NOW - timedelta(hours=20))
    asked = replace(state, asked_until=NOW + timedelta(hours=4))
    assert [Feeds([source], {source.id: each}).condition(source, NOW) for each in (state, asked)] == ["failing", "ok"]
