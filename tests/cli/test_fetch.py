"""`vistka fetch`: the daemon's own eyes on one address."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.__main__ import main
from tests.feedserver import FeedServer

FEEDS = Path(__file__).parents[1] / "feeds"


@dataclass(frozen=True)
class Outcome:
    """How a command ended and what it printed."""

    exit_code: int
    stdout: str
    stderr: str


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[[str], Outcome]:
    """Call `vistka fetch` as a shell does."""

    def run_command(url: str) -> Outcome:
        monkeypatch.setattr("sys.argv", ["vistka", "fetch", url])
        with pytest.raises(SystemExit) as end:
            main()
        return Outcome(end.value.code, *capsys.readouterr())

    return run_command


@pytest.mark.parametrize(
    "path", ["rss/news_en.xml", "rss/atom_uk.xml", "jsonfeed/news_uk.feed", "telegram_web/channel_uk.html"]
)
def test_each_type_is_guessed_from_its_answer_and_printed_line_by_line(
    path: str, server: FeedServer, call: Callable[[str], Outcome]
) -> None:
    result = call(server.serve("/anything", (FEEDS / path).read_bytes()))
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    expected = json.loads((FEEDS / path).with_suffix(".json").read_text())
    assert result.exit_code == 0
    assert [line["title"] for line in lines] == [item["title"] for item in expected]
    assert set(lines[0]) == {"id", "url", "published", "title", "summary", "body"}


@pytest.mark.parametrize("body", ["<!doctype html><html><body>Hello</body></html>", "", "{}"])
def test_what_is_no_feed_is_one_clear_line(body: str, server: FeedServer, call: Callable[[str], Outcome]) -> None:
    result = call(server.serve("/page", body))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("vistka: 127.0.0.1: it is")
    assert result.stderr.count("\n") == 1


def test_an_address_on_the_own_network_is_refused_unless_it_is_allowed(
    server: FeedServer, monkeypatch: pytest.MonkeyPatch, call: Callable[[str], Outcome]
) -> None:
    monkeypatch.setenv("VISTKA_FETCH_ALLOW", "")
    result = call(server.serve("/feed", "secret"))
    assert (result.exit_code, server.asked["/feed"]) == (1, 0)
    assert "VISTKA_FETCH_ALLOW" in result.stderr


def test_a_wrong_setting_is_wrong_usage(monkeypatch: pytest.MonkeyPatch, call: Callable[[str], Outcome]) -> None:
    monkeypatch.setenv("VISTKA_FETCH_ALLOW", "everything")
    result = call("http://127.0.0.1/")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "VISTKA_FETCH_ALLOW" in result.stderr


def test_what_a_terminal_obeys_is_printed_as_an_escape(server: FeedServer, call: Callable[[str], Outcome]) -> None:
    text = "<rss version='2.0'><channel><item><guid>1</guid><title>A\u202eB\u2028C</title></item></channel></rss>"
    line = call(server.serve("/feed", text)).stdout
    assert json.loads(line)["title"] == "A\u202eB\u2028C"
    assert "\u202e" not in line
