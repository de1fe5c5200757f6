"""Answers to people's questions: lists of events with totals, one event with its claims, counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeAlias

from bot.core.kinds import Kind
from bot.core.model import Claim, Event, Message, Revision
from bot.core.render.markup import LIMIT, authored, bold, fit, link, plain, text, units, unmarked
from bot.core.render.phrases import Phrasebook
from bot.core.render.post import brought_by, headline, localised, render_post, tell_change

LIST_BUDGET = LIMIT - 900
"""Units for the lines of a list; the rest is for its heading."""
KIN_BUDGET = 700
"""Units for the events that one hangs together with."""
TOLD_BUDGET = 400
"""Units that figures and history have at least, however much the post says."""
AROUND = 250
"""Units for the headings and the last lines of an event."""
BELOW = {"night": "in_night", "stage": "next_stage"}
"""What hangs under an event, by the relation in which it stands to it."""


def latest(events: Sequence[Event], book: Phrasebook, title: str, told: Sequence[str] = ()) -> Message:
    """Return the newest events, given newest first, as a list under a title that ends with the newest."""
    kept, _ = fit([event_line(event, book) for event in events], LIST_BUDGET)
    return Message("\n".join([bold(text(title, 400)), *told, *reversed(kept)]))


def event_line(event: Event, book: Phrasebook) -> str:
    """Return an event on one line of HTML: day, headline, number."""
    return f"{text(book.day(event.date))} · {headline(event, book)} · /event_{event.id}"


def card_title(event: Event, book: Phrasebook) -> str:
    """Return an event's headline as plain text."""
    return plain(unmarked(headline(event, book)))


def card_line(event: Event, book: Phrasebook) -> str:
    """Return what stands under the headline in a list of cards: the day, the places, whether it is confirmed."""
    places = localised(event, "places", event.facts.get("places", ()), book)
    told = [book.day(event.date), *(places[:3] if isinstance(places, tuple) else ())]
    return plain(" · ".join([*map(str, told), *([] if event.confirmed else [book.say("unconfirmed")])]))


Relative: TypeAlias = tuple[str, Event]
"""How another event hangs together with one: "night" and "stage" stand above it, "in_night" and "next_stage" below."""


def relatives(kind: Kind, event: Event, others: Iterable[Event]) -> tuple[Relative, ...]:
    """Return the events that this one hangs under, of several stages the nearest, and those that hang under it."""
    known = sorted((each for each in others if _is_shown(each) and each.id != event.id), key=_by_day)
    above = {relation: each for each in known if (relation := kind.hangs(event, each))}
    below = [(BELOW[relation], each) for each in known if (relation := kind.hangs(each, event))]
    return (*above.items(), *below)


def _is_shown(event: Event) -> bool:
    return not event.merged_into and event.verdict != "reject"


def _by_day(event: Event) -> tuple[date, int]:
    return event.date or event.opened.date(), event.id


def one_event(
    event: Event,
    book: Phrasebook,
    *,
    revisions: Sequence[Revision] = (),
    kin: Sequence[Relative] = (),
    asked: int = 0,
) -> Message:
    """Return an event's post, what it hangs together with, each figure with who says it, and what changed over time.

    `asked` is the number under which it was asked for, where that is another event that was merged into it.
    """
    merged = [authored(book.say("kin.merged", id=asked)), ""] if asked not in {0, event.id} else []
    near = _kin(kin, book)
    taken = sum(units(line) + 1 for line in (*merged, *near)) + AROUND
    parts = [*merged, render_post(event, book, LIMIT - taken - TOLD_BUDGET).text, *near]
    room = LIMIT - AROUND - sum(units(part) + 1 for part in parts)
    said = {} if event.verdict == "reject" else event.claims
    claims = [line for slot, each in sorted(said.items()) if (line := _claim_line(event, slot, each, book))]
    kept, left = fit(claims, room // 2)
    told, older = fit(reversed(_history(event, revisions, book)), room // 2)
    more = [authored(book.say("more", count=left + older))] if left + older else []
    parts += ["", bold(authored(book.say("command.figures"))), *kept] if kept else []
    parts += ["", bold(authored(book.say("command.history"))), *reversed(told), *more]
    return Message("\n".join([*parts, "", authored(book.say("kin.why", id=event.id))]))


def _kin(kin: Sequence[Relative], book: Phrasebook) -> list[str]:
    """Return a line for each relative, as far as there is room."""
    lines = [f"{authored(book.say(f'kin.{relation}'))}: {event_line(event, book)}" for relation, event in kin]
    kept, left = fit(lines, KIN_BUDGET)
    more = [authored(book.say("more", count=left))] if left else []
    return ["", *kept, *more] if lines else []


def _history(event: Event, revisions: Sequence[Revision], book: Phrasebook) -> list[str]:
    """Return what changed, as it was stored; of an event from before revisions were kept, as its reports tell it."""
    changes = [change for revision in revisions for change in revision.facts] or event.history
    lines = [
        f"{each.at:%d.%m %H:%M} · {tell_change(event, each, book)} · {text(brought_by(each, book))}" for each in changes
    ]
    return lines or [authored(book.say("command.no_history"))]


def _claim_line(event: Event, slot: str, claims: Sequence[Claim], book: Phrasebook) -> str:
    """Return a figure with everyone who gives it, each source once with its newest page."""
    label = book.kinds[event.kind].slot.get(slot, slot)
    said: dict[str, dict[str, str]] = {}
    for claim in sorted(claims, key=lambda claim: claim.origin.published):
        value = book.fact(event.kind, slot, localised(event, slot, claim.value, book))
        sources = said.setdefault(value, {})
        sources[claim.origin.source_id] = _said_in(claim, book)
    values = "; ".join(f"{text(value)} ({', '.join([*sources.values()][:3])})" for value, sources in said.items())
    return f"{text(label)}: {values}" if values else ""


def _said_in(claim: Claim, book: Phrasebook) -> str:
    """Return the page that gives a figure, and whose office it quotes."""
    page = link(claim.origin.name, claim.origin.url)
    office = book.texts["office"].get(claim.speaker.office) if claim.speaker else None
    return f"{page}: {text(office)}" if office else page
