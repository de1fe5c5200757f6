"""What a chat wants to get: kinds, regions, how large an event is, who tells of it, and how sure it has to be."""

from __future__ import annotations

from collections.abc import Iterable

from bot.core.kinds import Kind
from bot.core.model import Event, Subscription


def wants(subscription: Subscription, event: Event, kind: Kind) -> bool:
    """Tell whether a chat wants the event: what it is, and how sure it is."""
    sure = event.confirmed or event.verdict == "post" or subscription.unconfirmed == "mark"
    return sure and chooses(subscription, event, kind)


def chooses(subscription: Subscription, event: Event, kind: Kind) -> bool:
    """Tell whether a chat would want the event, were it sure.

    Where a least is set and nobody has said a number yet, the event does not come yet.
    """
    if event.kind not in subscription.kinds:
        return False
    return _is_near(event, subscription) and _is_large(event, subscription, kind) and _is_told_by(event, subscription)


def drops(before: Subscription, after: Subscription, event: Event, kind: Kind) -> bool:
    """Tell whether a chat that changed its wishes would have wanted the event before and does not now."""
    return wants(before, event, kind) and not wants(after, event, kind)


def is_held(event: Event, kind: Kind, subscriptions: Iterable[Subscription], *, fresh: bool) -> bool:
    """Tell whether a chat that holds back what is unconfirmed would want the event, were it confirmed."""
    if event.confirmed or event.verdict or event.merged_into or not fresh:
        return False
    return any(each.unconfirmed == "hold" and chooses(each, event, kind) for each in subscriptions)


def is_grave(event: Event, kind: Kind) -> bool:
    """Tell whether the event is one of those that wait for nothing: no quiet hour and no digest."""
    measure = kind.measure(event)
    return bool(kind.grave) and measure is not None and measure >= kind.grave


def _is_near(event: Event, subscription: Subscription) -> bool:
    """Tell whether the event's region, or its country, is one that the chat wants; an exchange has no region."""
    region = str(event.facts.get("region", ""))
    return not region or not subscription.regions or bool({region, region[:2]} & set(subscription.regions))


def _is_large(event: Event, subscription: Subscription, kind: Kind) -> bool:
    least = subscription.least.get(kind.name, 0)
    measure = kind.measure(event) if least else 0
    return measure is not None and measure >= least


def _is_told_by(event: Event, subscription: Subscription) -> bool:
    tellers = {report.origin.side for report in event.reports if report.role == "main"}
    return not subscription.sides or bool(tellers & set(subscription.sides))
