"""In words: what a reply tells of many changes, and why a change is told or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from bot.core.kinds import net
from bot.core.model import Change, Event, FactChange, Planned, Posted, Revision
from bot.core.policy.doubts import Flooding


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
