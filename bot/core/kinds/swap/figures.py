"""The figures of one stage out of all that its mentions say.

Of figures of one rank the first told for a side holds, headline before body: items repeat a figure or explain it, and
a total comes before its parts. A formula under a deal ("the first stage of 500 for 500") holds only where nothing
better is told, and only if it is no deal's total.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from bot.core.kinds.swap.counts import LARGE, Count
from bot.core.kinds.swap.sides import OTHER, Party
from bot.core.kinds.swap.stages import Stage
from bot.core.model import Evidence

Figure: TypeAlias = tuple[str, int, Evidence]
PARTIES: tuple[Party, ...] = ("ukraine", "russia")
RANKS = ("group", "plain", "rough", "deal", "extra")


def figures(stage: Stage) -> Iterator[Figure]:
    """Yield slot, value and words of every figure of a stage."""
    own = [mention for mention in stage.mentions if not mention.previous] or list(stage.mentions)
    told = [count for mention in own for count in mention.counts]
    people = [count for count in told if count.what != "civilians"]
    yield from _totals(people, planned=stage.status != "carried_out")
    if stage.subtype == "prisoners":
        civilians = list(_civilians([count for count in told if count.what == "civilians"], people))
        yield from civilians
        if not people and not any(mention.clause.has("people", "defender") for mention in own):
            yield from ((slot.removesuffix("_civilians"), value, words) for slot, value, words in civilians)


def _totals(told: Sequence[Count], *, planned: bool) -> Iterator[Figure]:
    sided = [_sided(count) for count in told]
    found = {party: _best([count for count in sided if count.party == party], planned=planned) for party in PARTIES}
    if not any(found.values()):
        found["ukraine"] = _best([count for count in told if count.party is None], planned=planned)
    if found["ukraine"] is None:
        found["ukraine"] = _best([count for count in told if _homecoming(count)], planned=planned)
    for party, count in found.items():
        other = found[OTHER[party]]
        stands = other if count and count.same and other and not other.same else count
        if stands is not None and not stands.same:
            yield _figure(f"to_{party}", stands)


def _homecoming(count: Count) -> bool:
    """Return whether a figure without a side tells of people coming home, and not of an exchange of both sides' people."""
    return count.party is None and count.clause.has("home", "comes", "freed", "returns") and not count.same


def _sided(count: Count) -> Count:
    """Give a whole group that some are named of, «серед 303 звільнених», the side that tells of its people: Ukraine."""
    return replace(count, party="ukraine") if count.rank == "group" and count.party is None else count


def _best(told: Sequence[Count], *, planned: bool) -> Count | None:
    fits = [count for count in told if count.rank != "deal" or planned or count.value < LARGE]
    return min(fits, key=_weight, default=None)


def _weight(count: Count) -> tuple[bool, bool, int]:
    """Return what makes a figure worse: the total of a deal, the other side's by reference, an unsure one."""
    return count.rank == "deal" and count.value >= LARGE, count.same, RANKS.index(count.rank)


def _civilians(told: Sequence[Count], people: Sequence[Count]) -> Iterator[Figure]:
    sure = {count.value for count in told if count.party}
    formulas = [count.clause for count in people if count.rule.startswith("n_for_n")]
    told = [count for count in told if count.party or count.value not in sure or count.clause not in formulas]
    for party in PARTIES:
        sided = (count for count in told if (count.party or _side_of_group(count, people)) == party)
        first = next(sided, None)
        if first is not None:
            yield _figure(f"to_{party}_civilians", first)


def _side_of_group(count: Count, people: Sequence[Count]) -> Party:
    """Return the side of the group among which civilians are counted: the one told last before them."""
    here = [
        other.party or "ukraine"
        for other in people
        if other.clause.sentence is count.clause.sentence and not other.rule.startswith("n_")
    ]
    return next(iter((*here[::-1], *(other.party for other in people if other.party))), "ukraine")


def _figure(slot: str, count: Count) -> Figure:
    return slot, count.value, count.clause.evidence(slot, count.rule, count.first, count.last)
