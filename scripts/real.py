"""Facts of real articles: `tests/real.csv` has their addresses and what a careful reader found, never their text.

    scripts/real.py keep USE < GOLD.jsonl    print the rows of some items with gold reports, for tests/real.csv
    scripts/real.py gold < TEXTS.jsonl       join texts, kept elsewhere, with the facts of their address

The second prints items with gold in the format of the open corpus, so that `vistka extract` and the corpus's scorer can
say how well real articles are read. TEXTS are items without reports (`id, url, lang, published, title, summary, body`).

A row is one report of one article; an article that carries no event has one row without a kind. `use` says whether rules
were written with the article in sight ("rules") or it was only measured ("measured"). `facts` is a JSON object of what
the article states, with the other fair readings under `also` and `maybe` as in the corpus.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parents[1] / "tests" / "real.csv"
ARTICLE = ("url", "use", "language", "published")
REPORT = ("kind", "role", "date", "status")
UNSTATED: tuple[object, ...] = (None, False, [], {})


def rows(items: Iterable[Mapping[str, Any]], use: str) -> Iterator[dict[str, str]]:
    """Yield the rows of items with gold reports."""
    for item in items:
        article = {"url": item["url"], "use": use, "language": item["lang"], "published": item["published"]}
        reports: list[dict[str, Any]] = item["reports"] or [{}]
        yield from ({**article, **_row(report)} for report in reports)


def _row(report: Mapping[str, Any]) -> dict[str, str]:
    apart = {*REPORT, "event", "evidence"}
    facts = {name: value for name, value in report.items() if name not in apart and value not in UNSTATED}
    told = json.dumps(facts, ensure_ascii=False) if report else ""
    return {**{name: report.get(name) or "" for name in REPORT}, "facts": told}


def gold(table: Iterable[Mapping[str, str]]) -> dict[str, list[dict[str, Any]]]:
    """Return the gold reports of every address of the table; an article without an event has none."""
    found: dict[str, list[dict[str, Any]]] = {}
    for number, row in enumerate(table):
        own = found.setdefault(row["url"], [])
        if row["kind"]:
            known = {name: row[name] or None for name in REPORT}
            own.append({"event": str(number), "disputed": False, **known, **json.loads(row["facts"])})
    return found


def kept() -> list[dict[str, str]]:
    """Return the rows of `tests/real.csv`."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main(arguments: list[str]) -> None:
    """Do what the module says."""
    if arguments[:1] == ["keep"] and len(arguments) > 1:
        items = map(json.loads, sys.stdin)
        csv.DictWriter(sys.stdout, (*ARTICLE, *REPORT, "facts"), lineterminator="\n").writerows(
            rows(items, arguments[1])
        )
    elif arguments == ["gold"]:
        known = gold(kept())
        for item in map(json.loads, sys.stdin):
            print(json.dumps({**item, "reports": known[item["url"]]}, ensure_ascii=False))
    else:
        sys.exit("scripts/real.py: say `keep USE` or `gold`; its docstring explains both")


if __name__ == "__main__":
    main(sys.argv[1:])
