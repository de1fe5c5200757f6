"""`/queue`: the events that wait for an admin."""

from __future__ import annotations

from collections.abc import Iterable

from bot.core.model import Event, Message, Revision
from bot.core.policy import asked
from bot.core.render.notice import queue
from bot.ports import Queries
from handlers import Ask, Command

MOST = 20
LOOKED_AT = 100
"""How many of the newest events are looked at for a doubt that their confirmation did not answer."""
ANSWERED = frozenset({"held"})
"""The doubts that a second voice answers."""


async def answer(ask: Ask) -> Message:
    """Return what admins were asked about and nobody has decided, the newest last, each with what can be done.

    What is not confirmed waits until then; what is confirmed, and doubtful for another reason, until somebody ruled on it, or
    a hundred newer events have come.
    """
    queries = ask.desk.queries
    found = {each.id: each for each in (*await queries.waiting(MOST), *await _doubtful(queries))}
    newest = sorted(found.values(), key=lambda each: (each.updated, each.id), reverse=True)
    return queue(newest[:MOST], ask.book)


async def _doubtful(queries: Queries) -> list[Event]:
    """Return the newest events that are confirmed and of which something else was asked that nobody has ruled on."""
    sure = [each for each in await queries.latest(LOOKED_AT) if each.confirmed and not each.rulings]
    return [each for each in sure if _is_open(await queries.revisions(each.id))]


def _is_open(revisions: Iterable[Revision]) -> bool:
    return bool(set(asked(revisions)) - ANSWERED)


COMMAND: Command = Command("queue", 20, answer, "editor")
