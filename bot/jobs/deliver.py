"""Empties the outbox: render each due delivery from its event's newest state, publish it, mark how it ended.

Readers get the post, and with a sound what changed since they last heard one; an admin gets the notice. What is marked as
sent is marked with the revision that was shown, which may be newer than the one for which it was planned.
Several chats are served at once, each of them one message at a time. A post of which nobody knows whether it arrived is
never sent again blindly: after a while it is looked for in its chat, and only what surely is not there is sent once more.
Where nobody can tell, it is presumed delivered, since one event must not be two posts.
Notices to an admin that come soon after one that rang are silent: a night of twenty events is one reason to look.
A stop, and cancelling the job, end the claiming; what is in flight is awaited, so that its end is known.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.core.model import Delivery, Event, Message
from bot.core.policy import asked, is_closed, is_settled, unheard
from bot.jobs import Job, Ports
from bot.ports import MigratedError, PermanentError, TemporaryError, UnknownOutcomeError, VistkaError

log = structlog.get_logger()

AT_ONCE = 16
SETTLE = timedelta(seconds=30)
"""Longer than a send can take: before it is over, a post that is not there may still come."""
UNKNOWN_ID = 0
"""The message id of a post that is presumed to stand in its chat: it counts as posted and cannot be edited."""
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 300.0
LULL = timedelta(minutes=10)
"""How long after a notice that rang the next ones to that admin make no sound."""
GLANCE = 1.0
"""Seconds after which the outbox is looked at again: one slow chat keeps no other waiting."""


@dataclass(slots=True, eq=False)
class Deliver:
    """The job. It remembers since when each unknown delivery is known to be unknown, and when a notice last rang where.

    A restart starts both anew.
    """

    glance: float = GLANCE
    _unknown_since: dict[int, datetime] = field(default_factory=dict)
    _rang: dict[int, datetime] = field(default_factory=dict)

    async def run(self, ports: Ports) -> None:
        """Settle what is unknown, then deliver until nothing is due."""
        await self._settle(ports)
        running: set[asyncio.Task[None]] = set()
        try:
            while True:
                room = 0 if ports.stopping() else AT_ONCE - len(running)
                for delivery in await ports.outbox.claim(ports.clock.now(), room):
                    running.add(asyncio.create_task(self._deliver(ports, delivery)))
                if not running:
                    return
                done, running = await asyncio.wait(running, timeout=self.glance, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
        finally:
            if running:
                await asyncio.wait(running)

    async def _settle(self, ports: Ports) -> None:
        """Find out about the deliveries whose end is unknown, once they have had time to arrive."""
        now, unknown = ports.clock.now(), await ports.outbox.recover()
        self._unknown_since = {each.id: self._unknown_since.get(each.id, now) for each in unknown}
        for delivery in unknown:
            if delivery.action == "edit":
                await ports.outbox.retry(delivery, now)
            elif now - self._unknown_since[delivery.id] >= SETTLE:
                self._unknown_since[delivery.id] = now
                await _look_for(ports, delivery)

    async def _deliver(self, ports: Ports, delivery: Delivery) -> None:
        shown = await _show(ports, delivery)
        if shown is None:
            return
        message, content = self._hushed(delivery, shown.message, ports.clock.now()), digest(shown.message)
        try:
            message_id = await _publish(ports, delivery, message, content)
        except VistkaError as error:
            await _failed(ports, delivery, error)
            return
        if _is_notice(delivery) and not message.silent:
            self._rang[delivery.chat_id] = ports.clock.now()
        await ports.outbox.sent(replace(delivery, revision=shown.revision), message_id, content)
        log.info("delivered", **_about(delivery), message=message_id)

    def _hushed(self, delivery: Delivery, message: Message, now: datetime) -> Message:
        """Return the message without its sound where it is a notice to an admin who has just been rung."""
        rang = self._rang.get(delivery.chat_id)
        soon = _is_notice(delivery) and rang is not None and now - rang < LULL
        return replace(message, silent=True) if soon else message


def _is_notice(delivery: Delivery) -> bool:
    return (delivery.audience, delivery.action) == ("admins", "post")


@dataclass(frozen=True, slots=True)
class _Shown:
    """A message, and the revision of the event that it shows."""

    message: Message
    revision: int


async def _show(ports: Ports, delivery: Delivery, *, gone: bool = False) -> _Shown | None:
    """Return what the chat is to see; None, and the delivery given up, where there is nothing to show.

    What may have left already (`gone`) is not given up for having become needless.
    """
    event = await ports.queries.event(delivery.event_id)
    if event is None:
        await ports.outbox.dead(delivery, "its event does not exist any more")
        return None
    render = await _renderer(ports, delivery, event, gone=gone)
    if render is None:
        await ports.outbox.dead(delivery, "told already, or taken back meanwhile")
        return None
    try:
        return _Shown(render(), event.revision)
    except Exception as error:
        log.exception("cannot render", **_about(delivery))
        await ports.outbox.dead(delivery, f"cannot be rendered: {type(error).__name__}")
        return None


async def _renderer(ports: Ports, delivery: Delivery, event: Event, *, gone: bool) -> Callable[[], Message] | None:
    """Return what renders the delivery, or None for one that nobody needs any more."""
    first = delivery.action == "post" and not gone
    if delivery.audience == "admins":
        doubts = asked(await ports.queries.revisions(event.id))
        if first and is_settled(event, doubts):
            return None
        return partial(ports.render.notice, event, delivery.language, doubts, await ports.queries.feedback(event.id))
    if delivery.action == "reply":
        changes = unheard(event, await ports.queries.revisions(event.id, after=delivery.since))
        return partial(ports.render, event, delivery.language, "reply", changes) if changes else None
    if first and is_closed(event):
        return None
    render = partial(ports.render, event, delivery.language, delivery.action)
    return (lambda: replace(render(), silent=True)) if await _is_heir(ports, delivery, event) else render


async def _is_heir(ports: Ports, delivery: Delivery, event: Event) -> bool:
    """Tell whether a post goes under that of an event which was merged into its own: the chat has heard the news."""
    if delivery.action != "post" or not delivery.under or not delivery.message_id:
        return False
    other = await ports.queries.event(delivery.under)
    return other is not None and other.merged_into == event.id


async def _publish(ports: Ports, delivery: Delivery, message: Message, content: str) -> int:
    """Bring the message to the chat and return its id; a post that shows this already is left alone."""
    if delivery.action == "edit":
        if delivery.message_id == UNKNOWN_ID:
            raise PermanentError("the message id of its post is not known")
        if content != delivery.content:
            await ports.publish.edit(delivery.chat_id, delivery.message_id, message)
        return delivery.message_id
    return await ports.publish.post(delivery.chat_id, delivery.thread_id, message, delivery.message_id)


async def _look_for(ports: Ports, delivery: Delivery) -> None:
    """Look for a post that may have arrived: keep it where it stands, send it again where it surely does not."""
    shown = await _show(ports, delivery, gone=True)
    if shown is None:
        return
    try:
        message_id = await ports.publish.find(delivery.chat_id, delivery.anchor, shown.message)
    except TemporaryError as error:
        log.warning("still unknown", **_about(delivery), reason=str(error))
    except UnknownOutcomeError as error:
        log.warning("presumed delivered: it may be lost, and is not sent again", **_about(delivery), reason=str(error))
        await ports.outbox.sent(delivery, UNKNOWN_ID, "")
    except VistkaError as error:
        await _failed(ports, delivery, error)
    else:
        log.warning("unknown outcome settled", **_about(delivery), arrived=bool(message_id))
        if message_id:
            await ports.outbox.sent(replace(delivery, revision=shown.revision), message_id, digest(shown.message))
        else:
            await ports.outbox.retry(delivery, ports.clock.now())


async def _failed(ports: Ports, delivery: Delivery, error: VistkaError) -> None:
    """Mark how a delivery failed."""
    log.warning("not delivered", **_about(delivery), error=type(error).__name__, reason=str(error))
    now = ports.clock.now()
    match error:
        case MigratedError():
            await ports.outbox.retry(delivery, now)
            await ports.outbox.migrate(delivery.chat_id, error.chat_id)
        case PermanentError():
            await ports.outbox.dead(delivery, str(error))
            if error.gone:
                await ports.outbox.suspend(delivery.chat_id, str(error))
        case UnknownOutcomeError() if delivery.action != "edit":
            await ports.outbox.unknown(delivery)
        case _:
            pause = error.delay if isinstance(error, TemporaryError) else None
            await ports.outbox.retry(delivery, now + timedelta(seconds=pause or _pause(delivery.attempt)))


def digest(message: Message) -> str:
    """Return what tells two messages apart, short enough to store."""
    shown = repr((message.text, message.buttons))
    return hashlib.sha256(shown.encode()).hexdigest()[:32]


def _pause(attempt: int) -> float:
    """Return the seconds before the next attempt where nobody said how long: twice as long each time."""
    return float(min(FIRST_PAUSE * 2 ** min(attempt, 10), LONGEST_PAUSE))


def _about(delivery: Delivery) -> dict[str, object]:
    return {
        "event_id": delivery.event_id,
        "chat": delivery.chat_id,
        "action": delivery.action,
        "revision": delivery.revision,
    }


JOB: Job = Job("deliver", 1.0, Deliver().run)
