"""On which day the news of an item took place.

The newest day told holds, unless its figures clash with the headline's: those of the headline are the news, and a day
that is told with others is that of an exchange before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from bot.core.kinds.swap.count import Count
from bot.core.kinds.swap.counts import LARGE
from bot.core.kinds.swap.mention import Mention
from bot.core.kinds.swap.topic import MOVES, Subtype

FRESH = timedelta(days=6)
RECENT = timedelta(days=1)
"""How many days an exchange stays the item's own news: told in the headline, and told only in the text."""

WEEK = timedelta(days=7)
BEHIND = 2
"""How many tokens behind a verb a bare number may stand."""

ABOUT_TWICE = (1.7, 2.3)


def news_day(mentions: Sequence[Mention], subtype: Subtype, published: date, undated: date) -> date:
    """Return the day of the item's own news: the newest one told that does not clash with the headline's figures."""
    own = [mention for mention in mentions if mention.subtype == subtype and mention.status != "announced"]
    if {mention.status for mention in own if mention.headline} == {"carried_out"}:
        own = [mention for mention in own if mention.status == "carried_out"]
    if any(mention.headline and mention.status == "postponed" and not mention.day for mention in own):
        off = (own_day(mention, published) for mention in own if mention.status == "postponed")
        return next((day for day in off if day), undated)
    headline = next((figures for m in own if m.headline and not m.day and (figures := figures_of(m))), {})
    days = _days(own, headline, published)
    fresh = [day for day in days if day >= published - FRESH]
    old = [] if headline else [m.day for m in own if m.day and m.headline and m.day < published - FRESH]
    said = [m.day for m in mentions if m.subtype == subtype and m.spoken and m.day]
    spoken = [day for day in said if published - RECENT <= day <= published]
    return max(fresh or old or spoken, default=undated)


def _days(own: Sequence[Mention], headline: Mapping[str, int], published: date) -> list[date]:
    """Return the days that may be the news', those told with the headline's figures before all others."""
    shown = {count.value for m in own if m.headline and not m.day for count in m.counts}
    today = [m for m in own if not m.previous and not _of_yesterday(m, shown)]
    dated = [m for m in today if m.day and m.day <= published and _may_date(m, headline, published)]
    alike = [m for m in dated if shown & {count.value for count in m.counts}]
    return [m.day for m in alike or dated if m.day]


def own_day(mention: Mention, published: date) -> date | None:
    """Return the day that a mention names; what was put off was due on the nearest of two possible weekdays."""
    named = mention.clause.day
    if named is None or mention.status != "postponed" or named.rule != "weekday" or named.day >= published:
        return mention.day
    return named.day + WEEK if named.day + WEEK - published < published - named.day else named.day


def figures_of(mention: Mention) -> Mapping[str, int]:
    """Return by side the first sure figure of a mention."""
    sure = (
        count for count in reversed(mention.counts) if _is_sure(count) and not count.same and count.what != "civilians"
    )
    return {count.party: count.value for count in sure if count.party}


def _is_sure(count: Count) -> bool:
    return count.rank in ("plain", "group") or (count.rank == "deal" and count.value < LARGE)


def _fits(mention: Mention, headline: Mapping[str, int]) -> bool:
    """Return whether a dated mention can tell the day of the headline's figures."""
    other = figures_of(mention)
    agree = all(other.get(party, value) == value for party, value in headline.items())
    return agree and (
        mention.headline or not headline or not other or bool(set(other.values()) & set(headline.values()))
    )


def _may_date(mention: Mention, headline: Mapping[str, int], published: date) -> bool:
    """Return whether a dated mention can give the news its day: one of these days, or told with the headline's figures."""
    if not _fits(mention, headline):
        return False
    if mention.day is not None and mention.day >= published - RECENT:
        return not (mention.day < published and _clashes(mention, headline))
    alike = not headline or bool(set(figures_of(mention).values()) & set(headline.values()))
    return not _clashes(mention, headline) and (mention.headline or alike)


def _clashes(mention: Mention, headline: Mapping[str, int]) -> bool:
    """Return whether the figures of no side that a mention gives are others than the headline's."""
    told = {count.value for count in mention.counts if count.rank == "plain" and count.what != "civilians"}
    told = told or _beside_moves(mention)
    unsided = bool(headline) and not figures_of(mention)
    shown = {*headline.values(), sum(headline.values())}
    return unsided and bool(told) and not any(value in shown or _of_both(value, headline) for value in told)


def _of_both(value: int, headline: Mapping[str, int]) -> bool:
    """Return whether a figure may count the people of both sides together: about twice as many as the headline's."""
    return any(ABOUT_TWICE[0] * one <= value <= ABOUT_TWICE[1] * one for one in headline.values())


def _of_yesterday(mention: Mention, shown: set[int]) -> bool:
    """Return whether a mention gives the day before other figures than the headline's: "another 40 came yesterday"."""
    named, values = mention.clause.day, {count.value for count in mention.counts}
    rules = {day.rule for day in mention.clause.sentence.dates if named is not None and day.day == named.day}
    past = not rules.isdisjoint(("yesterday", "eve"))
    return past and bool(shown) and bool(values) and not values & shown


def _beside_moves(mention: Mention) -> set[int]:
    """Return the bare numbers right behind a word for people changing hands: "released the first 390"."""
    clause = mention.clause
    moves = clause.marks(*MOVES)
    return {n.value for n in clause.numbers() if any(0 <= n.first - move.last <= BEHIND for move in moves)}
