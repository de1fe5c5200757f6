"""`/reject N`: what was told is no event."""

from __future__ import annotations

from bot.core.model import Message
from handlers import Ask, Command


async def answer(ask: Ask) -> Message:
    """Withdraw the event: its posts say so, and it is in no list any more."""
    event = await ask.subject("desk.reject_usage")
    if event.verdict == "reject":
        raise ask.refusal("desk.already_reject", id=event.id)
    ruled = await ask.desk.rulings.rule("reject", event.id, ask.user_id)
    return ask.done(ruled.ruling, "desk.done_reject", event.id)


COMMAND: Command = Command("reject", 23, answer, admins=True)
