"""`/event N`: one event, what it hangs together with, each figure with who says it, and the history of its changes."""

from __future__ import annotations

from bot.core.model import Message
from bot.core.render.answer import one_event, relatives
from handlers import Ask, Command


async def answer(ask: Ask) -> Message:
    """Return the event whose number was given, or the one that it was merged into."""
    asked = await ask.event("command.event_usage")
    event, queries = await ask.became(asked), ask.desk.queries
    kind = ask.desk.kinds[event.kind]
    kin = relatives(kind, event, await queries.candidates(kind.kin(event)) if event.reports else ())
    return one_event(event, ask.book, revisions=await queries.revisions(event.id), kin=kin, asked=asked.id)


COMMAND: Command = Command("event", 5, answer, heading="ask", again=True, linked=True)
