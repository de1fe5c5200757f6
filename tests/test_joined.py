"""The figures of joining are what the open corpus's scorer says, and what a person would count."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from tests.joined import Pair, judge, pairs

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"


def strike(event: str, region: str = "UA-63", role: str = "main", **slots: object) -> dict:
    return {"event": event, "kind": "strike", "role": role, "attacker": "RU", "region": region, "date": None, **slots}


def item(*reports: dict) -> dict:
    return {"id": "1", "lang": "en", "reports": list(reports)}


def test_reports_are_paired_by_what_they_say_and_the_rest_is_missed_or_false():
    told = item(strike("a", killed=3), strike("b", "UA-59"), strike("c", "UA-51", "optional"))
    found = [strike("1", "UA-59"), strike("2", killed=3), strike("3", "UA-51"), strike("4", "UA-30")]
    assert {(pair.gold, pair.found) for pair in pairs(told, found)} == {("a", "2"), ("b", "1"), ("", "4")}
    assert {(pair.gold, pair.found) for pair in pairs(told, [])} == {("a", ""), ("b", "")}


def test_a_fair_reading_is_paired_too_and_the_other_side_never():
    told = item(strike("a", also={"region": ["UA-32"]}))
    assert pairs(told, [strike("1", "UA-32"), strike("2", "UA-05")])[0] == Pair("a", "1", "strike", "en")
    assert [pair.found for pair in pairs(told, [strike("1") | {"attacker": "UA"}])] == ["", "1"]


def test_split_mixed_false_and_missed_events_are_counted():
    told = [
        Pair(gold, found, "strike", "en") for gold, found in (("a", "1"), ("a", "2"), ("b", "2"), ("", "3"), ("c", ""))
    ]
    figures = judge(told)
    assert (figures.gold, figures.once, figures.split, figures.extra) == (3, 1, 1, 1)
    assert (figures.merged, figures.false, figures.missed) == (1, 1, 1)
    assert (figures.precision, figures.recall) == (pytest.approx(0.8), pytest.approx(0.8))


def test_all_right_is_one_and_nothing_told_is_no_division_by_zero():
    assert judge([Pair("a", "1", "swap", "en")] * 3).f1 == 1
    assert judge([]).f1 == 0


@pytest.mark.skipif(not CORPUS.exists(), reason="the open corpus is not beside the project")
def test_the_scorer_of_the_corpus_counts_the_same(tmp_path):
    items = [json.loads(line) for line in (CORPUS / "open.items.jsonl").read_text(encoding="utf-8").splitlines()]
    random = Random(4)
    found = {
        each["id"]: [_misread(report, random) for report in each["reports"] if random.random() < 0.9] for each in items
    }
    lines = (json.dumps({"id": name, "reports": reports}) for name, reports in found.items())
    predictions = tmp_path / "predictions.jsonl"
    predictions.write_text("\n".join(lines), encoding="utf-8")
    command = [
        sys.executable,
        CORPUS / "score.py",
        "--json",
        "--gold",
        CORPUS / "open.items.jsonl",
        "--pred",
        predictions,
    ]
    theirs = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    ours = judge([pair for each in items for pair in pairs(each, found[each["id"]])])
    assert theirs["b3"] == {
        "precision": pytest.approx(ours.precision, abs=1e-4),
        "recall": pytest.approx(ours.recall, abs=1e-4),
        "f1": pytest.approx(ours.f1, abs=1e-4),
    }
    named = ("gold", "split", "missed", "merged", "false")
    assert {name: theirs["events"][name] for name in named} == {name: getattr(ours, name) for name in named}
    assert (theirs["events"]["found_once"], theirs["events"]["extra_posts"]) == (ours.once, ours.extra)


def _misread(report: dict, random: Random) -> dict:
    """Return a report as a poor reader has it: at times of another region or side, and of a mixed event."""
    changes = {"role": "main", "event": report["event"] if random.random() < 0.8 else random.randrange(40)}
    if report["kind"] == "strike" and random.random() < 0.1:
        changes |= {"region": "UA-30", "attacker": random.choice(["RU", "UA"])}
    return {**report, **changes}
