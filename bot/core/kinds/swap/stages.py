"""Mentions gathered into stages: one subtype on one day, with its status and its role in the item.

The newest day on which something took place is the news of the item; what lies before it is background, what is
planned for later is news as well. A mention without a day speaks of the day told last in its paragraph, else of the news.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.core.kinds.swap.mention import Mention
from bot.core.kinds.swap.newsday import FRESH, RECENT
from bot.core.kinds.swap.placing import placed, without_sums
from bot.core.kinds.swap.topic import Subtype
from bot.core.model import Role, Status


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
    for mention, day in without_sums(placed(mentions, published, undated)):
        groups.setdefault((mention.subtype, day, mention.status == "announced"), []).append(mention)
    told = [_stage(key[0], key[1], group) for key, group in groups.items() if any(m.anchored for m in group)]
    real = [stage for stage in told if stage.status != "announced" and not _overshadowed(stage, told, undated)]
    kept = [*real, *(stage for stage in told if stage.status == "announced" and _stands(stage, real, published))]
    latest = max((stage.day for stage in kept if stage.day and _is_news(stage, published)), default=None)
    row = _row(kept, latest)
    due = {stage.subtype for stage in kept if stage.status == "announced"}
    untrue = [stage for stage in kept if stage.subtype in due and _denied([stage])]
    found = [
        replace(stage, role="background")
        if stage in untrue
        else _with_role(stage, latest, published, together=_together(stage, row))
        for stage in kept
    ]
    return tuple(sorted(found, key=lambda stage: stage.role != "main"))


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
    return fresh if same and not _denied(same) else figures or _is_due(stage, published)


def _denied(told: Sequence[Stage]) -> bool:
    """Return whether all that an item tells as put off is what it says is untrue, below the title."""
    mentions = [mention for stage in told if stage.status == "postponed" for mention in stage.mentions]
    below = all(mention.clause.sentence.field != "title" for mention in mentions)
    off = all(stage.status == "postponed" for stage in told)
    return off and below and any(mention.clause.has("disputed") for mention in mentions)


def _is_due(stage: Stage, published: date) -> bool:
    """Return whether the headline plans an exchange for a week ahead, without its day."""
    planned = [m.clause for m in stage.mentions if m.headline and m.clause.has("agreed", "planned")]
    weeks = (day for clause in planned for day in clause.sentence.dates if day.precision == "week")
    return any(day.last_day > published for day in weeks)


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
