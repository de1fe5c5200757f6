"""The bundled list of sources beside the table of facts that it was made from.

    python scripts/sources.py ../shared/facts/sources.csv

prints a line for each way in which `bot/data/sources.toml` differs from the table, and ends with 1 where there is one: a
source that is missing or not in the table, a field that is another, a source that is on though its address was not seen.
"""

from __future__ import annotations

import csv
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

BUNDLED = Path(__file__).parents[1] / "bot" / "data" / "sources.toml"
FIELDS = {"owner_group": "owner"} | {name: name for name in ("name", "type", "url", "language", "tier", "side", "wire")}
"""The fields of a source by the columns of the table."""
SEEN = "seen"


def differences(table: Path) -> Iterator[str]:
    """Yield what differs, a line each."""
    listed = {each["id"]: each for each in tomllib.loads(BUNDLED.read_text(encoding="utf-8"))["source"]}
    with table.open(encoding="utf-8", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    yield from (f"{name}: it is not in the list" for name in rows.keys() - listed.keys())
    yield from (f"{name}: it is not in the table" for name in listed.keys() - rows.keys())
    for name in sorted(rows.keys() & listed.keys()):
        yield from _differing(name, rows[name], listed[name])


def _differing(name: str, row: Mapping[str, str], source: Mapping[str, object]) -> Iterator[str]:
    for column, key in FIELDS.items():
        if row[column] != source.get(key, ""):
            yield f"{name}: {key} is {source.get(key, '')!r}, in the table {row[column]!r}"
    if source.get("enabled", True) != (row["confidence"] == SEEN):
        yield f"{name}: it is {'on' if source.get('enabled', True) else 'off'}, but its confidence is {row['confidence']}"


if __name__ == "__main__":
    found = list(differences(Path(sys.argv[1])))
    print("\n".join(found) or "the list and the table agree")
    sys.exit(bool(found))
