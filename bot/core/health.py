"""Which sources ail, judged by what is remembered of their polls and by what they brought day by day.

No number of days fits both an agency with a hundred items a day and an office with two a month, so each source is measured
by its own past. Of the days in its past a share had news. Were every day like those, the chance of so many days in a row
without any is (1 - share) ** days; below one in a hundred thousand the source is silent. In the same way a source in whose
items events used to be found is dry when none is any more, counted in days on which it did bring items. With 120 sources
that makes about one false alarm in a year for each of the two, and none for those that tell something once a month, of
which nobody can say after a week that they are silent. Days on which we did not poll make the share smaller and the
judgement slower, never rash. A share seen over a few days says little, hence the least past.

`tests/core/test_health.py` plays years of feeds of several sorts against these rules.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal, TypeAlias, get_args

from bot.core.model import Alarm, PollState, Source, SourceDay

Ailment: TypeAlias = Literal["ended", "failing", "undated", "unlinked", "silent", "dry"]

UNLIKELY: Final = 1e-5
"""What has a smaller chance than this is no chance."""
FEWEST_EMPTY: Final = 2
"""Whole days (UTC) without anything that a source is always granted."""
LEAST_DAYS, LEAST_SPAN = 7, 14
"""With fewer days of news, or fewer days from the first of them to the newest, a source has no past to be measured by."""
HOPELESS: Final = timedelta(days=3)
"""A source that fails for so long is told of; `LEAST_FAILURES` says that it was asked meanwhile."""
LEAST_FAILURES: Final = 6
ANSWERED: Final = timedelta(days=1)
"""A source is silent only where it answers: this is how old its newest answer may be."""
MOST, FEWEST_AT_ONCE = 0.6, 4
"""Where this share of the sources fails at once, and so many, the fault is taken to be on our side."""
REMEMBERED: Final = timedelta(days=90)
LATELY: Final = timedelta(days=3)
"""The days whose items are compared with all the older ones."""
LEAST_ITEMS_LATELY, LEAST_ITEMS_BEFORE = 10, 50
USUAL, CHANGED = 0.2, 0.8
"""A feed has changed where at least `CHANGED` of its new items lack what at most `USUAL` of the older ones lacked."""

PREFIX: Final = "source:"
"""The keys of the alarms about sources begin so; behind it stand the ailment and the id of the source."""
ALL: Final = f"{PREFIX}most"


@dataclass(frozen=True, slots=True)
class Tally:
    """New items of some days, and how many of them had no time of their own, or no link."""

    items: int = 0
    undated: int = 0
    unlinked: int = 0


@dataclass(frozen=True, slots=True)
class Past:
    """What a source brought day by day, in short. Only days on which something came count.

    first, last      the oldest and the newest of these days, and how many `days` there are
    telling          on how many of them a report was read, `told` on which day the newest
    since            how many days there are after `told`
    before, lately   the items up to the last few days, and in these
    """

    first: date
    last: date
    days: int = 0
    telling: int = 0
    told: date | None = None
    since: int = 0
    before: Tally = Tally()
    lately: Tally = Tally()


def past_of(days: Sequence[SourceDay], lately: date) -> Past | None:
    """Return the past that these days of one source make; the items from the day `lately` on count as late. None without days."""
    if not days:
        return None
    came = [each.day for each in days]
    told = max((each.day for each in days if each.reports), default=None)
    return Past(
        first=min(came),
        last=max(came),
        days=len(came),
        telling=sum(each.reports > 0 for each in days),
        told=told,
        since=sum(told is None or day > told for day in came),
        before=_tally(each for each in days if each.day < lately),
        lately=_tally(each for each in days if each.day >= lately),
    )


def _tally(days: Iterable[SourceDay]) -> Tally:
    counted = list(days)
    return Tally(
        sum(day.items for day in counted), sum(day.undated for day in counted), sum(day.unlinked for day in counted)
    )


def ailment(state: PollState | None, past: Past | None, now: datetime) -> Ailment | None:
    """Return what ails a source most, None where it is well or nothing can be said yet."""
    if state is None:
        return None
    if state.ended is not None:
        return "ended"
    if state.failures:
        return "failing" if _hopeless(state, now) else None
    if past is None or state.last_success is None or now - state.last_success > ANSWERED:
        return None
    return _changed(past) or _quiet(past, now.date())


def _hopeless(state: PollState, now: datetime) -> bool:
    since = state.failing_since
    return since is not None and now - since >= HOPELESS and state.failures >= LEAST_FAILURES


def _changed(past: Past) -> Ailment | None:
    before, lately = past.before, past.lately
    if before.items < LEAST_ITEMS_BEFORE or lately.items < LEAST_ITEMS_LATELY:
        return None
    if lately.undated >= CHANGED * lately.items and before.undated <= USUAL * before.items:
        return "undated"
    if lately.unlinked >= CHANGED * lately.items and before.unlinked <= USUAL * before.items:
        return "unlinked"
    return None


def _quiet(past: Past, today: date) -> Ailment | None:
    if is_chance(past.days, (past.last - past.first).days + 1, silent_days(past, today)):
        return None if is_chance(past.telling, past.days - past.since, past.since) else "dry"
    return "silent"


def silent_days(past: Past, today: date) -> int:
    """Return how many whole days have passed since the newest day on which something came."""
    return max(0, (today - past.last).days - 1)


def is_chance(active: int, span: int, empty: int) -> bool:
    """Return whether `empty` days in a row may be chance after a `span` of days of which `active` were not.

    The share of active days is held a little lower than it was (Laplace), as one that was seen for a while only.
    """
    if active < LEAST_DAYS or span < LEAST_SPAN or empty < FEWEST_EMPTY:
        return True
    return bool((1 - (active + 1) / (span + 2)) ** empty >= UNLIKELY)


def alarms(
    sources: Collection[Source], states: Mapping[str, PollState], pasts: Mapping[str, Past], now: datetime
) -> tuple[Alarm, ...]:
    """Return what the admins are to hear of: an alarm for each source that ails, or one for all where most fail at once."""
    failing = sum(bool(states[each.id].failures) for each in sources if each.id in states)
    if failing >= max(FEWEST_AT_ONCE, MOST * len(sources)):
        return (Alarm(ALL, "alarm.source.most", {"count": str(failing), "all": str(len(sources))}, now),)
    return tuple(
        _alarm(source, found, states[source.id], pasts.get(source.id), now)
        for source in sources
        if (found := ailment(states.get(source.id), pasts.get(source.id), now))
    )


def lasting(
    standing: Iterable[str],
    sources: Collection[Source],
    states: Mapping[str, PollState],
    pasts: Mapping[str, Past],
    now: datetime,
) -> frozenset[str]:
    """Return those alarms that go on: what they tell of is not over for certain, whatever hides it now."""
    names = {source.id for source in sources}
    parts = ((key, *key.removeprefix(PREFIX).partition(":")[::2]) for key in standing)
    return frozenset(
        key
        for key, found, name in parts
        if name in names and not _is_over(found, states.get(name), pasts.get(name), now)
    )


def _is_over(found: str, state: PollState | None, past: Past | None, now: datetime) -> bool:
    """Return whether a source is well again. Silence or a change of form ends with good news alone, not with a failure."""
    if state is None or found in {"ended", "failing"}:
        return ailment(state, past, now) != found
    if past is None or state.failures or state.ended is not None:
        return False
    if found == "dry":
        return past.since < FEWEST_EMPTY
    if found == "silent":
        return silent_days(past, now.date()) < FEWEST_EMPTY
    return past.lately.items >= LEAST_ITEMS_LATELY and _changed(past) != found


def _alarm(source: Source, found: Ailment, state: PollState, past: Past | None, now: datetime) -> Alarm:
    count = _days(found, state, past, now)
    values = {"name": source.name, "id": source.id, "count": str(count), "error": state.error}
    return Alarm(f"{PREFIX}{found}:{source.id}", f"alarm.source.{found}", values, now)


def _days(found: Ailment, state: PollState, past: Past | None, now: datetime) -> int:
    """Return how long it has gone on, in days."""
    if found == "failing" and state.failing_since:
        return (now - state.failing_since).days
    if past is None:
        return 0
    return past.since if found == "dry" else silent_days(past, now.date())


def ailing(keys: Iterable[str]) -> Mapping[str, Ailment]:
    """Return by source id what ails it most, read back from the keys of the alarms that stand."""
    ranks: dict[str, int] = {name: rank for rank, name in enumerate(get_args(Ailment))}
    names: tuple[Ailment, ...] = get_args(Ailment)
    parts = (key.removeprefix(PREFIX).partition(":") for key in keys)
    found = sorted(
        ((ranks[name], source_id) for name, _, source_id in parts if source_id and name in ranks), reverse=True
    )
    return {source_id: names[rank] for rank, source_id in found}
