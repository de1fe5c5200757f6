"""Where redirects lead, what of it counts as a move, and what goes along."""

from __future__ import annotations

import pytest

from bot.adapters.http.redirects import LostError, Way

START = "https://news.example/rss"


def after(*hops: tuple[int, str], start: str = START) -> Way:
    way = Way(start)
    for status, location in hops:
        way.go(status, location)
    return way


@pytest.mark.parametrize(
    ("hops", "url", "moved"),
    [
        ([], START, ""),
        ([(301, "/feed")], "https://news.example/feed", "https://news.example/feed"),
        ([(301, "/feed"), (308, "//new.example/#top")], "https://new.example/", "https://new.example/"),
        ([(301, "/feed"), (302, "/today")], "https://news.example/today", "https://news.example/feed"),
        ([(302, "/today"), (301, "/feed")], "https://news.example/feed", ""),
        ([(303, "?day=1")], "https://news.example/rss?day=1", ""),
        ([(307, "HTTPS://NEW.example:8443/a b")], "https://NEW.example:8443/a b", ""),
        ([(301, "http://news.example/rss")], "http://news.example/rss", ""),
        ([(301, "/feed"), (301, "http://news.example/")], "http://news.example/", "https://news.example/feed"),
    ],
)
def test_lasting_redirects_from_the_start_are_a_move(hops: list[tuple[int, str]], url: str, moved: str) -> None:
    way = after(*hops)
    assert (way.url, way.moved) == (url, moved)


def test_a_way_to_https_is_a_move() -> None:
    assert after((301, START), start=START.replace("https", "http")).moved == START


def test_a_form_follows_what_asks_for_it_as_it_is_and_never_out_of_https() -> None:
    way = Way(START, form=True)
    assert [status for status in (301, 302, 303, 307, 308) if way.follows(status)] == [307, 308]
    way.go(308, "/hub")
    with pytest.raises(LostError, match="from https to http"):
        way.go(307, "http://news.example/hub")
    assert not Way(START).follows(304)


@pytest.mark.parametrize(
    ("location", "url", "abroad"),
    [
        ("/feed", "https://me:word@news.example/feed", False),
        ("https://NEWS.example:443/feed", "https://me:word@news.example/feed", False),
        ("https://you@news.example/feed", "https://me:word@news.example/feed", False),
        ("https://you:own@other.example/feed", "https://other.example/feed", True),
        ("http://news.example/feed", "http://news.example/feed", True),
        ("https://news.example:8443/feed", "https://news.example:8443/feed", True),
        ("https://news.example@other.example/", "https://other.example/", True),
    ],
)
def test_a_password_goes_to_no_other_place(location: str, url: str, abroad: bool) -> None:
    way = after((301, location), start="https://me:word@news.example/rss")
    assert (way.url, way.abroad, way.moved) == (url, abroad, url if url.startswith("https") else "")


@pytest.mark.parametrize(
    ("location", "strayed"),
    [
        ("/feed", False),
        ("http://news.example/rss", False),
        ("https://news.example:8443/rss", True),
        ("https://lan.news.example/rss", True),
        ("https://10.0.0.1/rss", True),
    ],
)
def test_another_host_or_port_is_not_what_was_asked_for(location: str, strayed: bool) -> None:
    assert after((302, location)).strayed is strayed
    assert not after((302, location), (302, "https://news.example/rss?again")).strayed


def test_who_comes_back_is_at_home_again() -> None:
    way = after(
        (302, "https://login.example/"), (302, "https://news.example/in"), start="https://me:word@news.example/"
    )
    assert (way.url, way.abroad) == ("https://me:word@news.example/in", False)


@pytest.mark.parametrize("hops", [["/rss"], ["/a", "/b", "/a"], ["https://new.example/", START]])
def test_a_circle_is_an_error(hops: list[str]) -> None:
    with pytest.raises(LostError, match="circle"):
        after(*((302, location) for location in hops))


def test_five_redirects_are_followed_and_a_sixth_is_not() -> None:
    five = [(302, f"/{number}") for number in range(5)]
    assert after(*five).url == "https://news.example/4"
    with pytest.raises(LostError, match="more than 5 redirects"):
        after(*five, (302, "/5"))


@pytest.mark.parametrize(
    "url",
    ["ftp://a/", "file:///etc/passwd", "javascript:1", "http://", "http://[a/", "http://.", "data:,x"],
)
def test_what_is_no_web_address_is_not_gone_to(url: str) -> None:
    for way in (lambda: Way(url), lambda: after((301, url))):
        with pytest.raises(LostError, match="web address"):
            way()


@pytest.mark.parametrize("port", ["x", "99999"])
def test_a_port_that_is_none_is_not_gone_to(port: str) -> None:
    with pytest.raises(LostError):
        after((301, f"http://news.example:{port}/"))


def test_a_host_is_known_by_its_name_alone() -> None:
    assert Way("https://me:word@News.Example.:8443/rss").host == "news.example"
