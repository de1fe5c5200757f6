"""More about an event than its post has room for: all its sources, and how it was told over time, in pages.

A page is cut by what fits into a message, so that it stays within Telegram's limits whatever the sources are called.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.model import Button, Event, Message, Origin, Placed, Report, Revision
from bot.core.render.buttons import STORY, button
from bot.core.render.markup import LIMIT, authored, bold, italic, link, own_time, text, units
from bot.core.render.notice import figures
from bot.core.render.phrases import Phrasebook
from bot.core.render.post import headline, tell_change, unique_origins

PAGE_BUDGET = LIMIT - 800
"""Units for the lines of a page; the rest is for its heading."""
MOST_LINES = 20
"""Lines of a page: each has two or three pieces that are formatted, of which a message takes a hundred."""


@dataclass(frozen=True, slots=True)
class Told:
    """Something that happened to an event: when, and what, as HTML."""

    at: datetime
    line: str


@dataclass(frozen=True, slots=True)
class _Story:
    """What is told in pages: under which heading, and by which of the story buttons."""

    event: Event
    act: str
    title: str
    lines: Sequence[str]


def origins(event: Event, book: Phrasebook, page: int = 1) -> Message:
    """Return who tells of the event, officials first: since when, how far they are trusted, on which side they are."""
    known = unique_origins(event)
    lines = [_origin(each, book) for each in known]
    title = book.say("post.origins", count=book.number(len(known)), id=event.id)
    return _paged(_Story(event, "origins", title, lines), page, book)


def _origin(origin: Origin, book: Phrasebook) -> str:
    trusted = f"{book.say(f'desk.tier.{origin.tier}')}, {book.say(f'desk.side.{origin.side}')}"
    return f"{_when(origin.published, book)} · {link(origin.name, origin.url)} · {text(trusted)}"


def timeline(
    event: Event, placed: Sequence[Placed], revisions: Sequence[Revision], book: Phrasebook, page: int = 1
) -> Message:
    """Return what was said when and by whom, and how the post changed, oldest first."""
    told = sorted([*_said(event, placed, book), *_changed(event, revisions, book)], key=lambda each: each.at)
    lines = [f"{_when(each.at, book)} · {each.line}" for each in told]
    return _paged(_Story(event, "timeline", book.say("post.timeline", id=event.id), lines), page, book)


def _said(event: Event, placed: Sequence[Placed], book: Phrasebook) -> Iterator[Told]:
    """Yield what each report says; what is told of a withdrawn event is not repeated."""
    for each in placed:
        report = each.report
        said = "" if event.verdict == "reject" else _figures(report, book)
        yield Told(report.origin.published, link(report.origin.name, report.origin.url) + (said and f": {said}"))


def _figures(report: Report, book: Phrasebook) -> str:
    """Return the counts of a report, and what it says of the event otherwise than that it took place."""
    counts = {slot: value for slot, value in report.facts.items() if isinstance(value, int)}
    told = figures(report.kind, counts, book)
    if report.status != "carried_out":
        told.insert(0, book.say(f"status.{report.status}"))
    if report.disputed:
        told.append(book.say("post.denies"))
    return text(", ".join(told), 300)


def _changed(event: Event, revisions: Sequence[Revision], book: Phrasebook) -> Iterator[Told]:
    """Yield the changes of the post; of an event from before revisions were kept, as its reports tell it."""
    steps = [change for revision in revisions for change in revision.facts] or event.history
    for change in steps:
        by = f" · {italic(text(change.source, 60))}" if change.source else ""
        yield Told(change.at, f"✏️ {tell_change(event, change, book)}{by}")


def _when(at: datetime, book: Phrasebook) -> str:
    return own_time(at, book.say("post.utc", time=f"{at:%d.%m.%y} {book.moment(at)}"), "dt")


def _paged(story: _Story, page: int, book: Phrasebook) -> Message:
    """Return one page of a story, with the buttons to the others; a page that is not there is the nearest."""
    pages = list(_pages(story.lines)) or [[authored(book.say("command.no_history"))]]
    number = min(max(page, 1), len(pages))
    count = f" · {number}/{len(pages)}" if len(pages) > 1 else ""
    shown = [bold(authored(story.title + count)), headline(story.event, book), "", *pages[number - 1]]
    return Message("\n".join(shown), _turning(story, number, len(pages)))


def _pages(lines: Iterable[str]) -> Iterator[list[str]]:
    """Yield lines as pages that are as full as they may be."""
    kept: list[str] = []
    for line in lines:
        if kept and (len(kept) == MOST_LINES or sum(units(each) + 1 for each in (*kept, line)) > PAGE_BUDGET):
            yield kept
            kept = []
        kept.append(line if units(line) < PAGE_BUDGET else "…")
    if kept:
        yield kept


def _turning(story: _Story, page: int, pages: int) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons to the page before and the one after."""
    beside = (("◀", page - 1), ("▶", page + 1))
    turns = (button(f"{sign} {to}", STORY, story.event.id, story.act, to) for sign, to in beside if 0 < to <= pages)
    return (row,) if (row := tuple(turns)) else ()
