"""Feeds of our own read back by feedparser and by our own readers: the words of the post, known by ids that last."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import feedparser
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import bot.core.syndication
from bot.core.export import LICENCE, LICENCE_URL
from bot.core.model import Event, Response, Source
from bot.core.sources.jsonfeed import SOURCE as JSON_READER
from bot.core.sources.rss import SOURCE as ATOM_READER
from bot.core.syndication import Channel, FeedForm, Told, told, web
from bot.core.syndication.atom import FEED as ATOM
from bot.core.syndication.jsonfeed import FEED as JSON
from bot.plugins import discover
from tests.core.export.editions import entries
from tests.examples import BOOKS, exchange, moment, origin, strike

NOW = datetime(2025, 6, 10, tzinfo=UTC)
LINK = "https://t.me/vistka/7"
MERGED = strike(id=14, merged_into=13, reports=(), claims={})


def channel(language: str = "en", bot: str = "77") -> Channel:
    return Channel(BOOKS[language], bot, f"https://news.example/feeds/{language}.atom", moment(12))


def written(form: FeedForm, *events: Event, language: str = "en", link: str = LINK) -> bytes:
    here = channel(language)
    return form.write(here, [told(entry, here) for entry in entries(*events, link=link)])


def one(event: Event, language: str = "en") -> Told:
    (entry,) = entries(event, link=LINK)
    return told(entry, channel(language))


def test_every_file_of_the_folder_is_a_form():
    forms = discover(bot.core.syndication, "FEED")
    assert {form.name for form in forms} == {"atom", "json"}
    assert all(isinstance(form, FeedForm) for form in forms)


def test_atom_is_read_by_feedparser_as_it_was_meant():
    read = feedparser.parse(BytesIO(written(ATOM, exchange(), strike())), sanitize_html=False)
    assert (read.bozo, read.version) == (False, "atom10")
    assert (read.feed.title, read.feed.language, read.feed.updated) == ("Vistka", "en", "2025-06-09T12:20:00+00:00")
    assert LICENCE in read.feed.rights
    assert {link.rel: link.href for link in read.feed.links} == {
        "license": LICENCE_URL,
        "self": "https://news.example/feeds/en.atom",
    }
    swap, attack = read.entries
    assert swap.title == "🕊 Prisoner exchange: 1,207 for 1,195"
    assert (swap.link, swap.published, swap.updated) == (LINK, "2025-06-09T10:20:00+00:00", "2025-06-09T12:20:00+00:00")
    assert "To Ukraine: 1,207" in swap.content[0].value
    assert [tag.term for tag in attack.tags] == ["strike", "UA-63", "unconfirmed"]
    assert "Unconfirmed: one source so far" in attack.content[0].value


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
@pytest.mark.parametrize(("form", "reader"), [(ATOM, ATOM_READER), (JSON, JSON_READER)])
def test_our_own_readers_read_what_we_write(form, reader, language):
    source = Source("vistka", "Vistka", reader.name, "https://news.example/feeds/x", language)
    body = written(form, exchange(), strike(), language=language)
    feed = reader.parse(source, Response(source.url, 200, {"content-type": form.type}, body), NOW)
    assert [item.id for item in feed.items] == [one(exchange()).id, one(strike()).id]
    assert [item.url for item in feed.items] == [LINK, LINK]
    assert [item.language for item in feed.items] == [language, language]
    assert feed.items[0].title == one(exchange(), language).title


def test_json_feed_has_what_its_standard_asks_for():
    feed = json.loads(written(JSON, exchange(), strike()))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["language"], feed["_vistka"]["count"], feed["_vistka"]["licence"]) == ("en", 2, LICENCE)
    for item in feed["items"]:
        assert {"id", "url", "title", "content_html", "content_text", "date_published", "date_modified", "tags"} == set(
            item
        )
        assert "<" not in item["content_text"].replace("<Вестник>", "").replace("<\u200b", "")
    assert feed["items"][0]["date_modified"] == "2025-06-09T12:20:00Z"


def test_without_links_and_entries_a_feed_is_a_feed_all_the_same():
    for form in (ATOM, JSON):
        body = form.write(Channel(BOOKS["en"], ""), [])
        read = json.loads(body) if form is JSON else feedparser.parse(BytesIO(body))
        assert read
    assert "url" not in json.loads(written(JSON, strike(), link=""))["items"][0]
    assert b"alternate" not in written(ATOM, strike(), link="")


def test_an_entry_is_known_by_the_same_id_in_every_state_and_language():
    assert (
        one(strike()).id == one(strike(verdict="reject")).id == one(strike(), "uk").id == one(replace(MERGED, id=13)).id
    )
    assert one(strike()).id != one(exchange()).id
    (entry,) = entries(strike())
    assert told(entry, channel(bot="78")).id != one(strike()).id
    assert channel().id != channel("uk").id


def test_what_does_not_stand_any_more_says_so_and_nothing_else():
    withdrawn, merged = one(strike(verdict="reject")), one(MERGED)
    assert (withdrawn.title, withdrawn.tags) == ("Event 13", ("strike",))
    assert "Withdrawn by the editors" in withdrawn.text
    assert "same event as event 13" in merged.text
    assert not [word for word in ("Kharkiv", "21", "Sloboda") if word in withdrawn.html + merged.html]


def test_an_entry_has_the_words_of_the_post_with_the_elements_of_the_web():
    html = one(exchange()).html
    assert html.startswith("<b>🕊 Prisoner exchange: 1,207 for 1,195</b><br>\n")
    assert '<time datetime="2025-06-09T12:20:00Z">' in html
    assert "<blockquote>" in html
    assert "tg-time" not in html
    assert "\u200b" not in html


def test_outside_text_stays_text():
    wicked = strike(reports=(replace(strike().reports[0], origin=origin("<script>alert(1)</script> & «Ко»")),))
    told_ = one(wicked)
    assert "<script" not in told_.html
    assert "&lt;script&gt;" in told_.html
    assert "<script>alert(1)" in told_.text
    assert feedparser.parse(BytesIO(written(ATOM, wicked))).bozo is False


@given(st.text(max_size=20))
@example("\ufffe\uffff\x00\x0b")
@settings(max_examples=40)
def test_no_name_breaks_a_feed(name):
    event = strike(reports=(replace(strike().reports[0], origin=origin(name or "x", url="https://x.example")),))
    assert feedparser.parse(BytesIO(written(ATOM, event))).bozo is False
    assert json.loads(written(JSON, event))["items"]


def test_elements_that_are_not_of_the_web_are_left_out():
    assert web('<tg-spoiler>x</tg-spoiler> <tg-time unix="x">y</tg-time>') == "x <time>y</time>"
    assert (
        web('<a href="https://x.example/?a=1&amp;b=2">z</a>\n')
        == '<a href="https://x.example/?a=1&amp;b=2">z</a><br>\n'
    )
