"""How many people or bodies a clause hands to which side.

A number counts when it stands before people, civilians or bodies, in an even formula ("175 for 175", "25 each"), right
after a verb of giving or getting ("Russia got 27"), or where it repeats the sentence before it with another day or
side ("74 on Friday", «Москва — 27»). Its side comes, in this order, from the nationality beside it, the direction
named, the subject of the verb, and "in return", which turns the side of the count before it.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.kinds.swap.clauses import Clause
from bot.core.kinds.swap.count import Count, Counted, Rank
from bot.core.kinds.swap.groups import listed, parted, shared, summed, turned
from bot.core.kinds.swap.nouns import FEW, REACH, counted, is_not_people, is_part, noun_of, rank_of, what_of_clause
from bot.core.kinds.swap.sides import DIRECTIONS, OTHER, Party, of_both, side_of
from bot.core.kinds.swap.totals import total_stretches, within
from bot.core.text.document import Mark, Number
from bot.core.text.lexicon import Capture, Lexicon, Match

__all__ = ["LARGE", "MOST", "Count", "counts"]
DASHES = frozenset({"—", "–", "-"})
LARGE = 500
"""From this count on a formula under a deal ("1,000 for 1,000") is the deal's total and no stage's figure."""

MOST = 2500
"""More people or bodies than these are a deal's total as well: they come in lots of a thousand at most."""


def counts(clause: Clause, lexicon: Lexicon, before: Count | None = None) -> tuple[Count, ...]:
    """Return the figures of a clause in reading order; `before` is the figure read last, for "in return"."""
    even = tuple(_even(clause, lexicon))
    taken = {i for count in even for i in range(count.first, count.last)}
    said = tuple(_said(clause, lexicon))
    taken |= {count.first for count in said} | _shares(clause, lexicon)
    taken |= _matched(clause, lexicon, "corrected")
    taken |= frozenset() if clause.has("body", "repatriation") else _matched(clause, lexicon, "deaths")
    whole = _matched(clause, lexicon, "whole")
    single = [
        count
        for number in clause.numbers()
        if number.first not in taken
        for count in (_whole(clause, number) if number.first in whole else _single(clause, number))
    ]
    local = _local(clause, lexicon)
    single = [count for count in single if count.first not in local or count.value >= FEW or count.what == "civilians"]
    found = sorted(
        (*even, *said, *single, *_same(clause), *_none(clause), *_soldiers_only(clause, lexicon, before)),
        key=lambda count: (count.first, count.party == "russia"),
    )
    added_up = total_stretches(clause, lexicon)
    stage = [count for count in found if not any(first <= count.first < last for first, last in added_up)]
    return tuple(turned(parted(tuple(listed(summed(shared(stage))))), before))


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
                value, what_of_clause(clause), party, clause, capture.first, capture.last, f"{match.rule}.{rule}"
            )
    for match in lexicon.match("civilians_of", clause.sentence):
        capture, value = match.captures["n"], match.number("n")
        if value is not None and within(clause, match):
            yield Count(value, "civilians", None, clause, capture.first, match.last, match.rule)
    for match in lexicon.match("lone_civilian", clause.sentence):
        if within(clause, match):
            first = match.captures["one"].first
            yield Count(1, "civilians", None, clause, first, match.last, match.rule)
    for match in lexicon.match("thousand", clause.sentence):
        if within(clause, match):
            party, rule = side_of(clause, match.first, match.last, match.last)
            yield Count(1000, "bodies", party, clause, match.first, match.last, f"{match.rule}.{rule}")


def _is_of_persons(clause: Clause, match: Match) -> bool:
    named = clause.marks("people", "prisoner", "defender", "body", "freed", "ukrainian", "russian", "civilian")
    return any(match.first <= mark.first < match.last for mark in named)


def _even(clause: Clause, lexicon: Lexicon) -> Iterator[Count]:
    """Yield both sides of "N for N" and "N each"."""
    old = _matched(clause, lexicon, "corrected")
    matches = lexicon.match("n_for_n", clause.sentence)
    pairs = [match for match in matches if within(clause, match) and match.captures["a"].first not in old]
    for match in pairs:
        yield from _pair(clause, match)
    for match in lexicon.match("n_each", clause.sentence):
        if within(clause, match) and not any(p.first <= match.first < p.last for p in pairs):
            yield from _each(clause, match)


def _pair(clause: Clause, match: Match) -> Iterator[Count]:
    first, second = match.captures["a"], match.captures["b"]
    a, b = match.number("a"), match.number("b")
    if a is None or b is None or is_not_people(clause, second.last) or is_not_people(clause, first.last):
        return
    what = what_of_clause(clause)
    total = what == "people" and a >= LARGE
    rank: Rank = "deal" if total or clause.has("stage", "deal", "leg") else "plain"
    party = (side_of(clause, first.first, first.last, first.last)[0] if a != b else None) or "ukraine"
    yield Count(a, what, party, clause, first.first, match.last, match.rule, rank)
    yield Count(b, what, OTHER[party], clause, first.first, match.last, match.rule, rank)


