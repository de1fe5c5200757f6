"""Items, reports and events as the tests of every store make them, and the steps that their deliveries take."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.core.model import Change, Claim, Decision, Delivery, Event, Item, Origin, Placed, Report, Source
from bot.ports import Joined, Planned

NOON = datetime(2025, 6, 9, 12, tzinfo=UTC)
SOURCE = Source("bereh", "Берег", "rss", "https://bereh.example/rss", "uk")
OTHER = replace(SOURCE, id="vestnik", name="Вестник", language="ru")


def item(number: int, source: Source = SOURCE, **changes: object) -> Item:
    values: dict[str, object] = {
        "id": f"guid-{number}",
        "source": source,
        "language": source.language,
        "url": f"https://{source.id}.example/{number}",
        "published": NOON + timedelta(minutes=number),
        "title": f"Обмін полоненими, новина {number}",
        "summary": "",
        "body": None,
    }
    return Item(**(values | changes))


def report(of: Item, kind: str = "swap", day: date | None = date(2025, 6, 9), **facts: object) -> Report:
    source = of.source
    origin = Origin(
        of.id,
        source.id,
        source.name,
        source.tier,
        source.side,
        source.owner,
        of.language,
        of.url,
        of.published,
        of.title,
    )
    return Report(kind=kind, origin=origin, date=day, facts=facts or {"subtype": "prisoners", "to_ukraine": 25})


def event(first: Report, *more: Report, **changes: object) -> Event:
    reports = (first, *more)
    claims = {
        slot: tuple(Claim(slot, each.facts[slot], each.origin) for each in reports if slot in each.facts)
        for slot in first.facts
    }
    values: dict[str, object] = {
        "id": 0,
        "kind": first.kind,
        "date": first.date,
        "status": "carried_out",
        "disputed": False,
        "confirmed": False,
        "facts": reports[-1].facts,
        "claims": claims,
        "reports": reports,
        "opened": first.origin.published,
        "updated": reports[-1].origin.published,
    }
    return Event(**(values | changes))


def planned(*actions: str, chat_id: int = -100, thread_id: int = 0) -> tuple[Planned, ...]:
    return tuple(Planned(chat_id, thread_id, "uk", action) for action in actions)


def joined(after: Event, *keys: str, plan: tuple[Planned, ...] = ()) -> Joined:
    weight = "minor" if after.id else "new"
    placed = (Placed(after.reports[-1], Decision(None, 0.0)),)
    return Joined(Change(after, (), weight), frozenset(keys or ("swap:2025-06-09",)), placed, plan)


async def opened(store, number: int = 1, plan: tuple[Planned, ...] = (), **facts: object) -> Event:
    """Record an item that opens an event."""
    fresh = item(number)
    (stored,) = await store.record(fresh, [joined(event(report(fresh, **facts)), plan=plan)])
    return stored


async def changed(store, before: Event, number: int, *actions: str, chat_id: int = -100) -> Event:
    """Record an item that adds its report to a stored event."""
    more = item(number, OTHER)
    after = event(*before.reports, report(more), id=before.id, revision=before.revision + 1)
    (stored,) = await store.record(more, [joined(after, plan=planned(*actions, chat_id=chat_id))])
    return stored


async def claim_one(store, now: datetime = NOON) -> Delivery:
    (delivery,) = await store.claim(now, 10)
    return delivery
