"""What the buttons of a panel do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TypeAlias

from bot.core.model import Awaited, Event, Message, Subscription
from bot.core.policy import is_closed, is_fresh, is_grave, next_digest, wants
from bot.core.render.answer import event_line
from bot.core.render.buttons import Pressed
from bot.core.render.markup import authored
from bot.core.render.panel import (
    PAGES,
    Known,
    Panel,
    Place,
    Said,
    UnfitError,
    Week,
    after,
    asking,
    begin,
    choose,
    preview,
    read_said,
    said,
    show,
)
from bot.ports import Choice, Wanted
from handlers import Ask, Reaction
from handlers.settings.proof import prove

PATIENCE = timedelta(hours=1)
"""How long an own value is waited for."""
A_WEEK = timedelta(days=7)
MOST_EVENTS, NEWEST = 300, 3

Act: TypeAlias = Callable[[Ask, Said, Panel], Awaitable[Reaction]]


async def opened(ask: Ask, place: Place) -> Message:
    """Return the panel of a place, or the question whether anything shall come there."""
    title = await prove(ask, place)
    subscription = await ask.desk.subscriptions.get(place.chat_id, place.thread_id)
    if subscription is None:
        return begin(panel_of(ask, fresh(ask, place, title), title))
    return show(panel_of(ask, subscription, title))


async def press(ask: Ask, pressed: Pressed) -> Reaction:
    """Do what a button says, if who presses may."""
    what = read_said(pressed)
    if what is None:
        raise ask.refusal("edge.expired")
    if await ask.desk.dialogues.awaited(ask.chat_id, ask.user_id):
        await ask.desk.dialogues.answered(ask.chat_id, ask.user_id)
    if what.act == "channels":
        return Reaction("", instead=await ask.command("channels"))
    if what.act == "add":
        return Reaction("", message=await ask.command("channel"))
    title = await prove(ask, what.place, posting=what.act not in {"leave", "end"})
    subscription = await ask.desk.subscriptions.get(what.place.chat_id, what.place.thread_id)
    if what.act == "begin":
        return await _begin(ask, what.place, title)
    if subscription is None:
        return Reaction("", instead=begin(panel_of(ask, fresh(ask, what.place, title), title)))
    return await ACTS.get(what.act, _chosen)(ask, what, panel_of(ask, subscription, title))


def fresh(ask: Ask, place: Place, title: str) -> Subscription:
    """Return what a place gets that has chosen nothing yet, in the language of who asks."""
    return Subscription(
        chat_id=place.chat_id,
        thread_id=place.thread_id,
        language=ask.language,
        kinds=tuple(sorted(ask.desk.kinds)),
        owner=ask.user_id,
        title=title,
    )


def panel_of(ask: Ask, subscription: Subscription, title: str, told: str = "") -> Panel:
    """Return the panel of a subscription as the asker reads it."""
    return Panel(
        subscription=subscription,
        book=ask.book,
        books=ask.desk.books,
        kinds=ask.desk.kinds,
        now=ask.now,
        title=title,
        told=told,
        channels=ask.private and subscription.chat_id == ask.chat_id,
    )


async def kept(ask: Ask, place: Place, act: str, value: str) -> Subscription:
    """Return the subscription of a place after a choice, as it is stored now; raise RefusedError for what cannot be chosen.

    Who chooses becomes its owner where it has none.
    """
    known = Known(ask.desk.kinds.keys(), ask.book.regions.keys(), ask.desk.books.keys())

    def chosen(subscription: Subscription) -> Subscription:
        return replace(choose(subscription, act, value, known), owner=subscription.owner or ask.user_id)

    try:
        changed = await _changed(ask, place, chosen)
    except UnfitError as error:
        raise ask.refusal(str(error)) from None
    if changed is None:
        raise ask.refusal("panel.not_begun")
    return changed


async def _changed(ask: Ask, place: Place, make: Callable[[Subscription], Subscription]) -> Subscription | None:
    choice = Choice(make, ask.desk.kinds, ask.now)
    return await ask.desk.subscriptions.change(place.chat_id, place.thread_id, choice)


async def _begin(ask: Ask, place: Place, title: str) -> Reaction:
    """Let news come to a place; where they do already, it is called anew."""
    called = title or await _own_title(ask)
    subscription = await _changed(ask, place, lambda each: replace(each, title=called))
    if subscription is None:
        subscription = replace(fresh(ask, place, title), title=called)
        await ask.desk.subscriptions.save(subscription)
    return Reaction("", instead=show(panel_of(ask, subscription, title, ask.book.say("panel.began"))))


async def _own_title(ask: Ask) -> str:
    """Return how the group is called in which it is asked, for the list of what somebody has set up."""
    venue = None if ask.private else await ask.venue(ask.chat_id)
    return venue.title if venue else ""


async def _chosen(ask: Ask, what: Said, panel: Panel) -> Reaction:
    """Show a page, or keep a choice and show its page anew."""
    if what.act in PAGES:
        return Reaction("", instead=show(panel, what.act, what.value))
    chosen = await kept(ask, what.place, what.act, what.value)
    return Reaction(
        ask.book.say("panel.saved"), instead=after(replace(panel, subscription=chosen), what.act, what.value)
    )


async def _end(ask: Ask, what: Said, panel: Panel) -> Reaction:
    await ask.desk.subscriptions.remove(what.place.chat_id, what.place.thread_id)
    if panel.title:
        return Reaction("", instead=Message(authored(ask.book.say("panel.ended_there", title=panel.title))))
    return Reaction("", instead=Message(authored(ask.book.say("panel.ended"))))


async def _own(ask: Ask, what: Said, panel: Panel) -> Reaction:
    """Ask for an own value; the next words of the asker are it, also after a restart."""
    about = said("", what.place, "own", what.value).data
    awaited = Awaited(
        chat_id=ask.chat_id, user_id=ask.user_id, about=about, message_id=ask.under, expires=ask.now + PATIENCE
    )
    await ask.desk.dialogues.expect(awaited)
    return Reaction("", instead=asking(panel, what.value, grouped=not ask.private))


async def _preview(ask: Ask, _: Said, panel: Panel) -> Reaction:
    return Reaction("", instead=preview(panel, await _week(ask, panel.subscription)))


async def _week(ask: Ask, subscription: Subscription) -> Week:
    """Return what the last seven days would have brought, by the same rules as posts go by."""
    since = ask.now - A_WEEK
    wanted = Wanted(kinds=subscription.kinds, updated=since)
    found = await ask.desk.queries.listed(wanted, MOST_EVENTS)
    came = [each for each in found if each.opened >= since and is_fresh(each) and not is_closed(each)]
    came = [each for each in came if wants(subscription, each, ask.desk.kinds[each.kind])]
    newest = sorted(came, key=lambda each: each.opened, reverse=True)[:NEWEST]
    lines = tuple(event_line(each, ask.book) for each in newest)
    return Week(Counter(each.kind for each in came), _messages(ask, subscription, came), lines)


def _messages(ask: Ask, subscription: Subscription, events: Sequence[Event]) -> int:
    """Return in how many messages events come: those of one digest are one, unless they are too grave to wait."""
    digests = {
        next_digest(subscription, each.opened) or each.id
        for each in events
        if not is_grave(each, ask.desk.kinds[each.kind])
    }
    return len(digests) + sum(is_grave(each, ask.desk.kinds[each.kind]) for each in events)


ACTS: Mapping[str, Act] = {"end": _end, "own": _own, "preview": _preview}
