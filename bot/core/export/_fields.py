"""An event as JSON has it: the same fields in every form that is made of JSON. `docs/reference/events.md` tells what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from bot.core.export import ATTRIBUTION, LICENCE, LICENCE_URL, VERSION, Edition, Entry, certainty
from bot.core.kinds import Kind, is_correction
from bot.core.model import Claim, Event, FactChange, Origin
from bot.core.render.post import unique_origins

COMMON = ("date", "status", "confirmed", "disputed")
"""What every event has that may change before its readers' eyes, whatever its kind."""


def head_fields(edition: Edition) -> dict[str, Any]:
    """Return what is said of an export as a whole."""
    return {
        "version": VERSION,
        "updated": moment(edition.updated),
        "count": edition.count,
        "more": edition.more,
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "attribution": ATTRIBUTION,
    }


def brief_fields(entry: Entry) -> dict[str, Any]:
    """Return what is said of every event, also of one that does not stand any more."""
    event = entry.event
    return {
        "event": event.id,
        "kind": event.kind,
        "state": entry.state,
        "merged_into": event.merged_into or None,
        "changed": moment(entry.changed),
        "link": entry.link or None,
    }


def told_fields(event: Event, kind: Kind) -> dict[str, Any]:
    """Return what is said of an event that stands, in short: its values as they are shown."""
    return {
        "date": event.date.isoformat() if event.date else None,
        "status": event.status,
        "certainty": certainty(event),
        "disputed": event.disputed,
        "facts": {
            slot.name: list(value) if isinstance(value, tuple) else value
            for slot in kind.slots
            if (value := event.facts.get(slot.name)) is not None and slot.name not in event.ranges
        },
        "ranges": {slot.name: list(event.ranges[slot.name]) for slot in kind.slots if slot.name in event.ranges},
    }


def full_fields(event: Event, kind: Kind) -> dict[str, Any]:
    """Return who says what of an event, and how what is shown came to be."""
    slots = [slot.name for slot in kind.slots]
    return {
        "claims": [claim_fields(claim) for slot in slots for claim in event.claims.get(slot, ())],
        "sources": [_source(origin) for origin in unique_origins(event)],
        "revision": event.revision,
        "history": [_step(step) for step in event.history if step.slot in (*slots, *COMMON)],
        "opened": moment(event.opened),
    }


def claim_fields(claim: Claim) -> dict[str, Any]:
    """Return a claim: what, who is quoted with it, in which source, when."""
    said = {"slot": claim.slot, "value": list(claim.value) if isinstance(claim.value, tuple) else claim.value}
    speaker = {"office": claim.speaker.office, "side": claim.speaker.side} if claim.speaker else None
    return {**said, "speaker": speaker, "source": claim.origin.name, "at": moment(claim.origin.published)}


def _source(origin: Origin) -> Mapping[str, Any]:
    return {
        "name": origin.name,
        "tier": origin.tier,
        "side": origin.side,
        "language": origin.language,
        "url": public(origin.url) or None,
        "published": moment(origin.published),
    }


def _step(step: FactChange) -> Mapping[str, Any]:
    before, after = (list(value) if isinstance(value, tuple) else value for value in (step.before, step.after))
    told = {"slot": step.slot, "before": before, "after": after, "at": moment(step.at), "source": step.source or None}
    return {**told, "corrected": is_correction(step)}


def moment(at: datetime | None) -> str | None:
    """Return a moment in UTC, to the second."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else None


def public(url: str) -> str:
    """Return an address that may be shown to anybody, "" for one that leads into no open web or says who asks."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc else ""


def lines_of(addresses: Iterator[str]) -> str:
    """Return addresses on one line, which have no blanks."""
    return " ".join(address for address in addresses if address)
