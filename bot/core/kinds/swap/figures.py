"""The figures of one stage out of all that its mentions say.

Of figures of one rank the first told for a side holds, headline before body: items repeat a figure or explain it, and
a total comes before its parts. A formula under a deal ("the first stage of 500 for 500") holds only where nothing
better is told, and only if it is no deal's total.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import TypeAlias

from bot.core.kinds.swap.clauses import Clause
from bot.core.kinds.swap.counts import LARGE, Count
from bot.core.kinds.swap.nouns import FEW
from bot.core.kinds.swap.sides import DIRECTIONS, OTHER, Party, plain_captivity
from bot.core.kinds.swap.stages import Stage
from bot.core.model import Evidence

Figure: TypeAlias = tuple[str, int, Evidence]
PARTIES: tuple[Party, ...] = ("ukraine", "russia")
NEAR = 3
RANKS = ("group", "plain", "rough", "deal", "extra")


def figures(stage: Stage, told: Sequence[Stage]) -> Iterator[Figure]:
    """Yield slot, value and words of every figure of a stage, one of those that the item has `told`."""
    own = [m for m in stage.mentions if not m.previous or m.day == stage.day] or list(stage.mentions)
    others = _sums(stage, told) | (_done(stage, told) if stage.status == "announced" else set())
    counts = [count for mention in own for count in mention.counts if count.value not in others]
    people = [count for count in counts if count.what != "civilians" and not _is_contradicted(count, counts)]
    home = _home(stage, told)
    yield from _totals(people, home, planned=stage.status != "carried_out")
    if stage.subtype == "prisoners":
        civilians = list(_civilians([count for count in counts if count.what == "civilians"], people, home))
        yield from civilians
        if not people and not any(_of_soldiers(mention.clause) for mention in own):
            for slot, value, words in civilians:
                whole = slot.removesuffix("_civilians")
                yield whole, value, replace(words, slot=whole)


def _is_contradicted(count: Count, counts: Sequence[Count]) -> bool:
    """Return whether a figure is the other side's where another clause tells both: "Russia returned 31: gave 1,000, got 31"."""
    if count.rule != "subject" or count.party is None or not count.clause.has("returns"):
        return False
    other = [each for each in counts if each.party == OTHER[count.party or "ukraine"] and each.value == count.value]
    clauses = [each.clause for each in other if each.clause is not count.clause]
    return any(
        each.party == count.party and each.value != count.value and any(each.clause is one for one in clauses)
        for each in counts
    )


def _sums(stage: Stage, told: Sequence[Stage]) -> set[int]:
    """Return what the other stages' figures of people add up to: "230 freed" of 100 on Monday and 130 today."""
    groups = [
        {count.value for m in other.mentions if m.clause.day for count in m.counts if _adds(count)}
        for other in told
        if other.subtype == stage.subtype and other.status == stage.status
    ]
    pairs = combinations([group for group in groups if group], 2)
    return {one + another for first, second in pairs for one in first for another in second}


def _done(stage: Stage, told: Sequence[Stage]) -> set[int]:
    """Return the figures of what was carried out, beside which a plan has others: "a swap of 250 each, 1,200 promised"."""
    alike = [other for other in told if other.subtype == stage.subtype and other.status == "carried_out"]
    done = {count.value for other in alike for m in other.mentions for count in m.counts if _adds(count)}
    planned = {count.value for m in stage.mentions for count in m.counts if _adds(count)}
    return done if planned - done else set()


def _adds(count: Count) -> bool:
    return count.what != "civilians" and count.value > 0 and not count.same


def _of_soldiers(clause: Clause) -> bool:
    """Return whether a clause tells of other people than civilians."""
    civilians = clause.marks("civilian", "resident")
    people = clause.marks("people", "defender")
    return any(not any(c.first <= mark.first <= c.last for c in civilians) for mark in people)


def _home(stage: Stage, told: Sequence[Stage]) -> Party:
    """Return the side whose people a figure without a side counts: Ukraine's, unless only the way to Russia is told."""
    for mentions in (stage.mentions, tuple(mention for other in told for mention in other.mentions)):
        telling = [
            m.clause for m in mentions if (m.counts or m.headline) and not m.clause.has("in_return", "same_number")
        ]
        sides = {side for clause in telling for side in _sides(clause)}
        if sides:
            return "russia" if sides == {"russia"} else "ukraine"
    first = next((mention.clause for mention in stage.mentions if mention.counts), None)
    spoken = first is not None and first.has("russian_voice") and stage.status == "carried_out"
    return "russia" if spoken and stage.subtype == "prisoners" else "ukraine"


