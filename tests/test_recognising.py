"""What somebody shows goes the way of an item, up to where an item would be stored."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from ipaddress import ip_network

import pytest

import bot.core.sources
from bot.adapters.article import Articles, open_articles
from bot.adapters.http import HttpFetch, open_fetch
from bot.adapters.languages import language_of
from bot.adapters.memory import Memory
from bot.adapters.parser_pool import ParserPool, open_parser
from bot.adapters.reader import ThreadedRead
from bot.adapters.workers import Limits
from bot.cli._reading import load_reader
from bot.core.model import Item, Report, Request, Response, Source
from bot.intake import Intake
from bot.plugins import discover
from bot.ports import Fetch, PermanentError, Recognised, TemporaryError, UnreadLanguageError
from bot.recognising import Recogniser
from tests.feedserver import FeedServer, feed_server
from tests.reports import KINDS

NOW = datetime(2025, 6, 12, 12, tzinfo=UTC)
OLENA, TARAS = 700, 701
TYPES = {each.name: each for each in discover(bot.core.sources, "SOURCE")}
OUTLET = Source("bereg", "Берег", "rss", "https://bereg.example/feed", "uk")
HEADLINE = "Росія та Україна провели обмін полоненими: додому повернулися 307 захисників"
STORY = "12 червня відбувся обмін полоненими у форматі 307 на 307. В Україну повернулися 307 захисників."
ENGLISH = "Ukraine and Russia swapped prisoners on 12 June: 307 for 307. All 307 Ukrainian soldiers are home."
OTHER = (
    "Вночі 11 червня російські дрони вдарили по Харкову: троє людей загинули, 64 поранені, повідомив очільник області."
)
DENIED = (
    "Обміну полоненими 12 червня не було, заявили в Координаційному штабі: повідомлення про обмін 94 на 95 є фейком."
)
PAST = "Фермери зібрали рекордний урожай пшениці, повідомило міністерство аграрної політики. Ціни на зерно впали."
POLISH = (
    "W nocy rosyjskie drony uderzyły w Charków, zginęły trzy osoby, a kilkadziesiąt zostało rannych, podały władze."
)


@pytest.fixture(scope="module")
def read() -> ThreadedRead:
    return ThreadedRead(load_reader)


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with feed_server() as served:
        yield served


@pytest.fixture
async def fetch() -> AsyncIterator[HttpFetch]:
    async with open_fetch(version="1", allow=(ip_network("127.0.0.1/32"),)) as opened:
        yield opened


@pytest.fixture
async def pool() -> AsyncIterator[ParserPool]:
    async with open_parser(TYPES) as opened:
        yield opened


class House:
    """A store into which one item went, and what recognises over it."""

    def __init__(self, read: ThreadedRead, fetch: Fetch, pool: ParserPool, articles: Articles) -> None:
        self.store = Memory()
        self.intake = Intake(read, self.store, KINDS.values())
        self.recognise = Recogniser(
            read=read,
            joiner=self.intake.joiner,
            fetch=fetch,
            parse=pool,
            articles=articles,
            queries=self.store,
            language_of=language_of(),
        )

    async def take(self) -> None:
        await self.intake.take([Item("1", OUTLET, "uk", "https://bereg.example/1", NOW, HEADLINE, body=STORY)])


@pytest.fixture
async def articles() -> AsyncIterator[Articles]:
    async with open_articles(Limits(seconds=5)) as opened:
        yield opened


@pytest.fixture
async def house(read: ThreadedRead, fetch: HttpFetch, pool: ParserPool, articles: Articles) -> House:
    house = House(read, fetch, pool, articles)
    await house.take()
    return house


def article(title: str, *paragraphs: str, published: str = "2025-06-12") -> str:
    """Return a page as outlets have them: with a menu, a story, and other stories below."""
    story = "".join(f"<p>{each}</p>" for each in paragraphs)
    return (
        f"<html><head><title>{title} | Берег</title><meta property='article:published_time' content='{published}'></head>"
        "<body><nav><a href='/'>Головна</a> <a href='/sport'>Спорт</a></nav>"
        f"<article><h1>{title}</h1>{story}</article>"
        "<aside><a href='/2'>Обмін 500 на 500: що відомо</a></aside><footer>© Берег</footer></body></html>"
    )


def main(found: tuple[Recognised, ...]) -> Recognised:
    assert found, "something is read"
    assert not found[0].in_passing
    return found[0]


@pytest.mark.parametrize("text", [STORY, ENGLISH, f"{HEADLINE}\n\n{STORY}"])
async def test_a_text_about_a_known_event_is_told_to_be_it_whatever_its_language(house, text):
    found = main(await house.recognise.text(text, NOW))
    assert (found.known.id, found.decision.event_id) == (1, 1)
    assert found.decision.score > 0.5
    assert found.event.facts["to_ukraine"] == 307


async def test_another_event_is_a_new_one(house):
    found = main(await house.recognise.text(OTHER, NOW))
    assert found.known is None
    assert found.event.kind == "strike"
    assert found.event.facts["killed"] == 3


async def test_what_is_shown_leaves_no_trace(house):
    before = await house.store.latest(10), await house.store.stats(), await house.store.revisions(1)
    for text in (STORY, OTHER, ENGLISH):
        await house.recognise.text(text, NOW)
    assert (await house.store.latest(10), await house.store.stats(), await house.store.revisions(1)) == before


@pytest.mark.parametrize("text", [PAST, "", "🙂" * 500, "<b>&amp;</b>" * 100])
async def test_what_tells_of_nothing_gives_nothing(house, text):
    assert await house.recognise.text(text, NOW) == ()


async def test_a_denial_is_no_event_that_took_place(house):
    found = await house.recognise.text(DENIED, NOW)
    assert all(each.in_passing or each.event.disputed or each.event.status != "carried_out" for each in found)


async def test_several_events_in_one_text_are_told_apart(house):
    found = await house.recognise.text(f"{STORY}\n\n{OTHER}", NOW)
    assert {each.event.kind for each in found if not each.in_passing} == {"swap", "strike"}


async def test_a_forwarded_text_is_of_its_own_day(house):
    said = "Сьогодні відбувся обмін полоненими у форматі 307 на 307. В Україну повернулися 307 захисників."
    assert main(await house.recognise.text(said, NOW)).known.id == 1
    assert main(await house.recognise.text(said, datetime(2025, 2, 5, 12, tzinfo=UTC))).known is None


async def test_a_language_that_is_not_read_is_said_to_be_so(house):
    with pytest.raises(UnreadLanguageError):
        await house.recognise.text(POLISH, NOW)


async def test_a_very_long_text_is_read_from_its_beginning(house):
    assert main(await house.recognise.text(STORY + "\n" + f"{PAST}\n" * 5000, NOW)).known.id == 1


async def test_the_page_of_an_item_needs_no_second_reading(house, server):
    found = await house.recognise.page("https://bereg.example/1", NOW, OLENA)
    assert [(each.known.id, each.decision) for each in found] == [(1, None)]
    assert server.requests == []


async def test_a_page_is_read_without_what_stands_around_it(house, server):
    url = server.serve("/story", article(HEADLINE, STORY, PAST), headers={"Content-Type": "text/html; charset=utf-8"})
    found = main(await house.recognise.page(url, NOW, OLENA))
    assert found.known.id == 1
    assert found.event.facts["to_ukraine"] == 307


async def test_a_page_is_of_the_day_that_it_names(house, server):
    said = "Сьогодні відбувся обмін полоненими у форматі 307 на 307. В Україну повернулися 307 захисників."
    url = server.serve("/old", article("Відбувся обмін полоненими", said, published="2025-02-05"))
    found = main(await house.recognise.page(url, NOW, OLENA))
    assert found.event.date.isoformat() == "2025-02-05"
    assert found.known is None


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7 \x00\x01\x02", b"\xff\xd8\xff\xe0" * 50, b"<html></html>"])
async def test_a_page_without_a_story_is_refused(house, server, body):
    with pytest.raises(PermanentError):
        await house.recognise.page(server.serve("/none", body), NOW, OLENA)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.2/x", "http://10.0.0.1/x", "http://[::1]/x", "http://169.254.169.254/meta", "ftp://a.example/x"],
)
async def test_the_guard_keeps_our_own_network_to_itself(house, url):
    with pytest.raises(PermanentError):
        await house.recognise.page(url, NOW, OLENA)


POSTS = """<section class="tgme_channel_history">
<div class="tgme_widget_message js-widget_message" data-post="bereg/11"><div class="tgme_widget_message_text js-message_text">Погода</div>
<a class="tgme_widget_message_date"><time datetime="2025-06-12T09:00:00+00:00"></time></a></div>
<div class="tgme_widget_message js-widget_message" data-post="bereg/12"><div class="tgme_widget_message_text js-message_text">{text}</div>
<a class="tgme_widget_message_date"><time datetime="2025-06-12T10:00:00+00:00"></time></a></div></section>"""


class Preview:
    """Answers for t.me with the preview of a channel, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def fetch(self, request: Request) -> Response:
        self.asked.append(request.url)
        return Response(request.url, 200, {}, POSTS.format(text=STORY).encode())


