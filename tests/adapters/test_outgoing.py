"""Feeds and exports over real HTTP: what is asked for, what is kept, and that a thousand readers cost one question."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import gzip
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO, StringIO
from itertools import count

import aiohttp
import feedparser
import pytest
from icalendar import Calendar

import bot.core.export
import bot.core.syndication
from bot.adapters.http import Asked, Said, open_listener
from bot.adapters.memory import Memory
from bot.adapters.outgoing import Forms, Outgoing, outgoing_routes
from bot.core.export import LICENCE_URL, Edition
from bot.core.model import Event
from bot.exporting import Exporting, Whereabouts
from bot.plugins import discover
from bot.ports import TemporaryError
from tests.adapters.asking_contract import told
from tests.adapters.records import NOON, claim_one, kept, opened, planned, verdict
from tests.core.export.editions import EDITION
from tests.examples import BOOKS

FORMS = Forms(discover(bot.core.export, "FORMAT"), discover(bot.core.syndication, "FEED"))


class Shelf(Memory):
    """A store that counts how often it is asked, and is out of order where that is wanted."""

    def __init__(self) -> None:
        super().__init__()
        self.looks = self.reads = 0
        self.broken = False
        self.slow: asyncio.Event | None = None

    async def numbered(self, *wanted):
        self.looks += 1
        if self.broken:
            raise TemporaryError("the database is away")
        return await super().numbered(*wanted)

    async def newest(self, *wanted):
        self.looks += 1
        return await super().newest(*wanted)

    async def events(self, numbers) -> tuple[Event, ...]:
        self.reads += 1
        if self.slow:
            await self.slow.wait()
        return await super().events(numbers)


class Time:
    """A clock, and seconds that pass only when they are let."""

    def __init__(self) -> None:
        self.passed = 0.0

    def now(self) -> datetime:
        return NOON + timedelta(days=3, seconds=self.passed)

    def __call__(self) -> float:
        return self.passed


class Desk:
    """What is served, and who asks for it."""

    def __init__(self, edition: Edition = EDITION, where: Whereabouts | None = None) -> None:
        self.store, self.time = Shelf(), Time()
        self.where = where or Whereabouts()
        self.outgoing = Outgoing(
            Exporting(self.store, edition),
            BOOKS,
            self.time,
            lambda: FORMS,
            where=lambda: self.where,
            elapsed=self.time,
        )

    async def ask(self, path: str, **headers: str) -> Said | int:
        """Ask without HTTP between."""
        path, _, query = path.partition("?")
        folder, _, name = path.rpartition("/")
        said = dict(part.split("=") for part in query.split("&") if part)
        given = {key.replace("_", "-"): value for key, value in headers.items()}
        asked = Asked(name, given, folder=folder.strip("/"), query=said)
        return await self.outgoing.answer(asked) if self.outgoing.knows(asked) == 200 else 404

    async def events(self, path: str) -> list[int]:
        answer = await self.ask(path)
        return [event["event"] for event in json.loads(answer.body)["events"]]


@pytest.fixture
def desk() -> Desk:
    return Desk()


@contextlib.asynccontextmanager
async def served(desk: Desk) -> AsyncIterator[aiohttp.ClientSession]:
    async with (
        open_listener("127.0.0.1:0") as listener,
        aiohttp.ClientSession(listener.url, auto_decompress=False) as client,
    ):
        with listener.answering(*outgoing_routes(desk.outgoing)):
            yield client


async def test_every_form_is_served_and_reads_back(desk):
    await told(desk.store, 1, "strike", 9, region="UA-63")
    await told(desk.store, 2, "swap", 10, to_ukraine=25, subtype="prisoners")
    async with served(desk) as client:
        types = {}
        for path in ("events.csv", "events.json", "events.geojson", "events.ics", "feeds/uk.atom", "feeds/ru.json"):
            answer = await client.get(f"/behind/a/proxy/{path}", headers={"Accept-Encoding": "identity"})
            assert answer.status == 200
            types[path] = answer.content_type, await answer.read()
    assert [type_ for type_, _ in types.values()] == [
        "text/csv",
        "application/json",
        "application/geo+json",
        "text/calendar",
        "application/atom+xml",
        "application/feed+json",
    ]
    assert len(list(csv.DictReader(StringIO(types["events.csv"][1].decode(), newline="")))) == 2
    assert json.loads(types["events.json"][1])["count"] == 2
    assert json.loads(types["events.geojson"][1])["features"][0]["properties"]["event"] == 1
    assert len(Calendar.from_ical(types["events.ics"][1]).walk("VEVENT")) == 1
    assert len(feedparser.parse(BytesIO(types["feeds/uk.atom"][1])).entries) == 2
    assert "Обмен пленными" in json.loads(types["feeds/ru.json"][1])["items"][0]["title"]


@pytest.mark.parametrize(
    "path", ["/events.xls", "/events", "/feeds/pl.atom", "/feeds/en.rss", "/feeds/events.csv", "/en.atom", "/healthz"]
)
async def test_what_is_not_served_is_unknown(desk, path):
    assert await desk.ask(path) == 404


async def test_an_answer_says_how_long_it_may_be_kept_and_under_which_licence(desk):
    await opened(desk.store)
    async with served(desk) as client:
        answer = await client.get("/events.csv")
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Last-Modified"] == "Thu, 12 Jun 2025 12:00:00 GMT"
    assert answer.headers["Link"] == f'<{LICENCE_URL}>; rel="license", <events.csv-metadata.json>; rel="describedby"'


async def test_who_has_an_answer_gets_it_no_second_time(desk):
    event = await opened(desk.store)
    async with served(desk) as client:
        first = await client.get("/feeds/en.atom")
        tag, modified = first.headers["ETag"], first.headers["Last-Modified"]
        for headers in ({"If-None-Match": f'"x", {tag}'}, {"If-None-Match": "*"}, {"If-Modified-Since": modified}):
            answer = await client.get("/feeds/en.atom", headers=headers)
            assert (answer.status, await answer.read(), answer.headers["ETag"]) == (304, b"", tag)
        for headers in (
            {"If-None-Match": '"x"', "If-Modified-Since": modified},
            {"If-Modified-Since": "Thu, 12 Jun 2025 11:59:59 GMT"},
            {"If-Modified-Since": "soon"},
            {"If-Modified-Since": "Thu, 12 Jun 99999999999 12:00:00 GMT"},
        ):
            assert (await client.get("/feeds/en.atom", headers=headers)).status == 200
        await desk.store.rule(verdict(event, "reject"), [kept(replace(event, revision=2, verdict="reject"))])
        desk.time.passed = 11
        assert (await client.get("/feeds/en.atom", headers={"If-None-Match": tag})).status == 200


async def test_head_tells_what_there_is_and_sends_nothing(desk):
    await opened(desk.store)
    async with served(desk) as client:
        whole = await (await client.get("/events.json")).read()
        head = await client.head("/events.json")
        assert (head.status, await head.read()) == (200, b"")
        assert int(head.headers["Content-Length"]) == len(whole)


@pytest.mark.parametrize(
    ("accepted", "gzipped"),
    [("gzip", True), ("br, gzip;q=0.5", True), ("GZIP", True), ("gzip;q=0", False), ("identity", False), ("", False)],
)
async def test_who_takes_gzip_gets_it(desk, accepted, gzipped):
    for number in (1, 2):
        await opened(desk.store, number)
    async with served(desk) as client:
        answer = await client.get("/events.json", headers={"Accept-Encoding": accepted})
        body = await answer.read()
    assert answer.headers.get("Content-Encoding") == ("gzip" if gzipped else None)
    assert json.loads(gzip.decompress(body) if gzipped else body)["count"] == 2


async def test_a_small_answer_is_not_compressed(desk):
    answer = await desk.ask("/events.geojson", accept_encoding="gzip")
    assert "Content-Encoding" not in answer.headers


async def test_a_thousand_readers_cost_one_question(desk):
    await opened(desk.store)
    answers = await asyncio.gather(*(desk.ask("/feeds/uk.atom") for _ in range(30)))
    for _ in range(970):
        answers.append(await desk.ask("/feeds/uk.atom"))
    assert len({answer.body for answer in answers}) == 1
    assert (desk.store.looks, desk.store.reads, desk.outgoing.made, desk.outgoing.kept) == (1, 1, 1, 999)


async def test_an_answer_is_made_again_only_where_something_in_it_changed(desk):
    event = await told(desk.store, 1, region="UA-63")
    first = await desk.ask("/events.json?region=UA-63")
    await told(desk.store, 2, region="RU-BEL")
    desk.time.passed = 11
    assert await desk.ask("/events.json?region=UA-63") == first
    assert (desk.store.looks, desk.outgoing.made) == (2, 1)
    await desk.store.rule(verdict(event, "hold"), [kept(replace(event, revision=2, verdict="hold"))])
    desk.time.passed = 22
    assert await desk.events("/events.json?region=UA-63") == []
    assert desk.outgoing.made == 2


async def test_the_same_events_have_the_same_tag_in_another_process(desk):
    other = Desk()
    other.time.passed = 500
    for each in (desk, other):
        await opened(each.store)
    tags = [(await each.ask("/events.json")).headers["ETag"] for each in (desk, other)]
    assert tags[0] == tags[1]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [1, 2, 3]),
        ("kind=swap", [3]),
        ("kind=swap,strike", [1, 2, 3]),
        ("region=UA-63", [1]),
        ("region=RU,UA-63", [1, 2]),
        ("since=2025-06-10", [2, 3]),
        ("until=2025-06-10", [1, 2]),
        ("since=2025-06-10&until=2025-06-10", [2]),
        ("after=1", [2, 3]),
        ("limit=2", [1, 2]),
        ("limit=0", [1, 2, 3]),
        ("limit=999999999", [1, 2, 3]),
        ("certainty=confirmed", []),
        ("kind=", [1, 2, 3]),
    ],
)
async def test_events_are_chosen_by_the_query(desk, query, numbers):
    await told(desk.store, 1, "strike", 9, region="UA-63")
    await told(desk.store, 2, "strike", 10, region="RU-BEL")
    await told(desk.store, 3, "swap", 11)
    assert await desk.events(f"/events.json?{query}") == numbers


@pytest.mark.parametrize(
    "query",
    [
        *("kind=flood", "region=UA-99", "since=soon", "until=2025-13-01", "after=-1", "after=x", "limit=1e9", "x=1"),
        *("after=9999999999", "certainty=maybe", "limit=٣", "region=" + "UA-63," * 120),
    ],
)
async def test_a_query_that_means_nothing_is_refused_in_a_line(desk, query):
    answer = await desk.ask(f"/events.json?{query}")
    assert (answer.status, answer.type) == (400, "text/plain")
    assert len(answer.body.splitlines()) == 1
    assert desk.store.looks == 0


async def test_pages_lead_from_one_to_the_next_to_the_end(desk):
    known = [(await told(desk.store, number, "strike")).id for number in range(1, 6)]
    found, path = [], "/events.json?kind=strike&limit=2"
    while path:
        answer = await desk.ask(path)
        document = json.loads(answer.body)
        found += [event["event"] for event in document["events"]]
        links = dict(reversed(link.split("; rel=")) for link in answer.headers["Link"].split(", "))
        path = links.get('"next"', "").replace("<", "/").rstrip(">")
        assert document["more"] is bool(path)
    assert found == known


async def test_what_is_told_beside_a_table_is_served_too(desk):
    await opened(desk.store)
    answer = await desk.ask("/events.csv-metadata.json")
    said = json.loads(answer.body)
    assert (answer.type, said["url"], said["dc:extent"]) == ("application/csvm+json", "events.csv", "1 rows")


async def test_a_feed_has_the_newest_events_and_says_of_each_that_it_was_withdrawn(desk):
    numbers = count(1)
    events = [await told(desk.store, next(numbers)) for _ in range(4)]
    await desk.store.rule(verdict(events[3], "reject"), [kept(replace(events[3], revision=2, verdict="reject"))])
    feed = feedparser.parse(BytesIO((await desk.ask("/feeds/en.atom?limit=3")).body))
    assert feed.entries[0].title == f"Event {events[3].id}"
    assert len(feed.entries) == 3


async def test_links_lead_to_public_channels_and_else_to_the_bot_and_nowhere_else():
    desk = Desk(where=Whereabouts({-1001: "vistka_news"}, "vistka_bot", "https://news.example/vistka"))
    posted = await opened(desk.store, 1, plan=planned("post", chat_id=-1001))
    await desk.store.sent(await claim_one(desk.store), 7, "digest")
    elsewhere = await opened(desk.store, 2, plan=planned("post", chat_id=-100777000777))
    await desk.store.sent(await claim_one(desk.store), 8, "digest")
    feed = json.loads((await desk.ask("/feeds/en.json")).body)
    assert feed["feed_url"] == "https://news.example/vistka/feeds/en.json"
    assert {item["url"] for item in feed["items"]} == {
        "https://t.me/vistka_news/7",
        f"https://t.me/vistka_bot?start=event_{elsewhere.id}",
    }
    whole = b"".join([(await desk.ask(f"/events.{form}")).body for form in ("csv", "json", "geojson", "ics")])
    assert posted.id
    assert b"https://t.me/vistka_news/7" in whole
    for secret in (b"777000777", b"-1001"):
        assert secret not in whole


async def test_a_link_that_becomes_known_makes_the_answer_new(desk):
    await opened(desk.store, 1, plan=planned("post", chat_id=-1001))
    await desk.store.sent(await claim_one(desk.store), 7, "digest")
    assert b"t.me" not in (await desk.ask("/events.json")).body
    desk.where = Whereabouts({-1001: "vistka_news"})
    desk.time.passed = 11
    assert b"https://t.me/vistka_news/7" in (await desk.ask("/events.json")).body


async def test_who_comes_while_too_many_wait_is_asked_to_come_later(desk, monkeypatch):
    monkeypatch.setattr("bot.adapters.outgoing.MOST_WAITING", 2)
    await opened(desk.store)
    await desk.ask("/events.csv")
    desk.time.passed, desk.store.slow = 11, asyncio.Event()
    waiting = [asyncio.create_task(desk.ask(f"/events.{form}")) for form in ("json", "geojson")]
    await asyncio.sleep(0)
    refused = await desk.ask("/events.ics")
    assert (refused.status, refused.headers["Retry-After"]) == (503, "5")
    assert (await desk.ask("/events.csv")).status == 200  # what was true a moment ago is better than nothing
    desk.store.slow.set()
    assert [answer.status for answer in await asyncio.gather(*waiting)] == [200, 200]


async def test_without_its_database_it_asks_to_come_later(desk):
    desk.store.broken = True
    answer = await desk.ask("/events.csv")
    assert (answer.status, answer.body, answer.headers["Retry-After"]) == (503, b"", "5")
    desk.store.broken = False
    assert (await desk.ask("/events.csv")).status == 200


async def test_only_so_many_answers_are_kept(desk, monkeypatch):
    monkeypatch.setattr("bot.adapters.outgoing.MOST_KEPT", 2)
    for after in (1, 2, 3, 1):
        await desk.ask(f"/events.csv?after={after}")
    assert desk.outgoing.made == 4
    monkeypatch.setattr("bot.adapters.outgoing.MOST_BYTES", 1)
    await desk.ask("/events.csv?after=9")
    await desk.ask("/events.csv?after=9")
    assert desk.outgoing.made == 6
