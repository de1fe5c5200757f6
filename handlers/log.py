"""`/log [N]`: who decided what, when, and what was taken back by whom."""

from __future__ import annotations

from bot.core.model import Message
from bot.core.render.why import log
from handlers import Ask, Command

MOST = 50


async def answer(ask: Ask) -> Message:
    """Return the newest rulings, on one event or on any."""
    event_id = (await ask.event("desk.log_usage")).id if ask.words else 0
    return log(await ask.desk.queries.rulings(event_id, MOST), ask.book)


COMMAND: Command = Command("log", 28, answer, "editor")
