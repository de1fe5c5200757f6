"""Rows into values and values into rows, but for events and what belongs to them (`folds`)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, TypeAlias

from pydantic import TypeAdapter
from sqlalchemy import Row

from bot.adapters.recording import BRIEF
from bot.adapters.store.types import clean
from bot.core import identity
from bot.core.identity import Identity
from bot.core.model import (
    Alarm,
    Awaited,
    Delivery,
    Handle,
    Item,
    Planned,
    PollState,
    QuietPoll,
    Rest,
    Source,
    Subscription,
)
from bot.core.policy import lane_of
from bot.ports import PermanentError

Values: TypeAlias = dict[str, Any]

_SUBSCRIPTION = TypeAdapter(Subscription)
_NO_REST = Rest()
POLL = tuple(field.name for field in fields(PollState))
"""The columns of a poll state, in the order of its fields."""
_AS_JSON = ("kinds", "regions", "least", "sides", "digest", "quiet")


def identify(item: Item) -> Identity:
    """Return what the item is known by in its source, as digests. Those just sifted are mostly stored next."""
    found: Identity | None = item.memo.get(identify)
    if found is None:
        found = item.memo[identify] = _identified(item)
    return found


def _identified(item: Item) -> Identity:
    known, source = identity.identify(item), item.source.id
    return Identity(
        guid=guid_digest(source, known.guid),
        link=link_digest(source, known.link) if known.link else None,
        words=BRIEF * known.brief + _digest("words", source, known.words) if known.words else None,
        brief=known.brief,
    )


def guid_digest(source_id: str, item_id: str) -> str:
    """Return the digest of an item's id, by which its row is found."""
    return _digest("guid", source_id, item_id)


def item_values(item: Item, seen_at: datetime) -> Values:
    """Return the row of an item that is new."""
    known = identify(item)
    return {
        "source_id": item.source.id,
        "guid": item.id,
        "published": item.published,
        "seen_at": seen_at,
        "edited": 0,
        "identity": known.guid,
        "link": known.link,
        **edition_values(item, known),
    }


def edition_values(item: Item, known: Identity) -> Values:
    """Return what an edit of an item changes in its row."""
    return {
        "language": item.language,
        "url": item.url,
        "title": item.title,
        "summary": item.summary,
        "body": item.body,
        "page": item.page,
        "via": item.via,
        "fingerprint": known.words,
    }


def item_of(row: Row[Any]) -> Item:
    """Return the item of a row; of its source only the id is stored."""
    source = Source(row.source_id, row.source_id, "", "", row.language)
    texts = {"title": row.title, "summary": row.summary, "body": row.body, "page": row.page, "via": row.via}
    return Item(row.guid, source, row.language, row.url, row.published, **texts)


def poll_values(state: PollState) -> Values:
    """Return the row of a poll state."""
    rest = state.rest
    written = [rest.seconds, sorted(rest.hours), sorted(rest.days)]
    values = {name: getattr(state, name) for name in POLL}
    return values | {
        "moves": json.dumps(state.moves),
        "rest": "" if rest == Rest() else json.dumps(written),
        "listed": True,
    }


def quiet_values(poll: QuietPoll) -> Values:
    """Return what a poll that changed hardly anything changes in the row of its source."""
    return {
        "name": poll.source_id,
        "at": poll.at,
        "next_at": poll.next_at,
        "interval": poll.interval,
        "asked_until": poll.asked_until,
    }


def poll_of(row: Sequence[Any]) -> PollState:
    """Return the poll state of a row whose columns are `POLL`."""
    values = dict(zip(POLL, row, strict=True))
    values["moves"] = () if values["moves"] == "[]" else tuple(json.loads(values["moves"]))
    values["rest"] = _rest_of(values["rest"])
    return PollState(**values)


def _rest_of(written: str) -> Rest:
    if not written:
        return _NO_REST
    seconds, hours, days = json.loads(written)
    return Rest(seconds, frozenset(hours), frozenset(days))


def subscription_values(subscription: Subscription) -> Values:
    """Return the row of a subscription."""
    values: Values = _SUBSCRIPTION.dump_python(subscription, mode="json")
    return values | {name: json.dumps(values[name]) for name in _AS_JSON if values[name] is not None}


def subscription_of(row: Row[Any]) -> Subscription:
    """Return the subscription of a row."""
    values = row._asdict()
    try:
        parsed = {name: json.loads(values[name]) for name in _AS_JSON if values[name] is not None}
        return _SUBSCRIPTION.validate_python(values | parsed)
    except ValueError:
        name = f"the subscription of chat {row.chat_id}"
        raise PermanentError(f"{name} in the database is damaged; restore a backup") from None


def planned_values(event_id: int, revision: int, planned: Planned) -> Values:
    """Return the outbox row of a delivery that a change of an event calls for."""
    return {
        "event_id": event_id,
        **asdict(planned),
        "lane": lane_of(planned),
        "floor": planned.floor.total_seconds(),
        "revision": revision,
        "state": "pending",
        "attempt": 0,
        "message_id": 0,
        "content": "",
        "anchor": 0,
        "reason": "",
    }


def delivery_of(row: Row[Any]) -> Delivery:
    """Return the delivery of a row."""
    return Delivery(**row._asdict())


def handle_of(row: Row[Any]) -> Handle:
    """Return the handle of a row."""
    return Handle(**{name: value for name, value in row._asdict().items() if name != "issued"})


def awaited_of(row: Row[Any]) -> Awaited:
    """Return the awaited answer of a row."""
    return Awaited(**row._asdict())


def alarm_values(alarm: Alarm) -> Values:
    """Return the row of an alarm that nobody was told of."""
    return asdict(alarm) | {"values": json.dumps(dict(alarm.values)), "told": False}


def alarm_of(row: Row[Any]) -> Alarm:
    """Return the alarm of a row."""
    return Alarm(row.key, row.phrase, json.loads(row.values), row.at)


def link_digest(source_id: str, link: str) -> str:
    """Return the digest of the address of an item's page, by which it is found."""
    return _digest("link", source_id, link)


def _digest(*parts: str) -> str:
    text = clean("\n".join(parts))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
