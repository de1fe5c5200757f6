"""Who hears of a change: the living post of each chat, and the ring under it.

A chat has one post of an event, which is edited in silence; it rings again only for what a reader would want to be told
twice. In a chat that has a digest, posts wait for it. A grave event waits for nothing: it rings through quiet hours and comes
at once to a digest chat too, so that one rule says what cannot wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.core.kinds import Kind
from bot.core.model import Action, Change, Planned, Posted, Subscription
from bot.core.policy.changes import changed, is_closed, is_news, is_repetition, is_small, rings, takes_back
from bot.core.policy.hours import next_digest
from bot.core.policy.wishes import is_grave, wants

Place: TypeAlias = tuple[int, int]

RING_FLOOR = timedelta(minutes=10)
"""How long a chat is left in peace after it last heard a sound for an event.

A toll is repeated by ten outlets within minutes, each with a step of its own; after ten minutes they have mostly agreed,
and the reply tells the whole way in one line. Of a night of twenty strikes that eight outlets tell two minutes apart, it
leaves two replies in three; half an hour leaves hardly fewer. What was called off or taken back does not wait.
"""

MOST_EDITS = 30
"""After how many edits a post is not edited for more sources and details alone any more.

So many outlets tell of one event: each has its edit, and one that says the same again and again has none. A figure that
changes always edits, as does all that is material, and brings along whatever was left out.
"""

EDIT_FLOOR, OLD_EDIT_FLOOR = timedelta(seconds=30), timedelta(minutes=5)
"""The least time between two edits of one post, while it is young (by default), and once it is `OLD` and hardly looked at."""

OLD = timedelta(days=1)


def plan(  # noqa: PLR0913  (what is told, to whom, what they have, and when)
    change: Change,
    kind: Kind,
    subscriptions: Iterable[Subscription],
    posted: Sequence[Posted],
    *,
    at: datetime,
    fresh: bool,
    absorbed: Mapping[int, Sequence[Posted]] | None = None,
    edit_floor: timedelta = EDIT_FLOOR,
) -> tuple[Planned, ...]:
    """Return which chats are to hear at a time of a change, and how.

    A chat without the event's post gets one where it wants the event and it is fresh;
    a chat that has one gets a silent edit, and before it a reply where the change is material. `absorbed` has the posts of
    the events that were merged into this one: a chat that has only one of those gets the post of this event under it.
    """
    if not is_news(change):
        return ()
    told = _Told(change, kind, at, edit_floor)
    mine = {_place(each): each for each in posted if each.audience == "readers"}
    theirs = {_place(each): event for event, there in (absorbed or {}).items() for each in there}
    planned: list[Planned] = []
    for subscription in subscriptions:
        place = _place(subscription)
        if place in mine:
            planned.extend(told.again(subscription, mine[place]))
        elif told.is_due(subscription, fresh=fresh or place in theirs, known=place in theirs):
            planned.append(told.post(subscription, theirs.get(place, 0)))
    return tuple(planned)


def shows(change: Change, mine: Posted) -> bool:
    """Tell whether a post is to be edited: always for what it says, and not without end for sources and details."""
    if change.weight == "none":
        return False
    return not is_small(change) or mine.edits < MOST_EDITS


@dataclass(frozen=True, slots=True)
class _Told:
    """A change of an event, told at a time."""

    change: Change
    kind: Kind
    at: datetime
    edit_floor: timedelta

    def is_due(self, subscription: Subscription, *, fresh: bool, known: bool) -> bool:
        """Tell whether a chat without a post gets one."""
        event = self.change.event
        ruled = event.verdict == "post" and changed(self.change, "verdict")
        due = (fresh and not is_repetition(self.change)) or ruled
        return due and not is_closed(event) and (known or wants(subscription, event, self.kind))

    def post(self, subscription: Subscription, under: int = 0) -> Planned:
        """Return the post for a chat, at once or with its next digest."""
        due = None if is_grave(self.change.event, self.kind) else next_digest(subscription, self.at)
        place = _place(subscription)
        return Planned(*place, subscription.language, "post", under=under, not_before=due, gathered=due is not None)

    def again(self, subscription: Subscription, mine: Posted) -> Iterator[Planned]:
        """Yield what a chat that has the post gets; one that waits for the digest leaves now where it has become grave."""
        change = self.change
        if (
            subscription.digest
            and not mine.message_id
            and is_grave(change.event, self.kind)
            and not is_closed(change.event)
        ):
            yield self.post(subscription)
        if self._is_heard(subscription):
            floor = timedelta(0) if takes_back(change) else RING_FLOOR
            yield _planned(subscription, "reply", floor)
        if shows(change, mine):
            old = self.at - change.event.opened >= OLD
            yield _planned(subscription, "edit", OLD_EDIT_FLOOR if old else self.edit_floor)

    def _is_heard(self, subscription: Subscription) -> bool:
        """Tell whether a chat gets a reply. What does not hold any more is told also where changes are not."""
        if not rings(self.change) or self.change.event.kind not in subscription.kinds:
            return False
        return subscription.updates != "none" or takes_back(self.change)


def _planned(subscription: Subscription, action: Action, floor: timedelta) -> Planned:
    return Planned(*_place(subscription), subscription.language, action, floor=floor)


def _place(whose: Subscription | Posted) -> Place:
    return whose.chat_id, whose.thread_id
