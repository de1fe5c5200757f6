"""What was read in a text that somebody showed: the event as it tells it, and where it belongs among those that are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.model import Decision, Event, Message
from bot.core.render.answer import event_line
from bot.core.render.markup import LIMIT, authored, bold, fit, units
from bot.core.render.phrases import Phrasebook
from bot.core.render.post import facts, headline

MOST_EVENTS = 6
SURE, LIKELY = 0.85, 0.65
"""From which scores on a report surely, or likely, belongs to its event."""


@dataclass(frozen=True, slots=True)
class Finding:
    """An event as a text tells it, the stored event that it is (None: none so far), and why; `passing`: only recalled."""

    event: Event
    known: Event | None
    decision: Decision | None = None
    passing: bool = False


def read_out(findings: Sequence[Finding], book: Phrasebook) -> Message:
    """Return what was read: the news, main event first, and what the text only reminds of; honestly where that is nothing."""
    news = [each for each in findings if not each.passing]
    if not news and not findings:
        return Message(authored(book.say("reading.nothing")))
    head = authored(book.say("reading.title" if news else "reading.passing"))
    told = ["\n".join(_finding(each, book)) for each in (news or findings)[:MOST_EVENTS]]
    kept, _ = fit(told, LIMIT - units(head) - 200)
    left = len(news or findings) - len(kept)
    more = [authored(book.say("more", count=left))] if left else []
    return Message("\n\n".join([head, *kept, *more]))


def _finding(finding: Finding, book: Phrasebook) -> list[str]:
    if finding.known and not finding.decision:
        return [authored(book.say("reading.known")), event_line(finding.known, book)]
    event = finding.event
    lines, _ = fit([bold(headline(event, book)), *_modality(event, book), *facts(event, book)], LIMIT // 3)
    return lines if finding.passing else [*lines, *_place(finding, book)]


def _modality(event: Event, book: Phrasebook) -> list[str]:
    """Return how far the text says that it took place, where it does not simply say so."""
    told = [] if event.status == "carried_out" else [f"reading.{event.status}"]
    denied = ["reading.denied"] if event.disputed else []
    return [authored(book.say(line)) for line in (*denied, *told)]


def _place(finding: Finding, book: Phrasebook) -> list[str]:
    if finding.known is None:
        return [authored(book.say("reading.new"))]
    score = finding.decision.score if finding.decision else 1.0
    sure = "surely" if score >= SURE else "likely" if score >= LIKELY else "perhaps"
    return [authored(book.say(f"reading.{sure}", score=f"{score:.2f}")), event_line(finding.known, book)]


def sorry(what: str, book: Phrasebook) -> Message:
    """Return why something could not be read, and what to do instead."""
    return Message(authored(book.say(f"reading.{what}")))
