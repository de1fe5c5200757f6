"""What a chat wants to get: kinds, regions, and how sure it has to be."""

from __future__ import annotations

from collections.abc import Iterable

from bot.core.model import Event, Subscription


def wants(subscription: Subscription, event: Event) -> bool:
    """Tell whether a chat wants the event: its kind, its region (or country) and how sure it is."""
    sure = event.confirmed or event.verdict == "post" or subscription.unconfirmed == "mark"
    return sure and chooses(subscription, event)


def chooses(subscription: Subscription, event: Event) -> bool:
    """Tell whether a chat would want the event, were it sure."""
    region = str(event.facts.get("region", ""))
    if event.kind not in subscription.kinds:
        return False
    return not region or not subscription.regions or bool({region, region[:2]} & set(subscription.regions))


def is_held(event: Event, subscriptions: Iterable[Subscription], *, fresh: bool) -> bool:
    """Tell whether a chat that holds back what is unconfirmed would want the event, were it confirmed."""
    if event.confirmed or event.verdict or event.merged_into or not fresh:
        return False
    return any(each.unconfirmed == "hold" and chooses(each, event) for each in subscriptions)
