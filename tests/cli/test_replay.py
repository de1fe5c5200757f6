"""`vistka replay`: the whole pipeline over a stream of items."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import replay as module
from bot.cli._reading import load_reader
from bot.cli.replay import COMMAND
from tests.reports import KINDS, swap

FIRST = {
    "id": "en-1",
    "outlet": "Steppe Wire",
    "lang": "en",
    "url": "https://steppe.example/1",
    "published": "2025-06-09T15:00:00+03:00",
    "title": "Ukraine and Russia exchange 25 prisoners of war each",
    "summary": "The exchange took place on Monday.",
}
SECOND = {
    "id": "uk-1",
    "outlet": "Берег",
    "lang": "uk",
    "url": "https://bereh.example/1",
    "published": "2025-06-09T16:00:00+03:00",
    "title": "Відбувся обмін полоненими: додому повернулися 25 захисників",
    "summary": "Обмін відбувся у понеділок, 9 червня.",
}
OTHER = {**FIRST, "id": "en-2", "title": "Bread prices rise", "url": "https://steppe.example/2", "summary": ""}


@pytest.fixture(scope="module")
def loaded():
    return load_reader()


@pytest.fixture(autouse=True)
def _one_reader(monkeypatch, loaded):
    """Load the words once for all tests of this module."""
    monkeypatch.setattr(module, "load_reader", lambda: loaded)


def run(*items: dict | str, options: tuple[str, ...] = ()) -> Result:
    lines = [each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for each in items]
    return CliRunner().invoke(COMMAND, list(options), input="\n".join(lines))


def read(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_reports_of_one_exchange_in_two_languages_carry_one_event():
    result = run(FIRST, OTHER, SECOND)
    assert result.exit_code == 0, result.stderr
    first, other, second = (json.loads(line) for line in result.stdout.splitlines())
    assert (first["id"], other, second["id"]) == ("en-1", {"id": "en-2", "reports": []}, "uk-1")
    assert first["reports"][0]["event"] == second["reports"][0]["event"] == 1


def test_predictions_keep_the_order_of_the_lines_and_the_clock_that_of_publication(tmp_path):
    posts = tmp_path / "posts.jsonl"
    result = run(SECOND, FIRST, options=("--posts", str(posts)))
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["uk-1", "en-1"]
    assert [post["at"] for post in read(posts)][:1] == ["2025-06-09T12:00:00+00:00"]


def test_posts_show_what_a_reader_would_have_seen(tmp_path):
    posts = tmp_path / "posts.jsonl"
    run(FIRST, SECOND, options=("--posts", str(posts)))
    post, reply, edit = read(posts)
    assert [each["action"] for each in (post, reply, edit)] == ["post", "reply", "edit"]
    assert post["message"] == edit["message"] == reply["reply_to"]
    assert "Steppe Wire" in post["text"]
    assert "Берег" in edit["text"]


def test_events_are_written_as_they_stand_at_the_end(tmp_path):
    events = tmp_path / "events.jsonl"
    run(FIRST, SECOND, options=("--events", str(events)))
    (event,) = read(events)
    assert (event["event"], event["date"], event["confirmed"], event["to_ukraine"]) == (1, "2025-06-09", True, 25)
    assert event["items"] == ["en-1", "uk-1"]
    assert {claim["source"] for claim in event["claims"]["to_ukraine"]} == {"Steppe Wire", "Берег"}


def test_a_link_seen_before_is_still_read_and_an_id_is_read_once():
    result = run(FIRST, {**FIRST, "id": "en-9"}, FIRST)
    events = [json.loads(line)["reports"][0]["event"] for line in result.stdout.splitlines()]
    assert (result.exit_code, events) == (0, [1, 1, 1])


def test_a_bad_line_is_named_and_the_rest_is_replayed():
    result = run(FIRST, "{", SECOND)
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 2
    assert result.stderr.startswith("line 2: is no JSON")


def test_an_output_that_cannot_be_written_is_wrong_usage(tmp_path):
    result = run(FIRST, options=("--posts", str(tmp_path / "nowhere" / "posts.jsonl")))
    assert result.exit_code == 2
    assert "posts.jsonl" in result.stderr


class Stumbling:
    """A reader that fails on one item."""

    kinds = tuple(KINDS.values())

    def read(self, item):
        if item.id == "uk-1":
            raise RuntimeError("lost the thread")
        return (swap("Steppe Wire", item.published, item.published.date()),)


def test_an_item_the_reading_fails_on_is_named_and_the_rest_is_replayed(monkeypatch):
    monkeypatch.setattr(module, "load_reader", Stumbling)
    result = run(SECOND, FIRST)
    assert result.exit_code == 1
    assert [len(json.loads(line)["reports"]) for line in result.stdout.splitlines()] == [0, 1]
    assert "item uk-1 of берег could not be read: RuntimeError: lost the thread" in result.stderr
