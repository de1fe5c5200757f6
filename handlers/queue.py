"""`/queue`: the events that wait for an admin."""

from __future__ import annotations

from bot.core.model import Message
from bot.core.render.notice import queue
from handlers import Ask, Command

MOST = 20


async def answer(ask: Ask) -> Message:
    """Return what admins were asked about and nobody has decided, the newest last, each with what can be done."""
    return queue(await ask.desk.queries.waiting(MOST), ask.book)


COMMAND: Command = Command("queue", 20, answer, admins=True)
