"""An event as its living post, and a material change as the reply under it.

First line: kind, number or place, in bold. Then the day, two to six lines of facts, doubts said plainly, what was
last updated, the sources folded away, hashtags and the event's number.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.core.kinds import is_correction, net
from bot.core.model import Claim, Event, Fact, FactChange, Message, Origin
from bot.core.render.buttons import feedback_buttons
from bot.core.render.markup import authored, bold, fit, folded, link, struck, text
from bot.core.render.phrases import Phrasebook

SOURCES_SHOWN = 12
CHANGES_SHOWN = 3
SOURCE_BUDGET = 1800
"""Units kept for the folded sources, so that facts always have their place within the limit."""

DOUBT_BUDGET = 600
"""Units kept for the lines on figures that differ."""

NATIONWIDE = frozenset({"UA", "RU"})


def render_post(event: Event, book: Phrasebook) -> Message:
    """Return the event's post as it should read now, with the readers' buttons. It rings once; edits make no sound.

    A post that was withdrawn keeps its headline, struck through, and its number; that of an event which turned out to be
    another one points there.
    """
    if event.merged_into:
        parts = [_title(event, book), authored(book.say("merged", id=event.merged_into)), _number(event, book)]
    elif event.verdict == "reject":
        parts = [_title(event, book), authored(book.say("withdrawn")), _number(event, book)]
    else:
        doubts, updates = _doubts(event, book), _updates(event, book)
        parts = [
            _title(event, book),
            *_facts(event, book),
            *doubts,
            *updates,
            _sources(event, book),
            _footer(event, book),
        ]
    return Message("\n".join(part for part in parts if part), feedback_buttons(event, book))


def render_reply(event: Event, changes: Sequence[FactChange], book: Phrasebook) -> Message:
    """Return the short message that rings under the post when the change matters."""
    told = [tell_change(event, change, book) for change in changes]
    sources = text(", ".join(dict.fromkeys(brought_by(change, book) for change in changes)))
    body = "\n".join(told) + (f"\n<i>{sources}</i>" if sources else "")
    return Message(f"{_title(event, book)}\n{body}")


def _title(event: Event, book: Phrasebook) -> str:
    title = headline(event, book)
    return struck(title) if event.verdict == "reject" and not event.merged_into else bold(title)


def headline(event: Event, book: Phrasebook) -> str:
    """Return the event in one line of HTML, without a day."""
    return text(book.tell(event.kind, book.kinds[event.kind].headline, told_facts(event), event.ranges))


def told_facts(event: Event) -> dict[str, Fact]:
    """Return the shown facts together with the status, on which phrases depend too."""
    return {**event.facts, "status": event.status}


def localised(event: Event, slot: str, value: Fact, book: Phrasebook) -> Fact:
    """Return a value with the event's settlements under the names that the language has for them."""
    if slot != "places" or not isinstance(value, tuple):
        return value
    return tuple(book.places.get((str(event.facts.get("region")), name), name) for name in value)


def tell_change(event: Event, change: FactChange, book: Phrasebook) -> str:
    """Return one change as a line of HTML: what, from, to, and whether that is a correction."""
    own = _tell_own(change, book)
    if own:
        return authored(own)
    label = book.kinds[event.kind].slot.get(change.slot, change.slot)
    before, after = (
        book.say("nobody")
        if value is None
        else book.fact(event.kind, change.slot, localised(event, change.slot, value, book))
        for value in (change.before, change.after)
    )
    return text(f"{label}: {before} → {after}{_mark(change, book)}")


def _tell_own(change: FactChange, book: Phrasebook) -> str:
    """Return in words a change of what every event has, whatever its kind; "" for a slot of its kind."""
    if change.slot == "confirmed":
        return book.say("now_confirmed" if change.after else "not_confirmed")
    if change.slot == "disputed":
        return book.say("disputed" if change.after else "not_disputed")
    if change.slot == "status":
        return book.say("status_changed", status=book.say(f"status.{change.after}")) + _mark(change, book)
    if change.slot == "date":
        before, after = (
            book.day(date.fromisoformat(str(value)) if value else None) for value in (change.before, change.after)
        )
        return book.say("date_moved", before=before, after=after) + _mark(change, book)
    if change.slot == "merged_into":
        return book.say("merged", id=change.after) if change.after else book.say("merged_no_more", id=change.before)
    return _tell_verdict(change, book) if change.slot == "verdict" else ""


