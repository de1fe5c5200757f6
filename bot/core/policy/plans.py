"""Who hears of a change: the living post of each chat, and the ring under it.

A chat has one post of an event, which is edited in silence; it rings again only for what a reader would want to be told
twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TypeAlias

from bot.core.model import Action, Change, Planned, Posted, Subscription
from bot.core.policy.changes import changed, is_closed, is_news, is_repetition, is_small, rings, takes_back
from bot.core.policy.wishes import wants

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


def plan(
    change: Change,
    subscriptions: Iterable[Subscription],
    posted: Sequence[Posted],
    *,
    fresh: bool,
    absorbed: Mapping[int, Sequence[Posted]] | None = None,
) -> tuple[Planned, ...]:
    """Return which chats are to hear of a change, and how.

    A chat without the event's post gets one where it wants the event and it is fresh;
    a chat that has one gets a silent edit, and before it a reply where the change is material. `absorbed` has the posts of
    the events that were merged into this one: a chat that has only one of those gets the post of this event under it.
    """
    if not is_news(change):
        return ()
    mine = {_place(each): each for each in posted if each.audience == "readers"}
    theirs = {_place(each): event for event, there in (absorbed or {}).items() for each in there}
    planned: list[Planned] = []
    for subscription in subscriptions:
        place = _place(subscription)
        if place in mine:
            planned.extend(_told_again(change, subscription, mine[place]))
        elif _gets_post(change, subscription, fresh=fresh or place in theirs, known=place in theirs):
            planned.append(_planned(subscription, "post", under=theirs.get(place, 0)))
    return tuple(planned)


def shows(change: Change, mine: Posted) -> bool:
    """Tell whether a post is to be edited: always for what it says, and not without end for sources and details."""
    if change.weight == "none":
        return False
    return not is_small(change) or mine.edits < MOST_EDITS


def _told_again(change: Change, subscription: Subscription, mine: Posted) -> Iterator[Planned]:
    if rings(change) and change.event.kind in subscription.kinds:
        yield _planned(subscription, "reply", floor=timedelta(0) if takes_back(change) else RING_FLOOR)
    if shows(change, mine):
        yield _planned(subscription, "edit")


def _gets_post(change: Change, subscription: Subscription, *, fresh: bool, known: bool) -> bool:
    ruled = change.event.verdict == "post" and changed(change, "verdict")
    due = (fresh and not is_repetition(change)) or ruled
    return due and not is_closed(change.event) and (known or wants(subscription, change.event))


def _planned(subscription: Subscription, action: Action, *, under: int = 0, floor: timedelta = timedelta(0)) -> Planned:
    return Planned(*_place(subscription), subscription.language, action, under=under, floor=floor)


def _place(whose: Subscription | Posted) -> Place:
    return whose.chat_id, whose.thread_id
