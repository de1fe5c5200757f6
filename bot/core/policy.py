"""Who hears of a change, and how: the living post of each chat, the ring under it, and the notice to the admins.

A chat has one post of an event, which is edited in silence; it rings again only for what a reader would want to be told
twice. An admin has one notice of an event, however many doubts there are. What an admin decided outranks the rest: an event
that was ruled out is withdrawn where it stands, and one that is held goes nowhere else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from bot.core.kinds import is_jump, net
from bot.core.match import THRESHOLD
from bot.core.model import Action, Change, Decision, Event, FactChange, Planned, Posted, Revision, Subscription
from bot.core.trust import floods

Doubt: TypeAlias = Literal["held", "flood", "disputed", "near", "corrected", "readers"]
Flooding: TypeAlias = Literal["", "begins", "lasts"]
Place: TypeAlias = tuple[int, int]

STALE_AFTER = timedelta(days=3)
"""How long after its day a report of an event no longer makes it a new post."""

SOON, AHEAD = timedelta(days=1), timedelta(days=31)
"""How far ahead of its newest report the day of what took place, and of what is planned, may lie to be believed.

The day in Kyiv or Moscow may be one further than in UTC. Nobody plans an exchange for a day that is months away.
"""

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

NEAR = 0.05
"""How close to the threshold, or to the next best event, a score is a doubtful decision."""

_ASKED = "admins are asked: "


def plan(
    change: Change,
    subscriptions: Iterable[Subscription],
    posted: Sequence[Posted],
    *,
    fresh: bool,
    under: int = 0,
    absorbed: Mapping[int, Sequence[Posted]] | None = None,
) -> tuple[Planned, ...]:
    """Return which chats are to hear of a change, and how.

    A chat without the event's post gets one, under its post of the event `under`, where it wants the event and it is fresh;
    a chat that has one gets a silent edit, and before it a reply where the change is material. `absorbed` has the posts of
    the events that were merged into this one: a chat that has only one of those gets the post of this event under it.
    """
    if not _is_news(change):
        return ()
    mine = {_place(each): each for each in posted if each.audience == "readers"}
    theirs = {_place(each): event for event, there in (absorbed or {}).items() for each in there}
    planned: list[Planned] = []
    for subscription in subscriptions:
        place = _place(subscription)
        if place in mine:
            planned.extend(_told_again(change, subscription, mine[place]))
        elif _gets_post(change, subscription, fresh=fresh or place in theirs, known=place in theirs):
            planned.append(_planned(subscription, "post", under=theirs.get(place, under)))
    return tuple(planned)


def wants(subscription: Subscription, event: Event) -> bool:
    """Tell whether a chat wants the event: its kind, its region (or country) and how sure it is."""
    sure = event.confirmed or event.verdict == "post" or subscription.unconfirmed == "mark"
    return sure and _chooses(subscription, event)


def is_fresh(event: Event, stale_after: timedelta = STALE_AFTER) -> bool:
    """Tell whether the event's newest report speaks of a day (its own, where none is known) that is near enough to be news."""
    ahead = (event.date or event.opened.date()) - event.updated.date()
    return -stale_after <= ahead <= (SOON if event.status == "carried_out" else AHEAD)


def is_closed(event: Event) -> bool:
    """Tell whether the event goes to no chat that does not have it: an admin said so, or it turned out to be another one."""
    return bool(event.merged_into) or event.verdict in ("hold", "reject")


def is_held(event: Event, subscriptions: Iterable[Subscription], *, fresh: bool) -> bool:
    """Tell whether a chat that holds back what is unconfirmed would want the event, were it confirmed."""
    if event.confirmed or event.verdict or event.merged_into or not fresh:
        return False
    return any(each.unconfirmed == "hold" and _chooses(each, event) for each in subscriptions)


def flood(founded: Sequence[datetime], at: datetime) -> Flooding:
    """Tell whether a source that founded events at these times, oldest first, floods us with one more.

    A flood that lasts is told from one that begins by the last `FLOOD` + 1 of them.
    """
    if not floods(founded, at):
        return ""
    return "lasts" if floods(founded[:-1], founded[-1]) else "begins"


