"""`/merge A B`: two events are one."""

from __future__ import annotations

from bot.core.model import Message
from handlers import Ask, Command


async def answer(ask: Ask) -> Message:
    """Tie the first event to the second; their reports make one event from now on."""
    event = await ask.subject("desk.merge_usage")
    other = await ask.subject("desk.merge_usage", 1)
    if event.id == other.id:
        raise ask.refusal("desk.itself", id=event.id)
    if event.kind != other.kind:
        raise ask.refusal("desk.other_kind", id=event.id, other=other.id)
    ruled = await ask.desk.rulings.rule("merge", event.id, ask.user_id, other=other.id)
    kept = next((each.id for each in ruled.events if each.reports), other.id)
    return ask.done(ruled.ruling, "desk.done_merge", kept)


COMMAND: Command = Command("merge", 24, answer, "editor")
