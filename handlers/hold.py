"""`/hold N`: no new posts of an event."""

from __future__ import annotations

from bot.core.model import Message
from handlers import Ask, Command


async def answer(ask: Ask) -> Message:
    """Keep the event from every chat that has not got it."""
    event = await ask.subject("desk.hold_usage")
    if event.verdict == "hold":
        raise ask.refusal("desk.already_hold", id=event.id)
    ruled = await ask.desk.rulings.rule("hold", event.id, ask.user_id)
    return ask.done(ruled.ruling, "desk.done_hold", event.id)


COMMAND: Command = Command("hold", 22, answer, admins=True)
