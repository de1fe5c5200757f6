"""What a number counts, told by the words beside it: people, civilians or bodies, and whether it counts all of them."""

from __future__ import annotations

from bot.core.kinds.swap.clauses import Clause
from bot.core.kinds.swap.count import Counted, Rank
from bot.core.kinds.swap.sides import DIRECTIONS, VERBS, of_institution
from bot.core.kinds.swap.totals import CASED
from bot.core.text.document import Mark, Number

NOUNS = (
    "people",
    "prisoner",
    "defender",
    "ukrainian",
    "russian",
    "civilian",
    "resident",
    "women",
    "body",
    "not_people",
)
REACH, NEAR = 5, 3
FEW = 20
"""Fewer people than these "from one region" are only its own of the group."""


def counted(clause: Clause, number: Number) -> tuple[Counted | None, int]:
    """Return what a number counts, and where the words for it end."""
    noun = noun_of(clause, number.last)
    if noun is not None:
        return _named(clause, number, noun), noun.last
    return _bare(clause, number), number.last


def _bare(clause: Clause, number: Number) -> Counted | None:
    """Return what a number without a noun counts: it stands beside a word for bodies, a verb or a direction."""
    if CASED.fullmatch(clause.sentence.tokens[number.first].text):
        return None
    if any(0 <= number.first - mark.last <= 1 for mark in clause.marks("body")):
        return "bodies"
    verbs = clause.marks("gets", "gives", "returns", "freed", "home")
    beside = any(0 <= number.first - mark.last <= 1 or mark.first == number.last for mark in verbs)
    of_them = next((mark.last for mark in clause.marks("part") if mark.first == number.last), number.last)
    comes = any(0 <= mark.first - of_them <= 2 for mark in clause.marks("comes"))  # noqa: PLR2004
    directed = any(mark.first == number.last for mark in clause.marks(*DIRECTIONS, "own"))
    return what_of_clause(clause) if beside or comes or directed else None


def _named(clause: Clause, number: Number, noun: Mark) -> Counted | None:
    if noun.concept == "not_people":
        return None
    if noun.concept in ("ukrainian", "russian"):
        return what_of_clause(clause)
    if any(mark.last == number.first for mark in clause.marks("body")):
        return "bodies"
    if noun.concept == "civilian" or (noun.concept == "resident" and clause.has("kursk")):
        return "civilians"
    beside = [mark for mark in clause.marks("body", "repatriation") if not _is_counted(clause, mark, number)]
    if noun.concept == "body" or any(0 <= number.first - m.last <= 3 or 0 <= m.first - noun.last <= 3 for m in beside):  # noqa: PLR2004
        return "bodies"
    return "bodies" if clause.has("repatriation") and noun.concept != "prisoner" else "people"


def _is_counted(clause: Clause, mark: Mark, number: Number) -> bool:
    """Return whether bodies have another number of their own: "1,000 bodies and 90 prisoners"."""
    others = [other for other in clause.numbers() if other.first != number.first]
    counted = any(0 <= mark.first - other.last < NEAR for other in others)
    apart = mark.last <= number.first or any(number.last <= other.first < mark.first for other in others)
    return counted and apart


def noun_of(clause: Clause, at: int) -> Mark | None:
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


def what_of_clause(clause: Clause) -> Counted:
    """Return what a number without a noun counts, by what the clause is about."""
    return "bodies" if clause.has("body", "repatriation") and not clause.has("prisoner", "captivity") else "people"


def is_not_people(clause: Clause, at: int) -> bool:
    """Return whether a number that ends at a token counts hours, drones or other things."""
    swaps = {mark.first for mark in clause.marks("exchange")}
    return any(at <= mark.first <= at + 1 and mark.first not in swaps for mark in clause.marks("not_people"))


def is_part(clause: Clause, number: Number, end: int) -> bool:
    """Return whether a number is only some of the group: "27 of them", "including 34 ...", "six among those"."""
    if _listed(clause, number) or (number.value < FEW and clause.has("fellow")):
        return True
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


def _listed(clause: Clause, number: Number) -> bool:
    """Return whether a clause opens as a list of some of the group: "Among them are 21 soldiers and five officers"."""
    marks = clause.marks("part", "among")
    opened = any(mark.first <= clause.first + 1 and mark.last < number.first for mark in marks)
    whole = any(other.first < number.first and _opens(clause, other) for other in clause.numbers())
    moved = any(mark.first > clause.first for mark in clause.marks("gets", "gives", "comes", "exchange"))
    return opened and not whole and not moved


def _opens(clause: Clause, number: Number) -> bool:
    """Return whether a figure is the group itself of which the others are some: «Серед 303 звільнених»."""
    return any(mark.last == number.first for mark in clause.marks("among"))


def rank_of(clause: Clause, number: Number) -> Rank:
    """Return how surely a number is the total of its stage."""
    if any(mark.last == number.first for mark in clause.marks("among")):
        return "group"
    if any(0 <= number.first - mark.last < REACH for mark in clause.marks("altogether")):
        return "group"
    if clause.has("outside") or any(mark.last <= number.first for mark in clause.marks("addition")):
        return "extra"
    rough = any(mark.last == number.first for mark in clause.marks("at_least"))
    return "rough" if rough else "plain"
