"""What a delivery shows when it leaves, rendered from its events as they are then, and whether it makes a sound.

Readers get the post, and what changed since they last heard; an admin gets the notice; a digest has a line for each event.
What nobody needs any more is given up. Quiet hours, and updates that a chat wants without a sound, are looked up at that moment.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import structlog

from bot.core.model import NEEDLESS, Delivery, Event, Message
from bot.core.policy import asked, is_closed, is_grave, is_quiet, is_settled, unheard
from bot.jobs import Ports

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Shown:
    """A message, and the delivery as it is shown: with the revision of each event.

    `news` is when what it tells was published first, None for what is no news of a single event.
    """

    message: Message
    delivery: Delivery
    news: datetime | None = None

    @property
    def content(self) -> str:
        """Return what tells the message from any other."""
        return digest(self.message)


async def show(ports: Ports, delivery: Delivery, *, gone: bool = False) -> Shown | None:
    """Return what the chat is to see; None, and the delivery given up, where there is nothing to show.

    What may have left already (`gone`) is not given up for having become needless.
    """
    found = [await ports.queries.event(number) for number in delivery.events or (delivery.event_id,)]
    events = [event for event in found if event is not None]
    if not events:
        await ports.outbox.dead(delivery, "its event does not exist any more")
        return None
    if delivery.action == "digest" and not gone:
        events = [event for event in events if not is_closed(event)]
    render = await _renderer(ports, delivery, events, gone=gone)
    if render is None:
        await ports.outbox.dead(delivery, NEEDLESS)
        return None
    try:
        message = render()
    except Exception as error:
        log.exception("cannot render", **about(delivery))
        await ports.outbox.dead(delivery, f"cannot be rendered: {type(error).__name__}")
        return None
    silent = message.silent or await _is_silent(ports, delivery, events)
    return Shown(replace(message, silent=silent), _as_shown(delivery, events), _news(delivery, events))


def digest(message: Message) -> str:
    """Return what tells two messages apart, short enough to store."""
    shown = repr((message.text, message.buttons))
    return hashlib.sha256(shown.encode()).hexdigest()[:32]


def about(delivery: Delivery) -> dict[str, object]:
    """Return what the log says of a delivery."""
    return {
        "event_id": delivery.event_id,
        "chat": delivery.chat_id,
        "action": delivery.action,
        "revision": delivery.revision,
    }


def _news(delivery: Delivery, events: Sequence[Event]) -> datetime | None:
    if (delivery.audience, delivery.action, len(events)) != ("readers", "post", 1):
        return None
    return min((report.origin.published for report in events[0].reports), default=None)


def _as_shown(delivery: Delivery, events: Sequence[Event]) -> Delivery:
    """Return the delivery with the revisions that are shown; of a digest, with the events that are."""
    revisions = {event.id: event.revision for event in events}
    own = revisions.get(delivery.event_id, delivery.revision)
    if not delivery.events:
        return replace(delivery, revision=own)
    return replace(delivery, revision=own, events=tuple(revisions), revisions=tuple(revisions.values()))


async def _renderer(
    ports: Ports, delivery: Delivery, events: Sequence[Event], *, gone: bool
) -> Callable[[], Message] | None:
    """Return what renders the delivery, or None for one that nobody needs any more."""
    if not events:
        return None
    if delivery.events and (len(events) > 1 or delivery.action == "edit"):
        return partial(ports.render.digest, events, delivery.language)
    (event,) = events
    if delivery.audience == "admins":
        return await _notice(ports, delivery, event, gone=gone)
    if delivery.action == "reply":
        changes = unheard(event, await ports.queries.revisions(event.id, after=delivery.since))
        return partial(ports.render, event, delivery.language, "reply", changes) if changes else None
    if delivery.action == "post" and not gone and is_closed(event):
        return None
    return partial(ports.render, event, delivery.language, "edit" if delivery.action == "edit" else "post")


async def _notice(ports: Ports, delivery: Delivery, event: Event, *, gone: bool) -> Callable[[], Message] | None:
    doubts = asked(await ports.queries.revisions(event.id))
    if delivery.action == "post" and not gone and is_settled(event, doubts):
        return None
    return partial(ports.render.notice, event, delivery.language, doubts, await ports.queries.feedback(event.id))


async def _is_silent(ports: Ports, delivery: Delivery, events: Sequence[Event]) -> bool:
    """Tell whether the chat is not to hear a sound now; a grave event is heard in quiet hours too."""
    if delivery.action == "edit" or delivery.audience == "admins":
        return False
    if await _is_heir(ports, delivery, events):
        return True
    subscription = await ports.subscriptions.get(delivery.chat_id, delivery.thread_id)
    if subscription is None:
        return False
    if delivery.action == "reply" and subscription.updates != "ring":
        return True
    grave = any(is_grave(event, ports.kinds[event.kind]) for event in events)
    return is_quiet(subscription, ports.clock.now()) and not grave


async def _is_heir(ports: Ports, delivery: Delivery, events: Sequence[Event]) -> bool:
    """Tell whether a post goes under that of an event which was merged into its own: the chat has heard the news."""
    if delivery.action != "post" or not delivery.under or not delivery.message_id:
        return False
    other = await ports.queries.event(delivery.under)
    return other is not None and other.merged_into == events[0].id
