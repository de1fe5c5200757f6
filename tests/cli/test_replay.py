"""`vistka replay`: the whole pipeline over a stream of items."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import replay as module
from bot.cli._reading import load_reader
from bot.cli.replay import COMMAND
from bot.core.model import Origin
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


def test_a_link_seen_before_is_still_read_and_a_repeated_line_is_answered_again():
    result = run(FIRST, {**FIRST, "id": "en-9"}, FIRST, OTHER, OTHER)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["en-1", "en-9", "en-1", "en-2", "en-2"]
    assert [len(answer["reports"]) for answer in answers] == [1, 1, 1, 0, 0]
    assert {report["event"] for answer in answers for report in answer["reports"]} == {1}
    assert result.exit_code == 0


def test_other_words_under_an_id_are_an_edit_whatever_the_order_of_the_lines():
    later = {**FIRST, "published": "2025-06-09T18:00:00+03:00", "title": FIRST["title"].replace("25", "27")}
    for lines in ((FIRST, later), (later, FIRST), (later, FIRST, later, FIRST)):
        answers = [json.loads(line)["reports"] for line in run(*lines).stdout.splitlines()]
        assert [(report["to_ukraine"], report["event"]) for (report,) in answers] == [(27, 1)] * len(lines)


def test_the_same_words_again_at_another_time_are_no_edit():
    again = {**FIRST, "published": "2025-06-19T18:00:00+03:00"}
    for lines in ((FIRST, again), (again, FIRST)):
        answers = [json.loads(line)["reports"][0]["date"] for line in run(*lines).stdout.splitlines()]
        assert answers == ["2025-06-09"] * 2


def test_an_edit_without_news_takes_them_back_and_one_with_news_brings_them(tmp_path):
    events, posts = tmp_path / "events.jsonl", tmp_path / "posts.jsonl"
    empty = {**OTHER, "id": FIRST["id"]}
    earlier = {**empty, "published": "2025-06-09T08:00:00+03:00"}
    later = {**empty, "published": "2025-06-09T20:00:00+03:00"}
    for lines, left in (((FIRST, later), 0), ((later, FIRST), 0), ((earlier, FIRST), 1), ((FIRST, earlier), 1)):
        result = run(*lines, options=("--events", str(events), "--posts", str(posts)))
        assert [len(json.loads(line)["reports"]) for line in result.stdout.splitlines()] == [left, left]
        assert len(read(events)) == left
    run(FIRST, later, options=("--posts", str(posts)))
    assert [message["action"] for message in read(posts)] == ["post", "reply", "edit"]


def test_a_line_may_say_how_far_its_source_is_trusted(tmp_path):
    events = tmp_path / "events.jsonl"
    official = {"id": "hq", "name": "Coordination Headquarters", "tier": "official", "side": "UA", "owner": "state"}
    for source, confirmed in ((None, False), ({}, False), (official, True)):
        run({**FIRST, "source": source}, options=("--events", str(events)))
        (event,) = read(events)
        assert event["confirmed"] is confirmed
    assert event["claims"]["to_ukraine"][0]["source"] == "Coordination Headquarters"


def test_what_was_passed_on_is_its_authors_word_as_in_the_daemon(tmp_path, monkeypatch):
    listed, events = tmp_path / "sources.toml", tmp_path / "events.jsonl"
    listed.write_text(
        '[[source]]\nid = "tg"\nname = "Ферма"\ntype = "telegram_web"\nurl = "https://t.me/s/ferma"\nlanguage = "uk"\n'
    )
    monkeypatch.setenv("VISTKA_SOURCES", str(listed))
    official = {"id": "hq", "name": "Coordination Headquarters", "tier": "official", "side": "UA", "owner": "state"}
    passed = {**FIRST, "source": official, "via": "Штаб (@ferma)"}
    for second, confirmed in (({"id": "tg", "name": "Ферма"}, False), ({"id": "bereh", "name": "Берег"}, True)):
        run(passed, {**SECOND, "source": second}, options=("--events", str(events)))
        (event,) = read(events)
        assert event["confirmed"] is confirmed


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("ukrinform", "has a source that is no object"),
        ({"tier": "best"}, "has a source whose tier is 'best'; it can be official"),
        ({"side": "EU"}, "has a source whose side is 'EU'; it can be UA"),
        ({"colour": "red"}, "has a source with an unknown field 'colour'; there are id, name"),
        ({"name": 7}, "has a name that is no text"),
    ],
)
def test_a_line_with_a_source_that_cannot_be_is_named(source, fault):
    result = run({**FIRST, "source": source})
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"line 1: {fault}" in result.stderr


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

    def knowing(self, sources):
        return self

    def read(self, item):
        if item.id == "uk-1":
            raise RuntimeError("lost the thread")
        return (replace(swap("", item.published, item.published.date()), origin=Origin.of(item)),)


def test_an_item_the_reading_fails_on_is_named_and_the_rest_is_replayed(monkeypatch):
    monkeypatch.setattr(module, "load_reader", Stumbling)
    result = run(SECOND, FIRST)
    assert result.exit_code == 1
    assert [len(json.loads(line)["reports"]) for line in result.stdout.splitlines()] == [0, 1]
    assert "item uk-1 of берег could not be read: RuntimeError: lost the thread" in result.stderr
