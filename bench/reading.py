"""How fast items are read, beside `dateparser.search_dates` on the same texts; see bench/README.md."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench.ordinary import ORDINARY  # noqa: E402
from bot.cli._lines import item_of  # noqa: E402
from bot.cli._reading import load_reader  # noqa: E402
from bot.core.model import Item  # noqa: E402

ITEMS = (ROOT / "tests/corpus/seen.jsonl", ROOT / "bot/data/demo/fortnight.jsonl")
LANGUAGES = {"en": "English", "uk": "Ukrainian", "ru": "Russian"}
LENGTH = 600
PASSES = 3
SHARE = 10
MOST = 60

Read = Callable[[Item], object]


@dataclass(frozen=True, slots=True)
class Speed:
    """Texts, and the seconds that all of them took, by ours and by theirs, at first sight and at best."""

    texts: int
    first: float
    best: float
    theirs_first: float
    theirs: float

    def line(self, name: str) -> str:
        """Return the figures as a line of the table."""
        rates = f"{self.texts / self.best:>10,.0f} {self.texts / self.theirs:>12,.0f}"
        times = f"{self.theirs / self.best:>7.1f} {self.theirs_first / self.first:>12.1f}"
        return f"  {name:<36} {self.texts:>5} {rates} {times}"


def main() -> None:
    """Load, warm up, measure, print."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    before, began = _resident(), time.perf_counter()
    reader = load_reader()
    loaded, grown = time.perf_counter() - began, _resident() - before
    print(f"The reader is loaded in {loaded:.2f} s; its words and places take {grown:.0f} MiB.\n")
    near = [item for item in _spec_items() if not reader.read(item)]
    for item in near[:: len(near) // 20]:
        _search_dates(replace(item, summary=item.title))
    print(f"{LENGTH} characters a text, texts a second on one core")
    print(f"  {'':<36} texts {'the reader':>10} {'dateparser':>12} {'times':>7} {'first sight':>12}")
    events = {language: _texts(language) for language in LANGUAGES}
    speeds = [_speed(items, reader.read) for items in events.values()]
    for name, speed in zip(LANGUAGES.values(), speeds, strict=True):
        print(speed.line(f"news of the kinds, {name}"))
    print(_sum(speeds).line("news of the kinds, all"))
    print(_speed(_feed(events), reader.read).line(f"a feed: one of these in {SHARE}"))
    print("\nAn item without an event is turned away within (median)")
    headed = [_headed(item) for items in _ordinary().values() for item in items]
    for name, items in (("ordinary news", headed), ("news with words of the kinds", near)):
        took = median(min(_seconds(reader.read, item) for _ in range(PASSES)) for item in items)
        print(f"  {name:<36} {len(items):>5} items {took * 1e3:>8.3f} ms")


def _speed(items: Sequence[Item], read: Read) -> Speed:
    """Return how long both take, in turns, so that what else the machine does slows both down."""
    ours, theirs = [], []
    for _ in range(PASSES):
        ours.append([_seconds(read, item) for item in items])
        theirs.append([_seconds(_search_dates, item) for item in items])
    best, others = (sum(map(min, zip(*took, strict=True))) for took in (ours, theirs))
    return Speed(len(items), sum(ours[0]), best, sum(theirs[0]), others)


def _sum(speeds: Sequence[Speed]) -> Speed:
    return Speed(
        sum(each.texts for each in speeds),
        sum(each.first for each in speeds),
        sum(each.best for each in speeds),
        sum(each.theirs_first for each in speeds),
        sum(each.theirs for each in speeds),
    )


def _seconds(read: Read, item: Item) -> float:
    began = time.thread_time()
    read(item)
    return time.thread_time() - began


def _search_dates(item: Item) -> object:
    from dateparser.search import search_dates  # noqa: PLC0415  after the memory of the reader has been measured

    return search_dates(item.summary, languages=[item.language])


def _texts(language: str) -> list[Item]:
    """Return distinct texts of the length out of all items that are long enough."""
    found = [
        replace(item, title="", summary=piece, body=None)
        for item in _items()
        if item.language == language
        for piece in _pieces("\n".join(filter(None, (item.title, item.summary, item.body))))
    ]
    return found[:MOST]


def _pieces(text: str) -> Iterator[str]:
    """Yield stretches of the length, each beginning with a word."""
    while len(text) >= LENGTH:
        yield text[:LENGTH]
        text = text[LENGTH:].partition(" ")[2]


def _feed(events: dict[str, list[Item]]) -> list[Item]:
    """Return the news of the kinds among ordinary news; texts of the same length, all of them different."""
    ordinary = _ordinary()
    return [
        item
        for language, items in events.items()
        for at, event in enumerate(items[:SHARE])
        for item in (event, *(_ordinary_text(ordinary[language], at * SHARE + turn) for turn in range(1, SHARE)))
    ]


def _ordinary_text(items: Sequence[Item], turn: int) -> Item:
    texts = [items[(turn * 7 + step * (turn + 1)) % len(items)].summary for step in range(len(items))]
    return replace(items[0], title="", summary=f"{turn}. {' '.join(texts)}"[:LENGTH], body=None)


def _ordinary() -> dict[str, list[Item]]:
    model = next(_items())
    return {
        language: [replace(model, language=language, title="", summary=text, body=None) for text in texts]
        for language, texts in ORDINARY.items()
    }


def _headed(item: Item) -> Item:
    title, _, summary = item.summary.partition(". ")
    return replace(item, title=title, summary=summary)


def _items() -> Iterator[Item]:
    for path in ITEMS:
        with path.open("rb") as lines:
            yield from map(item_of, lines)


def _spec_items() -> Iterator[Item]:
    """Yield the cases of the tests, in which the words of the kinds are warmed up and false friends are found."""
    model = next(_items())
    for path in sorted((ROOT / "tests/spec").glob("*/*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            case: dict[str, Any] = json.loads(line)
            title = case.get("title") or case.get("text") or ""
            summary, body = case.get("summary") or "", case.get("body")
            yield replace(model, language=path.parent.name, title=title, summary=summary, body=body)


def _resident() -> float:
    """Return the memory of the process in MiB, as far as the system tells."""
    status = Path("/proc/self/statm")
    if not status.exists():
        return float("nan")
    return int(status.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    main()
