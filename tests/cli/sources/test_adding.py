"""`vistka sources add`: from an address to a source that is polled."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.sources import load_sources
from tests.cli.sources.listed import FEEDS, TYPES, Call, ids, paper, serve_list
from tests.feedserver import FeedServer


def test_a_feed_is_added_with_what_was_found_in_it(call: Call, own: Path, server: FeedServer) -> None:
    paper(server)
    result = call("add", server.url("/atom"), "--tier", "official", "--side", "UA", "--owner", "state")
    assert result.exit_code == 0, result.stderr
    source = load_sources(own, TYPES)[-1]
    assert (source.id, source.type, source.language) == ("127-0-0-1", "rss", "uk")
    assert (source.tier, source.side, source.owner, source.url) == ("official", "UA", "state", server.url("/atom"))
    assert source.name
    assert "127-0-0-1" in result.stdout


def test_of_several_feeds_behind_a_page_one_is_picked(call: Call, own: Path, server: FeedServer) -> None:
    page = paper(server)
    result = call("add", page)
    assert (result.exit_code, ids(own)) == (2, ["bereh", "step"])
    assert "1. " in result.stderr
    assert "say which one with --pick 1 to 2" in result.stderr
    assert call("add", page, "--pick", "2", "--id", "paper", "--name", "Газета", "--language", "ru").exit_code == 0
    source = load_sources(own, TYPES)[-1]
    assert (source.id, source.name, source.language, source.url) == ("paper", "Газета", "ru", server.url("/atom"))


def test_a_page_that_names_no_feed_is_asked_where_feeds_are_wont_to_be(
    call: Call, own: Path, server: FeedServer
) -> None:
    page = server.serve("/about", "<!doctype html><html><body>Hello</body></html>")
    server.serve("/rss.xml", (FEEDS / "rss/news_en.xml").read_bytes())
    assert call("add", page).exit_code == 0
    assert load_sources(own, TYPES)[-1].url == server.url("/rss.xml")
    assert server.asked["/feed.json"] == 0


def test_a_place_without_a_feed_is_one_clear_line(call: Call, own: Path, server: FeedServer) -> None:
    result = call("add", server.serve("/about", "<!doctype html><html><body>Hello</body></html>"))
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert "no feed is there" in result.stderr


def test_no_feed_is_added_twice_nor_under_a_taken_id(call: Call, own: Path, server: FeedServer) -> None:
    paper(server)
    serve_list(own, server, "/rss")
    again = call("add", server.url("/rss") + "?utm_source=x")
    assert (again.exit_code, "there already as 's0'" in again.stderr) == (2, True)
    behind = call("add", server.url("/"), "--pick", "1")
    assert (behind.exit_code, "there already as 's0'" in behind.stderr) == (2, True)
    taken = call("add", server.url("/atom"), "--id", "s0")
    assert (taken.exit_code, "'s0' is taken" in taken.stderr) == (2, True)
    assert len(ids(own)) == 1
    assert server.asked["/atom"] == 1


def test_an_address_on_the_own_network_is_refused(
    call: Call, own: Path, server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISTKA_FETCH_ALLOW", "")
    result = call("add", paper(server))
    assert (result.exit_code, sum(server.asked.values())) == (1, 0)


@pytest.mark.parametrize("begun", [None, "", "# Mine.\n\n"])
def test_a_list_of_ones_own_begins_with_its_first_source(
    call: Call, folder: Path, server: FeedServer, monkeypatch: pytest.MonkeyPatch, begun: str | None
) -> None:
    path = folder / "new.toml"
    if begun is not None:
        path.write_text(begun, encoding="utf-8")
    monkeypatch.setenv("VISTKA_SOURCES", str(path))
    listed = call("list")
    assert (listed.exit_code, "'vistka sources add'" in listed.stderr) == (2, True)
    paper(server)
    assert call("add", server.url("/rss")).exit_code == 0
    assert path.read_text(encoding="utf-8").startswith(begun or "[[source]]")
    assert ids(path) == ["127-0-0-1"]


@pytest.mark.parametrize("said", ["", "@ab", "http://me:secret@paper.example:99999/?key=secret", "t.me/+AbCd"])
def test_what_names_no_feed_is_wrong_usage_in_one_line(call: Call, own: Path, said: str) -> None:
    result = call("add", said)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert "secret" not in result.stderr


def test_the_language_that_a_feed_states_is_taken_where_its_words_do_not_tell(
    call: Call, own: Path, server: FeedServer
) -> None:
    item = "<item><title>Порт</title><link>https://a.example/1</link></item>"
    feed = f"<rss version='2.0'><channel><title>П</title><language>uk-UA</language>{item}</channel></rss>"
    assert call("add", server.serve("/port", feed)).exit_code == 0
    assert load_sources(own, TYPES)[-1].language == "uk"


def test_a_site_that_does_not_answer_now_is_to_be_tried_again(call: Call, own: Path, server: FeedServer) -> None:
    result = call("add", server.serve("/rss", "", status=503))
    assert (result.exit_code, "status 503; check how it is written, try again later" in result.stderr) == (1, True)
