"""Polls the sources that are due: fetch, parse, leave out what is known, hand the rest to the intake.

Hosts are polled side by side, the sources of one host one after the other. Whatever happens to a source ends in its
`PollState` and nowhere else; what the server told us to remember is saved only after its news are stored, so that a crash
between the two costs a second fetch and loses nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.core.model import Item, PollState, Source
from bot.core.schedule import NOT_MODIFIED, by_host, due, failed, spread, succeeded
from bot.jobs import Job, Ports
from bot.ports import PermanentError, TemporaryError, VistkaError

log = structlog.get_logger()

LONGEST_OUTAGE = timedelta(days=3)
"""How far back news that nobody polled for are still told; older ones are stored and joined in silence."""


async def poll(ports: Ports) -> None:
    """Poll every source that is due, once."""
    states = await ports.store.poll_states()
    gate = asyncio.Semaphore(ports.at_once)
    hosts = by_host(due(ports.sources, states, ports.clock.now()))
    rounds = (_poll_host(ports, gate, host, states) for host in hosts)
    for outcome in await asyncio.gather(*rounds, return_exceptions=True):
        if isinstance(outcome, BaseException):
            raise outcome


async def _poll_host(
    ports: Ports, gate: asyncio.Semaphore, sources: Sequence[Source], states: Mapping[str, PollState]
) -> None:
    """Poll the sources of one host in turn; when the host is in trouble, the others wait, as long as it says."""
    async with gate:
        start = ports.clock.now()
        waiting = [states.get(source.id) or PollState(source_id=source.id, next_at=start) for source in sources]
        for number, source in enumerate(sources):
            if ports.stopping():
                break
            trouble = await _poll_source(ports, source, waiting[number])
            if trouble is not None:
                await _put_off(ports, waiting[number + 1 :], trouble.delay)
                break


async def _poll_source(ports: Ports, source: Source, before: PollState) -> TemporaryError | None:
    """Poll one source and remember how it went; return the trouble that its host is in."""
    now = ports.clock.now()
    trouble = None
    try:
        after = await _read(ports, source, before, now)
    except VistkaError as error:
        trouble = error if isinstance(error, TemporaryError) else None
        after = _failure(ports, before, error, now)
        log.warning("poll failed", source=source.id, error=str(error), failures=after.failures)
    except Exception as error:
        after = _failure(ports, before, error, now)
        log.exception("poll broke", source=source.id)
    await ports.store.save_poll(spread(after, ports.jitter(), now))
    return trouble


async def _put_off(ports: Ports, states: Sequence[PollState], delay: float | None) -> None:
    """Leave the other sources of a host alone for as long as it asked; no failure of theirs is counted."""
    if delay is not None:
        next_at = ports.clock.now() + timedelta(seconds=delay)
        for state in states:
            await ports.store.save_poll(replace(state, next_at=next_at))


async def _read(ports: Ports, source: Source, before: PollState, now: datetime) -> PollState:
    """Fetch, parse and hand on what is new; return the state after it."""
    response = await ports.fetch.fetch(ports.types[source.type].request(source, before))
    digest = hashlib.sha256(response.body).hexdigest()
    if response.status == NOT_MODIFIED or digest == before.body_hash:
        log.debug("nothing new", source=source.id, status=response.status)
        return succeeded(before, response, (), news=False, shortest=ports.shortest_seconds, now=now)
    items = (await ports.parse.parse(source, response, now)).items
    fresh = await ports.store.unseen(items)
    counts = await _hand_on(ports, before, fresh, now)
    log.info("polled", source=source.id, status=response.status, items=len(items), fresh=len(fresh), **counts)
    after = succeeded(before, response, items, news=bool(fresh), shortest=ports.shortest_seconds, now=now)
    return replace(after, body_hash=digest)


async def _hand_on(ports: Ports, before: PollState, fresh: Sequence[Item], now: datetime) -> dict[str, int]:
    """Give new items to the intake in the order in which they were published; return what came of them.

    The first poll of a source is a baseline, and so is the past that a source brings up again later: what is older than
    the horizon before the last success is never posted, nor what a long outage hid. At a baseline an item without a time
    of its own counts as old.
    """
    story = sorted(fresh, key=lambda item: item.published)
    since = max(before.last_success, now - LONGEST_OUTAGE) if before.last_success else now
    quiet_before = since - timedelta(hours=ports.horizon_hours)
    first_undated = len(story)
    if before.first_success is None:
        first_undated = bisect_left(story, now, key=lambda item: item.published)
    summaries = [
        await ports.intake.take(story[first_undated:], quiet_before=now + timedelta(seconds=1)),
        await ports.intake.take(story[:first_undated], quiet_before=quiet_before),
    ]
    for error in (error for summary in summaries for error in summary.errors):
        log.error("item cannot be read", error=error)
    return {
        "reports": sum(summary.reports for summary in summaries),
        "events": sum(summary.opened for summary in summaries),
        "deliveries": sum(summary.deliveries for summary in summaries),
    }


def _failure(ports: Ports, before: PollState, error: Exception, now: datetime) -> PollState:
    return failed(
        before,
        str(error) if isinstance(error, VistkaError) else f"unexpected {type(error).__name__}; see the log",
        shortest=ports.shortest_seconds,
        now=now,
        delay=getattr(error, "delay", None),
        gone=isinstance(error, PermanentError) and error.gone,
    )


JOB: Job = Job("poll", seconds=2.0, run=poll)
