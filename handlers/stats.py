"""`/stats [year]`: how much has been read and found, by month of this year or another, by side, and within the last day."""

from __future__ import annotations

from collections import Counter
from datetime import date

from bot.core.model import Message
from bot.core.render.counts import CHART, DAY, Counted, statistics
from bot.core.render.phrases import Phrasebook
from bot.core.text.arguments import NotUnderstoodError, read_span
from bot.ports import Stats, Wanted
from handlers import Ask, Command


async def answer(ask: Ask) -> Message:
    """Return the counts."""
    queries, year = ask.desk.queries, _year(ask)
    told = await queries.outlines(Wanted(first=date(year, 1, 1), last=date(year, 12, 31)))
    fresh = Counter(each.kind for each in await queries.outlines(Wanted(updated=ask.now - DAY)))
    lines = _whole(await queries.stats(), ask.book)
    if ask.may("admin"):
        presumed = sum((await ask.desk.outbox.presumed()).values())
        lines.append(f"{ask.book.say('stats.presumed')}: {ask.book.number(presumed)}")
    return statistics(lines, Counted(told, fresh), year, ask.book, charts=CHART in ask.desk.commands)


def _year(ask: Ask) -> int:
    """Return the year that is asked for, this one where none is; raise NotUnderstoodError for all else."""
    asked = read_span(" ".join(ask.words)) if ask.words else None
    if ask.words and (asked is None or not asked.first or asked != read_span(str(asked.first.year))):
        raise NotUnderstoodError("question.only_years", " ".join(ask.words))
    return asked.first.year if asked and asked.first else ask.today.year


def _whole(stats: Stats, book: Phrasebook) -> list[str]:
    """Return the counts of all that is stored."""
    counts = {"sources": stats.sources, "items": stats.items, "reports": stats.reports, "chats": stats.chats}
    lines = [f"{book.say(f'stats.{name}')}: {book.number(value)}" for name, value in counts.items()]
    lines += [f"{book.kinds[kind].title}: {book.number(count)}" for kind, count in sorted(stats.events.items())]
    if stats.last_item:
        lines.append(f"{book.say('stats.last_item')}: {book.day(stats.last_item.date())}, {stats.last_item:%H:%M} UTC")
    return lines


COMMAND: Command = Command("stats", 7, answer, again=True)
