"""How many people or bodies a clause hands to which side.

A number counts when it stands before people, civilians or bodies, in an even formula ("175 for 175", "25 each") or
right after a verb of giving or getting ("Russia got 27"). Its side comes, in this order, from the nationality beside
it, the direction named, the subject of the verb, and "in return", which turns the side of the count before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Literal, TypeAlias

from bot.core.kinds.swap.clauses import Clause
from bot.core.kinds.swap.sides import DIRECTIONS, OTHER, Party, of_institution, side_of
from bot.core.kinds.swap.totals import total_stretches, within
from bot.core.text.document import Mark, Number
from bot.core.text.lexicon import Lexicon, Match

Counted: TypeAlias = Literal["people", "civilians", "bodies"]
Rank: TypeAlias = Literal["group", "plain", "rough", "deal", "extra"]
NOUNS = ("people", "prisoner", "defender", "ukrainian", "russian", "civilian", "resident", "body", "not_people")
VERBS = ("gives", "gets", "returns", "comes", "freed", "trade", "exchange")
DASHES = frozenset({"—", "–", "-"})
LARGE = 500
"""From this count on a formula under a deal ("1,000 for 1,000") is the deal's total and no stage's figure."""

MOST = 2500
"""More people or bodies than these are a deal's total as well: they come in lots of a thousand at most."""

FEW = 20
"""Fewer people than these "from one region" are only its own of the group."""

REACH, NEAR = 5, 3


@dataclass(frozen=True, slots=True)
class Count:
    """One figure: how many of what, to whom (None: both together, or not said), where it stands and by which rule.

    `rank` tells how surely it is the stage's total: the whole `group` that some are named of, a `plain` figure,
    a `rough` one ("more than"), a formula that may be the `deal`'s, people handed over `extra`. `same` is "the same number" as the other side's.
    """

    value: int
    what: Counted
    party: Party | None
    clause: Clause
    first: int
    last: int
    rule: str
    rank: Rank = "plain"
    same: bool = False


def counts(clause: Clause, lexicon: Lexicon, before: Count | None = None) -> tuple[Count, ...]:
    """Return the figures of a clause in reading order; `before` is the figure read last, for "in return"."""
    even = tuple(_even(clause, lexicon))
    taken = {i for count in even for i in range(count.first, count.last)}
    said = tuple(_said(clause, lexicon))
    taken |= {count.first for count in said} | _shares(clause, lexicon)
    single = [count for number in clause.numbers() if number.first not in taken for count in _single(clause, number)]
    whole = _matched(clause, lexicon, "whole")
    single = [replace(count, rank="group") if count.first in whole else count for count in single]
    local = _local(clause, lexicon)
    single = [count for count in single if count.first not in local or count.value >= FEW]
    found = sorted(
        (*even, *said, *single, *_same(clause), *_none(clause)),
        key=lambda count: (count.first, count.party == "russia"),
    )
    added_up = total_stretches(clause, lexicon)
    stage = [count for count in found if not any(first <= count.first < last for first, last in added_up)]
    return tuple(_turned(_parted(tuple(_summed(_shared(stage)))), before))


def _matched(clause: Clause, lexicon: Lexicon, name: str) -> frozenset[int]:
    """Return the first tokens of what a pattern of the clause captures as its number."""
    matches = (match for match in lexicon.match(name, clause.sentence) if within(clause, match))
    return frozenset(match.captures["n"].first for match in matches)


def _shares(clause: Clause, lexicon: Lexicon) -> frozenset[int]:
    """Return the tokens of shares, "nine in ten", which count nobody."""
    matches = (match for match in lexicon.match("share", clause.sentence) if within(clause, match))
    return frozenset(at for match in matches for at in range(match.first, match.last))


def _local(clause: Clause, lexicon: Lexicon) -> frozenset[int]:
    """Return the numbers of people from one region, «двоє захисників з Полтавщини», who are some of the group."""
    countries = {place.first for place in clause.sentence.places if place.kind == "country"}
    matches = (match for match in lexicon.match("local", clause.sentence) if within(clause, match))
    return frozenset(match.captures["n"].first for match in matches if match.captures["place"].first not in countries)


def _said(clause: Clause, lexicon: Lexicon) -> Iterator[Count]:
    """Yield figures whose noun stands elsewhere: "put the number of those returned at 90", «шестеро з них цивільні»."""
    for match in lexicon.match("stated", clause.sentence):
        capture, value = match.captures["n"], match.number("n")
        if value is not None and within(clause, match) and _is_of_persons(clause, match):
            party, rule = side_of(clause, capture.first, capture.last, capture.last)
            yield Count(
                value, _what_of_clause(clause), party, clause, capture.first, capture.last, f"{match.rule}.{rule}"
            )
    for match in lexicon.match("civilians_of", clause.sentence):
        capture, value = match.captures["n"], match.number("n")
        if value is not None and within(clause, match):
            yield Count(value, "civilians", None, clause, capture.first, match.last, match.rule)
    for match in lexicon.match("thousand", clause.sentence):
        if within(clause, match):
            party, rule = side_of(clause, match.first, match.last, match.last)
            yield Count(1000, "bodies", party, clause, match.first, match.last, f"{match.rule}.{rule}")


