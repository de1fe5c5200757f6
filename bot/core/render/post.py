"""An event as its living post, and a material change as the reply under it.

First line: kind, number or place, in bold. Then the day, two to six lines of facts, doubts said plainly, what was
last updated, the sources folded away, hashtags and the event's number.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.core.model import Claim, Event, Fact, FactChange, Message, Origin
from bot.core.render.markup import authored, bold, fit, folded, link, text
from bot.core.render.phrases import Phrasebook

SOURCES_SHOWN = 12
CHANGES_SHOWN = 3
SOURCE_BUDGET = 1800
"""Units kept for the folded sources, so that facts always have their place within the limit."""

DOUBT_BUDGET = 600
"""Units kept for the lines on figures that differ."""

NATIONWIDE = frozenset({"UA", "RU"})


def render_post(event: Event, book: Phrasebook) -> Message:
    """Return the event's post as it should read now. It is sent with sound; edits make none by nature."""
    parts = [
        bold(headline(event, book)),
        *_facts(event, book),
        *_doubts(event, book),
        *_updates(event, book),
        _sources(event, book),
        _footer(event, book),
    ]
    return Message("\n".join(part for part in parts if part))


def render_reply(event: Event, changes: Sequence[FactChange], book: Phrasebook) -> Message:
    """Return the short message that rings under the post when the change matters."""
    told = [tell_change(event, change, book) for change in changes]
    source = text(changes[-1].source) if changes else ""
    body = "\n".join(told) + (f"\n<i>{source}</i>" if source else "")
    return Message(f"{bold(headline(event, book))}\n{body}")


def headline(event: Event, book: Phrasebook) -> str:
    """Return the event in one line of HTML, without a day."""
    return text(book.tell(event.kind, book.kinds[event.kind].headline, told_facts(event)))


def told_facts(event: Event) -> dict[str, Fact]:
    """Return the shown facts together with the status, on which phrases depend too."""
    return {**event.facts, "status": event.status}


def localised(event: Event, slot: str, value: Fact, book: Phrasebook) -> Fact:
    """Return a value with the event's settlements under the names that the language has for them."""
    if slot != "places" or not isinstance(value, tuple):
        return value
    return tuple(book.places.get((str(event.facts.get("region")), name), name) for name in value)


def tell_change(event: Event, change: FactChange, book: Phrasebook) -> str:
    """Return one change as a line of HTML: what, from, to."""
    if change.slot == "confirmed":
        return authored(book.say("now_confirmed"))
    if change.slot == "disputed":
        return authored(book.say("disputed"))
    if change.slot == "status":
        return authored(book.say("status_changed", status=book.say(f"status.{change.after}")))
    if change.slot == "date":
        before, after = (
            book.day(date.fromisoformat(str(value)) if value else None) for value in (change.before, change.after)
        )
        return authored(book.say("date_moved", before=before, after=after))
    label = book.kinds[event.kind].slot.get(change.slot, change.slot)
    before, after = (
        book.say("nobody") if value is None else book.fact(event.kind, change.slot, value)
        for value in (change.before, change.after)
    )
    mark = f" ({book.say('corrected')})" if is_correction(change) else ""
    return text(f"{label}: {before} → {after}{mark}")


def is_correction(change: FactChange) -> bool:
    """Tell whether a figure was taken back to a lower one: no later count of a rising toll, but a mistake mended."""
    return isinstance(change.before, int) and isinstance(change.after, int) and change.after < change.before


def _facts(event: Event, book: Phrasebook) -> list[str]:
    facts = {slot: localised(event, slot, value, book) for slot, value in told_facts(event).items()}
    label = book.say("planned" if event.status == "announced" and event.date else "date")
    groups = (book.tell(event.kind, group, facts) for group in book.kinds[event.kind].lines)
    return [text(f"{label}: {book.day(event.date)}"), *(text(line, 500) for line in groups if line)]


def _doubts(event: Event, book: Phrasebook) -> list[str]:
    doubts, _ = fit((text(line) for line in differing(event, book)), DOUBT_BUDGET)
    if event.disputed:
        doubts.append(authored(book.say("disputed")))
    if not event.confirmed:
        doubts.append(authored(book.say("unconfirmed")))
    return doubts


def differing(event: Event, book: Phrasebook) -> list[str]:
    """Return a line for each count on which the two sides' newest claims disagree."""
    lines = []
    for slot, claims in event.claims.items():
        newest = _newest_by_side(claims)
        values = {claim.value for claim in newest.values()}
        if len(values) < 2 or not {"UA", "RU"} <= newest.keys() or not all(isinstance(v, int) for v in values):  # noqa: PLR2004
            continue
        told = ", ".join(
            f"{book.say(f'side.{side}')} {book.fact(event.kind, slot, newest[side].value)}" for side in sorted(newest)
        )
        label = book.kinds[event.kind].slot.get(slot, slot)
        lines.append(book.say("differ", slot=label, claims=told))
    return lines


def _newest_by_side(claims: Sequence[Claim]) -> dict[str, Claim]:
    newest: dict[str, Claim] = {}
    for claim in sorted(claims, key=lambda claim: claim.origin.published):
        newest[claim.origin.side] = claim
    return newest


def is_first_zero(change: FactChange) -> bool:
    """Tell whether somebody was the first to say that there were none: a fact of the post, but no change of a figure."""
    return change.before is None and change.after == 0


def _updates(event: Event, book: Phrasebook) -> list[str]:
    recent = [change for change in event.history if not is_first_zero(change)][-CHANGES_SHOWN:]
    if not recent:
        return []
    changes = "; ".join(tell_change(event, change, book) for change in recent)
    return [f"{authored(book.say('updated', time=book.moment(recent[-1].at)))} {changes}"]


def _sources(event: Event, book: Phrasebook) -> str:
    origins = list(unique_origins(event))
    lines, left = fit((link(origin.name, origin.url) for origin in origins[:SOURCES_SHOWN]), SOURCE_BUDGET)
    left += max(0, len(origins) - SOURCES_SHOWN)
    if left:
        lines.append(authored(book.say("more", count=left)))
    return folded([bold(authored(book.say("sources"))), *lines]) if origins else ""


def unique_origins(event: Event) -> tuple[Origin, ...]:
    """Return one origin a source, officials first, then by time."""
    ordered = sorted(
        (report.origin for report in event.reports),
        key=lambda origin: (origin.tier != "official", origin.published, origin.source_id),
    )
    return tuple({origin.source_id: origin for origin in reversed(ordered)}.values())[::-1]


def _footer(event: Event, book: Phrasebook) -> str:
    tags = [book.kinds[event.kind].tag]
    region = event.facts.get("region")
    if isinstance(region, str) and region in book.regions and region not in NATIONWIDE:
        tags.append("#" + "".join(filter(str.isalnum, book.regions[region].title())))
    return f"{' '.join(tags)} · {authored(book.say('event', id=event.id))}"
