"""When admins are asked: the doubts of an event, and the one notice that an admin has of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal, TypeAlias

from bot.core.kinds import is_jump
from bot.core.match import THRESHOLD
from bot.core.model import Action, Change, Decision, Event, FactChange, Planned, Posted, Revision
from bot.core.policy.changes import changed, is_fresh, is_repetition
from bot.core.policy.plans import shows
from bot.core.trust import floods

Doubt: TypeAlias = Literal["held", "flood", "disputed", "near", "corrected", "readers"]
Flooding: TypeAlias = Literal["", "begins", "lasts"]


NEAR = 0.05
"""How close to the threshold, or to the next best event, a score is a doubtful decision."""

_ASKED = "admins are asked: "


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
        "held": held and not is_repetition(change),
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
        elif admin in mine and (doubts or shows(change, mine[admin])):
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


def _is_newly_disputed(change: Change) -> bool:
    return change.event.disputed and (change.weight == "new" or changed(change, "disputed"))


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
