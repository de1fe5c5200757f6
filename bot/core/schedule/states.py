"""What is remembered of a source after a poll, after a failure, and when the list of sources changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from zlib import crc32

from bot.core.model import Feed, PollState, QuietPoll, Response, Source
from bot.core.schedule.asked import allowed, asked_pause
from bot.core.schedule.rhythm import LONGEST, Pace, interval, rhythm

LONGEST_WAIT: Final = timedelta(hours=30)
"""More than any source is ever made to wait, jitter included."""

NOT_MODIFIED: Final = 304

SURE: Final = 3
"""On so many days a permanent redirect has to lead to the same place before the source is taken to live there."""
FAITHFUL: Final = timedelta(days=3)
"""A new address that fails for so long is given up for the configured one."""

_MOST_MOVES = 10
_SPREAD = 0.1
_DAY = 86_400


def enlisted(source: Source, before: PollState | None, now: datetime) -> PollState | None:
    """Return the state of a source that is to be polled from now on, or None where it stays as it is.

    A source never seen before is due now, and so is one whose configured address changed: it starts anew.
    """
    if before is not None and before.configured == source.url:
        return None
    if before is not None and not before.configured:
        return replace(before, configured=source.url)
    return PollState(source_id=source.id, next_at=now, configured=source.url)


def condition(before: PollState, now: datetime) -> PollState:
    """Return what the next question is conditional on.

    A server that says "not modified" for ever would hide all news from us, so once a day, at a time of day of its own, a
    source without news for a day is asked without a condition.
    """
    if not before.etag and not before.last_modified:
        return before
    if before.polled_at is None or (before.last_item is not None and now - before.last_item < timedelta(days=1)):
        return before
    own = crc32(before.source_id.encode()) % _DAY
    if _day(before.polled_at, own) == _day(now, own):
        return before
    return replace(before, etag="", last_modified="")


def quiet(before: PollState, response: Response, bounds: Pace, now: datetime, jitter: float) -> QuietPoll | None:
    """Return what an answer changes that brought nothing (304, or the bytes that we know); None where that is more than times."""
    if before.failures or before.first_success is None or before.ended or response.moved or before.moved_to:
        return None
    if _validators(before, response) != (before.etag, before.last_modified):
        return None
    wait, next_at, asked_until = _plan(before, response, bounds, now, news=False)
    return QuietPoll(before.source_id, now, _spread(now, next_at, jitter), wait, asked_until)


def quieted(before: PollState, quiet_poll: QuietPoll) -> PollState:
    """Return the state after such a poll."""
    return replace(
        before,
        next_at=quiet_poll.next_at,
        interval=quiet_poll.interval,
        asked_until=quiet_poll.asked_until,
        last_success=quiet_poll.at,
        polled_at=quiet_poll.at,
    )


def unchanged(before: PollState, response: Response, bounds: Pace, now: datetime, jitter: float) -> PollState:
    """Return the state after an answer that brought nothing, whatever else it changes."""
    return _succeeded(before, response, bounds, now, jitter=jitter, news=False)


def read(  # noqa: PLR0913  (an answer that was read tells all this)
    before: PollState, response: Response, feed: Feed, bounds: Pace, now: datetime, *, jitter: float, news: bool
) -> PollState:
    """Return the state after an answer that was read. `news` says whether it held items never seen before.

    The caller sets `body_hash`.
    """
    known = replace(before, rhythm=rhythm((item.published for item in feed.items), now), rest=feed.rest)
    return _succeeded(known, response, bounds, now, jitter=jitter, news=news)


def failed(  # noqa: PLR0913  (and so does a failure)
    before: PollState,
    error: str,
    *,
    shortest: float,
    now: datetime,
    jitter: float = 0.0,
    delay: float | None = None,
    gone: bool = False,
) -> PollState:
    """Return the state after a failure: twice as long a wait each time, or longer where the other side asked for it.

    What is gone for good (410) is not asked any more. Where that, or a failure that lasts, befalls an address that a
    source moved to, it is asked at its configured address again.
    """
    pause = max(min(shortest * 2.0 ** min(before.failures + 1, 30), LONGEST), delay or 0.0)
    since = before.failing_since or now
    after = replace(
        before,
        next_at=_spread(now, now + timedelta(seconds=pause), jitter),
        failures=before.failures + 1,
        failing_since=since,
        error=error,
        polled_at=now,
        asked_until=now + timedelta(seconds=delay) if delay else None,
    )
    if before.address and (gone or now - since >= FAITHFUL):
        return replace(after, address="", etag="", last_modified="", moves=_moves(before, before.address))
    return replace(after, ended=now) if gone else after


def unreached(before: PollState, bounds: Pace, now: datetime, jitter: float) -> PollState:
    """Return the state of a source that nobody could have reached: it is asked again after its usual interval."""
    pause = max(before.interval, bounds.shortest)
    return replace(before, next_at=_spread(now, now + timedelta(seconds=pause), jitter))


def unkept(before: PollState, shortest: float, now: datetime, jitter: float) -> PollState:
    """Return the state of a source whose news could not be stored, which is no fault of its own: it is asked again soon."""
    return replace(before, next_at=_spread(now, now + timedelta(seconds=2 * shortest), jitter))


def hastened(states: Sequence[PollState], now: datetime, within: timedelta) -> list[PollState]:
    """Let these sources be polled one after the other within that time, or when their publishers allow it."""
    step = within / max(len(states), 1)
    return [_hastened(state, now + step * place) for place, state in enumerate(states, 1)]


def shifted(state: PollState, by: timedelta) -> PollState:
    """Move what a state says of the future, as the clock was moved."""
    asked = state.asked_until + by if state.asked_until else None
    live = state.live_until + by if state.live_until else None
    return replace(state, next_at=state.next_at + by, asked_until=asked, live_until=live)


def _succeeded(
    before: PollState, response: Response, bounds: Pace, now: datetime, *, jitter: float, news: bool
) -> PollState:
    """Forget every failure, and plan the next poll."""
    wait, next_at, asked_until = _plan(before, response, bounds, now, news=news)
    etag, last_modified = _validators(before, response)
    return replace(
        before,
        next_at=_spread(now, next_at, jitter),
        asked_until=asked_until,
        etag=etag,
        last_modified=last_modified,
        interval=wait,
        failures=0,
        failing_since=None,
        error="",
        ended=None,
        first_success=before.first_success or now,
        last_success=now,
        polled_at=now,
        **_moving(before, response.moved, now),
    )


def _plan(
    before: PollState, response: Response, bounds: Pace, now: datetime, *, news: bool
) -> tuple[float, datetime, datetime | None]:
    """Return the interval, when the source is polled next, and until when its publisher asked for no poll."""
    wait = interval(before, bounds, now, news=news)
    asked = min(asked_pause(response.headers, before.rest, now), LONGEST)
    next_at = now + timedelta(seconds=max(wait, asked))
    later = allowed(before.rest, next_at)
    if later > next_at:
        later = min(later, max(next_at, now + timedelta(seconds=LONGEST)))
    return wait, later, later if later > next_at or asked > wait else None


def _validators(before: PollState, response: Response) -> tuple[str, str]:
    """Return what the next question is conditional on: 304 may leave out what stays as it is."""
    kept = response.status == NOT_MODIFIED
    headers = response.headers
    return (
        headers.get("etag", before.etag if kept else ""),
        headers.get("last-modified", before.last_modified if kept else ""),
    )


def _moving(before: PollState, to: str, now: datetime) -> Mapping[str, Any]:
    """Return what a permanent redirect, or that there is none any more, changes in the state."""
    if not to or to == before.address:
        return {"moved_to": "", "moved_days": 0, "moved_on": None} if before.moved_to else {}
    today = now.date()
    if to != before.moved_to or before.moved_on is None:
        return {"moved_to": to, "moved_days": 1, "moved_on": today}
    if today <= before.moved_on:
        return {}
    if before.moved_days + 1 < SURE:
        return {"moved_days": before.moved_days + 1, "moved_on": today}
    moves = _moves(before, before.address or before.configured)
    return {"address": to, "moves": moves, "moved_to": "", "moved_days": 0, "moved_on": None}


def _moves(before: PollState, left: str) -> tuple[str, ...]:
    return (*before.moves, left)[-_MOST_MOVES:]


def _hastened(state: PollState, at: datetime) -> PollState:
    soonest = max(at, state.asked_until or at)
    return replace(state, next_at=min(allowed(state.rest, soonest), state.next_at))


def _spread(now: datetime, next_at: datetime, jitter: float) -> datetime:
    """Put a poll off by up to a tenth of the wait, so that sources do not march in step."""
    return next_at + (next_at - now) * (_SPREAD * jitter)


def _day(time: datetime, own: int) -> int:
    """Return the number of the day that begins at a source's own second of the day."""
    return int(time.timestamp() - own) // _DAY
