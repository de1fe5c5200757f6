"""Items, reports and events as the tests of every store make them, and the steps that their deliveries take."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.core.model import (
    Change,
    Claim,
    Decision,
    Delivery,
    Event,
    FactChange,
    Item,
    Origin,
    Placed,
    Planned,
    Report,
    Ruling,
    Source,
)
from bot.ports import Joined

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


def planned(*actions: str, chat_id: int = -100, thread_id: int = 0, **more: object) -> tuple[Planned, ...]:
    return tuple(Planned(chat_id, thread_id, "uk", action, **more) for action in actions)


def joined(after: Event, *keys: str, plan: tuple[Planned, ...] = ()) -> Joined:
    weight = "minor" if after.id else "new"
    placed = (Placed(after.reports[-1], Decision(None, 0.0)),)
    return Joined(Change(after, (), weight), frozenset(keys or ("swap:2025-06-09",)), placed, plan)


async def opened(store, number: int = 1, plan: tuple[Planned, ...] = (), **facts: object) -> Event:
    """Record an item that opens an event."""
    fresh = item(number)
    (stored,) = await store.record(fresh, [joined(event(report(fresh, **facts)), plan=plan)])
    return stored


async def changed(store, before: Event, number: int, *actions: str, chat_id: int = -100, **more: object) -> Event:
    """Record an item that adds its report to a stored event."""
    fresh = item(number, OTHER)
    after = again(before, event(*before.reports, report(fresh)))
    (stored,) = await store.record(fresh, [joined(after, plan=planned(*actions, chat_id=chat_id, **more))])
    return stored


def again(before: Event, after: Event, **changes: object) -> Event:
    """Return what a stored event has become: its next revision."""
    same = {"id": before.id, "revision": before.revision + 1, "founders": before.founders, "founded": before.founded}
    return replace(after, **(same | changes))


def kept(after: Event, *came: Report, weight: str = "material", plan: tuple[Planned, ...] = ()) -> Joined:
    """Return what a store is to write of a stored event, and which reports came to it."""
    placed = tuple(Placed(each, Decision(after.id, 0.75, ("the same day",), 0.5)) for each in came)
    keys = frozenset() if after.merged_into else frozenset({"swap:2025-06-09"})
    facts = (FactChange("to_ukraine", 25, 26, NOON, "Берег"),)
    return Joined(Change(after, facts, weight, ("to_ukraine 25 → 26",)), keys, placed, plan)


def merged(into: Event, gone: Event, **changes: object) -> list[Joined]:
    """Return what a store is to write where one event turns out to be another."""
    whole = again(into, event(*into.reports, *gone.reports), **changes)
    husk = again(gone, gone, reports=(), claims={}, merged_into=into.id)
    return [kept(whole, *gone.reports), kept(husk)]


def parted(whole: Event, one: Event, other: Event) -> list[Joined]:
    """Return what a store is to write where that is taken back: the two events as they were before."""
    back = again(replace(other, revision=other.revision + 1), other)
    return [kept(again(whole, one)), kept(back, *other.reports)]


def verdict(on: Event, act: str = "hold") -> Ruling:
    return Ruling(id=0, act=act, report=on.reports[0].id, by=7, at=NOON)


async def chats(store, event_id: int) -> set[tuple[int, int]]:
    """Return the chats that have, or are about to get, a post of the event."""
    return {(each.chat_id, each.thread_id) for each in await store.posted(event_id)}


async def claim_one(store, now: datetime = NOON) -> Delivery:
    (delivery,) = await store.claim(now, 10)
    return delivery
