"""Mentions gathered into stages: one subtype on one day, with its status and its role in the item.

The newest day on which something took place is the news of the item; what lies before it is background, what is
planned for later is news as well. A mention without a day speaks of the day told last in its paragraph, else of the news.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.core.kinds.swap.count import Count
from bot.core.kinds.swap.mention import Mention
from bot.core.kinds.swap.topic import Subtype
from bot.core.model import Role, Status
from bot.core.text.document import DateMention

FRESH = timedelta(days=6)
RECENT = timedelta(days=1)
"""How many days an exchange stays the item's own news: told in the headline, and told only in the text."""

WEEK = timedelta(days=7)
QUOTES = frozenset('«»“”„"')


@dataclass(frozen=True, slots=True)
class Stage:
    """One handover as the item tells it."""

    subtype: Subtype
    day: date | None
    status: Status
    role: Role
    mentions: tuple[Mention, ...]


def stages(mentions: Sequence[Mention], published: date, undated: date) -> tuple[Stage, ...]:
    """Return the stages that the mentions tell of, the news first; `undated` is the day of news that names none."""
    groups: dict[tuple[Subtype, date | None, bool], list[Mention]] = {}
    for mention, day in _without_sums(_placed(_put_off(mentions), published, undated)):
        groups.setdefault((mention.subtype, day, mention.status == "announced"), []).append(mention)
    told = [_stage(key[0], key[1], group) for key, group in groups.items() if any(m.anchored for m in group)]
    real = [stage for stage in told if stage.status != "announced" and not _overshadowed(stage, told, undated)]
    kept = [*real, *(stage for stage in told if stage.status == "announced" and _stands(stage, real, published))]
    latest = max((stage.day for stage in kept if stage.day and _is_news(stage, published)), default=None)
    row = _row(kept, latest)
    found = [_with_role(stage, latest, published, together=_together(stage, row)) for stage in kept]
    return tuple(sorted(found, key=lambda stage: stage.role != "main"))


def _placed(mentions: Sequence[Mention], published: date, undated: date) -> Iterator[tuple[Mention, date | None]]:
    """Yield every mention with its day; mentions of earlier exchanges without a day are left out."""
    chronicle = _is_chronicle(mentions)
    news = {subtype: _news_day(mentions, subtype, published, undated) for subtype in ("prisoners", "bodies")}
    plans = {m.subtype: day for m in mentions if m.status == "announced" and (day := _planned_day(m, published))}
    unbegun = {mention.subtype for mention in mentions if mention.unbegun and mention.headline}
    planned = _planned(mentions)
    off = {m.subtype for m in mentions if m.status == "postponed" and m.headline}
    headed = {mention.subtype for mention in mentions if mention.headline}
    paragraph: tuple[str, int] | None = None
    told: dict[Subtype, date] = {}
    before: dict[Subtype, Mention] = {}
    for mention in mentions:
        here = mention.clause.sentence.field, mention.clause.sentence.paragraph
        if here != paragraph:
            paragraph, told = here, {}
        if chronicle and mention.counts and not mention.day and mention.subtype not in told:
            continue
        if _retells_plan(mention, planned, mentions):
            yield replace(mention, status="announced"), plans.get(mention.subtype)
        elif mention.status == "announced" and mention.subtype in off and not _planned_day(mention, published):
            yield replace(mention, status="postponed"), news[mention.subtype]
        elif mention.status == "announced":
            yield mention, _planned_day(mention, published) or plans.get(mention.subtype)
        elif _quotes_today(mention):
            yield mention, news[mention.subtype]
        elif day := _own_day(mention, published):
            day = _eve_of(mention, day, before.get(mention.subtype))
            told[mention.subtype] = day
            before.setdefault(mention.subtype, mention)
            yield mention, day
        elif mention.unbegun or (mention.subtype in unbegun and not mention.counts):
            yield mention, None
        elif not mention.previous and (mention.status != "postponed" or mention.subtype in headed):
            yield mention, told.get(mention.subtype, news[mention.subtype])


