"""`/stats`: how much has been read and found."""

from __future__ import annotations

from bot.core.model import Message
from bot.core.render.markup import authored, bold, text
from handlers import Ask, Command


async def answer(ask: Ask) -> Message:
    """Return the counts."""
    book = ask.book
    stats = await ask.desk.queries.stats()
    counts = {"sources": stats.sources, "items": stats.items, "reports": stats.reports, "chats": stats.chats}
    lines = [f"{book.say(f'stats.{name}')}: {book.number(value)}" for name, value in counts.items()]
    lines += [f"{book.kinds[kind].title}: {book.number(count)}" for kind, count in sorted(stats.events.items())]
    if stats.last_item:
        lines.append(f"{book.say('stats.last_item')}: {book.day(stats.last_item.date())}, {stats.last_item:%H:%M} UTC")
    return Message("\n".join([bold(authored(book.say("command.stats"))), *map(text, lines)]))


COMMAND: Command = Command("stats", 7, answer)
