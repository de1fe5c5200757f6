"""The laws of `vistka replay`: neither the order of the lines nor repeats matter, to the byte, and memory is bounded."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cli import replay as module
from bot.cli._reading import load_reader
from bot.cli._recorded import Recorded
from bot.cli.replay import COMMAND
from bot.core.extract import Reader
from bot.core.model import Item, Report
from tests.reports import at, item

ROOT = Path(__file__).parents[2]
FORTNIGHT = (ROOT / "bot/data/demo/fortnight.jsonl").read_text(encoding="utf-8").splitlines()
SEEN = (ROOT / "tests/corpus/seen.jsonl").read_text(encoding="utf-8").splitlines()


def edited(lines: list[str]) -> Iterator[str]:
    """Yield edits of every fourth item: it says two hours later what its neighbour says, and then nothing, or itself again."""
    for number in range(0, len(lines) - 1, 4):
        own, other, moved = json.loads(lines[number]), json.loads(lines[number + 1]), {}
        for hours, words in ((2, other), (3, ({"title": "Weather"}, own)[number % 8 == 0])):
            moved["published"] = (datetime.fromisoformat(own["published"]) + timedelta(hours=hours)).isoformat()
            yield json.dumps(own | {"summary": "", "body": None} | {k: words[k] for k in TEXTS if k in words} | moved)


TEXTS = ("title", "summary", "body")
LINES = [*FORTNIGHT, *SEEN, *edited(FORTNIGHT)]


@dataclass
class Remembering:
    """A reader that reads each text once, so that many replays take no longer than their joining."""

    reader: Reader
    known: dict[Item, tuple[Report, ...]] = field(default_factory=dict)

    @property
    def kinds(self):
        return self.reader.kinds

    def knowing(self, _: object):
        return self

    def read(self, item: Item) -> tuple[Report, ...]:
        if item not in self.known:
            self.known[item] = self.reader.read(item)
        return self.known[item]


@dataclass(frozen=True)
class Replayed:
    """What a replay gave: the answer to each id, the messages and the events, all as bytes."""

    answers: Mapping[str, bytes]
    posts: bytes
    events: bytes


@pytest.fixture(scope="module")
def reader():
    return Remembering(load_reader())


@pytest.fixture(scope="module")
def replayed(reader, tmp_path_factory):
    """Return how lines are replayed."""
    folder = tmp_path_factory.mktemp("replay")
    outputs = {"--posts": folder / "posts.jsonl", "--events": folder / "events.jsonl"}

    def run(lines: list[str]) -> Replayed:
        options = [str(part) for output in outputs.items() for part in output]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "load_reader", lambda: reader)
            result = CliRunner().invoke(COMMAND, options, input="\n".join(lines))
        assert result.exit_code == 0, result.stderr
        answers = result.stdout_bytes.splitlines()
        assert [json.loads(answer)["id"] for answer in answers] == [json.loads(line)["id"] for line in lines]
        told = {json.loads(answer)["id"]: answer for answer in answers}
        assert all(told[json.loads(answer)["id"]] == answer for answer in answers), "one id has two answers"
        return Replayed(told, outputs["--posts"].read_bytes(), outputs["--events"].read_bytes())

    return run


@pytest.fixture(scope="module")
def straight(replayed):
    return replayed(LINES)


def test_the_news_of_these_laws_joins_and_posts(straight):
    events = [json.loads(line) for line in straight.events.splitlines()]
    assert max(len(event["items"]) for event in events) > 3
    assert {json.loads(line)["action"] for line in straight.posts.splitlines()} == {"post", "edit", "reply"}


def test_a_second_replay_gives_the_same_bytes(replayed, straight):
    assert replayed(LINES) == straight


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_any_order_and_any_repeats_of_the_lines_give_the_same_bytes(replayed, straight, seed):
    shuffled = Random(seed).choices(LINES, k=len(LINES) // 2) + LINES
    Random(seed).shuffle(shuffled)
    assert replayed(shuffled) == straight


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_items_published_at_one_moment_go_in_by_source_and_id(replayed, seed):
    lines = [json.dumps(json.loads(line) | {"published": "2025-06-09T12:00:00Z"}) for line in FORTNIGHT]
    shuffled = Random(seed).sample(lines, k=len(lines))
    assert replayed(shuffled) == replayed(lines)


class Silent:
    """A reader that finds an event in one item of a hundred."""

    def read(self, item: Item) -> tuple[Report, ...]:
        return ("a report",) if item.id.endswith("00") else ()


def test_of_items_without_reports_nothing_is_kept_in_memory():
    def endless() -> Iterator[Item]:
        model = item("wire", at(9))
        return (replace(model, id=str(number), body=f"{number} " + "x" * 2000) for number in range(20_000))

    with Recorded(Silent(), pytest.fail) as recorded:
        tracemalloc.start()
        recorded.add(endless())
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 200 * 2 * 2500
        assert len(recorded.ordered()) == 199
        assert sum(1 for _ in recorded.lines()) == 20_000