def doubts(
    change: Change, decision: Decision | None, *, flooding: Flooding = "", held: bool = False, readers: bool = False
) -> tuple[Doubt, ...]:
    """Return why an admin is to look at an event after a change.

    held       a chat that holds back what is unconfirmed would want it
    flood      its source founds too many events that nobody else tells; asked once, when that begins
    disputed   somebody has begun to deny or contradict it, while it is news
    near       a report that changed what is shown only just fitted, or fitted another event nearly as well
    corrected  a figure fell by a lot, or an official lowered it
    readers    readers called the post wrong or a duplicate
    """
    event = change.event
    if event.verdict == "reject" or event.merged_into or flooding == "lasts":
        return ()
    fresh = is_fresh(event)
    found: dict[Doubt, bool] = {
        "held": held and not _is_repetition(change),
        "flood": flooding == "begins",
        "disputed": fresh and _is_newly_disputed(change),
        "near": fresh and change.weight not in ("sources", "none") and decision is not None and _is_near(decision),
        "corrected": any(_is_doubtful_fall(fact, event) for fact in change.facts),
        "readers": readers,
    }
    return tuple(doubt for doubt, holds in found.items() if holds)


def desk(
    change: Change, doubts: Sequence[Doubt], admins: Iterable[int], posted: Sequence[Posted], language: str
) -> tuple[Planned, ...]:
    """Return which admins, known by their private chats, get a notice of the event, or an edit of the one they have."""
    mine = {each.chat_id: each for each in posted if each.audience == "admins"}
    actions: dict[int, Action] = {}
    for admin in admins:
        if admin not in mine and doubts:
            actions[admin] = "post"
        elif admin in mine and (doubts or _shows(change, mine[admin])):
            actions[admin] = "edit"
    return tuple(Planned(admin, 0, language, action, audience="admins") for admin, action in actions.items())


def ask(change: Change, doubts: Sequence[Doubt]) -> Change:
    """Return the change with the doubts among its reasons, where the notice finds them again by `asked`."""
    return replace(change, reasons=(*change.reasons, _ASKED + ", ".join(doubts))) if doubts else change


def asked(revisions: Iterable[Revision]) -> tuple[str, ...]:
    """Return the doubts that were ever raised on an event, in the order in which they came up."""
    lines = (reason.removeprefix(_ASKED) for each in revisions for reason in each.reasons if reason.startswith(_ASKED))
    return tuple(dict.fromkeys(doubt for line in lines for doubt in line.split(", ")))


def is_settled(event: Event, doubts: Sequence[str]) -> bool:
    """Tell whether what an admin was to be asked has been answered before he was: it is confirmed, or ruled upon."""
    return set(doubts) == {"held"} and (event.confirmed or bool(event.verdict) or bool(event.merged_into))


def unheard(event: Event, revisions: Iterable[Revision]) -> tuple[FactChange, ...]:
    """Return what changed over some of an event's revisions in all, for a reply that tells it as it is now.

    What was changed back is no news, nor are mere details; of an event that was ruled out only that is told, and of one that
    was merged into another nothing.
    """
    changes = net(fact for each in revisions if each.number <= event.revision for fact in each.facts)
    return tuple(each for each in changes if _is_told(each, event))


def why(  # noqa: PLR0913  (each kind of silence has its own of these)
    change: Change,
    planned: Sequence[Planned],
    *,
    quiet: bool,
    fresh: bool,
    posted: Sequence[Posted] = (),
    flooding: Flooding = "",
    held: bool = False,
) -> str:
    """Return in words who is told of a change, or why nobody hears of it, and whether admins are asked."""
    told = Counter(each.action for each in planned if each.audience == "readers")
    if told:
        words = f"told ({', '.join(f'{action} {number}' for action, number in sorted(told.items()))})"
    else:
        words = f"not told: {_silence(change, posted, quiet=quiet, fresh=fresh, flooding=flooding, held=held)}"
    asked = any(each.audience == "admins" and each.action == "post" for each in planned)
    return f"{words}; admins are asked" if asked else words


def _silence(
    change: Change, posted: Sequence[Posted], *, quiet: bool, fresh: bool, flooding: Flooding, held: bool
) -> str:
    event = change.event
    seen = any(each.audience == "readers" for each in posted)
    reasons = {
        "published before the horizon": quiet,
        f"it is event {event.merged_into}": bool(event.merged_into),
        "nothing new": change.weight == "none",
        "an admin ruled it out": event.verdict == "reject",
        "an admin holds it": event.verdict == "hold" and not seen,
        "its source founds too many events that nobody else tells": bool(flooding),
        "its posts were edited often enough for so small a change": seen,
        "its day is long past, or too far ahead": not fresh,
        "held until it is confirmed or an admin posts it": held,
    }
    return next((reason for reason, holds in reasons.items() if holds), "no chat wants it")


