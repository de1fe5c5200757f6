"""The table of faults names tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
TABLE = TESTS.parent / "docs" / "faults.md"
NAME = re.compile(r"`(test_\w+)`")
DEFINED = re.compile(r"^(?:async )?def (test_\w+)\(", re.MULTILINE)


def defined() -> set[str]:
    return {name for path in TESTS.rglob("*.py") for name in DEFINED.findall(path.read_text(encoding="utf-8"))}


def test_each_test_that_the_table_names_exists() -> None:
    named = set(NAME.findall(TABLE.read_text(encoding="utf-8")))
    assert len(named) > 50
    assert named - defined() == set()


def test_each_fault_is_shown_by_a_test() -> None:
    rows = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][1:]
    assert [row for row in rows if not NAME.search(row)] == []
