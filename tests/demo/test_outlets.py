"""The demo's outlets publish as real ones do, in every format."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

import bot.core.sources
from bot.adapters.http import open_fetch
from bot.core.model import PollState
from bot.demo.outlets import load_outlets, open_outlets
from bot.demo.play import SetClock
from bot.plugins import discover
from bot.settings import Settings

TYPES = {source_type.name: source_type for source_type in discover(bot.core.sources, "SOURCE")}
OUTLETS = load_outlets()
LAST = datetime(2025, 6, 14, tzinfo=UTC)


def test_there_are_ten_outlets_and_more_in_three_languages_and_three_formats():
    assert len(OUTLETS) >= 10
    assert {outlet.language for outlet in OUTLETS} == {"en", "uk", "ru"}
    assert {outlet.format for outlet in OUTLETS} == {"rss", "atom", "jsonfeed"}
    times = [story.published for outlet in OUTLETS for story in outlet.stories]
    assert timedelta(days=12) < max(times) - min(times) <= timedelta(days=14)


@pytest.fixture
async def door():
    settings = Settings(fetch_allow="127.0.0.0/8")
    async with open_fetch(version="0", allow=settings.fetch_allow) as fetch:
        yield fetch


@pytest.mark.parametrize("kind", ["rss", "atom", "jsonfeed"])
async def test_a_feed_is_read_back_as_it_was_written(door, kind):
    outlet = max((each for each in OUTLETS if each.format == kind), key=lambda each: len(each.stories))
    async with open_outlets([outlet], SetClock(LAST)) as (source,):
        source_type = TYPES[source.type]
        response = await door.fetch(source_type.request(source, None))
        items = source_type.parse(source, response, LAST).items
    assert {item.title for item in items} == {story.title for story in outlet.stories}
    assert {item.published for item in items} == {story.published for story in outlet.stories}
    assert {item.url for item in items} == {story.url for story in outlet.stories}


async def test_nothing_is_published_before_its_time_and_a_reader_who_has_it_all_gets_304(door):
    outlet = OUTLETS[0]
    first = outlet.stories[0].published
    clock = SetClock(first - timedelta(minutes=1))
    async with open_outlets([outlet], clock) as (source,):
        source_type = TYPES[source.type]
        before = await door.fetch(source_type.request(source, None))
        state = PollState(source_id=source.id, next_at=LAST, etag=before.headers["etag"])
        assert source_type.parse(source, before, LAST).items == ()
        assert (await door.fetch(source_type.request(source, state))).status == 304
        clock.time = first
        assert len(source_type.parse(source, await door.fetch(source_type.request(source, state)), LAST).items) == 1
