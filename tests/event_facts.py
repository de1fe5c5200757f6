"""How right the events are once all items are in: their final facts, and those that several languages tell.

    python -m tests.event_facts CORPUS PREDICTIONS EVENTS

CORPUS is the folder of the open corpus with its scorer, which says which report is about which gold event; the other two
are what `vistka replay --events EVENTS` printed and wrote. An event's facts are right when its day, its region or subtype
and every count that the gold event has are; where a gold event is split, the part with most reports stands for it.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

Row: TypeAlias = Mapping[str, Any]
COUNTS = {
    "swap": ("to_ukraine", "to_russia", "to_ukraine_civilians", "to_russia_civilians"),
    "strike": ("drones", "missiles", "drones_downed", "missiles_downed", "killed", "injured"),
}
IDENTITY = {"swap": ("subtype", "date"), "strike": ("attacker", "region", "date")}
MISSING = "missing:"


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a gold event: the predicted event ids of its reports, the languages it is told in, what is wrong."""

    event: str
    kind: str
    ids: frozenset[str]
    languages: frozenset[str]
    wrong: tuple[str, ...]

    @property
    def once(self) -> bool:
        """Tell whether all its reports are in one event."""
        return len(self.ids) == 1


def differences(gold: Row, event: Row | None) -> tuple[str, ...]:
    """Return which stated facts of a gold event the predicted one does not have."""
    if event is None:
        return ("not found",)
    slots = (*IDENTITY[gold["kind"]], *COUNTS[gold["kind"]])
    stated = (slot for slot in slots if gold[slot] is not None)
    return tuple(f"{slot}: {gold[slot]}, not {event[slot]}" for slot in stated if event[slot] != gold[slot])


def judge(
    golds: Iterable[Row], events: Mapping[str, Row], told: Mapping[str, Sequence[tuple[str, str]]]
) -> tuple[Found, ...]:
    """Return what became of every gold event; `told` has its (predicted event id, language) pairs, a report each."""
    return tuple(_found(gold, events, told[gold["event"]]) for gold in golds if told.get(gold["event"]))


def _found(gold: Row, events: Mapping[str, Row], told: Sequence[tuple[str, str]]) -> Found:
    ids = Counter(number for number, _ in told if not number.startswith(MISSING))
    main = min(ids, key=lambda number: (-ids[number], number), default="")
    languages = frozenset(language for _, language in told)
    return Found(gold["event"], gold["kind"], frozenset(ids), languages, differences(gold, events.get(main)))


def summary(found: Sequence[Found]) -> str:
    """Return the two figures, and the events with wrong facts, in words."""
    right = [each for each in found if not each.wrong]
    several = [each for each in found if len(each.languages) > 1]
    once = [each for each in several if each.once]
    lines = [
        f"facts     {len(right)} of {len(found)} events right at the end ({len(right) / len(found):.3f})",
        f"languages {len(once)} of {len(several)} events told in two or more found once ({len(once) / len(several):.3f})",
    ]
    return "\n".join((*lines, *(f" - {each.event}: {'; '.join(each.wrong)}" for each in found if each.wrong)))


def read(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file of JSON Lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def told_by(corpus: Path, predictions: Iterable[Row]) -> dict[str, list[tuple[str, str]]]:
    """Return for every gold event the predicted event and the language of each report, as the corpus's scorer pairs them."""
    spec = importlib.util.spec_from_file_location("score", corpus / "score.py")
    assert spec is not None
    assert spec.loader is not None
    score = sys.modules["score"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    by_id = {row["id"]: row for row in predictions}
    told: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for item in read(corpus / "open.items.jsonl"):
        tally = score.Score()
        score.score_item(tally, item, by_id.get(item["id"]))
        for gold, number in tally.elements:
            told[gold].append((number, item["lang"]))
    return dict(told)


def main(corpus: str, predictions: str, events: str) -> None:
    """Print the figures."""
    folder = Path(corpus)
    final = {str(row["event"]): row for row in read(Path(events))}
    told = told_by(folder, read(Path(predictions)))
    print(summary(judge(read(folder / "open.events.jsonl"), final, told)))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
