"""Figures of one clause seen together: those that make up one group, those of both sides, and answers to another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise, zip_longest

from bot.core.kinds.swap.clauses import HANDOVERS
from bot.core.kinds.swap.count import Count
from bot.core.kinds.swap.nouns import REACH
from bot.core.kinds.swap.sides import OTHER

JOINED = 2
"""Tokens between two figures that make up one group, if no word of adding is among them."""

BRANCHES, LISTED = 3, 12
"""From so many figures on, each so near the one before, a sentence lists the branches of a group."""

PERSONS = ("people", "prisoner", "captivity", "defender", "civilian", "women", "freed", "exchange")
SOME = ("women", "officers")
"""Words for some of the soldiers, who with the others make up the group: "70 men and five women"."""


def summed(found: Iterable[Count]) -> Iterator[Count]:
    """Join "270 soldiers and 120 civilians" into the group that they make up."""
    last: Count | None = None
    for count in found:
        if last is None or not _make_up(last, count):
            if last is not None:
                yield last
            last = count
            continue
        party = last.party or count.party
        yield from (replace(each, party=party) for each in (last, count) if each.what == "civilians")
        rule = last.rule if last.rule.startswith("sum.") else f"sum.{last.rule}"
        last = replace(last, value=last.value + count.value, what="people", party=party, last=count.last, rule=rule)
    if last is not None:
        yield last


def _make_up(count: Count, following: Count) -> bool:
    clause = count.clause
    adding = clause.marks("as_well", "and_more")
    more = [mark for mark in clause.marks("addition") if not any(a.first <= mark.first < a.last for a in adding)]
    between = [*clause.marks("part", "resident", "among"), *more]
    linked = any(count.last <= mark.first < following.first for mark in adding)
    near = 0 < following.first - count.last <= JOINED + linked
    same_side = not (count.party and following.party) or count.party == following.party
    apart = any(count.first <= mark.first < following.last for mark in between)
    another = any(count.last <= mark.first < following.first for mark in clause.marks("and_more"))
    return near and same_side and not apart and _complete(count, following, more=another)


def _complete(count: Count, following: Count, *, more: bool) -> bool:
    """Return whether two figures are of different people who can only be one group together."""
    if (
        count.rank == "group"
        or count.rule.startswith("n_")
        or following.rule.startswith("n_")
        or count.same
        or following.same
    ):
        return False
    kinds = {count.what, following.what}
    return kinds == {"people", "civilians"} or (kinds == {"people"} and (more or _some(count) != _some(following)))


def _some(count: Count) -> bool:
    return any(count.first <= mark.first <= count.last for mark in count.clause.marks(*SOME))


def listed(found: Iterable[Count]) -> Iterator[Count]:
    """Add up the branches of a group: "51 soldiers of the army, 29 guardsmen, 11 border guards and four sailors"."""
    told = list(found)
    parts = [count for count in told if count.what == "people" and count.rank == "plain" and not count.same]
    sides = {count.party for count in parts if count.party}
    gaps = all(0 <= after.first - count.last <= LISTED for count, after in pairwise(parts))
    formula = any(count.rule.startswith(("n_", "sum.", "parallel", "gapped")) for count in told)
    if len(parts) < BRANCHES or len(sides) > 1 or not gaps or formula:
        yield from told
        return
    whole = sum(count.value for count in parts)
    party = next(iter(sides), None)
    yield replace(parts[0], value=whole, party=party, last=parts[-1].last, rule="sum.branches", rank="rough")
    yield from (count for count in told if count not in parts)


def shared(found: Iterable[Count]) -> Iterator[Count]:
    """Give civilians "along with" the same number of soldiers each to both sides, as the soldiers are."""
    last: Count | None = None
    for count in found:
        if last is not None and last.rule.startswith("n_each") and _goes_along(last, count):
            yield from (replace(count, party=party, rule=f"both.{count.rule}") for party in OTHER)
        else:
            yield count
        last = count


def _goes_along(count: Count, civilians: Count) -> bool:
    between = civilians.clause.marks("part", "among", "resident")
    apart = any(count.last <= mark.first < civilians.last for mark in between)
    unsided = civilians.what == "civilians" and civilians.party is None
    return unsided and count.what == "people" and 0 <= civilians.first - count.last <= REACH and not apart


def parted(found: tuple[Count, ...]) -> Iterator[Count]:
    """Take "170 each: 150 soldiers and 20 civilians" as what each side's figure is made up of."""
    each = {count.value for count in found if count.rule.startswith("n_each") and count.what == "people"}
    sums = [count for count in found if count.rule.startswith("sum.") and count.value in each]
    for count in found:
        if any(whole.first <= count.first < whole.last and count is not whole for whole in sums):
            yield from (replace(count, party=party, rule=f"both.{count.rule}") for party in OTHER)
        elif count not in sums:
            yield count


