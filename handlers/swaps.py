"""`/swaps [from] [to]`: the exchanges of a period with running totals."""

from __future__ import annotations

from bot.core.model import Message
from bot.core.render.answer import swaps
from bot.core.text.arguments import read_period
from handlers import Ask, Command


async def answer(ask: Ask) -> Message:
    """Return the exchanges and returns of the fallen, oldest first."""
    period = read_period(ask.words)
    return swaps(await ask.desk.queries.between("swap", period.first, period.last), ask.book)


COMMAND: Command = Command("swaps", 3, answer)
