"""Figures of one clause seen together: those that make up one group, those of both sides, and answers to another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import zip_longest

from bot.core.kinds.swap.count import Count
from bot.core.kinds.swap.nouns import REACH
from bot.core.kinds.swap.sides import OTHER


def summed(found: Iterable[Count]) -> Iterator[Count]:
    """Join "270 soldiers and 120 civilians" into the group that they make up."""
    last: Count | None = None
    for count in found:
        if last is not None and _make_up(last, count):
            party = last.party or count.party
            yield replace(last, value=last.value + count.value, party=party, last=count.last, rule=f"sum.{last.rule}")
            yield replace(count, party=party)
            last = None
            continue
        if last is not None:
            yield last
        last = count
    if last is not None:
        yield last


def _make_up(count: Count, following: Count) -> bool:
    clause = count.clause
    between = clause.marks("part", "addition", "resident")
    near = 0 < following.first - count.last <= 2  # noqa: PLR2004
    kinds = (count.what, following.what) == ("people", "civilians") and not count.rule.startswith("n_for_n")
    same_side = not (count.party and following.party) or count.party == following.party
    return kinds and near and same_side and not any(count.first <= mark.first < following.last for mark in between)


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
    sums = [i for i, count in enumerate(found) if count.rule.startswith("sum.") and count.value in each]
    for i, count in enumerate(found):
        if i - 1 in sums:
            yield from (replace(count, party=party, rule=f"both.{count.rule}") for party in OTHER)
        elif i not in sums:
            yield count


def turned(found: Iterable[Count], before: Count | None) -> Iterator[Count]:
    """Give a figure "in return", or one told in parallel, the side that the figure before it does not have."""
    told = list(found)
    for count, following in zip_longest(told, told[1:]):
        if following is not None and _civilians_of_both(count, following) and following.party:
            count = replace(count, party=OTHER[following.party], rule=f"return.{count.rule}")  # noqa: PLW2901
        if before is not None and (before.party or count.same) and _answers(count, before):
            count = replace(count, party=OTHER[before.party or "ukraine"], rule=f"return.{count.rule}")  # noqa: PLW2901
        yield count
        before = count


def _civilians_of_both(count: Count, other: Count) -> bool:
    """Return whether two figures of civilians stand side by side and the first of them has no side."""
    unsided = count.party is None or count.rule == "elsewhere"
    return count.clause is other.clause and unsided and count.what == other.what == "civilians"


def _answers(count: Count, before: Count) -> bool:
    if count.rule == "parallel":
        return True
    if _civilians_of_both(count, before):
        return True
    bare = count.first + 1 == count.last and count.clause is before.clause and count.what == before.what == "bodies"
    return (count.party is None and count.clause.has("in_return")) or (bare and count.party in (None, before.party))
