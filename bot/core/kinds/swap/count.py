"""A figure as a clause tells it: how many of what, to whom, and how surely it is the total of a stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from bot.core.kinds.swap.clauses import Clause
from bot.core.kinds.swap.sides import Party

Counted: TypeAlias = Literal["people", "civilians", "bodies"]
Rank: TypeAlias = Literal["group", "plain", "rough", "deal", "extra"]


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