@pytest.mark.parametrize(
    "url", ["https://t.me/bereg/12", "https://t.me/s/Bereg/12?single", "http://www.telegram.me/bereg/12"]
)
async def test_a_post_of_a_public_channel_is_found_in_its_preview(read, pool, articles, url):
    preview = Preview()
    house = House(read, preview, pool, articles)
    await house.take()
    assert main(await house.recognise.page(url, NOW, OLENA)).known.id == 1
    assert [each.lower() for each in preview.asked] == ["https://t.me/s/bereg/12"]


@pytest.mark.parametrize("url", ["https://t.me/bereg", "https://t.me/bereg/13", "https://t.me/c/1/2"])
async def test_a_post_that_the_preview_does_not_have_is_refused(read, pool, articles, url):
    with pytest.raises(PermanentError):
        await House(read, Preview(), pool, articles).recognise.page(url, NOW, OLENA)


class Slow:
    """Never has done reading."""

    async def read(self, item: Item) -> tuple[Report, ...]:
        await asyncio.Event().wait()
        raise AssertionError


async def test_what_takes_too_long_is_given_up_and_leaves_the_turn_to_others(house):
    impatient = Recogniser(
        read=Slow(),
        joiner=house.intake.joiner,
        fetch=house.recognise.fetch,
        parse=house.recognise.parse,
        articles=house.recognise.articles,
        queries=house.store,
        language_of=language_of(),
        deadline=0.01,
    )
    for _ in range(9):
        with pytest.raises(TemporaryError):
            await impatient.text(STORY, NOW)


