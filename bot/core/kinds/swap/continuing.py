"""Clauses that only go on with an exchange told before: "the third stage is due tomorrow", "74 on Friday"."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.kinds.swap.clauses import Clause
from bot.core.kinds.swap.count import Count
from bot.core.kinds.swap.counts import LARGE
from bot.core.kinds.swap.mention import Mention
from bot.core.kinds.swap.sides import DIRECTIONS
from bot.core.kinds.swap.topic import MOVES, Subtype

TOP = frozenset({"title", "summary"})
BARE = ("n_", "own", "gapped", "parallel", "turn")
"""Rules of figures that need no verb beside them."""


def unless_told(
    found: tuple[Subtype, ...], clause: Clause, figures: tuple[Count, ...], told: Sequence[Mention]
) -> tuple[Subtype, ...]:
    """Return bodies for a bare "the exchange", or for their figure, in a text that has told of nothing but bodies."""
    bodies = bool(told) and all(mention.subtype == "bodies" for mention in told)
    living = clause.has("defender", "civilian", "prisoner", "captivity", "freed", "home")
    bare = not living and not (clause.has("people") and clause.has("exchange"))
    known = {count.value for mention in told for count in mention.counts if count.value}
    again = any(figure.value in known for figure in figures) and not clause.has("prisoner", "captivity", "exchange")
    return ("bodies",) if (bare or again) and bodies and found == ("prisoners",) else found


def continued(
    clause: Clause, figures: tuple[Count, ...], told: Sequence[Mention], *, headed: bool
) -> tuple[Subtype, ...]:
    """Return the subtype of a clause that goes on with what was told before it, under a dated heading or beside it."""
    if not told:
        return ()
    if _of_bodies(clause, figures):
        return ("bodies",)
    same = headed or _beside(clause, told[-1].clause) or _equals(clause, told[-1].clause)
    leg = clause.has("leg") and clause.has("done", "planned", "awaited") and clause.day is not None
    ahead = clause.has("planned", "due") and clause.day is not None and told[-1].status != "carried_out"
    due = same and ahead
    on = (same and _moved(clause, figures)) or leg or due or _among(clause, figures) or _makes_up(figures, told)
    return (told[-1].subtype,) if on else ()


def _of_bodies(clause: Clause, figures: tuple[Count, ...]) -> bool:
    """Return whether bodies change hands in the clause without a word of who got them."""
    handed = clause.has("gives", "gets", "returns") and not clause.has("combat")
    return handed and any(figure.what == "bodies" for figure in figures)


def _beside(clause: Clause, last: Clause) -> bool:
    here, there = clause.sentence, last.sentence
    return (here.field, here.paragraph) == (there.field, there.paragraph) or {here.field, there.field} <= TOP


def _equals(clause: Clause, last: Clause) -> bool:
    """Return whether a clause right behind another gives the other side as many: "*As many* went to Russia"."""
    return clause.has("same_number") and clause.sentence.index - last.sentence.index == 1


def _moved(clause: Clause, figures: tuple[Count, ...]) -> bool:
    """Return whether people or bodies change hands, whoever they are."""
    told = any(figure.rule.startswith(BARE) for figure in figures) or (bool(figures) and clause.has(*MOVES))
    handed = clause.has("gives", "gets") and clause.has(*DIRECTIONS)
    return told or (clause.day is not None and (handed or clause.has("comes", "home", "freed", "returns")))


def _makes_up(figures: tuple[Count, ...], told: Sequence[Mention]) -> bool:
    """Return whether soldiers and civilians add up to a figure told before: "270 each", "250 soldiers and 20 civilians"."""
    known = {count.value for mention in told for count in mention.counts}
    return any(figure.rule.startswith("sum.") and figure.value in known for figure in figures)


def _among(clause: Clause, figures: tuple[Count, ...]) -> bool:
    """Return whether a clause counts the civilians among those exchanged."""
    of_them = any(figure.rule.startswith("civilians_of") for figure in figures)
    described = (of_them or clause.has("part", "described")) and not clause.has("combat")
    return described and any(figure.what == "civilians" and figure.value < LARGE for figure in figures)
