"""`/post N`: let an event out."""

from __future__ import annotations

from bot.core.model import Message
from handlers import Ask, Command


async def answer(ask: Ask) -> Message:
    """Let the event out to every chat that would want it, confirmed or not."""
    event = await ask.subject("desk.post_usage")
    if event.verdict == "post":
        raise ask.refusal("desk.already_post", id=event.id)
    ruled = await ask.desk.rulings.rule("post", event.id, ask.user_id)
    return ask.done(ruled.ruling, "desk.done_post", event.id)


COMMAND: Command = Command("post", 21, answer, admins=True)
