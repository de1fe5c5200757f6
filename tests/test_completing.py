"""The text behind a teaser: real pages over real HTTP, read in a real worker process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest

from bot.adapters.article import NoArticleError, open_articles, read_article
from bot.adapters.http import HttpFetch, open_fetch
from bot.adapters.memory import Memory
from bot.adapters.reader import ThreadedRead
from bot.adapters.workers import Limits
from bot.app import Doors
from bot.completing import MOST_PAGES, Completer
from bot.core.model import Item, Response, Source
from bot.core.text.teaser import LONGEST_WRITTEN
from bot.intake import AT_ONCE, Intake
from bot.ports import Page, PermanentError
from tests.feedserver import FeedServer, feed_server
from tests.reports import KINDS
from tests.test_recognising import article, read

__all__ = ["read"]

NOW = datetime(2025, 6, 12, 12, tzinfo=UTC)
TOLD = {
    "uk": (
        "Відбувся обмін полоненими",
        "12 червня Україна та Росія провели обмін полоненими у форматі 307 на 307. Додому повернулися 307 захисників.",
    ),
    "ru": (
        "Состоялся обмен пленными",
        "12 июня Россия и Украина провели обмен пленными по формуле 307 на 307. Домой вернулись 307 военнослужащих.",
    ),
    "en": (
        "Ukraine and Russia hold prisoner swap",
        "Ukraine and Russia swapped prisoners on 12 June, 307 for 307. All 307 Ukrainian soldiers are home.",
    ),
}
PADDING = "Подробиці стануть відомі згодом, повідомили у відомстві, де просять дочекатися офіційних повідомлень про це."


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with feed_server() as served:
        yield served


@pytest.fixture
async def fetch() -> AsyncIterator[HttpFetch]:
    async with open_fetch(version="1", allow=(ip_network("127.0.0.0/8"),)) as opened:
        yield opened


class AtHand:
    """Reads pages as the worker does, without a process of its own."""

    async def article(self, response: Response) -> Page:
        try:
            return read_article(response.body)
        except NoArticleError as error:
            raise PermanentError(str(error)) from None


@pytest.fixture
def completer(read: ThreadedRead, fetch: HttpFetch) -> Completer:
    return Completer(gate=read, door=lambda _: fetch, articles=AtHand())


def item(server: FeedServer, path: str = "/1", language: str = "uk", **changes: object) -> Item:
    source = Source("bereg", "Берег", "rss", server.url("/feed"), language)
    told = {"title": TOLD[language][0], "published": NOW} | changes
    return Item(path, source, language, server.url(path), **told)


def serve(server: FeedServer, path: str, body: str, **page: object) -> None:
    server.serve(path, body, **{"headers": {"Content-Type": "text/html; charset=utf-8"}} | page)


@pytest.mark.parametrize("language", TOLD)
async def test_a_teaser_gets_the_text_of_its_page_and_is_read_with_it(server, completer, read, language):
    serve(server, "/1", article(*TOLD[language], PADDING))
    teaser = item(server, language=language)
    (whole,) = await completer.complete([teaser])
    assert whole == replace(teaser, page=whole.page)
    assert whole.page.startswith("<p>")
    assert "Головна" not in whole.page
    assert all(report.facts.get("to_ukraine") is None for report in await read.read(teaser))
    assert [report.facts["to_ukraine"] for report in await read.read(whole) if report.role == "main"] == [307]


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Хліб подорожчав"},
        {"summary": "&a" * LONGEST_WRITTEN},
        {"body": "Відбувся обмін полоненими."},
        {"summary": "Відбувся обмін полоненими. " * 30},
        {"page": "<p>Відбувся обмін.</p>"},
    ],
)
async def test_no_page_is_asked_for_where_the_feed_has_the_text_or_the_item_is_about_something_else(
    server, completer, changes
):
    items = [item(server, **changes)]
    assert await completer.complete(items) == tuple(items)
    assert server.requests == []


async def test_nothing_is_done_with_no_items(completer):
    assert await completer.complete([]) == ()


async def test_items_keep_their_order_and_the_newest_pages_are_asked_for_up_to_a_limit(server, completer):
    for number in range(MOST_PAGES + 5):
        serve(server, f"/{number}", article(*TOLD["uk"], PADDING))
    items = [item(server, f"/{number}", published=NOW + timedelta(minutes=number)) for number in range(MOST_PAGES + 5)]
    whole = await completer.complete(items)
    assert [each.id for each in whole] == [each.id for each in items]
    assert [bool(each.page) for each in whole] == [False] * 5 + [True] * MOST_PAGES
    assert len(server.requests) == MOST_PAGES


async def test_a_long_answer_has_no_more_pages_asked_for_than_a_short_one(server, completer, read):
    intake = Intake(read, Memory(), KINDS.values(), complete=completer)
    titles = [f"Обмін полоненими {number}" for number in range(AT_ONCE + MOST_PAGES)]
    items = [item(server, f"/{place}", title=title) for place, title in enumerate(titles)]
    assert (await intake.take(items, now=NOW)).items == len(items)
    assert len(server.requests) == MOST_PAGES


@pytest.mark.parametrize(("headers", "seconds"), [({}, 60), ({"Retry-After": "3600"}, 3600)])
async def test_a_host_in_trouble_is_asked_for_no_page_for_a_while(server, completer, headers, seconds):
    for path in ("/1", "/2"):
        server.serve(path, "", status=503, headers=headers)
    teasers = (item(server), item(server, "/2"))
    assert await completer.complete(teasers) == teasers
    assert await completer.complete(teasers) == teasers
    assert len(server.requests) == 1
    (until,) = completer.resting.values()
    assert until - asyncio.get_running_loop().time() == pytest.approx(seconds, abs=5)
    completer.resting["127.0.0.1"] -= seconds
    await completer.complete(teasers)
    assert len(server.requests) == 2


COOKIES = ("Ваша згода", "Ми використовуємо файли cookie, щоб покращити роботу сайту.", PADDING)


@pytest.mark.parametrize(
    ("body", "page"),
    [
        (article(*COOKIES), {}),
        (article(TOLD["uk"][0], PADDING), {}),
        ("", {}),
        ("not found", {"status": 404}),
        ("later", {"status": 503}),
        (article(*TOLD["uk"]), {"headers": {"Content-Type": "application/pdf"}}),
        ("{}", {"headers": {"Content-Type": "application/json"}}),
    ],
)
async def test_what_is_no_page_of_the_item_leaves_the_teaser_after_one_try(server, completer, body, page):
    serve(server, "/1", body, **page)
    teaser = item(server)
    assert await completer.complete([teaser]) == (teaser,)
    assert len(server.requests) == 1


async def test_a_redirect_within_the_site_is_followed_and_one_off_it_leads_to_nothing(server, completer):
    serve(server, "/moved", article(*TOLD["uk"], PADDING))
    elsewhere = server.url("/moved").replace("127.0.0.1", "localhost")
    server.serve("/1", "", status=302, headers={"Location": server.url("/moved")})
    server.serve("/2", "", status=302, headers={"Location": elsewhere})
    within, off = await completer.complete([item(server), item(server, "/2")])
    assert within.page
    assert not off.page


@pytest.mark.parametrize(
    ("feed", "near"),
    [("http://127.0.0.1:9/feed", True), ("https://evil.example/feed", False), ("http://192.168.1.1/feed", False)],
)
async def test_only_feeds_in_the_networks_of_the_operator_lead_into_them(server, completer, fetch, feed, near):
    """The page below is on the site of the feed by its name; where that leads to is up to whoever owns the name."""
    doors = Doors(fetch, fetch.closed(), fetch, (ip_network("127.0.0.0/8"),))
    serve(server, "/1", article(*TOLD["uk"], PADDING))
    guarded = replace(completer, door=lambda source: doors.of(replace(source, url=feed)))
    (read,) = await guarded.complete([item(server)])
    assert (bool(read.page), len(server.requests)) == (near, near)


async def test_a_slow_page_holds_up_neither_the_others_nor_the_news(server, completer):
    serve(server, "/1", article(*TOLD["uk"], PADDING))
    serve(server, "/slow", "x" * 1000, drip=0.05)
    quick = replace(completer, page_deadline=0.1)
    slow, told = await quick.complete([item(server, "/slow", published=NOW + timedelta(1)), item(server)])
    assert not slow.page
    assert told.page
    late = replace(completer, deadline=0.1)
    told, slow = await late.complete([item(server, published=NOW + timedelta(1)), item(server, "/slow")])
    assert told.page
    assert not slow.page


async def test_pages_are_read_in_a_worker_and_one_that_cannot_be_leaves_the_others(server, completer):
    serve(server, "/1", "<html></html>")
    serve(server, "/2", article(*TOLD["uk"], PADDING))
    async with open_articles(Limits(seconds=60)) as articles:
        guarded = replace(completer, articles=articles, deadline=120, page_deadline=60)
        broken, told = await guarded.complete([item(server, published=NOW + timedelta(1)), item(server, "/2")])
    assert not broken.page
    assert told.page


async def test_an_item_is_joined_with_the_text_of_its_page_and_known_by_its_teaser(server, completer, read):
    serve(server, "/1", article(*TOLD["uk"], PADDING))
    store, teaser = Memory(), item(server)
    intake = Intake(read, store, KINDS.values(), complete=completer)
    assert (await intake.take([teaser], now=NOW)).opened == 1
    (event,) = await store.latest(10)
    assert event.facts["to_ukraine"] == 307
    assert (await intake.take([teaser], now=NOW + timedelta(hours=1))).taken == ()
    assert len(server.requests) == 1


async def test_no_page_is_asked_for_of_what_is_too_old_to_be_posted(server, completer, read):
    intake = Intake(read, Memory(), KINDS.values(), complete=completer)
    assert (await intake.take([item(server)], quiet_before=NOW + timedelta(hours=1), now=NOW)).items == 1
    assert server.requests == []
