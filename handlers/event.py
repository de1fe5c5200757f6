"""`/event N`: one event, each figure with who says it, and the history of its changes."""

from __future__ import annotations

from bot.core.model import Message
from bot.core.render.answer import one_event
from bot.core.render.markup import authored
from handlers import Ask, Command

MOST_DIGITS = 9
"""Of an event's number, leading zeros left out; what is longer no database has."""


async def answer(ask: Ask) -> Message:
    """Return the event whose number was given."""
    number = ask.words[0].lstrip("#№") if ask.words else ""
    if not number.isdecimal() or len(number.lstrip("0")) > MOST_DIGITS:
        return Message(authored(ask.book.say("command.event_usage")))
    event_id = int(number[-MOST_DIGITS:])
    event = await ask.desk.queries.event(event_id)
    if event is None:
        return Message(authored(ask.book.say("command.event_missing", id=event_id)))
    return one_event(event, ask.book)


COMMAND: Command = Command("event", 5, answer)