def _is_news(change: Change) -> bool:
    """Tell whether there is anything to tell: background alone is no event."""
    event = change.event
    if event.verdict == "reject" and not _changed(change, "verdict"):
        return False
    told = bool(event.merged_into) or any(report.role == "main" for report in event.reports)
    return told and change.weight != "none"


def _told_again(change: Change, subscription: Subscription, mine: Posted) -> Iterator[Planned]:
    if _rings(change) and change.event.kind in subscription.kinds:
        yield _planned(subscription, "reply", floor=timedelta(0) if _takes_back(change) else RING_FLOOR)
    if _shows(change, mine):
        yield _planned(subscription, "edit")


def _rings(change: Change) -> bool:
    """Tell whether a chat that has the post is to hear a sound."""
    if change.event.merged_into:
        return False
    return change.weight == "material" or _was_ruled_out(change)


def _shows(change: Change, mine: Posted) -> bool:
    """Tell whether a post is to be edited: always for what it says, and not without end for sources and details."""
    if change.weight == "none":
        return False
    return not _is_small(change) or mine.edits < MOST_EDITS


def _is_small(change: Change) -> bool:
    """Tell whether nothing came in but sources and words: no figure, no range of one, nothing that every event has."""
    if change.weight in ("new", "material"):
        return False
    return change.weight == "sources" or (bool(change.facts) and all(_is_detail(fact) for fact in change.facts))


def _is_detail(fact: FactChange) -> bool:
    own = fact.slot in ("verdict", "status", "date")
    return not own and not any(isinstance(value, int) for value in (fact.before, fact.after))


def _gets_post(change: Change, subscription: Subscription, *, fresh: bool, known: bool) -> bool:
    ruled = change.event.verdict == "post" and _changed(change, "verdict")
    due = (fresh and not _is_repetition(change)) or ruled
    return due and not is_closed(change.event) and (known or wants(subscription, change.event))


def _is_repetition(change: Change) -> bool:
    """Tell whether a source says again what it alone says: that makes no post where the first time made none."""
    return change.weight == "sources" and len({each.origin.source_id for each in change.event.reports}) == 1


def _chooses(subscription: Subscription, event: Event) -> bool:
    region = str(event.facts.get("region", ""))
    if event.kind not in subscription.kinds:
        return False
    return not region or not subscription.regions or bool({region, region[:2]} & set(subscription.regions))


def _planned(subscription: Subscription, action: Action, *, under: int = 0, floor: timedelta = timedelta(0)) -> Planned:
    return Planned(*_place(subscription), subscription.language, action, under=under, floor=floor)


def _place(whose: Subscription | Posted) -> Place:
    return whose.chat_id, whose.thread_id


def _changed(change: Change, slot: str) -> bool:
    return any(fact.slot == slot for fact in change.facts)


def _was_ruled_out(change: Change) -> bool:
    """Tell whether an admin withdrew the event, or gave it back."""
    return any(fact.slot == "verdict" and "reject" in (fact.before, fact.after) for fact in change.facts)


def _takes_back(change: Change) -> bool:
    """Tell whether what the post says does not hold any more: it was called off, or is no event."""
    off = any(fact.slot == "status" and fact.after == "postponed" for fact in change.facts)
    return off or _was_ruled_out(change)


def _is_newly_disputed(change: Change) -> bool:
    return change.event.disputed and (change.weight == "new" or _changed(change, "disputed"))


def _is_near(decision: Decision) -> bool:
    if decision.event_id is None:
        return THRESHOLD - NEAR <= decision.rival < THRESHOLD
    return decision.score < THRESHOLD + NEAR or decision.score - decision.rival < NEAR


def _is_doubtful_fall(fact: FactChange, event: Event) -> bool:
    before, after = fact.before, fact.after
    if isinstance(before, bool) or not isinstance(before, int) or not isinstance(after, int) or after >= before:
        return False
    official = any(each.origin.tier == "official" and each.origin.name == fact.source for each in event.reports)
    return bool(fact.source) and (official or is_jump(before, after))


def _is_told(fact: FactChange, event: Event) -> bool:
    """Tell news from mere details: that a list grew, a word was said for the first time, or that there were none."""
    if event.merged_into or fact.slot == "merged_into":
        return False
    if event.verdict == "reject" or fact.slot == "verdict":
        return fact.slot == "verdict" and "reject" in (fact.before, fact.after)
    if fact.slot == "confirmed":
        return bool(fact.after)
    if isinstance(fact.after, tuple) or (fact.before is None and fact.after == 0):
        return False
    return fact.before is not None or isinstance(fact.after, int)
