"""What a feed says of itself: its name, when it is not to be polled, and where changes of it can be subscribed to."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from bot.core.model import Feed, Response, Rest, Source
from bot.core.sources import MOST_LINKS, SourceType, anchors, jsonfeed, linked, rss

NOW = datetime(2025, 6, 10, 12, tzinfo=UTC)
SOURCE = Source("bereg", "Берег", "rss", "https://bereg.example/news/rss", "uk")
SPACES = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:atom="http://www.w3.org/2005/Atom"'


def read(body: str, source_type: SourceType = rss.SOURCE, **headers: str) -> Feed:
    return source_type.parse(SOURCE, Response(SOURCE.url, 200, headers, body.encode()), NOW)


def channel(inside: str) -> str:
    return (
        f'<rss version="2.0" {SPACES}><channel><title>Берег</title><language>uk-UA</language>{inside}</channel></rss>'
    )


def rest(inside: str) -> Rest:
    return read(channel(inside)).rest


def test_a_feed_has_a_title_and_a_language():
    assert (read(channel("")).title, read(channel("")).language, rest("")) == ("Берег", "uk", Rest())


@pytest.mark.parametrize(
    ("inside", "seconds"),
    [
        ("<ttl> 60 </ttl>", 3600),
        ("<ttl>0</ttl>", 0),
        ("<ttl>-5</ttl>", 0),
        ("<ttl>soon</ttl>", 0),
        ("<ttl>99999999999999999999</ttl>", 0),
        ("<ttl>²</ttl>", 0),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", 1800),
        ("<sy:updatePeriod> daily </sy:updatePeriod>", 86_400),
        ("<sy:updatePeriod>weekly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", 7 * 86_400),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>", 0),
        ("<sy:updatePeriod>sometimes</sy:updatePeriod>", 0),
        ("<ttl>5</ttl><sy:updatePeriod>daily</sy:updatePeriod>", 300),
    ],
)
def test_a_feed_says_for_how_long_an_answer_is_good(inside: str, seconds: float):
    assert rest(inside).seconds == seconds


def test_a_feed_names_the_hours_and_days_on_which_it_sleeps():
    asked = rest(
        "<skipHours>\n<hour>0</hour><hour> 23 </hour><hour>24</hour><hour>25</hour><hour>x</hour></skipHours>"
        "<skipDays><day>Saturday</day><day>sunday</day><day>Caturday</day></skipDays>"
    )
    assert asked == Rest(0, frozenset({0, 23}), frozenset({5, 6}))


@pytest.mark.parametrize("inside", ["<skipHours>", "</skipHours><skipHours>", "<skipHours/>", "<skipDays></skipDays>"])
def test_a_broken_list_of_hours_asks_for_nothing(inside: str):
    assert rest(inside) == Rest()


def test_what_the_text_of_an_item_says_of_sleep_is_about_something_else():
    item = "<item><description><![CDATA[<skipDays><day>Tuesday</day></skipDays>]]></description></item>"
    assert rest(item) == Rest()
    assert rest(f"<skipDays><day>monday</day></skipDays>{item}").days == {0}


def test_rss_names_its_hub_and_its_own_address():
    links = '<atom:link rel="hub" href="https://hub.example/"/><atom:link rel="hub" href="https://b.example/"/>'
    feed = read(channel(f'{links}<atom:link rel="self" href="/rss"/><item><atom:link rel="self" href="/1"/></item>'))
    assert (feed.hub, feed.topic) == ("https://hub.example/", "https://bereg.example/rss")


def test_atom_names_its_hub_and_its_own_address():
    links = '<link rel="hub" href="https://hub.example/"/><link rel="self" href="https://bereg.example/atom"/>'
    feed = read(f'<feed xmlns="http://www.w3.org/2005/Atom">{links}<entry><id>1</id></entry></feed>')
    assert (feed.hub, feed.topic, len(feed.items)) == ("https://hub.example/", "https://bereg.example/atom", 1)


@pytest.mark.parametrize(
    ("hubs", "hub"),
    [
        ([{"type": "rssCloud", "url": "https://a.example/"}, {"type": "WebSub", "url": "/hub"}], "/hub"),
        ([7, {"type": "pubsubhubbub", "url": "/hub"}], "/hub"),
        ([{"type": "WebSub", "url": "javascript:alert(1)"}], None),
        ({"type": "WebSub"}, None),
        (None, None),
    ],
)
def test_json_feed_names_its_hub(hubs: object, hub: str | None):
    body = {"version": "https://jsonfeed.org/version/1.1", "items": [], "hubs": hubs, "feed_url": "/feed.json"}
    feed = read(json.dumps(body), jsonfeed.SOURCE)
    assert feed.hub == (f"https://bereg.example{hub}" if hub else "")
    assert feed.topic == "https://bereg.example/feed.json"


def test_the_header_of_the_answer_goes_before_the_feed():
    header = (
        '<https://a.example/?q="x">; rel="next", <https://hub.example/>; rel="hub", </topic>; title="a, b"; rel=self'
    )
    feed = read(channel('<atom:link rel="hub" href="https://old.example/"/>'), link=header)
    assert (feed.hub, feed.topic) == ("https://hub.example/", "https://bereg.example/topic")


@pytest.mark.parametrize(
    ("header", "hub"),
    [("", ""), ("hub", ""), ("<a>", ""), ("<a>; rel=hubs", ""), ('<a>; REL="self Hub"', "a"), ('<a;rel="hub', "")],
)
def test_a_link_header_is_read_or_left(header: str, hub: str):
    assert linked(header, "hub") == hub


def test_an_item_names_whom_it_is_from():
    feed = read(channel('<item><source url="https://havan.example/rss"> Гавань </source><guid>1</guid></item>'))
    assert feed.items[0].via == "Гавань"
    source = "<source><id>x</id><title>Гавань</title></source>"
    atom = read(f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id>{source}</entry></feed>')
    assert atom.items[0].via == "Гавань"


def test_an_item_that_names_the_feeds_own_site_is_from_nobody_else():
    feed = read(channel('<item><source url="https://www.bereg.example/rss">Берег</source><guid>1</guid></item>'))
    assert feed.items[0].via == ""


def test_the_links_of_a_text_are_web_addresses_once_each():
    text = (
        '<a class="x" href="https://a.example/1?b=1&amp;c=2">1</a> <A HREF=/two>2</A> <a href=\'https://www.a.example/1?b=1&c=2&utm_source=x\'>'
        '<a href="#end"> <a href="mailto:a@b.example"> <a data-href="https://no.example"> <a href="javascript:alert(1)"> <a name="x">'
    )
    feed = read(
        channel(f"<item><link>https://bereg.example/n/1</link><description><![CDATA[{text}]]></description></item>")
    )
    assert feed.items[0].links == ("https://a.example/1?b=1&c=2", "https://bereg.example/two")


def test_there_is_a_limit_to_the_links_of_an_item():
    text = "".join(f'<a href="https://a.example/{n}">' for n in range(MOST_LINKS + 5))
    assert len(list(anchors(text))) == MOST_LINKS
    assert list(anchors("<a " * 10_000)) == []
