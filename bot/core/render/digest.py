"""Several events in one message: the days that they are of, what they come to, and a line for each, always within the limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from bot.core.model import Event, Message
from bot.core.render.answer import event_line
from bot.core.render.markup import authored, bold, struck, text, units
from bot.core.render.phrases import Phrasebook

LINE = 170
"""Units that a line may have: twenty of them and the heading stay within a message. A longer one is told in short."""


def render_digest(events: Sequence[Event], book: Phrasebook) -> Message:
    """Return the digest of some events, twenty at most, in their order."""
    heading = bold(authored(book.say("digest.heading", period=_period(events, book))))
    totals = [line for kind in _kinds(events) if (line := _total(kind, events, book))]
    return Message("\n".join([heading, *totals, "", *(_line(event, book) for event in events)]))


def _period(events: Sequence[Event], book: Phrasebook) -> str:
    days = [_day(event) for event in events]
    first, last = min(days), max(days)
    if first == last:
        return book.day(first)
    return book.say("digest.period", first=book.day(first), last=book.day(last))


def _day(event: Event) -> date:
    return event.date or event.opened.date()


def _kinds(events: Sequence[Event]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(event.kind for event in events))


def _total(kind: str, events: Sequence[Event], book: Phrasebook) -> str:
    """Return how many events of a kind there are, and what their figures come to where there are any."""
    these = [event for event in events if event.kind == kind and _stands(event)]
    if not these:
        return ""
    counted = book.counted(book.kinds[kind].name, len(these))
    sums: Counter[str] = Counter()
    for event in these:
        if event.status == "carried_out":
            sums.update({slot: value for slot, value in event.facts.items() if type(value) is int})
    said = [
        authored(str(phrase).format(book.number(sums[slot])))
        for slot, phrase in book.texts["digest"]["total"].get(kind, {}).items()
        if sums[slot]
    ]
    return " · ".join([authored(counted), *said])


def _stands(event: Event) -> bool:
    return not event.merged_into and event.verdict != "reject"


def _line(event: Event, book: Phrasebook) -> str:
    """Return an event on one line; one that turned out to be none, or another, says so."""
    line = event_line(event, book)
    if units(line) > LINE:
        line = f"{text(book.day(event.date))} · {text(book.kinds[event.kind].title, 60)} · /event_{event.id}"
    if event.merged_into:
        return f"{struck(line)} · {authored(book.say('digest.merged', id=event.merged_into))}"
    if event.verdict == "reject":
        return f"{struck(line)} · {authored(book.say('digest.withdrawn'))}"
    return line if event.confirmed else f"{line} ❔"
