"""lemon24/reader on the same feeds: python bench/poll_reader.py PORT FEEDS FOLDER, in the environment of requirements.lock."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from reader import make_reader  # type: ignore[import-not-found]

from bench.feeds import ITEMS, address
from bench.phases import check, control, phase

WORKERS = 8
"""Threads that fetch: with more or fewer it is no faster on one core."""


def main(port: int, feeds: int, folder: str) -> None:
    """Poll in three phases."""
    control(port, "reset")
    reader = make_reader(f"{folder}/reader.sqlite3")
    for number in range(feeds):
        reader.add_feed(address(number, port))
    for name in ("cold", "quiet", "changed"):
        if name == "changed":
            control(port, "change/5")
        with phase(name):
            reader.update_feeds(workers=WORKERS, scheduled=False)
    check(port, feeds, reader.get_entry_counts().total, ITEMS)
    reader.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
