"""The day that every mention speaks of: the one that it names, the one told last in its paragraph, or the news'."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TypeAlias

from bot.core.kinds.swap.count import Count
from bot.core.kinds.swap.mention import Mention
from bot.core.kinds.swap.newsday import news_day, own_day
from bot.core.kinds.swap.plans import called_off, planned_day, planned_subtypes, put_off, retells_plan
from bot.core.kinds.swap.topic import Subtype

Placed: TypeAlias = tuple[Mention, date | None]
QUOTES = frozenset('«»“”„"')


def placed(mentions: Sequence[Mention], published: date, undated: date) -> Iterator[Placed]:
    """Yield every mention with its day; mentions of earlier exchanges without a day are left out."""
    told = put_off(mentions)
    chronicle = _is_chronicle(told)
    page = _Page.of(told, published, undated)
    for mention in told:
        page.turn_to(mention)
        summed = chronicle and mention.counts and not mention.day and mention.subtype not in page.told
        if not summed:
            yield from page.place(mention)


@dataclass(slots=True)
class _Page:
    """What the mentions say together, and what was told last: `told` in the paragraph, `before` on the page."""

    mentions: Sequence[Mention]
    published: date
    news: dict[Subtype, date]
    plans: dict[Subtype, date]
    planned: set[Subtype]
    unbegun: set[Subtype]
    off: set[Subtype]
    headed: set[Subtype]
    paragraph: tuple[str, int] = ("", 0)
    told: dict[Subtype, date] = field(default_factory=dict)
    before: dict[Subtype, Mention] = field(default_factory=dict)

    @classmethod
    def of(cls, mentions: Sequence[Mention], published: date, undated: date) -> _Page:
        """Return the page of these mentions, with nothing told yet."""
        days = ((m.subtype, planned_day(m, published)) for m in mentions if m.status == "announced")
        return cls(
            mentions,
            published,
            {subtype: news_day(mentions, subtype, published, undated) for subtype in ("prisoners", "bodies")},
            {subtype: day for subtype, day in days if day},
            planned_subtypes(mentions),
            {mention.subtype for mention in mentions if mention.unbegun and mention.headline},
            called_off(mentions),
            {mention.subtype for mention in mentions if mention.headline},
        )

    def turn_to(self, mention: Mention) -> None:
        """Forget the days told in another paragraph."""
        here = mention.clause.sentence.field, mention.clause.sentence.paragraph
        if here != self.paragraph:
            self.paragraph, self.told = here, {}

    def place(self, mention: Mention) -> Iterator[Placed]:
        """Yield a mention with its day, as a plan or as put off where the headline makes it one."""
        if retells_plan(mention, self.planned, self.mentions):
            yield replace(mention, status="announced"), self.plans.get(mention.subtype)
        elif mention.status == "announced":
            yield self._announced(mention)
        elif (day := own_day(mention, self.published)) and not _quotes_today(mention):
            yield mention, self._named(mention, day)
        else:
            yield from self._undated(mention)

    def _announced(self, mention: Mention) -> Placed:
        day = planned_day(mention, self.published)
        if mention.subtype in self.off and not day:
            return replace(mention, status="postponed"), self.news[mention.subtype]
        return mention, day or self.plans.get(mention.subtype)

    def _named(self, mention: Mention, day: date) -> date:
        day = _eve_of(mention, day, self.before.get(mention.subtype))
        self.told[mention.subtype] = day
        self.before.setdefault(mention.subtype, mention)
        return day

    def _undated(self, mention: Mention) -> Iterator[Placed]:
        news = self.news[mention.subtype]
        if mention.day:
            yield mention, news
        elif mention.unbegun or (mention.subtype in self.unbegun and not mention.counts):
            yield mention, None
        elif not mention.previous and (mention.status != "postponed" or mention.subtype in self.off):
            yield mention, self.told.get(mention.subtype, news)


def without_sums(placed: Iterable[Placed]) -> Iterator[Placed]:
    """Yield mentions with their days; a headline's figure that adds up those of several days is no stage's."""
    told = list(placed)
    for mention, day in told:
        counts = tuple(count for count in mention.counts if mention.day or not _is_sum(count, mention, told))
        yield (mention if len(counts) == len(mention.counts) else replace(mention, counts=counts)), day


def _is_sum(count: Count, mention: Mention, told: Sequence[Placed]) -> bool:
    """Return whether a figure is the sum of what other mentions give for different days."""
    days: dict[date, int] = {}
    for other, day in told:
        alike = other.subtype == mention.subtype and other.status == "carried_out" and day is not None
        smaller = [each.value for each in other.counts if 0 < each.value < count.value and each.what != "civilians"]
        if alike and day is not None and smaller:
            days.setdefault(day, smaller[0])
    return len(days) > 1 and sum(days.values()) == count.value


def _is_chronicle(mentions: Sequence[Mention]) -> bool:
    """Return whether an item tells several handovers under dated headings; its undated figures are their sum."""
    return len({mention.heading for mention in mentions if mention.heading}) > 1


def _quotes_today(mention: Mention) -> bool:
    """Return whether "today" in a quotation without figures is the day of the news, of which an item tells a day late."""
    named = mention.clause.day
    quoted = any(token.text in QUOTES for token in mention.clause.sentence.tokens)
    return named is not None and named.rule == "today" and quoted and not mention.counts and not mention.headline


def _eve_of(mention: Mention, day: date, first: Mention | None) -> date:
    """Return the day of a mention, which is the one before the news where "the day before" follows the news of that day."""
    eve = mention.clause.day is not None and mention.clause.day.rule == "eve"
    if not eve or first is None or first.day != day or first.clause.day is None or first.clause.day.rule == "eve":
        return day
    values, others = ({count.value for count in each.counts} for each in (mention, first))
    return day - timedelta(days=1) if values and others and not values & others else day
