"""`vistka extract`: items in, reports out, and what becomes of bad lines."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from bot.cli import extract as module
from bot.cli._reading import load_reader
from bot.cli.extract import COMMAND

ITEM = {
    "id": "a-1",
    "outlet": "Steppe Wire",
    "lang": "en",
    "published": "2025-06-09T15:00:00+03:00",
    "title": "Ukraine and Russia exchange 25 prisoners of war each",
    "summary": "The exchange took place on Monday.",
    "body": None,
}
BARE = {
    "id": "b-1",
    "published": "2025-06-09T15:00:00Z",
    "title": "Сьогодні відбувся обмін полоненими: додому повернулися 25 захисників",
}


@pytest.fixture(scope="module")
def loaded():
    return load_reader()


@pytest.fixture(autouse=True)
def _one_reader(monkeypatch, loaded):
    """Load the words once for all tests of this module."""
    monkeypatch.setattr(module, "load_reader", lambda: loaded)


def run(*lines: dict | str | bytes, options: tuple[str, ...] = ()) -> Result:
    raw = [line if isinstance(line, (str, bytes)) else json.dumps(line, ensure_ascii=False) for line in lines]
    data = b"\n".join(line.encode() if isinstance(line, str) else line for line in raw)
    return CliRunner().invoke(COMMAND, list(options), input=data)


def entries(result: Result) -> list[dict]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_each_item_gives_a_line_with_all_slots():
    result = run(ITEM)
    assert result.exit_code == 0, result.stderr
    (entry,) = entries(result)
    (report,) = entry["reports"]
    assert entry["id"] == "a-1"
    assert (report["kind"], report["role"], report["date"]) == ("swap", "main", "2025-06-09")
    assert (report["to_ukraine"], report["ordinal"], report["mediators"]) == (25, None, [])
    assert report["evidence"] in f"{ITEM['title']} {ITEM['summary']}"


def test_id_title_and_published_are_enough():
    result = run(BARE | {"summary": None, "body": None, "outlet": None})
    assert result.exit_code == 0, result.stderr
    assert [report["kind"] for report in entries(result)[0]["reports"]] == ["swap"]


def test_an_item_about_something_else_has_no_reports():
    result = run({**ITEM, "title": "Bread prices rise", "summary": ""})
    assert entries(result) == [{"id": "a-1", "reports": []}]


def test_explain_adds_the_reasons():
    result = run(ITEM, {**ITEM, "title": "Bread prices rise", "summary": ""}, options=("--explain",))
    told, silent = entries(result)
    assert any("to_ukraine" in reason for reason in told["reasons"])
    assert "swap: no gate word in the text" in silent["reasons"]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("no json", "line 2: is no JSON"),
        ("[1]", "line 2: is JSON but no object"),
        ("[" * 100_000, "line 2: is "),
        (b"\xff\xfe", "line 2: is not UTF-8"),
        ({"id": "x", "title": "y"}, "line 2: lacks published; every item needs id, title, published"),
        ({**ITEM, "title": 7}, "line 2: has a title that is no text"),
        ({**ITEM, "published": "yesterday"}, "line 2: has published 'yesterday', which is no time with an offset"),
        ({**ITEM, "published": "2025-06-09T15:00:00"}, "line 2: has published"),
        ({**ITEM, "published": "0001-01-01T00:00:00+14:00"}, "line 2: has published"),
    ],
)
def test_a_bad_line_costs_one_line_on_standard_error_and_nothing_else(line, complaint):
    result = run(ITEM, line, {**ITEM, "id": "a-3"})
    assert result.exit_code == 1
    assert [entry["id"] for entry in entries(result)] == ["a-1", "a-3"]
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith(complaint)


def test_empty_lines_and_a_byte_order_mark_are_passed_over():
    result = run(b"\xef\xbb\xbf" + json.dumps(ITEM).encode(), "", "  ")
    assert (result.exit_code, len(entries(result))) == (0, 1)


def test_half_a_character_does_not_stop_the_output():
    result = run(json.dumps({**ITEM, "id": "\ud83d"}))
    assert (result.exit_code, entries(result)[0]["id"]) == (0, "\ud83d")


class Stumbling:
    """A reader that fails on one item."""

    kinds = ()

    def explain(self, item):
        if item.id == "bad":
            raise RuntimeError("lost the thread")
        return ()


def test_an_item_the_reading_fails_on_is_named_and_the_rest_is_read(monkeypatch):
    monkeypatch.setattr(module, "load_reader", Stumbling)
    result = run({**ITEM, "id": "bad"}, ITEM)
    assert result.exit_code == 1
    assert entries(result) == [{"id": "bad", "reports": []}, {"id": "a-1", "reports": []}]
    assert result.stderr.startswith("item bad: cannot be read (RuntimeError: lost the thread)")