class Tar:
    """Lets whoever fetches wait for ever, and counts who does."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def fetch(self, request: Request) -> Response:
        self.asked.append(request.url)
        await asyncio.Event().wait()
        raise AssertionError


@pytest.fixture
async def stuck(read: ThreadedRead, pool: ParserPool, articles: Articles) -> AsyncIterator[tuple[House, Tar]]:
    """Twenty people wait for pages that never come."""
    tar = Tar()
    house = House(read, tar, pool, articles)
    await house.take()
    waiting = [asyncio.create_task(house.recognise.page("https://tar.example/", NOW, 1000 + n)) for n in range(20)]
    await asyncio.sleep(0)
    yield house, tar
    for each in waiting:
        each.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_links_that_never_answer_keep_no_text_waiting(stuck):
    house, tar = stuck
    async with asyncio.timeout(5):
        assert main(await house.recognise.text(STORY, NOW)).known.id == 1
    assert 0 < len(tar.asked) < 20


async def test_links_that_never_answer_keep_no_page_waiting_that_is_known(stuck):
    house, _ = stuck
    async with asyncio.timeout(5):
        assert main(await house.recognise.page("https://bereg.example/1", NOW, OLENA)).known.id == 1


async def test_nobody_takes_the_turns_of_others_by_showing_many_links(read, pool, articles):
    tar = Tar()
    house = House(read, tar, pool, articles)
    mine = [asyncio.create_task(house.recognise.page(f"https://tar.example/{n}", NOW, TARAS)) for n in range(20)]
    other = asyncio.create_task(house.recognise.page("https://bereg.example/2", NOW, OLENA))
    for _ in range(20):
        await asyncio.sleep(0)
    assert tar.asked == ["https://tar.example/0", "https://bereg.example/2"]
    for each in (*mine, other):
        each.cancel()
    await asyncio.gather(*mine, other, return_exceptions=True)