def _each(clause: Clause, match: Match) -> Iterator[Count]:
    capture, value = _nearest(clause, match)
    if value is None or is_not_people(clause, capture.last):
        return
    noun = noun_of(clause, capture.last)
    what: Counted = "civilians" if noun and _are_civilians(clause, noun) else what_of_clause(clause)
    rank: Rank = "deal" if clause.has("planned") or value >= LARGE else "plain"
    both = what != "bodies" or any(match.first <= mark.first < match.last for mark in clause.marks("each"))
    parties: tuple[Party, ...] = ("ukraine", "russia") if both else ("ukraine",)
    civilians = match.number("m")
    end = max(capture.last, match.last)
    for party in parties:
        yield Count(value + (civilians or 0), what, party, clause, capture.first, end, match.rule, rank)
        if civilians is not None:
            yield Count(civilians, "civilians", party, clause, match.captures["m"].first, end, match.rule, rank)


def _nearest(clause: Clause, match: Match) -> tuple[Capture, int | None]:
    """Return the number that is the same for each side: of several the one beside the words for that."""
    capture = match.captures["n"]
    later = [n for n in clause.numbers() if capture.last <= n.first < match.last and "m" not in match.captures]
    if not later:
        return capture, match.number("n")
    return Capture(later[-1].first, later[-1].last, later[-1]), later[-1].value


def _are_civilians(clause: Clause, noun: Mark) -> bool:
    """Return whether a noun is a word for civilians, or only goes before one: «удерживаемых гражданских»."""
    return any(noun.first <= mark.first <= noun.last for mark in clause.marks("civilian"))


def _single(clause: Clause, number: Number) -> Iterator[Count]:
    if _parallel(clause, number):
        party = _teller(clause, number)
        yield Count(number.value, what_of_clause(clause), party, clause, number.first, number.last, "parallel")
        return
    what, end = counted(clause, number)
    if what is None and _gapped(clause, number):
        yield Count(number.value, "people", None, clause, number.first, number.last, "gapped")
    if what is None or of_both(clause, number.first, end) or (what != "civilians" and is_part(clause, number, end)):
        return
    party, rule = side_of(clause, number.first, number.last, end)
    rank = "deal" if number.value >= MOST else rank_of(clause, number)
    yield Count(number.value, what, party, clause, number.first, end, rule, rank)


def _whole(clause: Clause, number: Number) -> Iterator[Count]:
    """Yield the group that others are some of, with or without a noun of its own: "nine of a group of 45"."""
    what, end = counted(clause, number)
    party, rule = side_of(clause, number.first, number.last, end)
    yield Count(
        number.value, what or what_of_clause(clause), party, clause, number.first, end, f"whole.{rule}", "group"
    )


def _parallel(clause: Clause, number: Number) -> bool:
    """Return whether only a side and a dash stand before a number: «Киев принял 1212 тел, Москва — 27»."""
    tokens = clause.sentence.tokens
    dashed = number.first > clause.first and tokens[number.first - 1].text in DASHES
    if any(mark.last == number.first for mark in clause.marks("say")):
        return noun_of(clause, number.last) is None and _teller(clause, number) is not None
    if side := next((mark for mark in clause.marks("ukraine", "russia") if mark.last == number.first), None):
        linked = any(mark.last == side.first for mark in clause.marks("link"))
        opens = clause.first < clause.segment(number.first)[0] == side.first
        return noun_of(clause, number.last) is None and (opens or linked)
    sides = clause.marks("ukraine", "russia", *DIRECTIONS, "ukrainian", "russian")
    return dashed and any(number.first - 3 <= mark.last < number.first for mark in sides)


def _teller(clause: Clause, number: Number) -> Party | None:
    """Return the side that gives its own figure right before it: "Kyiv says 52"."""
    said = any(mark.last == number.first for mark in clause.marks("say"))
    sides = [m for m in clause.marks("ukraine", "russia") if said and 0 <= number.first - 1 - m.last <= 1]
    return ("russia" if sides[-1].concept == "russia" else "ukraine") if sides else None


def _gapped(clause: Clause, number: Number) -> bool:
    """Return whether a number without a noun stands beside a day of its own: "74 on Friday", «сьогодні — 86»."""
    first, last = clause.segment(number.first)
    days = [clause.day] if clause.day else []
    behind = any(0 <= day.first - number.last <= 1 for day in days)
    before = any(day.last <= number.first <= day.last + REACH for day in days) and number.last == last
    return noun_of(clause, number.last) is None and (behind or before) and number.first - first < REACH


def _same(clause: Clause) -> Iterator[Count]:
    for mark in clause.marks("same_number"):
        noun = noun_of(clause, mark.last)
        end = noun.last if noun else mark.last
        party, rule = side_of(clause, mark.first, mark.last, end)
        party = None if clause.has("in_return") else party
        yield Count(0, what_of_clause(clause), party, clause, mark.first, end, f"same.{rule}", same=True)


def _none(clause: Clause) -> Iterator[Count]:
    """Yield 0 for "received none"."""
    for mark in clause.marks("nobody"):
        if any(verb.last == mark.first for verb in clause.marks("gets", "gives")):
            party, rule = side_of(clause, mark.first, mark.last, mark.last)
            yield Count(0, what_of_clause(clause), party, clause, mark.first, mark.last, f"none.{rule}")


def _soldiers_only(clause: Clause, lexicon: Lexicon, before: Count | None) -> Iterator[Count]:
    """Yield that nobody of a group told before was a civilian: "307 soldiers each. There were *no civilians*"."""
    if before is None or not clause.has("civilian"):
        return
    for match in lexicon.match("no_civilians", clause.sentence):
        if within(clause, match):
            parties = tuple(OTHER) if before.rule.startswith("n_") else (before.party,)
            for party in parties:
                yield Count(0, "civilians", party, clause, match.first, match.last, f"civilians_of.{match.rule}")
