"""How many people or bodies a clause hands to which side.

A number counts when it stands before people, civilians or bodies, in an even formula ("175 for 175", "25 each") or
right after a verb of giving or getting ("Russia got 27"). Its side comes, in this order, from the nationality beside
it, the direction named, the subject of the verb, and "in return", which turns the side of the count before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from bot.core.kinds.swap.clauses import Clause
from bot.core.text.document import Mark, Number
from bot.core.text.lexicon import Lexicon, Match

Party: TypeAlias = Literal["ukraine", "russia"]
Counted: TypeAlias = Literal["people", "civilians", "bodies"]
OTHER: dict[Party, Party] = {"ukraine": "russia", "russia": "ukraine"}
NOUNS = ("people", "prisoner", "defender", "ukrainian", "russian", "civilian", "resident", "body", "not_people")
VERBS = ("gives", "gets", "returns", "comes", "freed", "trade", "exchange")
DIRECTIONS: dict[str, Party] = {
    "to_ukraine": "ukraine",
    "from_russia": "ukraine",
    "to_russia": "russia",
    "from_ukraine": "russia",
}
REACH = 5


@dataclass(frozen=True, slots=True)
class Count:
    """One figure: how many of what, to whom (None: both together, or not said), where it stands and by which rule.

    `same` marks "the same number", whose value is that of the other side; `weak` a figure that may be a deal's total.
    """

    value: int
    what: Counted
    party: Party | None
    clause: Clause
    first: int
    last: int
    rule: str
    weak: bool = False
    same: bool = False


def counts(clause: Clause, lexicon: Lexicon, before: Count | None = None) -> tuple[Count, ...]:
    """Return the figures of a clause in reading order; `before` is the figure read last, for "in return"."""
    if clause.has("total"):
        return ()
    even = tuple(_even(clause, lexicon))
    taken = {i for count in even for i in range(count.first, count.last)}
    single = [count for number in clause.numbers() if number.first not in taken for count in _single(clause, number)]
    found = sorted((*even, *single, *_same(clause)), key=lambda count: (count.first, count.party == "russia"))
    return tuple(_turned(_summed(found), before))


def _even(clause: Clause, lexicon: Lexicon) -> Iterator[Count]:
    """Yield both sides of "N for N" and "N each"."""
    weak = clause.has("stage", "deal")
    pairs = [match for match in lexicon.match("n_for_n", clause.sentence) if _inside(clause, match)]
    for match in pairs:
        yield from _pair(clause, match, weak=weak)
    for match in lexicon.match("n_each", clause.sentence):
        if _inside(clause, match) and not any(p.first <= match.first < p.last for p in pairs):
            yield from _each(clause, match)


def _inside(clause: Clause, match: Match) -> bool:
    return clause.first <= match.first and match.last <= clause.last


def _pair(clause: Clause, match: Match, *, weak: bool) -> Iterator[Count]:
    first, second = match.captures["a"], match.captures["b"]
    a, b = match.number("a"), match.number("b")
    if a is None or b is None or _is_not_people(clause, second.last) or _is_not_people(clause, first.last):
        return
    what = _what_of_clause(clause)
    side, _ = _party(clause, Number(a, first.first, first.last), first.last)
    party = side or "ukraine"
    yield Count(a, what, party, clause, first.first, match.last, match.rule, weak=weak)
    yield Count(b, what, OTHER[party], clause, first.first, match.last, match.rule, weak=weak)


def _each(clause: Clause, match: Match) -> Iterator[Count]:
    capture, value = match.captures["n"], match.number("n")
    if value is None or _is_not_people(clause, capture.last):
        return
    noun = _noun(clause, capture.last)
    what: Counted = "civilians" if noun and noun.concept == "civilian" else _what_of_clause(clause)
    for party in ("ukraine", "russia") if what != "bodies" else ("ukraine",):
        weak = clause.has("planned") or value >= LARGE
        yield Count(value, what, party, clause, capture.first, max(capture.last, match.last), match.rule, weak=weak)


LARGE = 500


def _is_not_people(clause: Clause, at: int) -> bool:
    return any(mark.first <= at + 1 and mark.first >= at for mark in clause.marks("not_people"))


def _what_of_clause(clause: Clause) -> Counted:
    return "bodies" if clause.has("body", "repatriation") and not clause.has("prisoner", "captivity") else "people"


def _single(clause: Clause, number: Number) -> Iterator[Count]:
    what, end = _counted(clause, number)
    if what is None or (_is_part(clause, number, end) and what != "civilians"):
        return
    party, rule = _party(clause, number, end)
    yield Count(number.value, what, party, clause, number.first, end, rule)


def _counted(clause: Clause, number: Number) -> tuple[Counted | None, int]:
    """Return what a number counts, and where the words for it end."""
    noun = _noun(clause, number.last)
    if noun is not None:
        return _named(clause, number, noun), noun.last
    if any(0 <= number.first - mark.last <= 1 for mark in clause.marks("body")):
        return "bodies", number.last
    if any(0 <= number.first - mark.last <= 1 for mark in clause.marks("gets", "gives", "returns", "freed")):
        return _what_of_clause(clause), number.last
    return None, number.last


def _named(clause: Clause, number: Number, noun: Mark) -> Counted | None:
    if noun.concept == "not_people":
        return None
    if noun.concept == "civilian" or (noun.concept == "resident" and clause.has("kursk")):
        return "civilians"
    beside = clause.marks("body", "repatriation")
    if noun.concept == "body" or any(0 <= number.first - m.last <= 2 or 0 <= m.first - noun.last <= 3 for m in beside):  # noqa: PLR2004
        return "bodies"
    return "bodies" if clause.has("repatriation") else "people"


def _noun(clause: Clause, at: int) -> Mark | None:
    """Return the word that a number ending at a token counts, if it comes soon and nothing breaks in."""
    stop = next((n.first for n in clause.sentence.numbers if n.first >= at), clause.last)
    _, end = clause.segment(at)
    near = [mark for mark in clause.marks(*NOUNS) if at <= mark.first < min(stop, end, at + REACH)]
    verb = min((mark.first for mark in clause.marks(*VERBS) if mark.first > at), default=clause.last)
    nouns = [mark for mark in near if mark.first <= verb]
    strong = [mark for mark in nouns if mark.concept not in ("ukrainian", "russian")]
    special = [mark for mark in strong if mark.concept in ("civilian", "resident", "body", "not_people")]
    if special and special[0].first <= strong[0].first + 2:
        return special[0]
    return next(iter(strong or nouns), None)


def _is_part(clause: Clause, number: Number, end: int) -> bool:
    """Return whether a number is only some of the group, or on top of it."""
    before = clause.marks("part", "addition")
    after = clause.marks("part")
    return any(mark.last <= number.first for mark in before if mark.last >= clause.segment(number.first)[0] - 1) or any(
        0 <= mark.first - end <= 1 or 0 <= mark.first - number.last <= 1 for mark in after
    )


def _party(clause: Clause, number: Number, end: int) -> tuple[Party | None, str]:
    if party := _nationality(clause, number, end):
        return party, "nationality"
    if party := _direction(clause, number):
        return party, "direction"
    if party := _subject(clause, number):
        return party, "subject"
    return None, "unsided"


def _nationality(clause: Clause, number: Number, end: int) -> Party | None:
    stop = next((n.first for n in clause.numbers() if n.first >= number.last), clause.last)
    _, border = clause.segment(number.first)
    near = [
        mark
        for mark in clause.marks("ukrainian", "russian", "defender")
        if number.first - 2 <= mark.first < min(stop, border, end + 3)
    ]
    if not near:
        return None
    nearest = min(near, key=lambda mark: abs(mark.first - number.last) + (mark.first < number.first))
    return "russia" if nearest.concept == "russian" else "ukraine"


def _direction(clause: Clause, number: Number) -> Party | None:
    first, last = clause.segment(number.first)
    marks = clause.marks(*DIRECTIONS)
    near = [mark for mark in marks if first <= mark.first < last] or marks
    if not near:
        return None
    return DIRECTIONS[min(near, key=lambda mark: abs(mark.first - number.first)).concept]


def _subject(clause: Clause, number: Number) -> Party | None:
    """Return the side from who does what: "Russia got" is to Russia, "Russia gave" to Ukraine."""
    verbs = [mark for mark in clause.marks(*VERBS) if mark.first < number.first] or list(clause.marks(*VERBS))
    if not verbs:
        return None
    verb = min(verbs, key=lambda mark: (abs(mark.first - number.first), mark.concept))
    concepts = {mark.concept for mark in verbs if mark.first == verb.first}
    actor = _actor(clause, verb)
    if actor is None or concepts & {"trade", "exchange"}:
        return None
    return _receiver(actor, concepts, bodies=clause.has("body"))


def _receiver(actor: Party, verbs: set[str], *, bodies: bool) -> Party | None:
    if "gets" in verbs:
        return actor
    if "gives" in verbs:
        return OTHER[actor]
    if "returns" in verbs:
        return "ukraine" if bodies else actor
    return OTHER[actor] if "freed" in verbs and actor == "russia" else "ukraine" if "freed" in verbs else None


def _actor(clause: Clause, verb: Mark) -> Party | None:
    """Return the side that stands before a verb and is not the receiver of an earlier one."""
    gives = clause.marks("gives")
    actors = [
        mark
        for mark in clause.marks("ukraine", "russia")
        if mark.last <= verb.first and not any(0 <= mark.first - give.last <= 1 for give in gives)
    ]
    if not actors or _both(actors):
        return None
    return "russia" if actors[-1].concept == "russia" else "ukraine"


def _both(actors: list[Mark]) -> bool:
    return len(actors) > 1 and actors[-1].concept != actors[-2].concept and actors[-1].first - actors[-2].last <= 1


def _same(clause: Clause) -> Iterator[Count]:
    for mark in clause.marks("same_number"):
        number = Number(0, mark.first, mark.last)
        noun = _noun(clause, mark.last)
        end = noun.last if noun else mark.last
        party, rule = _party(clause, number, end)
        yield Count(0, _what_of_clause(clause), party, clause, mark.first, end, f"same.{rule}", same=True)


def _summed(found: Iterable[Count]) -> Iterator[Count]:
    """Join "270 soldiers and 120 civilians" into the group that they make up."""
    last: Count | None = None
    for count in found:
        if last is not None and _make_up(last, count):
            party = last.party or count.party
            yield replace(count, party=party)
            yield replace(last, value=last.value + count.value, party=party, last=count.last, rule=f"sum.{last.rule}")
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
    kinds = (count.what, following.what) == ("people", "civilians")
    same_side = not (count.party and following.party) or count.party == following.party
    return kinds and near and same_side and not any(count.first <= mark.first < following.last for mark in between)


def _turned(found: Iterable[Count], before: Count | None) -> Iterator[Count]:
    """Give the figures after "in return" the side that the figure before them does not have."""
    for count in found:
        turns = count.party is None and before is not None and _in_return(count)
        if turns and before is not None and before.party:
            count = replace(count, party=OTHER[before.party], rule="in_return")  # noqa: PLW2901
        yield count
        before = count


def _in_return(count: Count) -> bool:
    return count.clause.has("in_return")
