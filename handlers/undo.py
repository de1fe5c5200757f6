"""`/undo [ruling]`: take a ruling back, the newest where none is named."""

from __future__ import annotations

from bot.core.model import Logged, Message
from bot.core.render.markup import authored
from bot.core.text.arguments import read_number
from handlers import Ask, Command

FURTHEST = 1000
"""How many rulings back one can still be taken back."""


async def answer(ask: Ask) -> Message:
    """Take it back; the events are then as if it had never been made."""
    logged = _wanted(ask, await ask.desk.queries.rulings(0, FURTHEST))
    if logged.undone_at:
        raise ask.refusal("desk.already_undone")
    await ask.desk.rulings.undo(ask.user_id, logged.ruling.id)
    act = ask.book.say(f"desk.act.{logged.ruling.act}")
    return Message(authored(ask.book.say("desk.done_undo", ruling=logged.ruling.id, act=act, id=logged.event_id)))


def _wanted(ask: Ask, log: tuple[Logged, ...]) -> Logged:
    if ask.words:
        number = read_number(ask.words, "desk.undo_usage")
        found = next((each for each in log if each.ruling.id == number), None)
        if found is None:
            raise ask.refusal("desk.no_ruling", id=number)
        return found
    newest = next((each for each in log if not each.undone_at), None)
    if newest is None:
        raise ask.refusal("desk.nothing_to_undo")
    return newest


COMMAND: Command = Command("undo", 27, answer, "editor")
