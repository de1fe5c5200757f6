"""A mention: one clause about one exchange, and what the clause itself tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.core.kinds.swap.clauses import Clause
from bot.core.kinds.swap.count import Count
from bot.core.kinds.swap.counts import LARGE, MOST
from bot.core.kinds.swap.reality import DONE
from bot.core.kinds.swap.topic import Subtype
from bot.core.model import Status


@dataclass(frozen=True, slots=True)
class Mention:
    """One clause about one exchange, as far as the clause itself tells.

    `headline`: it stands in title, summary or first paragraph; `previous`: told as an earlier exchange; `mutual`: both
    sides take part by name; `further`: one more exchange; `unbegun`: put off without ever having had a day; `asserted`: it says
    that something happened, and not only names an exchange; `spoken`: its day is that of a statement; `in_row`: one of
    several days told together; `heading`: the day of the dated heading that the paragraph has.
    """

    clause: Clause
    subtype: Subtype
    status: Status
    counts: tuple[Count, ...] = ()
    headline: bool = False
    previous: bool = False
    mutual: bool = False
    further: bool = False
    unbegun: bool = False
    asserted: bool = True
    spoken: bool = False
    in_row: bool = False
    heading: date | None = None

    @property
    def day(self) -> date | None:
        """Return the day that the clause names, or the heading that it stands under."""
        return self.clause.day.day if self.clause.day else self.heading

    @property
    def all_deal(self) -> bool:
        """Return whether the mention has figures, and all of them are those of a whole deal."""
        return bool(self.counts) and all(count.rank == "deal" and count.value >= LARGE for count in self.counts)

    @property
    def sum_only(self) -> bool:
        """Return whether the mention has no figures but one too large for a stage."""
        return bool(self.counts) and all(count.value >= MOST for count in self.counts)

    @property
    def anchored(self) -> bool:
        """Return whether the mention can found a report."""
        figures = any(count.rank != "deal" for count in self.counts) or (self.further and bool(self.counts))
        sums = self.sum_only and self.status == "carried_out"
        return self.day is not None or (self.headline and not sums) or figures

    @property
    def verbal(self) -> bool:
        """Return whether the mention has a word for what happened, and not only a figure or a day."""
        return self.clause.has(*DONE)
