"""`/event N`: one event, each figure with who says it, and the history of its changes."""

from __future__ import annotations

from bot.core.model import Message
from bot.core.render.answer import one_event
from bot.core.render.markup import authored
from handlers import Ask, Command

LARGEST = 2**31


async def answer(ask: Ask) -> Message:
    """Return the event whose number was given."""
    number = ask.words[0].lstrip("#№") if ask.words else ""
    if not number.isdecimal() or int(number[:12]) > LARGEST:
        return Message(authored(ask.book.say("command.event_usage")))
    event = await ask.desk.queries.event(int(number))
    if event is None:
        return Message(authored(ask.book.say("command.event_missing", id=int(number))))
    return one_event(event, ask.book)


COMMAND: Command = Command("event", 5, answer)
