"""Plans: for which day an exchange is announced, and what of a text only speaks of the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.core.kinds.swap.clauses import Clause
from bot.core.kinds.swap.mention import Mention
from bot.core.kinds.swap.newsday import WEEK, figures_of
from bot.core.kinds.swap.topic import Subtype
from bot.core.text.document import DateMention

INSERTED = 5
"""Tokens of the longest insertion that says who speaks."""


def planned_day(mention: Mention, published: date) -> date | None:
    """Return the day for which a plan is made; the day of the announcement is no such day unless beside the plan."""
    named = mention.clause.day
    if named is None or mention.spoken:
        return None
    beside = _beside_plan(mention, named)
    ahead = named.rule == "weekday" and named.day < published and (beside or mention.clause.has("not_agreed"))
    day = named.day + WEEK if ahead else named.day
    return day if day > published or (day == published and beside) else None


def _beside_plan(mention: Mention, named: DateMention) -> bool:
    """Return whether a day, by any of its names, stands in one stretch with the plan or the exchange."""
    clause = mention.clause
    names = [day.first for day in clause.sentence.dates if day.day == named.day]
    stretches = [clause.segment(first) for first in names if clause.first <= first < clause.last]
    opened = any(0 <= first - clause.first <= 1 for first in names)
    stretches += [_behind(clause, last) for first, last in stretches if opened and first == clause.first]
    marks = clause.marks("planned", "exchange", "leg")
    return any(first <= mark.first < last for first, last in stretches for mark in marks)


def _behind(clause: Clause, at: int) -> tuple[int, int]:
    """Return the stretch behind an insertion that ends the one at a token: "today, *by his words,* it is to take place"."""
    first, last = clause.segment(min(at + 1, clause.last - 1))
    inserted = 0 < last - first <= INSERTED and last < clause.last
    return clause.segment(last + 1) if inserted and last + 1 < clause.last else (at, at)


def planned_subtypes(mentions: Sequence[Mention]) -> set[Subtype]:
    """Return of what the headline makes a plan, no other figures of which are told as done."""
    plans = [mention for mention in mentions if mention.status == "announced" and mention.headline]
    done = [
        mention
        for mention in mentions
        if mention.status == "carried_out"
        and (mention.headline or mention.day)
        and figures_of(mention)
        and not names_plan(mention, mentions)
    ]
    return {mention.subtype for mention in plans} - {mention.subtype for mention in done}


def retells_plan(mention: Mention, planned: set[Subtype], mentions: Sequence[Mention]) -> bool:
    """Return whether a mention speaks of what the headline makes a plan: in its figures, a deal's total, or without any."""
    if mention.day or mention.subtype not in planned:
        return False
    headed = [other for other in mentions if other.subtype == mention.subtype and other.headline]
    first = next((other for other in headed if other.asserted), headed[0])
    bare = not mention.counts and first.status == "announced" and mention.status == "carried_out"
    return mention.all_deal or bare or names_plan(mention, mentions)


def names_plan(mention: Mention, mentions: Sequence[Mention]) -> bool:
    """Return whether a headline gives a plan's figures without a word for what happened: "50 for 50: swap announced"."""
    plans = [other for other in mentions if other.status == "announced" and other.subtype == mention.subtype]
    values = {count.value for plan in plans if plan.headline for count in plan.counts}
    told = {count.value for count in mention.counts}
    return mention.headline and not mention.verbal and bool(told and plans) and (told <= values or not values)


def called_off(mentions: Sequence[Mention]) -> set[Subtype]:
    """Return of what the headline says that it was put off, unless its title is about the plan and it calls that untrue."""
    titles = {m.subtype for m in mentions if m.status == "announced" and m.clause.sentence.field == "title"}
    off = (m for m in mentions if m.status == "postponed" and m.headline)
    return {m.subtype for m in off if not (m.subtype in titles and m.clause.has("disputed"))}


def put_off(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return the mentions; where the headline calls an exchange off, "was to take place tomorrow" tells of the same."""
    off = called_off(mentions)
    due = (
        mention.subtype in off and mention.status == "announced" and mention.clause.has("due") for mention in mentions
    )
    return tuple(replace(m, status="postponed") if was else m for m, was in zip(mentions, due, strict=True))
