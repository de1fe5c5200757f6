"""Which sources are due, and when a source is next.

Decides from values alone: the time and the jitter come in as arguments. A quiet source is asked less and less often, but
never more than ten times as rarely as a busy one, because the rare official announcement is what readers wait for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from bot.core.model import Item, PollState, Response, Source

LONGEST: Final = 6 * 3600.0
"""Seconds; no interval and no back-off grows beyond it."""

GONE: Final = 24 * 3600.0
"""Seconds until a source that says it is gone for good is asked again."""

LONGEST_WAIT: Final = timedelta(hours=30)
"""More than any source is ever made to wait, jitter included."""

NOT_MODIFIED: Final = 304

_SLOWEST = 10.0
_GROWTH = 1.5
_SPREAD = 0.1


def enlisted(source: Source, before: PollState | None, now: datetime) -> PollState | None:
    """Return the state of a source that is to be polled from now on, or None where it stays as it is.

    A source never seen before is due now, and so is one whose configured address changed: it starts anew.
    """
    if before is not None and before.configured == source.url:
        return None
    if before is not None and not before.configured:
        return replace(before, configured=source.url)
    return PollState(source_id=source.id, next_at=now, configured=source.url)


def host_of(url: str) -> str:
    """Return the host that serves an address, "" where the address is none."""
    return url.partition("//")[2].partition("/")[0].rpartition("@")[2].lower()


def hastened(states: Sequence[PollState], now: datetime, within: timedelta) -> list[PollState]:
    """Let these sources be polled one after the other within that time, or when their publishers allow it."""
    step = within / max(len(states), 1)
    sooner = (replace(state, next_at=now + step * place) for place, state in enumerate(states, 1))
    return [replace(state, next_at=max(state.next_at, state.asked_until or state.next_at)) for state in sooner]


def shifted(state: PollState, by: timedelta) -> PollState:
    """Move what a state says of the future, as the clock was moved."""
    asked = state.asked_until + by if state.asked_until else None
    return replace(state, next_at=state.next_at + by, asked_until=asked)


def succeeded(
    before: PollState, response: Response, items: Sequence[Item], *, news: bool, shortest: float, now: datetime
) -> PollState:
    """Return the state after an answer that was read, or that said (304, or the same bytes) that nothing changed.

    `news` says whether the answer held items never seen before. The caller sets `body_hash` and adds the jitter.
    """
    interval = shortest if news else min(max(before.interval, shortest) * _GROWTH, shortest * _SLOWEST, LONGEST)
    pause = max(interval, min(asked_pause(response, now), LONGEST))
    newest = max((item.published for item in items), default=before.last_item)
    return replace(
        before,
        next_at=now + timedelta(seconds=pause),
        etag=response.headers.get("etag", before.etag if response.status == NOT_MODIFIED else ""),
        last_modified=response.headers.get(
            "last-modified", before.last_modified if response.status == NOT_MODIFIED else ""
        ),
        interval=interval,
        failures=0,
        error="",
        first_success=before.first_success or now,
        last_success=now,
        last_item=max(newest, before.last_item) if newest and before.last_item else newest,
    )


def failed(
    before: PollState, error: str, *, shortest: float, now: datetime, delay: float | None = None, gone: bool = False
) -> PollState:
    """Return the state after a failure: twice as long a wait each time, or longer where the other side asked for it."""
    backoff = min(shortest * 2.0 ** min(before.failures + 1, 30), LONGEST)
    pause = GONE if gone else max(backoff, delay or 0.0)
    return replace(before, next_at=now + timedelta(seconds=pause), failures=before.failures + 1, error=error)


def spread(state: PollState, jitter: float, now: datetime) -> PollState:
    """Put the next poll off by up to a tenth of the wait, so that sources do not march in step."""
    return replace(state, next_at=state.next_at + (state.next_at - now) * _SPREAD * jitter)


def asked_pause(response: Response, now: datetime) -> float:
    """Return the seconds for which the publisher says that nothing will change, 0 where it says nothing.

    The longest of Cache-Control max-age, Expires and the `<ttl>` of RSS (minutes).
    """
    control = response.headers.get("cache-control", "")
    fresh = re.search(r"\bmax-age=\"?(\d{1,9})", control)
    age = int(fresh[1]) if fresh and "no-cache" not in control else 0
    expires = 0.0 if fresh else _seconds_until(response.headers.get("expires", ""), response.headers, now)
    minutes = re.search(rb"<ttl>\s*(\d{1,6})\s*</ttl>", response.body[:16_384])
    return max(float(age), expires, 60.0 * int(minutes[1]) if minutes else 0.0)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of a Retry-After header, given in seconds or as a date, within a minute and a day.

    A date counts from the answer's own Date, so that clocks need not agree.
    """
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    seconds = float(value[:9]) if value.isascii() and value.isdigit() else _seconds_until(value, headers)
    return min(max(seconds, 60.0), GONE)


def _seconds_until(date: str, headers: Mapping[str, str], now: datetime | None = None) -> float:
    """Measure by the server's own clock where it shows one; a date in the past or unreadable is 0."""
    then, start = _http_date(date), _http_date(headers.get("date", "")) or now
    return max(0.0, (then - start).total_seconds()) if then and start else 0.0


def _http_date(text: str) -> datetime | None:
    try:
        then = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return then if then.tzinfo else then.replace(tzinfo=UTC)