def _sides(clause: Clause) -> Iterator[Party]:
    """Yield to which sides people go, by whose people a clause names, else by the directions."""
    ways = clause.marks(*DIRECTIONS)
    persons = clause.marks("people", "prisoner", "civilian", "resident", "body")
    own = [
        mark
        for mark in clause.marks("russian", "ukrainian", "defender", "kursk")
        if mark.concept == "defender" or any(mark.first <= p.first <= mark.last + 1 for p in persons)
    ]
    people = [mark for mark in own if not any(way.first <= mark.first < way.last for way in ways)]
    yield from ("russia" if mark.concept in ("russian", "kursk") else "ukraine" for mark in people)
    if not people and not plain_captivity(clause, ways):
        yield from (DIRECTIONS[way.concept] for way in ways)


def _totals(told: Sequence[Count], home: Party, *, planned: bool) -> Iterator[Figure]:
    sided = [_sided(count, home) for count in told]
    found = {party: _best([count for count in sided if count.party == party], planned=planned) for party in PARTIES}
    unsided = [count for count in told if count.party is None and (planned or not _of_both(count))]
    if not any(count and not count.same for count in found.values()):
        lacking = next((OTHER[party] for party, count in found.items() if count), home)
        shown = [count for count in unsided if not found[OTHER[lacking]] or _homecoming(count) or _heads(count)]
        found[lacking] = _best(shown, planned=planned) or found[lacking]
    elif comers := _best([count for count in unsided if _homecoming(count)], planned=planned):
        found = _completed(found, comers, home)
    for party in PARTIES:
        count, other = found[party], found[OTHER[party]]
        stands = other if count and count.same and other and not other.same else count
        if stands is not None and not stands.same:
            yield _figure(f"to_{party}", stands)


def _heads(count: Count) -> bool:
    return count.clause.sentence.field != "body"


def _of_both(count: Count) -> bool:
    """Return whether a figure counts both sides' people together: "Russia and Ukraine exchange 180 prisoners"."""
    clause = count.clause
    mutual = clause.has("both_sides") or (clause.has("ukraine") and clause.has("russia"))
    verbs = [mark for mark in clause.marks("exchange", "trade", "swapped") if mark.last <= count.first]
    near = any(count.first - mark.last <= NEAR for mark in verbs) or any(m.first < count.first < m.last for m in verbs)
    return mutual and near and not clause.has("each", "home", "gives", "gets", "returns", "comes")


def _completed(found: dict[Party, Count | None], comers: Count, home: Party) -> dict[Party, Count | None]:
    """Return the sides' figures with people who came home, of whom the clause does not say to which side."""
    if found[home] is None:
        return {**found, home: comers}
    of_deal = all(count is not None and _of_deal(count) and count.value > comers.value for count in found.values())
    return {home: comers, OTHER[home]: None} if of_deal else found


def _of_deal(count: Count) -> bool:
    """Return whether a figure is the formula of a deal, under which a stage with other figures may take place."""
    return count.rank == "deal" and count.rule.startswith("n_for_n")


def _homecoming(count: Count) -> bool:
    """Return whether a figure without a side tells of people coming home, and not of an exchange of both sides' people."""
    return count.clause.has("home", "comes", "freed", "returns") and not count.same


def _sided(count: Count, home: Party) -> Count:
    """Give a whole group that some are named of, «серед 303 звільнених», the side that tells of its people."""
    return replace(count, party=home) if count.rank == "group" and count.party is None else count


def _best(told: Sequence[Count], *, planned: bool) -> Count | None:
    fits = [count for count in told if count.rank != "deal" or planned or count.value < LARGE]
    best = min(fits, key=_weight, default=None)
    whole = (count for count in fits if count.value >= FEW and count.rank == "plain" and count.clause.has("exchange"))
    return next(whole, best) if best and best.what == "people" and best.value < FEW and not best.same else best


def _weight(count: Count) -> tuple[bool, bool, int]:
    """Return what makes a figure worse: the total of a deal, the other side's by reference, an unsure one."""
    return count.rank == "deal" and count.value >= LARGE, count.same, RANKS.index(count.rank)


def _civilians(told: Sequence[Count], people: Sequence[Count], home: Party) -> Iterator[Figure]:
    sure = {count.value for count in told if count.party}
    formulas = [count.clause for count in people if count.rule.startswith("n_for_n")]
    told = [count for count in told if count.party or count.value not in sure or count.clause not in formulas]
    for party in PARTIES:
        sided = (count for count in told if (count.party or _side_of_group(count, people, home)) == party)
        first = next(sided, None)
        if first is not None:
            yield _figure(f"to_{party}_civilians", first)


def _side_of_group(count: Count, people: Sequence[Count], home: Party) -> Party:
    """Return the side of the group among which civilians are counted: the one told last before them."""
    here = [
        other.party or home
        for other in people
        if other.clause.sentence is count.clause.sentence and not other.rule.startswith("n_")
    ]
    return next(iter((*here[::-1], *(other.party for other in people if other.party))), "ukraine")


def _figure(slot: str, count: Count) -> Figure:
    return slot, count.value, count.clause.evidence(slot, count.rule, count.first, count.last)