def _put_off(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return the mentions; where the headline calls an exchange off, "was to take place tomorrow" tells of the same."""
    off = {mention.subtype for mention in mentions if mention.status == "postponed" and mention.headline}
    due = (
        mention.subtype in off and mention.status == "announced" and mention.clause.has("due") for mention in mentions
    )
    return tuple(replace(m, status="postponed") if was else m for m, was in zip(mentions, due, strict=True))


def _without_sums(placed: Iterable[tuple[Mention, date | None]]) -> Iterator[tuple[Mention, date | None]]:
    """Yield mentions with their days; a headline's figure that adds up those of several days is no stage's."""
    told = list(placed)
    for mention, day in told:
        counts = tuple(count for count in mention.counts if mention.day or not _is_sum(count, mention, told))
        yield (mention if len(counts) == len(mention.counts) else replace(mention, counts=counts)), day


def _is_sum(count: Count, mention: Mention, told: Sequence[tuple[Mention, date | None]]) -> bool:
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


def _planned_day(mention: Mention, published: date) -> date | None:
    """Return the day for which a plan is made; the day of the announcement is no such day unless beside the plan."""
    named = mention.clause.day
    if named is None or mention.spoken:
        return None
    beside = _beside_plan(mention, named)
    ahead = named.rule == "weekday" and named.day < published and beside
    day = named.day + WEEK if ahead else named.day
    return day if day > published or (day == published and beside) else None


def _beside_plan(mention: Mention, named: DateMention) -> bool:
    """Return whether a day, by any of its names, stands in one stretch with the plan or the exchange."""
    clause = mention.clause
    names = [day.first for day in clause.sentence.dates if day.day == named.day]
    stretches = [clause.segment(first) for first in names if clause.first <= first < clause.last]
    marks = clause.marks("planned", "exchange", "leg")
    return any(first <= mark.first < last for first, last in stretches for mark in marks)


def _retells_plan(mention: Mention, planned: set[Subtype], mentions: Sequence[Mention]) -> bool:
    """Return whether a mention speaks of what the headline makes a plan: in its figures, a deal's total, or without any."""
    if mention.day or mention.subtype not in planned:
        return False
    headed = [other for other in mentions if other.subtype == mention.subtype and other.headline]
    first = next((other for other in headed if other.asserted), headed[0])
    bare = not mention.counts and first.status == "announced" and mention.status == "carried_out"
    return mention.all_deal or bare or _names_plan(mention, mentions)


def _names_plan(mention: Mention, mentions: Sequence[Mention]) -> bool:
    """Return whether a headline gives a plan's figures without a word for what happened: "50 for 50: swap announced"."""
    plans = [other for other in mentions if other.status == "announced" and other.subtype == mention.subtype]
    values = {count.value for plan in plans if plan.headline for count in plan.counts}
    told = {count.value for count in mention.counts}
    return mention.headline and not mention.verbal and bool(told and plans) and (told <= values or not values)


def _own_day(mention: Mention, published: date) -> date | None:
    """Return the day that a mention names; what was put off was due on the nearest of two possible weekdays."""
    named = mention.clause.day
    if named is None or mention.status != "postponed" or named.rule != "weekday" or named.day >= published:
        return mention.day
    return named.day + WEEK if named.day + WEEK - published < published - named.day else named.day


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


def _planned(mentions: Sequence[Mention]) -> set[Subtype]:
    """Return of what the headline makes a plan, no other figures of which are told as done."""
    plans = [mention for mention in mentions if mention.status == "announced" and mention.headline]
    done = [
        mention
        for mention in mentions
        if mention.status == "carried_out"
        and (mention.headline or mention.day)
        and _figures(mention)
        and not _names_plan(mention, mentions)
    ]
    return {mention.subtype for mention in plans} - {mention.subtype for mention in done}


def _news_day(mentions: Sequence[Mention], subtype: Subtype, published: date, undated: date) -> date:
    """Return the day of the item's own news: the newest one told that does not clash with the headline's figures."""
    own = [mention for mention in mentions if mention.subtype == subtype and mention.status != "announced"]
    if {mention.status for mention in own if mention.headline} == {"carried_out"}:
        own = [mention for mention in own if mention.status == "carried_out"]
    if any(mention.headline and mention.status == "postponed" and not mention.day for mention in own):
        dated = (_own_day(mention, published) for mention in own if mention.status == "postponed")
        return next((day for day in dated if day), undated)
    headline = next((figures for m in own if m.headline and not m.day and (figures := _figures(m))), {})
    shown = {count.value for m in own if m.headline and not m.day for count in m.counts}
    today = [m for m in own if not m.previous and not _of_yesterday(m, shown)]
    dated = [m for m in today if m.day and m.day <= published and _may_date(m, headline, published)]
    alike = [m for m in dated if shown & {count.value for count in m.counts}]
    days = [m.day for m in alike or dated if m.day]
    fresh = [day for day in days if day >= published - FRESH]
    old = [] if headline else [m.day for m in own if m.day and m.headline and m.day < published - FRESH]
    said = [m.day for m in mentions if m.subtype == subtype and m.spoken and m.headline and m.day]
    spoken = [day for day in said if published - RECENT <= day <= published]
    return max(fresh or old or spoken, default=undated)


def _figures(mention: Mention) -> Mapping[str, int]:
    """Return by side the first sure figure of a mention."""
    sure = (
        count
        for count in reversed(mention.counts)
        if count.rank in ("plain", "group") and not count.same and count.what != "civilians"
    )
    return {count.party: count.value for count in sure if count.party}


def _fits(mention: Mention, headline: Mapping[str, int]) -> bool:
    """Return whether a dated mention can tell the day of the headline's figures."""
    other = _figures(mention)
    agree = all(other.get(party, value) == value for party, value in headline.items())
    return agree and (
        mention.headline or not headline or not other or bool(set(other.values()) & set(headline.values()))
    )


def _may_date(mention: Mention, headline: Mapping[str, int], published: date) -> bool:
    """Return whether a dated mention can give the news its day: one of these days, or told with the headline's figures."""
    if not _fits(mention, headline):
        return False
    if mention.day is not None and mention.day >= published - RECENT:
        return True
    alike = not headline or bool(set(_figures(mention).values()) & set(headline.values()))
    return not _clashes(mention, headline) and (mention.headline or alike)


def _clashes(mention: Mention, headline: Mapping[str, int]) -> bool:
    """Return whether the figures of no side that a mention gives are others than the headline's."""
    told = {count.value for count in mention.counts if count.rank == "plain" and count.what != "civilians"}
    unsided = bool(headline) and not _figures(mention)
    return unsided and bool(told) and told.isdisjoint({*headline.values(), sum(headline.values())})


def _of_yesterday(mention: Mention, shown: set[int]) -> bool:
    """Return whether a mention gives the day before other figures than the headline's: "another 40 came yesterday"."""
    named, values = mention.clause.day, {count.value for count in mention.counts}
    rules = {day.rule for day in mention.clause.sentence.dates if named is not None and day.day == named.day}
    past = not rules.isdisjoint(("yesterday", "eve"))
    return past and bool(shown) and bool(values) and not values & shown


def _stage(subtype: Subtype, day: date | None, group: Sequence[Mention]) -> Stage:
    postponed = next((m for m in group if m.status == "postponed" and m.anchored), None)
    done = next((m for m in group if m.status == "carried_out" and m.anchored), None)
    status: Status = "announced" if group[0].status == "announced" else "carried_out"
    first = min((m for m in (postponed, done) if m), key=group.index, default=None)
    if postponed and (first is postponed or not any(m.counts for m in group if m.status == "carried_out")):
        status = "postponed"
    return Stage(subtype, day, status, "main", tuple(group))


def _stands(stage: Stage, real: Sequence[Stage], published: date) -> bool:
    """Return whether a plan is one of its own: not when it was carried out, or has neither day nor figures."""
    news = [other for other in real if other.day is None or other.day >= published - FRESH]
    told = [other for other in news if any(mention.headline or mention.counts for mention in other.mentions)]
    same = [other for other in told if other.subtype == stage.subtype]
    if stage.day is not None:
        return stage.day >= published and not any(other.day == stage.day for other in same)
    figures = any(mention.counts for mention in stage.mentions)
    fresh = any(mention.further and mention.counts for mention in stage.mentions)
    return fresh if same else figures


def _overshadowed(stage: Stage, told: Sequence[Stage], undated: date) -> bool:
    """Return whether a stage without a day of its own below the headline is only the plan of the headline, told on."""
    plans = [other for other in told if other.subtype == stage.subtype and other.status == "announced"]
    planned = any(mention.headline for other in plans for mention in other.mentions)
    own = any(m.day or (m.headline and (m.counts or m.clause.sentence.field == "title")) for m in stage.mentions)
    return planned and stage.day == undated and not own


def _is_news(stage: Stage, published: date) -> bool:
    span = FRESH if any(mention.headline and not mention.sum_only for mention in stage.mentions) else RECENT
    fresh = stage.day is not None and published - span <= stage.day <= published
    return fresh and stage.status != "announced" and not all(mention.previous for mention in _anchors(stage))


def _anchors(stage: Stage) -> list[Mention]:
    return [mention for mention in stage.mentions if mention.anchored]


def _row(told: Sequence[Stage], latest: date | None) -> set[int]:
    """Return the sentences of the headline in which the news is told in a row with other days."""
    news = {m.clause.sentence.index for stage in told if stage.day == latest for m in stage.mentions if m.headline}
    rows = {m.clause.sentence.index for stage in told for m in stage.mentions if m.in_row}
    return news & rows


def _together(stage: Stage, row: set[int]) -> bool:
    """Return whether a stage is told in one row with the news: "80 freed on Thursday, 74 on Friday"."""
    return any(mention.clause.sentence.index in row and not mention.previous for mention in stage.mentions)


def _with_role(stage: Stage, latest: date | None, published: date, *, together: bool) -> Stage:
    fresh = stage.day is not None and published - FRESH <= stage.day <= published
    role: Role = "main" if (together and fresh) or _is_main(stage, latest, published) else "background"
    return Stage(stage.subtype, stage.day, stage.status, role, stage.mentions)


def _is_main(stage: Stage, latest: date | None, published: date) -> bool:
    ahead = stage.day is not None and stage.day > published
    if stage.status == "announced" or stage.day is None or ahead:
        return any(mention.headline or mention.further or mention.day for mention in stage.mentions)
    headed = any(mention.heading == stage.day for mention in stage.mentions)
    return (_is_news(stage, published) and stage.day == latest) or (headed and stage.day >= published - FRESH)
