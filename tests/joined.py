"""How well the reports of items are joined into events, counted as the scorer of the open corpus counts it.

Each report that a person finds in an item is paired with the one that the program found; what is left over is missed or
false. The pairs say how far the program's events are the person's: B-cubed (A. Bagga, B. Baldwin, "Entity-based
cross-document coreferencing using the vector space model", 1998) and events found once, split, mixed, false and missed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

Row: TypeAlias = Mapping[str, Any]
SIDES = {"swap": "subtype", "strike": "attacker"}
IDENTITY = {"swap": ("subtype", "date"), "strike": ("attacker", "date", "region")}
COUNTS = {
    "swap": ("to_ukraine", "to_russia", "to_ukraine_civilians", "to_russia_civilians", "ordinal"),
    "strike": ("drones", "missiles", "drones_downed", "missiles_downed", "killed", "injured"),
}
EXTRA = {"swap": ("status",), "strike": ()}


@dataclass(frozen=True, slots=True)
class Pair:
    """A report as the person and as the program has it: the event of each, "" where only the other has it."""

    gold: str
    found: str
    kind: str
    language: str


@dataclass(frozen=True, slots=True)
class Joined:
    """The figures."""

    precision: float
    recall: float
    gold: int
    once: int
    split: int
    extra: int
    merged: int
    false: int
    missed: int

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def pairs(item: Row, found: Iterable[Row]) -> list[Pair]:
    """Return the pairs of one item; reports that readers differ on count neither way."""
    golds = [report for report in item["reports"] if report["role"] == "main"]
    optional = [report for report in item["reports"] if report["role"] == "optional"]
    left = [report for report in found if report.get("role", "main") == "main"]
    matched = _paired(golds, left)
    told = [Pair(gold["event"], str(mine["event"]), gold["kind"], item["lang"]) for gold, mine in matched]
    kept = [gold for gold, _ in matched]
    missed = [Pair(gold["event"], "", gold["kind"], item["lang"]) for gold in golds if not _among(gold, kept)]
    left = [mine for mine in left if not _among(mine, [mine for _, mine in matched])]
    forgiven = [mine for _, mine in _paired(optional, left)]
    false = [Pair("", str(mine["event"]), mine["kind"], item["lang"]) for mine in left if not _among(mine, forgiven)]
    return [*told, *missed, *false]


def _among(report: Row, reports: Iterable[Row]) -> bool:
    return any(report is each for each in reports)


def _paired(golds: Sequence[Row], found: Sequence[Row]) -> list[tuple[Row, Row]]:
    """Pair reports of one kind and side, the likest first."""
    ranked = sorted(
        (-_likeness(gold, mine), i, j)
        for i, gold in enumerate(golds)
        for j, mine in enumerate(found)
        if gold["kind"] == mine["kind"] and _agree(gold, mine, SIDES[gold["kind"]])
    )
    matched: dict[int, int] = {}
    for _, i, j in ranked:
        if i not in matched and j not in matched.values():
            matched[i] = j
    return [(golds[i], found[j]) for i, j in matched.items()]


def _agree(gold: Row, mine: Row, slot: str) -> bool:
    return mine.get(slot) in (gold.get(slot), *gold.get("also", {}).get(slot, ()))


def _likeness(gold: Row, mine: Row) -> int:
    kind = gold["kind"]
    stated = (*IDENTITY[kind], *COUNTS[kind], *EXTRA[kind])
    same = sum(gold.get(slot) is not None and gold[slot] == mine.get(slot) for slot in stated)
    return 2 * sum(_agree(gold, mine, slot) for slot in IDENTITY[kind]) + same


def judge(told: Sequence[Pair]) -> Joined:
    """Return the figures of all pairs; a report that one side alone has is an event of its own there."""
    gold = [pair.gold or f"false {number}" for number, pair in enumerate(told)]
    found = [pair.found or f"missed {number}" for number, pair in enumerate(told)]
    golds, founds, both = Counter(gold), Counter(found), Counter(zip(gold, found, strict=True))
    total = max(1, len(told))
    parts: defaultdict[str, set[str]] = defaultdict(set)
    mixed: defaultdict[str, set[str]] = defaultdict(set)
    for pair in told:
        if pair.gold:
            parts[pair.gold] |= {pair.found} - {""}
        if pair.found:
            mixed[pair.found] |= {pair.gold} - {""}
    return Joined(
        precision=sum(n * n / founds[mine] for (_, mine), n in both.items()) / total,
        recall=sum(n * n / golds[own] for (own, _), n in both.items()) / total,
        gold=len(parts),
        once=sum(len(each) == 1 for each in parts.values()),
        split=sum(len(each) > 1 for each in parts.values()),
        extra=sum(len(each) - 1 for each in parts.values() if each),
        merged=sum(len(each) > 1 for each in mixed.values()),
        false=sum(not each for each in mixed.values()),
        missed=sum(not each for each in parts.values()),
    )
