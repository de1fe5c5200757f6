"""Bombs in workers of the real kind: each harms itself alone, within a second of processor time and 64 MiB."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.core.sources
from bot.adapters.parser_pool import LIMITS, MOST_LARGE, ParserPool, open_parser
from bot.core.bounds import NotAFeedError
from bot.core.model import Feed, Response, Source
from bot.plugins import discover
from bot.ports import PermanentError, TemporaryError
from tests.bombs import BOMBS, Bomb, items, rss

ROOT = Path(__file__).parents[2]
NOW = datetime(2025, 6, 10, 12, tzinfo=UTC)
TYPES = {each.name: each for each in discover(bot.core.sources, "SOURCE")}
WORST = (
    "billion laughs",
    "150,000 tags that never end",
    "2 MiB of quotes for a pattern",
    "UTF-32 of 8 MiB",
    "string with one emoji",
    "article of paragraphs",
)
MOST_SECONDS, MOST_GROWTH, LONGEST_STALL = 1.0, 64.0, 0.1
SEEDS = [path.read_bytes() for path in sorted((ROOT / "tests/feeds").glob("*/*")) if path.suffix != ".json"]
LARGE = "".join(
    f"<item><title>{word} {number}</title><guid>{number}</guid><description><![CDATA[<p>{word * 60}</p><p>2</p>]]></description>"
    f"<pubDate>Tue, 10 Jun 2025 09:00:00 +0300</pubDate></item>"
    for number, word in zip(range(1_000), ("ferry back ", "пором знову ", "паром опять ") * 334, strict=False)
)


def test_the_worst_of_them_keep_within_the_limits():
    """Measured by the kernel in a process that holds nothing else; `bench/hostile.py` sets all of them off."""
    command = [sys.executable, "-m", "tests.blasts", *WORST]
    said = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, check=True
    )
    blasts = {blast["name"]: blast for blast in map(json.loads, said.stdout.splitlines())}
    assert blasts.keys() == set(WORST)
    assert {
        name: each for name, each in blasts.items() if each["seconds"] > MOST_SECONDS or each["growth"] > MOST_GROWTH
    } == {}
    assert blasts["150,000 tags that never end"]["outcome"] == "ended by SIGPROF"
    assert blasts["UTF-32 of 8 MiB"]["outcome"] == "1000 items"


async def read(pool: ParserPool, bomb: Bomb) -> Feed:
    source = Source(bomb.name, bomb.name, bomb.type, "https://a.example/rss", "uk")
    return await pool.parse(source, Response(source.url, 200, {}, bomb.body()), NOW)


async def test_a_thousand_items_in_three_languages_are_no_bomb():
    body = f"<rss version='2.0'><channel><title>x</title>{LARGE}</channel></rss>".encode()
    assert len(body) > 1 << 20
    async with open_parser(TYPES) as pool:
        feed = await read(pool, Bomb("large", "rss", lambda: body))
    assert len({item.id for item in feed.items}) == 1_000
    assert feed.items[1].body is None
    assert "пором знову" in feed.items[1].summary


async def test_a_bomb_is_flagged_in_a_line_that_says_what_was_wrong():
    async with open_parser(TYPES) as pool:
        said = {}
        for name in ("billion laughs", "150,000 tags that never end", "string with one emoji", "UTF-7"):
            with pytest.raises(PermanentError) as caught:
                await read(pool, BOMBS[name])
            said[name] = str(caught.value)
    assert said == {
        "billion laughs": "billion laughs: its entities are made of others, or come from elsewhere; no honest feed is made so",
        "150,000 tags that never end": "150,000 tags that never end: reading the feed failed,"
        f" it took more than {LIMITS.processor:g} s of processor time",
        "string with one emoji": "string with one emoji: reading the feed failed, it took too much memory, or broke what reads it",
        "UTF-7": "UTF-7: it is written in utf-7, in which no feed is; no honest feed is made so",
    }


def ready(bomb: Bomb) -> Bomb:
    """Return a bomb whose body is made already."""
    body = bomb.body()
    return replace(bomb, made=lambda: body)


async def test_the_loop_and_the_other_feeds_go_on_while_bombs_are_read():
    """The loop's stalls are its own processor time between two turns: others at work on the machine are not counted."""
    hostile = [ready(BOMBS[name]) for name in ("150,000 tags that never end", "title of 8 MiB", "nested arrays")]
    honest = [Bomb(f"feed{number}", "rss", lambda: rss(items(50))) for number in range(12)]
    async with open_parser(TYPES) as pool:
        await read(pool, honest[0])
        bombs = asyncio.gather(*(read(pool, bomb) for bomb in hostile), return_exceptions=True)
        feeds = asyncio.gather(*(read(pool, feed) for feed in honest))
        turns = [time.thread_time()]
        while not (bombs.done() and feeds.done()):
            await asyncio.sleep(0.001)
            turns.append(time.thread_time())
    assert all(isinstance(each, PermanentError) for each in bombs.result())
    assert [len(feed.items) for feed in feeds.result()] == [50] * 12
    assert max(after - before for before, after in pairwise(turns)) <= LONGEST_STALL


async def test_an_honest_feed_does_not_wait_for_a_hostile_one():
    async with open_parser(TYPES) as pool:
        await read(pool, Bomb("first", "rss", lambda: rss(items(1))))
        hostile = asyncio.create_task(read(pool, BOMBS["150,000 tags that never end"]))
        await asyncio.sleep(0)
        for number in range(5):
            assert len((await read(pool, Bomb(f"feed{number}", "rss", lambda: rss(items(50))))).items) == 50
        assert not hostile.done()
        with pytest.raises(PermanentError):
            await hostile


async def test_large_bodies_do_not_pile_up_before_the_workers():
    large = rss(items(10) + b"<item><title>%s</title></item>" % (b"a" * (3 << 19)))
    feeds = [Bomb(f"large{number}", "rss", lambda: large) for number in range(MOST_LARGE + 3)]
    async with open_parser(TYPES) as pool:
        told = await asyncio.gather(*(read(pool, feed) for feed in feeds), return_exceptions=True)
        assert len((await read(pool, feeds[-1])).items) == 11
    assert [isinstance(each, TemporaryError) for each in told] == [False] * MOST_LARGE + [True] * 3


def parsed(kind: str, body: bytes) -> Feed | None:
    source = Source("mine", "Mine", kind, "https://a.example/rss", "uk")
    try:
        return TYPES[kind].parse(source, Response(source.url, 200, {}, body), NOW)
    except NotAFeedError:
        return None


@settings(max_examples=60, deadline=timedelta(seconds=2))
@given(
    seed=st.sampled_from(SEEDS),
    cuts=st.lists(
        st.tuples(st.integers(0, 9_999), st.integers(0, 400), st.binary(max_size=12)), min_size=1, max_size=6
    ),
    kind=st.sampled_from(sorted(TYPES)),
)
def test_a_mutated_feed_is_read_or_refused(seed: bytes, cuts: list[tuple[int, int, bytes]], kind: str):
    body = seed
    for at, length, other in cuts:
        start = at * len(body) // 10_000
        body = body[:start] + other * 3 + body[start + length :]
    feed = parsed(kind, body)
    assert feed is None or all(item.id and item.published <= NOW for item in feed.items)


@settings(max_examples=100, deadline=timedelta(seconds=2))
@given(body=st.binary(max_size=300), kind=st.sampled_from(sorted(TYPES)))
def test_any_bytes_are_read_or_refused(body: bytes, kind: str):
    feed = parsed(kind, body)
    assert feed is None or all(item.id for item in feed.items)
