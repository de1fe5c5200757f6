"""The figures of one stage out of all that its mentions say.

The first figure told for a side holds, headline before body: items repeat a figure or explain it, and a total comes
before its parts. A formula under a deal ("the first stage of 500 for 500") holds only where nothing better is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.core.kinds.swap.counts import LARGE, OTHER, Count, Party
from bot.core.kinds.swap.stages import Stage
from bot.core.model import Evidence

Fact = tuple[str, int, Evidence]
PARTIES: tuple[Party, ...] = ("ukraine", "russia")


def figures(stage: Stage) -> Iterator[Fact]:
    """Yield slot, value and words of every figure of a stage."""
    own = [mention for mention in stage.mentions if not mention.previous] or list(stage.mentions)
    told = [count for mention in own for count in mention.counts]
    people = [count for count in told if count.what != "civilians"]
    yield from _totals(people, planned=stage.status == "announced")
    if stage.subtype == "prisoners":
        yield from _civilians([count for count in told if count.what == "civilians"], people)


def _totals(told: Sequence[Count], *, planned: bool) -> Iterator[Fact]:
    found = {party: _best([count for count in told if count.party == party], planned=planned) for party in PARTIES}
    if not any(found.values()):
        found["ukraine"] = _best([count for count in told if count.party is None], planned=planned)
    for party, count in found.items():
        other = found[OTHER[party]]
        if count is not None and count.same:
            count = other if other and not other.same else None  # noqa: PLW2901
        if count is not None:
            yield _fact(f"to_{party}", count)


def _best(told: Sequence[Count], *, planned: bool) -> Count | None:
    sure = [count for count in told if not count.weak]
    weak = [count for count in told if planned or count.value < LARGE]
    exact = [count for count in (*sure, *weak) if not count.same]
    return next(iter(exact or sure), None)


def _civilians(told: Sequence[Count], people: Sequence[Count]) -> Iterator[Fact]:
    for party in PARTIES:
        for count in told:
            if (count.party or _side_of(count, people)) == party:
                yield _fact(f"to_{party}_civilians", count)
                break


def _side_of(count: Count, people: Sequence[Count]) -> Party:
    """Return the side of the group among which civilians are counted: the one told last before them."""
    before = [other.party for other in people if other.party and other.clause.sentence is count.clause.sentence]
    return before[-1] if before else next((other.party for other in people if other.party), None) or "ukraine"


def _fact(slot: str, count: Count) -> Fact:
    return slot, count.value, count.clause.evidence(slot, count.rule, count.first, count.last)
