"""Empties the outbox: show each due delivery from its events' newest state, publish it, mark how it ended.

What is marked as sent is marked with the revision that was shown, which may be newer than the one for which it was planned.
Many chats are served at once, each of them one message at a time; nothing is claimed for a chat to which nothing may be sent
yet, so that those that may be sent to always are. A post of which nobody knows whether it arrived is never sent again
blindly: after a while it is looked for in its chat, and only what surely is not there is sent once more. Where nobody can
tell, it is presumed delivered, since one event must not be two posts, and an admin hears of it; a setting turns that round.
Notices to an admin that come soon after one that rang are silent: a night of twenty events is one reason to look.
A stop, and cancelling the job, end the claiming; what is in flight is awaited, so that its end is known.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot.core.model import Alarm, Delivery, Message
from bot.jobs import Job, Ports
from bot.jobs.deliver.shown import Shown, about, digest, show
from bot.ports import MigratedError, Outbox, PermanentError, TemporaryError, UnknownOutcomeError, VistkaError

__all__ = ["AT_ONCE", "JOB", "SETTLE", "Deliver", "digest"]

log = structlog.get_logger()

AT_ONCE = 24
"""How many chats are served at once: enough to use all that Telegram allows, few enough to leave connections for answers."""
SETTLE = timedelta(seconds=30)
"""Longer than a send can take: before it is over, a post that is not there may still come."""
UNKNOWN_ID = 0
"""The message id of a post that is presumed to stand in its chat: it counts as posted and cannot be edited."""
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 300.0
LULL = timedelta(minutes=10)
"""How long after a notice that rang the next ones to that admin make no sound."""
GLANCE = 0.05
"""Seconds after which the outbox is looked at again: no chat that may be sent to waits for one that is slow or rests."""
IDLE, SELDOM = 60, 10
"""After so many glances at which nothing could leave, so many times as long passes between two: each of them is a write, and
a chat may rest for an hour."""


@dataclass(slots=True, eq=False)
class Deliver:
    """The job. It remembers since when each unknown delivery is known to be unknown, and when a notice last rang where.

    `_unsent` are claimed and have surely not left, which a store that fails then keeps from being said elsewhere.
    `_doubted` are the chats of which an alarm may stand that a post may be lost there, None until the outbox was asked. A
    restart starts all anew, and so does another outbox: who loses the lease and gets it again knows nothing of what went on
    meanwhile.
    """

    glance: float = GLANCE
    _unknown: dict[int, tuple[Delivery, datetime]] = field(default_factory=dict)
    _unsent: set[int] = field(default_factory=set)
    _rang: dict[int, datetime] = field(default_factory=dict)
    _doubted: set[int] | None = None
    _outbox: Outbox | None = None
    _ran: datetime | None = None

    async def run(self, ports: Ports) -> None:
        """Deliver until nothing is due, and settle what is unknown meanwhile."""
        if self._outbox is not ports.outbox:
            self._begin_with(ports.outbox)
        await self._recover(ports)
        await self._hasten(ports)
        running: set[asyncio.Task[None]] = set()
        idle = 0
        try:
            while True:
                running |= {
                    asyncio.create_task(self._look_for(ports, each)) for each in self._settled(ports.clock.now())
                }
                resting = frozenset(ports.publish.resting())
                room = 0 if ports.stopping() else AT_ONCE - len(running)
                claimed = await _claim(ports, room, resting) if room > 0 else ()
                running |= {asyncio.create_task(self._deliver(ports, each)) for each in claimed}
                if not running and not (resting and await self._waits(ports)):
                    return
                idle = 0 if running else idle + 1
                running = await self._pause(running, seldom=idle > IDLE)
        finally:
            if running:
                await asyncio.wait(running)

    def _begin_with(self, outbox: Outbox) -> None:
        self._outbox, self._unknown, self._unsent, self._rang, self._doubted = outbox, {}, set(), {}, None
        self._ran = None

    async def _pause(self, running: set[asyncio.Task[None]], *, seldom: bool) -> set[asyncio.Task[None]]:
        """Wait for the first of these to end, but not long; return those that still run."""
        if not running:
            await asyncio.sleep(self.glance * (SELDOM if seldom else 1))
            return running
        done, running = await asyncio.wait(running, timeout=self.glance, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
        return running

    async def _waits(self, ports: Ports) -> bool:
        return not ports.stopping() and await ports.outbox.pending() > len(self._unknown)

    async def _recover(self, ports: Ports) -> None:
        """Learn of what is unknown since a crash or an earlier round; an edit is simply made again."""
        now, unknown = ports.clock.now(), await ports.outbox.recover()
        if self._doubted is None:
            self._doubted = set(await ports.outbox.presumed())
        known = {number: since for number, (_, since) in self._unknown.items()}
        self._unknown = {each.id: (each, known.get(each.id, now)) for each in unknown if each.action != "edit"}
        for delivery in unknown:
            if delivery.action == "edit" or delivery.id in self._unsent:
                await ports.outbox.retry(delivery, now)
                self._unsent.discard(delivery.id)
                self._unknown.pop(delivery.id, None)

    async def _hasten(self, ports: Ports) -> None:
        """Let nothing that was put back wait for the time that was, where the clock was set back since.

        While we run that is seen. Before our first run it may have been too: what waits for longer than we let anything wait
        is asked for anew, which Telegram may refuse once more.
        """
        now, before = ports.clock.now(), self._ran
        self._ran = now
        beyond = now + timedelta(seconds=LONGEST_PAUSE) if before is None else now
        if (before is None or now < before) and (hastened := await ports.outbox.bring_forward(beyond)):
            log.warning("what waited for a clock that was set back leaves now", deliveries=hastened)

    def _settled(self, now: datetime) -> Iterator[Delivery]:
        """Yield the deliveries whose end is unknown and that have had time to arrive."""
        for number, (delivery, since) in tuple(self._unknown.items()):
            if now - since >= SETTLE:
                del self._unknown[number]
                yield delivery

    async def _deliver(self, ports: Ports, delivery: Delivery) -> None:
        structlog.contextvars.bind_contextvars(**about(delivery))
        shown = await self._shown(ports, delivery)
        if shown is None:
            return
        message = self._hushed(delivery, shown.message, ports.clock.now())
        try:
            if await _anchored(ports, delivery):
                return
            message_id = await _publish(ports, delivery, message, shown.content)
        except VistkaError as error:
            await self._failed(ports, delivery, error)
            return
        if _is_notice(delivery) and not message.silent:
            self._rang[delivery.chat_id] = ports.clock.now()
        await ports.outbox.sent(shown.delivery, message_id, shown.content)
        log.info("delivered", **about(delivery), message=message_id)
        _count(ports, delivery, "sent")
        if shown.news:
            ports.tally.measure("news_age_seconds", (ports.clock.now() - shown.news).total_seconds(), "posted")
        if self._doubted and delivery.chat_id in self._doubted:
            self._doubted.discard(delivery.chat_id)
            await ports.alarms.clear(f"unknown:{delivery.chat_id}")

    async def _shown(self, ports: Ports, delivery: Delivery) -> Shown | None:
        """Return what is to leave; what cannot be read surely has not left, and waits again."""
        self._unsent.add(delivery.id)
        try:
            shown = await show(ports, delivery)
        except Exception:
            log.exception("not shown", **about(delivery))
            pause = timedelta(seconds=_pause(delivery.attempt))
            await ports.outbox.retry(delivery, ports.clock.now() + pause)
            shown = None
        self._unsent.discard(delivery.id)
        return shown

    def _hushed(self, delivery: Delivery, message: Message, now: datetime) -> Message:
        """Return the message without its sound where it is a notice to an admin who has just been rung."""
        rang = self._rang.get(delivery.chat_id)
        soon = _is_notice(delivery) and rang is not None and now - rang < LULL
        return replace(message, silent=True) if soon else message

    async def _look_for(self, ports: Ports, delivery: Delivery) -> None:
        """Look for a post that may have arrived: keep it where it stands, send it again where it surely does not."""
        structlog.contextvars.bind_contextvars(**about(delivery))
        shown = await show(ports, delivery, gone=True)
        if shown is None:
            return
        try:
            answers = await ports.outbox.answers(delivery.chat_id)
            message_id = await ports.publish.find(delivery.chat_id, delivery.anchor, shown.message, answers)
        except TemporaryError as error:
            log.warning("still unknown", **about(delivery), reason=str(error))
            self._unknown[delivery.id] = (delivery, ports.clock.now())
        except UnknownOutcomeError as error:
            await self._presume(ports, delivery, error)
        except VistkaError as error:
            await self._failed(ports, delivery, error)
        else:
            log.warning("unknown outcome settled", **about(delivery), arrived=bool(message_id))
            _count(ports, delivery, "sent" if message_id else "retry")
            if message_id:
                await ports.outbox.sent(shown.delivery, message_id, shown.content)
            else:
                await ports.outbox.retry(delivery, ports.clock.now())

    async def _presume(self, ports: Ports, delivery: Delivery, error: UnknownOutcomeError) -> None:
        """Decide where nobody can tell whether a post arrived."""
        if ports.resend_unknown:
            log.warning("sent again: it may stand there twice", **about(delivery), reason=str(error))
            await ports.outbox.retry(delivery, ports.clock.now())
            _count(ports, delivery, "retry")
            return
        _count(ports, delivery, "presumed")
        log.warning("presumed delivered: it may be lost, and is not sent again", **about(delivery), reason=str(error))
        await ports.outbox.sent(delivery, UNKNOWN_ID, "")
        presumed = await ports.outbox.presumed()
        self._doubted = {*(self._doubted or ()), delivery.chat_id}
        said = {"chat": str(delivery.chat_id), "count": str(presumed[delivery.chat_id])}
        await ports.alarms.raise_alarm(Alarm(f"unknown:{delivery.chat_id}", "alarm.unknown", said, ports.clock.now()))

    async def _failed(self, ports: Ports, delivery: Delivery, error: VistkaError) -> None:
        """Mark how a delivery failed."""
        log.warning("not delivered", **about(delivery), error=type(error).__name__, reason=str(error))
        now = ports.clock.now()
        match error:
            case MigratedError():
                _count(ports, delivery, "migrated")
                await ports.outbox.retry(delivery, now)
                await ports.outbox.migrate(delivery.chat_id, error.chat_id)
            case PermanentError():
                _count(ports, delivery, "dead")
                await ports.outbox.dead(delivery, str(error))
                if error.gone:
                    await _suspend(ports, delivery, str(error))
            case UnknownOutcomeError() if delivery.action != "edit":
                _count(ports, delivery, "unknown")
                await ports.outbox.unknown(delivery)
                self._unknown[delivery.id] = (delivery, now)
            case _:
                _count(ports, delivery, "retry")
                pause = error.delay if isinstance(error, TemporaryError) else None
                await ports.outbox.retry(delivery, now + timedelta(seconds=pause or _pause(delivery.attempt)))


async def _claim(ports: Ports, room: int, resting: Collection[int]) -> Sequence[Delivery]:
    """Claim what is due; what was claimed for a round that is called off meanwhile has surely not left, and waits again."""
    claiming = asyncio.ensure_future(ports.outbox.claim(ports.clock.now(), room, resting))
    try:
        return await asyncio.shield(claiming)
    except asyncio.CancelledError:
        for delivery in await claiming:
            await ports.outbox.retry(delivery, ports.clock.now())
        raise


def _count(ports: Ports, delivery: Delivery, outcome: str) -> None:
    ports.tally.count("deliveries_total", delivery.action, outcome)


def _is_notice(delivery: Delivery) -> bool:
    return (delivery.audience, delivery.action) == ("admins", "post")


async def _suspend(ports: Ports, delivery: Delivery, reason: str) -> None:
    """Stop posting to a chat that is gone, and let an admin hear of it once."""
    await ports.outbox.suspend(delivery.chat_id, reason)
    said = {"chat": str(delivery.chat_id), "reason": reason}
    await ports.alarms.raise_alarm(Alarm(f"chat:{delivery.chat_id}", "alarm.suspended", said, ports.clock.now()))


async def _anchored(ports: Ports, delivery: Delivery) -> bool:
    """Learn an id of a chat of which none is known; a message that has been put back for that is claimed with it again."""
    if delivery.action == "edit" or delivery.anchor:
        return False
    anchor = await ports.publish.anchor(delivery.chat_id, delivery.thread_id)
    if anchor:
        await ports.outbox.seen(delivery.chat_id, anchor)
        await ports.outbox.retry(delivery, ports.clock.now())
    return bool(anchor)


async def _publish(ports: Ports, delivery: Delivery, message: Message, content: str) -> int:
    """Bring the message to the chat and return its id; a post that shows this already is left alone."""
    if delivery.action == "edit":
        if delivery.message_id == UNKNOWN_ID:
            raise PermanentError("the message id of its post is not known")
        if content != delivery.content:
            await ports.publish.edit(delivery.chat_id, delivery.message_id, message)
        return delivery.message_id
    return await ports.publish.post(delivery.chat_id, delivery.thread_id, message, delivery.message_id)


def _pause(attempt: int) -> float:
    """Return the seconds before the next attempt where nobody said how long: twice as long each time."""
    return float(min(FIRST_PAUSE * 2 ** min(attempt, 10), LONGEST_PAUSE))


JOB: Job = Job("deliver", 1.0, Deliver().run, role="sender")