def turned(found: Iterable[Count], before: Count | None) -> Iterator[Count]:
    """Give a figure "in return", or one told in parallel, the side that the figure before it does not have."""
    told = list(found)
    for count, following in zip_longest(told, told[1:]):
        if following is not None and _civilians_of_both(count, following) and following.party:
            count = replace(count, party=OTHER[following.party], rule=f"return.{count.rule}")  # noqa: PLW2901
        if count.rule == "gapped" and (before is None or not _repeats(count, before)):
            continue
        if before is not None:
            count = _related(count, before)  # noqa: PLW2901
        yield count
        before = count


def _related(count: Count, before: Count) -> Count:
    """Return a figure with what it takes from the one before: what it counts, and the same side or the other one."""
    if count.rule == "gapped":
        return replace(count, what=before.what, party=before.party)
    if _takes_bodies(count, before):
        count = replace(count, what="bodies")
    if (before.party or count.same) and _answers(count, before):
        return replace(count, party=OTHER[before.party or "ukraine"], rule=f"return.{count.rule}")
    return count


def _repeats(count: Count, before: Count) -> bool:
    """Return whether a bare figure with a day of its own goes on with a sentence: "80 freed on Thursday, 74 on Friday"."""
    one = before.clause.sentence
    follows = one is count.clause.sentence or (one.index + 1 == count.clause.sentence.index and _near(count, before))
    return follows and before.clause is not count.clause and not before.rule.startswith("n_")


def _near(count: Count, before: Count) -> bool:
    one, other = before.clause.sentence, count.clause.sentence
    return (one.field, one.paragraph) == (other.field, other.paragraph)


def _takes_bodies(count: Count, before: Count) -> bool:
    """Return whether a figure without a noun goes on with bodies: «Прийнято 1000 тіл. РФ отримала 35»."""
    told = before.what == "bodies" and count.what == "people"
    near = _near(count, before) or "body" not in (count.clause.sentence.field, before.clause.sentence.field)
    return told and near and not count.clause.has(*PERSONS)


def _civilians_of_both(count: Count, other: Count) -> bool:
    """Return whether two figures of civilians stand side by side and the first of them has no side."""
    unsided = count.party is None or count.rule == "elsewhere"
    return count.clause is other.clause and unsided and count.what == other.what == "civilians"


def _answers(count: Count, before: Count) -> bool:
    """Return whether a figure is the other side's, as the one before is one side's."""
    if count.rule.startswith("parallel"):
        return count.party is None or count.clause.sentence is before.clause.sentence
    here = count.clause is before.clause
    if count.same and count.party is None and count.clause.sentence.index - before.clause.sentence.index == 1:
        return True
    if _civilians_of_both(count, before) or (count.same and here and count.party in (None, before.party)):
        return True
    told = count.rule in ("direction", "nationality", "own")
    bare = count.first + 1 == count.last and here and count.what == before.what == "bodies" and not told
    moved = any(before.last <= mark.first < count.first for mark in count.clause.marks(*HANDOVERS))
    bare = bare and not (moved and before.rank == "deal")
    return (count.party is None and count.clause.has("in_return")) or (bare and count.party in (None, before.party))
