"""Where the feed of a page is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.discovery import MOST, Candidate, address_of, advertised, fault_in, id_of, usual_places

BASE = "https://paper.example/news/"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("paper.example/rss", "https://paper.example/rss"),
        (" http://paper.example ", "http://paper.example"),
        ("HTTPS://Paper.example/RSS", "https://Paper.example/RSS"),
        ("@DeepStateUA", "https://t.me/s/DeepStateUA"),
        ("t.me/DeepStateUA", "https://t.me/s/DeepStateUA"),
        ("https://t.me/s/DeepStateUA", "https://t.me/s/DeepStateUA"),
        ("https://t.me/s/DeepStateUA?before=7", "https://t.me/s/DeepStateUA"),
        ("https://telegram.me/DeepStateUA/1234", "https://t.me/s/DeepStateUA"),
        ("https://t.me/+AbCdEfGh", "https://t.me/+AbCdEfGh"),
        ("https://t.me/joinchat/AbCdEf", "https://t.me/joinchat/AbCdEf"),
        ("https://t.me/", "https://t.me/"),
        ("@ab", "https://@ab"),
        ("https://[bad", "https://[bad"),
        ("javascript:alert(1)", "https://javascript:alert(1)"),
        ("file:///etc/passwd", "file:///etc/passwd"),
    ],
)
def test_an_address_is_the_one_that_is_meant(said, meant):
    assert address_of(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "paper.example/rss",
        " http://paper ",
        "localhost:8080/rss",
        "@DeepStateUA",
        "t.me/DeepStateUA/7",
        "вістка.укр",
        "http://10.0.0.1/",
        "http://[::1]/",
    ],
)
def test_what_may_be_the_place_of_a_feed_is_looked_at(said):
    assert fault_in(said) == ""


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (" ", "it is empty"),
        ("@ab", "no channel has such a name"),
        ("@two words", "no channel has such a name"),
        ("ftp://paper.example/", "they start with https:// or http://"),
        ("paper", "they look like https://"),
        ("my paper.example", "they look like https://"),
        ("https://[bad", "they look like https://"),
        ("http://paper.example:99999/", "they look like https://"),
        ("javascript:alert(1)", "they look like https://"),
        ("https://../../etc", "they look like https://"),
        ("https://t.me/+AbCdEfGh", "it is no public channel"),
        ("t.me/joinchat/AbCdEf", "it is no public channel"),
        ("https://t.me/c/123/4", "it is no public channel"),
    ],
)
def test_what_can_be_no_place_of_a_feed_is_said_in_plain_words(said, fault):
    assert fault in fault_in(said)


def test_a_page_names_its_feeds_each_once_and_those_of_comments_last():
    page = """<!doctype html><link rel="alternate" type="application/rss+xml" title="Comments &amp; talk" href="/comments/feed/">
    <link rel="ALTERNATE home" type="application/atom+xml; charset=utf-8" title=" All <b>news</b> " href="atom">
    <link rel="alternate" type="application/atom+xml" href="atom"><link rel="alternate" hreflang="uk" href="/uk/">
    <link rel="stylesheet" type="text/css" href="x.css"><link rel="alternate" type="application/feed+json" href="//cdn.example/f.json">
    <link rel="alternate" type="application/rss+xml" href="javascript:alert(1)"><link rel="alternate" type="application/rss+xml">"""
    assert advertised(page.encode(), BASE) == (
        Candidate("https://paper.example/news/atom", "All news"),
        Candidate("https://cdn.example/f.json"),
        Candidate("https://paper.example/comments/feed/", "Comments & talk"),
    )


def test_addresses_are_relative_to_what_the_page_says_and_only_so_many_count():
    links = "".join(f'<link rel="alternate" type="text/xml" href="f{number}">' for number in range(99))
    found = advertised(f'<base href="/root/">{links}'.encode(), BASE)
    assert found[0].url == "https://paper.example/root/f0"
    assert len(found) == MOST


@settings(max_examples=60)
@given(
    st.binary(max_size=300)
    | st.text(max_size=200).map(
        lambda text: f"<base href='{text}'><link rel=alternate type=text/xml href='{text}'>".encode("utf-8", "replace")
    )
)
def test_no_page_does_harm(body):
    assert all(each.url.startswith(("http://", "https://")) for each in advertised(body, BASE))


def test_feeds_are_looked_for_where_they_are_wont_to_be():
    places = [each.url for each in usual_places("https://paper.example/news/?page=2#top")]
    assert places[:3] == [
        "https://paper.example/news/feed/",
        "https://paper.example/feed",
        "https://paper.example/rss",
    ]
    assert usual_places("https://[bad") == ()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.Paper.example/rss", "paper-example-2"),
        ("https://other.example:8080/rss", "other-example"),
        ("https://t.me/s/Deep_State", "deep-state"),
        ("https://вістка.укр/rss", "xn-80ady1af2j-xn-j1amh"),
        ("https://[bad", "source"),
    ],
)
def test_an_id_is_made_of_the_host_or_the_channel(url, expected):
    assert id_of(url, frozenset({"paper-example"})) == expected
