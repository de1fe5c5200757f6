"""An event as its living post, and a material change as the reply under it.

First line: kind, number or place, in bold. Then the day, two to four lines of facts with the officials who give them, doubts
said plainly, what was last updated, the sources folded away, hashtags and the event's number. Times are written so that
every reader sees the own ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from bot.core.kinds import is_correction, net
from bot.core.model import Event, Fact, FactChange, Message, Origin
from bot.core.render.buttons import post_buttons
from bot.core.render.markup import LIMIT, authored, bold, fit, folded, italic, link, own_time, struck, text, units
from bot.core.render.phrases import PLACEHOLDER, Phrasebook, Variant, place_of
from bot.core.render.voices import differing, vouching

SOURCES_SHOWN = 12
CHANGES_SHOWN = 3
SOURCE_BUDGET = 1500
"""Units for the folded sources, where there is room for them beside the facts."""

DOUBT_BUDGET = 600
"""Units kept for the lines on figures that differ."""

JOINED = "· "
"""How a line of facts begins that goes on the line before it."""

NATIONWIDE = frozenset({"UA", "RU"})


def render_post(event: Event, book: Phrasebook, limit: int = LIMIT) -> Message:
    """Return the event's post as it should read now, with its buttons. It rings once; edits make no sound.

    A post that was withdrawn, or taken back by its source, keeps its headline, struck through, and its number; that of an event which turned out to be
    another one points there. What does not fit into `limit` units is left out, sources first, then the last of the facts.
    """
    title = _title(event, book)
    if event.merged_into:
        lines = [title, authored(book.say("merged", id=event.merged_into)), _number(event, book)]
    elif event.verdict == "reject":
        why = "withdrawn" if event.reports else "taken_back"
        lines = [title, authored(book.say(why)), _number(event, book)]
    else:
        footer = _footer(event, book)
        told = [title, *facts(event, book), *_doubts(event, book), *_updates(event, book)]
        lines, _ = fit(told, limit - units(footer) - 1)
        room = limit - sum(units(line) + 1 for line in (*lines, footer))
        lines += [*_sources(event, book, min(room, SOURCE_BUDGET)), footer]
    return Message("\n".join(lines), post_buttons(event, book))


def render_reply(event: Event, changes: Sequence[FactChange], book: Phrasebook) -> Message:
    """Return the short message that rings under the post when the change matters."""
    told, left = fit((tell_change(event, change, book) for change in changes), LIMIT - 1000)
    more = [authored(book.say("more", count=left))] if left else []
    sources = text(", ".join(dict.fromkeys(brought_by(change, book) for change in changes)))
    return Message("\n".join([_title(event, book), *told, *more, *([italic(sources)] if sources else ())]))


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
    region = str(event.facts.get("region"))
    return tuple(book.places.get(place_of(region, name), name) for name in value)


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
        return book.say("taken_back" if change.source else "withdrawn")
    if change.before == "reject":
        return book.say("told_again" if change.source else "stands_again")
    return book.say(f"verdict_{change.after or 'none'}")


def brought_by(change: FactChange, book: Phrasebook) -> str:
    """Return who brought a change: a source, or the editors."""
    return change.source or book.say("editors")


def _mark(change: FactChange, book: Phrasebook) -> str:
    if not is_correction(change):
        return ""
    return f" ({book.say('corrected' if change.source else 'corrected_by_editors')})"


def facts(event: Event, book: Phrasebook) -> list[str]:
    """Return the day of an event and what is known of it, a line each as HTML, with the officials who give the figures."""
    stated = {slot: localised(event, slot, value, book) for slot, value in told_facts(event).items()}
    day = book.day(event.date)
    planned = event.status == "announced" and event.date
    lines, told_before = [text(f"{book.say('planned')}: {day}" if planned else day)], True
    for group in book.kinds[event.kind].lines:
        variant = next((each for each in group if each.fits(stated)), None)
        told = text(book.fill(event.kind, variant, stated, event.ranges), 500) if variant else ""
        if variant and told:
            _append(lines, told, _voices(event, variant, book), joined=told_before or len(lines) == 1)
        told_before = bool(told)
    return lines


def _append(lines: list[str], told: str, voices: str, *, joined: bool) -> None:
    """Add a line of facts and who gives them; one that goes on the line before it does so where that has been told."""
    if not told.startswith(JOINED) or not joined:
        told = told.removeprefix(JOINED)
        lines.append(told[0].upper() + told[1:] + voices)
    elif voices and lines[-1].endswith(voices):
        lines[-1] = f"{lines[-1].removesuffix(voices)} {told}{voices}"
    else:
        lines[-1] += f" {told}{voices}"


def _voices(event: Event, variant: Variant, book: Phrasebook) -> str:
    """Return as HTML which officials give the figures of a line: once, where they give all of them."""
    slots = dict.fromkeys(slot for slot, form in PLACEHOLDER.findall(variant.text) if not form)
    counts = [slot for slot in slots if isinstance(event.facts.get(slot), int)]
    said = {slot: voice for slot in counts if (voice := vouching(event, slot, book))}
    if not said:
        return ""
    names = book.kinds[event.kind].slot
    alike = len(said) == len(counts) and len(set(said.values())) == 1
    told = said[counts[0]] if alike else "; ".join(f"{names.get(slot, slot)}: {voice}" for slot, voice in said.items())
    return f" — {italic(text(told, 300))}"


def _doubts(event: Event, book: Phrasebook) -> list[str]:
    doubts, _ = fit((text(line) for line in differing(event, book)), DOUBT_BUDGET)
    if event.disputed:
        doubts.append(authored(book.say("disputed")))
    if not event.confirmed:
        doubts.append(authored(book.say("unconfirmed")))
    return doubts


def is_first_zero(change: FactChange) -> bool:
    """Tell whether somebody was the first to say that there were none: a fact of the post, but no change of a figure."""
    return change.before is None and change.after == 0


def _updates(event: Event, book: Phrasebook) -> list[str]:
    """Return what the last changes came to, and when: with the day where it is another one than the event's."""
    recent = net([change for change in event.history if not is_first_zero(change)][-CHANGES_SHOWN:])
    if not recent:
        return []
    changes = "; ".join(tell_change(event, change, book) for change in recent)
    at = when(max(change.at for change in recent), book, event.date)
    return [f"{authored(book.say('updated')).format(time=at)} {changes}"]