def _is_of_persons(clause: Clause, match: Match) -> bool:
    named = clause.marks("people", "prisoner", "defender", "body", "freed", "ukrainian", "russian", "civilian")
    return any(match.first <= mark.first < match.last for mark in named)


def _even(clause: Clause, lexicon: Lexicon) -> Iterator[Count]:
    """Yield both sides of "N for N" and "N each"."""
    pairs = [match for match in lexicon.match("n_for_n", clause.sentence) if within(clause, match)]
    for match in pairs:
        yield from _pair(clause, match)
    for match in lexicon.match("n_each", clause.sentence):
        if within(clause, match) and not any(p.first <= match.first < p.last for p in pairs):
            yield from _each(clause, match)


def _pair(clause: Clause, match: Match) -> Iterator[Count]:
    first, second = match.captures["a"], match.captures["b"]
    a, b = match.number("a"), match.number("b")
    if a is None or b is None or _is_not_people(clause, second.last) or _is_not_people(clause, first.last):
        return
    what = _what_of_clause(clause)
    total = what == "people" and a >= LARGE
    rank: Rank = "deal" if total or clause.has("stage", "deal", "leg") else "plain"
    party = (side_of(clause, first.first, first.last, first.last)[0] if a != b else None) or "ukraine"
    yield Count(a, what, party, clause, first.first, match.last, match.rule, rank)
    yield Count(b, what, OTHER[party], clause, first.first, match.last, match.rule, rank)


def _each(clause: Clause, match: Match) -> Iterator[Count]:
    capture, value = match.captures["n"], match.number("n")
    if value is None or _is_not_people(clause, capture.last):
        return
    noun = _noun(clause, capture.last)
    what: Counted = "civilians" if noun and noun.concept == "civilian" else _what_of_clause(clause)
    rank: Rank = "deal" if clause.has("planned") or value >= LARGE else "plain"
    parties: tuple[Party, ...] = ("ukraine", "russia") if what != "bodies" else ("ukraine",)
    civilians = match.number("m")
    end = max(capture.last, match.last)
    for party in parties:
        yield Count(value + (civilians or 0), what, party, clause, capture.first, end, match.rule, rank)
        if civilians is not None:
            yield Count(civilians, "civilians", party, clause, match.captures["m"].first, end, match.rule, rank)


def _is_not_people(clause: Clause, at: int) -> bool:
    swaps = {mark.first for mark in clause.marks("exchange")}
    return any(at <= mark.first <= at + 1 and mark.first not in swaps for mark in clause.marks("not_people"))


def _what_of_clause(clause: Clause) -> Counted:
    return "bodies" if clause.has("body", "repatriation") and not clause.has("prisoner", "captivity") else "people"


def _single(clause: Clause, number: Number) -> Iterator[Count]:
    if _parallel(clause, number):
        yield Count(number.value, _what_of_clause(clause), None, clause, number.first, number.last, "parallel")
        return
    what, end = _counted(clause, number)
    if what is None or (what != "civilians" and _is_part(clause, number, end)):
        return
    party, rule = side_of(clause, number.first, number.last, end)
    rank = "deal" if number.value >= MOST else _rank(clause, number)
    yield Count(number.value, what, party, clause, number.first, end, rule, rank)


def _parallel(clause: Clause, number: Number) -> bool:
    """Return whether only a side and a dash stand before a number: «Киев принял 1212 тел, Москва — 27»."""
    tokens = clause.sentence.tokens
    dashed = number.first > clause.first and tokens[number.first - 1].text in DASHES
    if any(mark.last == number.first for mark in clause.marks("say")):
        return _noun(clause, number.last) is None and any(
            0 <= number.first - 1 - mark.last <= 1 for mark in clause.marks("ukraine", "russia")
        )
    sides = clause.marks("ukraine", "russia", *DIRECTIONS, "ukrainian", "russian")
    return dashed and any(number.first - 3 <= mark.last < number.first for mark in sides)


def _counted(clause: Clause, number: Number) -> tuple[Counted | None, int]:
    """Return what a number counts, and where the words for it end."""
    noun = _noun(clause, number.last)
    if noun is not None:
        return _named(clause, number, noun), noun.last
    if any(0 <= number.first - mark.last <= 1 for mark in clause.marks("body")):
        return "bodies", number.last
    verbs = clause.marks("gets", "gives", "returns", "freed")
    if any(0 <= number.first - mark.last <= 1 or mark.first == number.last for mark in verbs):
        return _what_of_clause(clause), number.last
    of_them = next((mark.last for mark in clause.marks("part") if mark.first == number.last), number.last)
    if any(0 <= mark.first - of_them <= 2 for mark in clause.marks("comes")):  # noqa: PLR2004
        return _what_of_clause(clause), number.last
    return None, number.last