def _tell_verdict(change: FactChange, book: Phrasebook) -> str:
    if change.after == "reject":
        return book.say("withdrawn")
    if change.before == "reject":
        return book.say("stands_again")
    return book.say(f"verdict_{change.after or 'none'}")


def brought_by(change: FactChange, book: Phrasebook) -> str:
    """Return who brought a change: a source, or the editors."""
    return change.source or book.say("editors")


def _mark(change: FactChange, book: Phrasebook) -> str:
    if not is_correction(change):
        return ""
    return f" ({book.say('corrected' if change.source else 'corrected_by_editors')})"


def _facts(event: Event, book: Phrasebook) -> list[str]:
    facts = {slot: localised(event, slot, value, book) for slot, value in told_facts(event).items()}
    label = book.say("planned" if event.status == "announced" and event.date else "date")
    groups = (book.tell(event.kind, group, facts, event.ranges) for group in book.kinds[event.kind].lines)
    return [text(f"{label}: {book.day(event.date)}"), *(text(line, 500) for line in groups if line)]


def _doubts(event: Event, book: Phrasebook) -> list[str]:
    doubts, _ = fit((text(line) for line in differing(event, book)), DOUBT_BUDGET)
    if event.disputed:
        doubts.append(authored(book.say("disputed")))
    if not event.confirmed:
        doubts.append(authored(book.say("unconfirmed")))
    return doubts


def differing(event: Event, book: Phrasebook) -> list[str]:
    """Return a line for each count of which the two sides say different things, and which no editor has set."""
    lines = []
    ruled = {ruling.slot for ruling in event.rulings if ruling.act == "correct"}
    for slot, claims in event.claims.items():
        told = [] if slot in ruled else _two_sides(claims)
        if told:
            said = ", ".join(f"{said_by(claim, book)} {book.fact(event.kind, slot, claim.value)}" for claim in told)
            lines.append(book.say("differ", slot=book.kinds[event.kind].slot.get(slot, slot), claims=said))
    return lines


def _two_sides(claims: Sequence[Claim]) -> list[Claim]:
    """Return the newest claim of either side where they differ, officials before outlets; else nothing.

    Where not both are official a lower figure has to be the later one, and a new one: outlets lag behind with older tolls.
    """
    newest: dict[str, Claim] = {}
    for claim in sorted(claims, key=lambda claim: (_is_official(claim), claim.origin.published)):
        newest[_side(claim)] = claim
    pair = [newest[side] for side in ("RU", "UA") if side in newest and isinstance(newest[side].value, int)]
    if len(pair) < 2 or pair[0].value == pair[1].value:  # noqa: PLR2004
        return []
    low, high = sorted(pair, key=lambda claim: int(str(claim.value)))
    before = (claim.value for claim in claims if claim.origin.published < high.origin.published)
    official = all(map(_is_official, pair))
    return pair if official or (low.origin.published > high.origin.published and low.value not in before) else []


def _is_official(claim: Claim) -> bool:
    return claim.speaker is not None or claim.origin.tier == "official"


def _side(claim: Claim) -> str:
    return claim.speaker.side if claim.speaker else claim.origin.side


def said_by(claim: Claim, book: Phrasebook) -> str:
    """Return whose claim it is: officials of a side, with the office where it is quoted, or sources of that side."""
    side = _side(claim)
    if not _is_official(claim) or side not in book.texts["official"]:
        return book.say(f"side.{side}")
    office = book.texts["office"].get(claim.speaker.office) if claim.speaker else None
    return book.say(f"official.{side}") + (f" ({office})" if office else "")


def is_first_zero(change: FactChange) -> bool:
    """Tell whether somebody was the first to say that there were none: a fact of the post, but no change of a figure."""
    return change.before is None and change.after == 0


def _updates(event: Event, book: Phrasebook) -> list[str]:
    """Return what the last changes came to, and when: with the day where it is another one than the event's."""
    recent = net([change for change in event.history if not is_first_zero(change)][-CHANGES_SHOWN:])
    if not recent:
        return []
    changes = "; ".join(tell_change(event, change, book) for change in recent)
    at = max(change.at for change in recent)
    moment = book.moment(at) if at.date() == event.date else f"{book.day(at.date())}, {book.moment(at)}"
    return [f"{authored(book.say('updated', time=moment))} {changes}"]


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
    return f"{' '.join(tags)} · {_number(event, book)}"


def _number(event: Event, book: Phrasebook) -> str:
    return authored(book.say("event", id=event.id))
