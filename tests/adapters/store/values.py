"""Items, reports and events that the store's tests write and read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.core.model import (
    Change,
    Claim,
    Decision,
    Event,
    Evidence,
    FactChange,
    Item,
    Origin,
    Placed,
    Planned,
    Report,
    Source,
    Subscription,
)
from bot.ports import Joined

NOW = datetime(2025, 6, 9, 10, 0, tzinfo=UTC)
BEREG = Source("bereg", "Берег", "rss", "https://bereg.example/rss", "uk", "agency", "UA", "bereg-group")
KEY = "swap:prisoners:2025-06-09"


def entry(number: int = 1, source: Source = BEREG, **changes: object) -> Item:
    made = Item(
        id=f"guid-{number}",
        source=source,
        language=source.language,
        url=f"https://{source.id}.example/{number}",
        published=NOW + timedelta(minutes=number),
        title=f"Відбувся обмін № {number}",
        summary="<p>Додому повернулися 50 захисників</p>",
        body=None,
    )
    return replace(made, **changes)


def origin_of(item: Item) -> Origin:
    source = item.source
    return Origin(
        item_id=item.id,
        source_id=source.id,
        name=source.name,
        tier=source.tier,
        side=source.side,
        owner=source.owner,
        language=item.language,
        url=item.url,
        published=item.published,
        title=item.title,
    )


def report(item: Item, **facts: object) -> Report:
    return Report(
        kind="swap",
        origin=origin_of(item),
        date=date(2025, 6, 9),
        facts=facts or {"to_ukraine": 50, "categories": ("women", "wounded"), "subtype": "prisoners"},
        evidence=(Evidence("to_ukraine", "uk.returned", "повернулися 50", "summary", 7, 21),),
    )


def event(*reports: Report, **changes: object) -> Event:
    first = reports[0]
    values: dict[str, object] = {
        "id": 0,
        "kind": first.kind,
        "date": first.date,
        "status": "carried_out",
        "disputed": False,
        "confirmed": True,
        "facts": first.facts,
        "claims": {
            slot: tuple(Claim(slot, each.facts[slot], each.origin) for each in reports if slot in each.facts)
            for slot in first.facts
        },
        "reports": reports,
        "opened": first.origin.published,
        "updated": reports[-1].origin.published,
    }
    return Event(**(values | changes))


def joining(made: Report, whole: Event, *planned: Planned, keys: frozenset[str] = frozenset({KEY})) -> Joined:
    return Joined(Change(whole, (), "new"), keys, (Placed(made, Decision(None, 0.0)),), planned)


def planned(action: str = "post", chat_id: int = -100, thread_id: int = 0) -> Planned:
    return Planned(chat_id, thread_id, "uk", action)


async def record_new(store, number: int = 1, *plans: Planned, **changes: object) -> Event:
    """Record item `number` as the first report of a new event."""
    item = entry(number)
    made = report(item)
    (stored,) = await store.record(item, (joining(made, event(made, **changes), *plans),))
    return stored


async def record_next(store, before: Event, number: int, *plans: Planned) -> Event:
    """Record item `number` as a further report of an event."""
    item = entry(number)
    made = report(item, to_ukraine=50 + number)
    shown = FactChange("to_ukraine", 50, 50 + number, item.published, "Берег")
    after = event(
        *before.reports,
        made,
        id=before.id,
        revision=before.revision + 1,
        facts=made.facts,
        history=(*before.history, shown),
    )
    (stored,) = await store.record(item, (joining(made, after, *plans),))
    return stored


def subscription(chat_id: int = -100, **changes: object) -> Subscription:
    return replace(Subscription(chat_id=chat_id, language="uk"), **changes)