def _named(clause: Clause, number: Number, noun: Mark) -> Counted | None:
    if noun.concept == "not_people":
        return None
    if noun.concept in ("ukrainian", "russian"):
        return _what_of_clause(clause)
    if any(mark.last == number.first for mark in clause.marks("body")):
        return "bodies"
    if noun.concept == "civilian" or (noun.concept == "resident" and clause.has("kursk")):
        return "civilians"
    beside = [mark for mark in clause.marks("body", "repatriation") if not _is_counted(clause, mark, number)]
    if noun.concept == "body" or any(0 <= number.first - m.last <= 3 or 0 <= m.first - noun.last <= 3 for m in beside):  # noqa: PLR2004
        return "bodies"
    return "bodies" if clause.has("repatriation") else "people"


def _is_counted(clause: Clause, mark: Mark, number: Number) -> bool:
    """Return whether bodies have another number of their own: "1,000 bodies and 90 prisoners"."""
    others = [other for other in clause.numbers() if other.first != number.first]
    counted = any(0 <= mark.first - other.last < NEAR for other in others)
    apart = mark.last <= number.first or any(number.last <= other.first < mark.first for other in others)
    return counted and apart


def _noun(clause: Clause, at: int) -> Mark | None:
    """Return the word that a number ending at a token counts, if it comes soon and nothing breaks in."""
    stop = next((n.first for n in clause.sentence.numbers if n.first >= at), clause.last)
    _, end = clause.segment(at)
    verb = min((mark.first for mark in clause.marks(*VERBS) if mark.first > at), default=clause.last)
    near = [
        mark
        for mark in clause.marks(*NOUNS)
        if at <= mark.first < min(stop, end, at + REACH, verb + 1) and not of_institution(clause, mark)
    ]
    strong = [mark for mark in near if mark.concept not in ("ukrainian", "russian")]
    if not strong or strong[0].concept == "not_people":
        return next(iter(strong or near), None)
    bodies = [mark for mark in strong if mark.concept == "body" and mark.first <= strong[0].first + 2]
    here = [mark for mark in strong if mark.first == strong[0].first and mark.concept in ("civilian", "resident")]
    return next(iter((*bodies, *here, *strong)))


def _is_part(clause: Clause, number: Number, end: int) -> bool:
    """Return whether a number is only some of the group: "27 of them", "including 34 ...", "six among those"."""
    first, last = clause.segment(number.first)
    before = any(
        first - 1 <= mark.last <= number.first and number.first - mark.last < NEAR for mark in clause.marks("part")
    )
    after = any(mark.first in (end, number.last) for mark in clause.marks("part"))
    moved = any(mark.first >= end for mark in clause.marks("comes", "freed"))
    among = any(
        end <= mark.first < last or mark.first <= number.first < mark.last or number.first - mark.last == 1
        for mark in clause.marks("among")
    )
    return before or (after and not moved) or among


def _rank(clause: Clause, number: Number) -> Rank:
    if any(mark.last == number.first for mark in clause.marks("among")):
        return "group"
    if any(mark.last <= number.first for mark in clause.marks("addition")):
        return "extra"
    rough = any(mark.last == number.first for mark in clause.marks("at_least"))
    return "rough" if rough else "plain"


def _same(clause: Clause) -> Iterator[Count]:
    for mark in clause.marks("same_number"):
        noun = _noun(clause, mark.last)
        end = noun.last if noun else mark.last
        party, rule = side_of(clause, mark.first, mark.last, end)
        party = None if clause.has("in_return") else party
        yield Count(0, _what_of_clause(clause), party, clause, mark.first, end, f"same.{rule}", same=True)


def _none(clause: Clause) -> Iterator[Count]:
    """Yield 0 for "received none"."""
    for mark in clause.marks("nobody"):
        if any(verb.last == mark.first for verb in clause.marks("gets", "gives")):
            party, rule = side_of(clause, mark.first, mark.last, mark.last)
            yield Count(0, _what_of_clause(clause), party, clause, mark.first, mark.last, f"none.{rule}")


def _summed(found: Iterable[Count]) -> Iterator[Count]:
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


def _shared(found: Iterable[Count]) -> Iterator[Count]:
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


def _parted(found: tuple[Count, ...]) -> Iterator[Count]:
    """Take "170 each: 150 soldiers and 20 civilians" as what each side's figure is made up of."""
    each = {count.value for count in found if count.rule.startswith("n_each") and count.what == "people"}
    sums = [i for i, count in enumerate(found) if count.rule.startswith("sum.") and count.value in each]
    for i, count in enumerate(found):
        if i - 1 in sums:
            yield from (replace(count, party=party, rule=f"both.{count.rule}") for party in OTHER)
        elif i not in sums:
            yield count


def _make_up(count: Count, following: Count) -> bool:
    clause = count.clause
    between = clause.marks("part", "addition", "resident")
    near = 0 < following.first - count.last <= 2  # noqa: PLR2004
    kinds = (count.what, following.what) == ("people", "civilians") and not count.rule.startswith("n_for_n")
    same_side = not (count.party and following.party) or count.party == following.party
    return kinds and near and same_side and not any(count.first <= mark.first < following.last for mark in between)


def _turned(found: Iterable[Count], before: Count | None) -> Iterator[Count]:
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