def when(at: datetime, book: Phrasebook, day: date | None = None) -> str:
    """Return a moment as HTML, in the reader's own time: with its day, unless that is `day`; old clients show it in UTC."""
    time = book.say("post.utc", time=book.moment(at))
    return own_time(at, time, "t") if at.date() == day else own_time(at, f"{book.day(at.date())}, {time}", "Dt")


def _sources(event: Event, book: Phrasebook, room: int) -> Iterator[str]:
    """Yield the folded sources, officials first, with who was the first to tell; nothing where there is no room."""
    origins = unique_origins(event)
    if not origins:
        return
    head = _first(origins, event, book)
    shown, left = fit((_source(origin, book) for origin in origins[:SOURCES_SHOWN]), room - units(folded([head])) - 60)
    left += max(0, len(origins) - SOURCES_SHOWN)
    more = [authored(book.say("more", count=left))] if left else []
    if shown:
        yield folded([head, *shown, *more])


def _first(origins: Sequence[Origin], event: Event, book: Phrasebook) -> str:
    """Return the heading of the sources: how many there are, and who came first, and when."""
    first = min(origins, key=lambda origin: (origin.published, origin.source_id))
    count = f" ({book.number(len(origins))})" if len(origins) > 1 else ""
    told = authored(book.say("post.first" if count else "post.only"))
    at = when(first.published, book, event.date)
    return bold(authored(book.say("sources") + count)) + " · " + told.format(name=text(first.name, 60), time=at)


def _source(origin: Origin, book: Phrasebook) -> str:
    official = f" · {authored(book.say('desk.tier.official'))}" if origin.tier == "official" else ""
    return link(origin.name, origin.url) + official


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
