"""`tests/real.csv`: what real articles say, by their address; and that the table can be turned into gold again."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
from collections import Counter
from datetime import date, datetime
from pathlib import Path

from bot.adapters.places import load_regions

SCRIPT = Path(__file__).parents[1] / "scripts" / "real.py"
spec = importlib.util.spec_from_file_location("real", SCRIPT)
real = importlib.util.module_from_spec(spec)
spec.loader.exec_module(real)

ITEM = {
    "url": "https://steppe.example/обмін",
    "lang": "uk",
    "published": "2025-06-09T15:00:00+03:00",
    "reports": [
        {
            "event": "e1",
            "kind": "swap",
            "role": "main",
            "date": "2025-06-09",
            "status": "carried_out",
            "disputed": False,
            "subtype": "prisoners",
            "to_ukraine": 205,
            "to_russia": None,
            "categories": ["under_25"],
            "mediators": [],
            "evidence": "повернулися 205",
            "also": {"to_russia": [None, 205]},
        }
    ],
}


def written(*items: dict) -> list[dict[str, str]]:
    table = io.StringIO()
    writer = csv.DictWriter(table, (*real.ARTICLE, *real.REPORT, "facts"))
    writer.writeheader()
    writer.writerows(real.rows(items, "measured"))
    table.seek(0)
    return list(csv.DictReader(table))


def test_a_row_keeps_the_facts_and_not_the_words():
    (row,) = written(ITEM)
    assert (row["use"], row["kind"], row["date"]) == ("measured", "swap", "2025-06-09")
    assert "повернулися" not in json.dumps(row, ensure_ascii=False)


def test_gold_comes_back_as_it_was_kept():
    (report,) = real.gold(written(ITEM))[ITEM["url"]]
    unstated = {"to_russia", "mediators", "evidence"}
    stated = {name: value for name, value in ITEM["reports"][0].items() if name not in unstated}
    assert report == {**stated, "event": "0"}


def test_an_article_without_an_event_is_kept_as_one():
    assert real.gold(written({**ITEM, "reports": []})) == {ITEM["url"]: []}


def test_the_table_holds_what_it_promises():
    rows = real.kept()
    uses = {row["url"]: (row["use"], row["language"]) for row in rows}
    read = Counter(language for _, language in uses.values())
    measured = Counter(language for use, language in uses.values() if use == "measured")
    assert sum(read.values()) >= 160
    assert sum(measured.values()) >= 60
    assert min(measured[language] for language in ("en", "uk", "ru")) >= 20


def test_the_table_holds_together():
    regions = {*load_regions(), "UA", "RU"}
    for row in real.kept():
        assert datetime.fromisoformat(row["published"]).tzinfo
        assert row["url"].startswith("http")
        for report in real.gold([row])[row["url"]]:
            assert report["role"] in {"main", "background", "optional"}
            assert report["date"] is None or date.fromisoformat(report["date"])
            assert report["kind"] == "swap" or report["region"] in regions
