"""The quick reading of plain RSS gives what feedparser gives, or declines."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.bounds import NotAFeedError, feed_within
from bot.core.model import Response
from bot.core.sources.rss.plain import plain
from bot.core.sources.rss.reading import mended
from tests.core.sources.thirdparty import feedparser_cases, gofeed_cases, validator_cases

NOW = datetime(2030, 1, 1, tzinfo=UTC)
FEEDS = Path(__file__).parents[2] / "feeds/rss"
SPACES = """xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
xmlns:media="http://search.yahoo.com/mrss/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"
xmlns:atom="http://www.w3.org/2005/Atom" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" """
TEXTS = (
    "Plain news",
    "Київ &amp; Львів",
    "&lt;b&gt;bold&lt;/b&gt; news",
    "<![CDATA[<p>Привіт &amp; &nbsp; <b>усім</b></p>]]>",
    '<![CDATA[ <a href="/here">news</a> ]]>',
    "  spaced \n text ",
    "",
    "é",
    "café «так»",
    "a<!-- comment -->b",
    "&#8220;quoted&#8221;",
    "Ð\x9aÐ¸Ñ\x97Ð²",
    "twice &amp;amp; escaped &amp;#8220;",
    "😀 \u00a0",
    "Ã©",
    "<b>markup</b>",
)
ADDRESSES = (
    "https://a.example/news/1",
    "https://a.example/?a=1&amp;b=2",
    "/here",
    "https://a.example/ü",
    "https://a.example/a;b",
    "https://a.example/a b",
    "mailto:a@b.example",
    "https://a.example/%d0%bf#part",
    "  https://a.example/news/2  ",
    "",
)
DATES = (
    "Mon, 09 Jun 2025 12:00:00 GMT",
    "Mon, 9 Jun 2025 12:00:00 +0300",
    "Mon, 09 Jun 2025 12:00:00 -0430",
    "Mon, 09 Jun 2025 12:00 GMT",
    "2025-06-09T12:00:00Z",
    "09 Jun 2025 12:00:00 MSK",
    "Mon, 31 Feb 2025 12:00:00 GMT",
    "Mon, 09 Jun 2025 24:00:00 GMT",
    "Пн, 09 июн 2025 12:00:00 +0300",
    "Tue, 9 Jun 2099 02:00:00 +0000",
    "",
)
OF_ITEMS = (
    "<category>war</category>",
    "<author>a@b.example (N)</author>",
    "<dc:creator>Ім'я</dc:creator>",
    '<enclosure url="https://a.example/i.jpg" type="image/jpeg" length="1"/>',
    '<media:content url="https://a.example/i.jpg" lang="en"/>',
    "<slash:comments>3</slash:comments>",
)
OF_FEEDS = (
    "<description>News</description>",
    "<language>uk</language>",
    "<ttl>60</ttl>",
    "<generator>Press</generator>",
    "<image><url>https://a.example/i</url><title>Picture</title></image>",
    '<atom:link rel="self" href="https://a.example/self" type="application/rss+xml"/>',
    '<atom:link rel="hub" href="https://hub.example/"/>',
    "<sy:updatePeriod>daily</sy:updatePeriod>",
    "<skipHours><hour>3</hour></skipHours>",
    "<pubDate>Mon, 09 Jun 2025 12:00:00 GMT</pubDate>",
)
ODD = ("<source url='https://b.example'>B</source>", "<dc:date>2025-01-01</dc:date>", "<title>Two</title>", "<x>y</x>")
KINDS = ("", "text/xml", "application/rss+xml; charset=utf-8", "text/xml; charset=windows-1251")


def answer(body: bytes, kind: str = "") -> Response:
    return Response("https://a.example/feed", 200, {"content-type": kind} if kind else {}, body)


def made(dice: random.Random) -> bytes:
    """Return a feed of usual parts, some of them odd or out of place."""
    head = ["<title>Outlet</title>", *(each for each in OF_FEEDS if dice.random() < 0.2)]
    if dice.random() < 0.2:
        dice.shuffle(head)
    items = "".join(made_item(dice) for _ in range(dice.randint(0, 3)))
    return f"<?xml version='1.0'?><rss version='2.0' {SPACES}><channel>{''.join(head)}{items}</channel></rss>".encode()


def made_item(dice: random.Random) -> str:
    parts = [
        f"<title>{dice.choice(TEXTS)}</title>",
        f"<link>{dice.choice(ADDRESSES) if dice.random() < 0.2 else ADDRESSES[0]}</link>",
        f"<pubDate>{dice.choice(DATES)}</pubDate>",
        f"<guid isPermaLink='{dice.choice(('false', 'false', 'no', 'true'))}'>{dice.choice(ADDRESSES + TEXTS)}</guid>",
        f"<description>{dice.choice(TEXTS)}</description>",
        f"<content:encoded>{dice.choice(TEXTS)}</content:encoded>",
    ]
    kept = [part for part in parts if dice.random() < 0.8]
    kept += [part for part in OF_ITEMS if dice.random() < 0.1] + [part for part in ODD if dice.random() < 0.01]
    if dice.random() < 0.3:
        dice.shuffle(kept)
    return f"<item>{''.join(kept)}</item>"


def compared(answers: Iterator[Response]) -> list[int]:
    """Return the number of items of each feed that is read; each is compared with what feedparser reads."""
    found: list[int] = []
    for each in answers:
        read = plain(each, NOW)
        if read is not None:
            assert read == mended(each, NOW), each.body
            found.append(len(read[1]))
    return found


def test_feeds_made_of_all_sorts_of_parts_are_read_as_feedparser_does_or_declined():
    dice = random.Random(6)
    found = compared(answer(made(dice), dice.choice(KINDS)) for _ in range(1200))
    assert len(found) > 200
    assert sum(found) > 100


def test_feeds_that_others_collected_are_read_as_feedparser_does_or_declined():
    cases = [*feedparser_cases(), *gofeed_cases(), *validator_cases()]

    def answers() -> Iterator[Response]:
        for case in cases:
            try:
                yield feed_within(Response(case.address, 200, case.headers, case.body))
            except NotAFeedError:
                continue

    found = compared(answers())
    assert len(found) > 200
    assert sum(found) > 80


@pytest.mark.parametrize("path", sorted(FEEDS.glob("*.xml")), ids=lambda path: path.stem)
def test_our_own_feeds_are_read_as_feedparser_does_or_declined(path: Path):
    compared(iter([answer(path.read_bytes())]))


@pytest.mark.parametrize(
    "body",
    [
        "<feed xmlns='http://www.w3.org/2005/Atom'/>",
        "<!DOCTYPE rss><rss version='2.0'><channel/></rss>",
        "<rss version='2.0' xml:base='https://b.example/'><channel/></rss>",
        "<?xml version='1.0' encoding='utf-7'?><rss version='2.0'><channel/></rss>",
        "<rss version='2.0'><channel><item><link>https://a.example/</link>",
        "<rss><channel><title>a&nbsp;b</title></channel></rss>",
    ],
)
def test_what_is_not_plain_is_declined(body: str):
    assert plain(answer(body.encode()), NOW) is None


def test_what_is_not_utf_8_is_declined():
    assert plain(answer("<rss><channel><title>Київ</title></channel></rss>".encode("windows-1251")), NOW) is None
