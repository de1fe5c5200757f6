"""Judge a change of joining by news whose events are known: join it anew, and count against what a person joined.

    python bench/backtest.py [--without RULE]... [--rules] [--nights] [FILE]...

A file has items with gold reports, as the open corpus has them; beside NAME.items.jsonl, NAME.events.jsonl may say what
the events are in the end. `--nights` adds invented ones. `--rules` leaves out each rule in turn, and joins in simpler ways for comparison.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.nights import nights
from bench.rules import INSTEAD, RULES, without
from bot.cli._lines import ItemLines, complain, event_fields
from bot.cli._reading import load_reader
from bot.cli._recorded import Recorded
from bot.cli.replay import answers_of, join_all
from bot.core.extract import Reader
from bot.core.kinds import Kind
from bot.core.model import Item, Report
from tests import event_facts
from tests.joined import Joined, Pair, judge, pairs

CORPUS = Path(__file__).parents[2] / "shared/corpus/open.items.jsonl"
Change: TypeAlias = Callable[[Kind], Kind]
HEAD = "b3 f1  prec.  recall   gold  once split extra merged false missed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What joining made of a file: its reports in pairs, its events as they are written out."""

    told: tuple[Pair, ...]
    events: tuple[Mapping[str, Any], ...]


class Gold(Protocol):
    """News whose events are known."""

    name: str
    size: int

    def join(self, change: Change = ...) -> Outcome:
        """Join everything, the kinds being changed."""
        ...

    def facts(self, outcome: Outcome) -> str:
        """Return how many events have the right facts at the end, and which have not; "" where nobody wrote them down."""
        ...


class Nights:
    """Invented weeks of strikes on one city; see `bench.nights`."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self._kinds = kinds
        self._news = list(nights())
        self.name, self.size = "nights", len(self._news)

    async def read(self, item: Item) -> tuple[Report, ...]:
        """Return what the item says."""
        return tuple(report for each, report, _ in self._news if each is item)

    def ordered(self) -> list[Item]:
        """Return the items as they were published."""
        return sorted((item for item, _, _ in self._news), key=lambda item: (item.published, item.source.id))

    def join(self, change: Change = lambda kind: kind) -> Outcome:
        """Join everything, the kinds being changed."""
        kinds = {name: change(kind) for name, kind in self._kinds.items()}
        events = asyncio.run(join_all(self.ordered(), self, kinds))
        stand = {report.id: str(event.id) for event in events for report in event.reports}
        told = (Pair(night, stand[report.id], report.kind, "en") for _, report, night in self._news)
        return Outcome(tuple(told), ())

    def facts(self, outcome: Outcome) -> str:
        """Return "": of these the joining alone is judged."""
        del outcome
        return ""


class File:
    """A file of items with gold reports, read once."""

    def __init__(self, path: Path, reader: Reader) -> None:
        self.path, self.name = path, path.name
        self.kinds = {kind.name: kind for kind in reader.kinds}
        self.lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        self.size = len(self.lines)
        self._recorded = Recorded(reader, complain)
        with path.open("rb") as stream:
            self._recorded.add(ItemLines(stream, complain))

    def join(self, change: Change = lambda kind: kind) -> Outcome:
        """Join everything, the kinds being changed."""
        kinds = {name: change(kind) for name, kind in self.kinds.items()}
        events = asyncio.run(join_all(self._recorded.ordered(), self._recorded, kinds))
        answers = answers_of(events, kinds)
        by_id = {item: reports for (_, item), reports in answers.items()}
        told = [pair for line in self.lines for pair in pairs(line, by_id.get(line["id"], ()))]
        return Outcome(tuple(told), tuple(event_fields(event, kinds[event.kind]) for event in events))

    def facts(self, outcome: Outcome) -> str:
        """Return how many events have the right facts at the end, and which have not; "" where nobody wrote them down."""
        path = self.path.with_name(self.path.name.replace("items", "events"))
        if path == self.path or not path.exists():
            return ""
        final = {str(event["event"]): event for event in outcome.events}
        told: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for number, pair in enumerate(each for each in outcome.told if each.gold):
            told[pair.gold].append((pair.found or f"{event_facts.MISSING}{number}", pair.language))
        return event_facts.summary(event_facts.judge(event_facts.read(path), final, told))


def main(arguments: Sequence[str]) -> None:
    """Read the files, join them as asked, print the figures."""
    parser = argparse.ArgumentParser(description="Join news whose events are known, and count how right that is.")
    parser.add_argument("--without", action="append", default=[], choices=sorted(RULES), help="leave a rule out")
    parser.add_argument("--rules", action="store_true", help="leave out each rule in turn")
    parser.add_argument("--nights", action="store_true", help="join invented weeks of strikes on one city as well")
    parser.add_argument("files", nargs="*", type=Path)
    asked = parser.parse_args(arguments)
    asked.files = asked.files or ([] if asked.nights else [CORPUS])
    missing = [str(path) for path in asked.files if not path.exists()]
    if missing:
        parser.error(f"there is no {', '.join(missing)}; name files of items with gold reports")
    reader = load_reader()
    invented: list[Gold] = [Nights({kind.name: kind for kind in reader.kinds})] if asked.nights else []
    for gold in (*(File(path, reader) for path in asked.files), *invented):
        with without(*asked.without):
            print(f"{gold.name}: {gold.size} items\n{'':<22} {HEAD}")
            _print_parts(gold.join(), gold)
            if asked.rules:
                _print_rules(gold)


def _print_parts(outcome: Outcome, gold: Gold) -> None:
    told = outcome.told
    print(_line("all", told))
    for kind in sorted({pair.kind for pair in told}):
        print(_line(kind, [pair for pair in told if pair.kind == kind]))
    for language in sorted({pair.language for pair in told}):
        print(_line(language, [pair for pair in told if pair.language == language]))
    print(gold.facts(outcome))


def _print_rules(gold: Gold) -> None:
    print(f"{'without':<22} {HEAD}")
    for name, rule in RULES.items():
        with without(name):
            print(f"{_line(name, gold.join().told)}   {rule.told}")
    print("instead")
    for name, change in INSTEAD.items():
        print(_line(name, gold.join(change).told))


def _line(name: str, told: Sequence[Pair]) -> str:
    found: Joined = judge(told)
    shares = f"{found.f1:.3f}  {found.precision:.3f}  {found.recall:.3f}"
    counts = f"{found.gold:>6} {found.once:>5} {found.split:>5} {found.extra:>5}"
    return f"{name:<22} {shares} {counts} {found.merged:>6} {found.false:>5} {found.missed:>6}"


if __name__ == "__main__":
    main(sys.argv[1:])
